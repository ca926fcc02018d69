"""网上启用: whether a card can be enabled by its holder online, where nobody sees it in their hand (domain.md 2.5, 3.8)."""

from __future__ import annotations

from datetime import date

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.cards.channels import Channel, why_not
from yikatong.cards.models import HandOver
from yikatong.cards.rows import CardRow
from yikatong.cards.standing import Receiver
from yikatong.office.rulebook import ruling


def not_enabled_online(card: CardRow, today: date) -> Refused | None:
    """Why a sealed card is not enabled online: `channel.not_offered`, `enable.posted` (`card.enable_online_after_post`)."""
    refused = why_not(Service.ENABLE.value, Channel.ONLINE, today)
    if refused is not None or ruling("card.enable_online_after_post", today).value:
        return refused
    if not HandOver.objects.filter(card_id=card.id, role=Receiver.POST.value).exists():
        return None
    return Refused(
        "enable.posted",
        "邮寄收到的卡须持有效身份证件到任一网点启用。",
        "A card that came by post is enabled at a window, with the identity document.",
    )
