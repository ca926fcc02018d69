"""网上启用: the holder, or a child's guardian, who is signed in shows that the card is in their hand by what is printed on it."""

from __future__ import annotations

from datetime import timedelta

from yikatong.basics.characters import ascii_folded
from yikatong.basics.crypto import same
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent
from yikatong.cards.enabling import not_enabled_online
from yikatong.cards.queries import valid_card_of
from yikatong.cards.rows import CardRow
from yikatong.cards.rules import SEALED
from yikatong.cards.services.hand_over import enable
from yikatong.office.act import Act
from yikatong.office.readers import look_up
from yikatong.office.rulebook import whole


def enable_online(act: Act, *, resident_id: int, account: str, by: Agent | None = None) -> CardRow | Refused:
    """Enable this person's card. `account` is the whole bank card number on its face, which no page of ours shows.

    A wrong number is recorded, and counts (`card.enable_online_tries` a day). Refused: `card.none`, `enable.posted`,
    `enable.tries`, `enable.account`, and whatever `enable` refuses.
    """
    card = valid_card_of(resident_id)
    if card is None:
        return Refused("card.none", "没有可以启用的社保卡。", "There is no card to enable.")
    if card.state is not SEALED or card.collected_at is None:
        return enable(act, card_no=card.card_no, by=by)  # which says how it stands
    refused = not_enabled_online(card, act.today)
    if refused is not None:
        return refused
    refused = _not_in_hand(act, card, account)
    return enable(act, card_no=card.card_no, by=by) if refused is None else refused


def _not_in_hand(act: Act, card: CardRow, account: str) -> Refused | None:
    most = whole("card.enable_online_tries", act.today)
    subject = f"card:{card.id}"
    since = act.at - timedelta(days=1)
    if len(look_up(subject=subject, kind=facts.ENABLE_TRIED.code, since=since, limit=most)) >= most:
        return Refused(
            "enable.tries",
            f"银行卡号一天内已填错{most}次，请明天再试，或带身份证和卡到网点启用。",
            f"The number was wrong {most} times within a day; try again tomorrow, or come to a window with the card.",
            at="account",
        )
    typed = ascii_folded(account).replace(" ", "")
    if same(typed.encode(), card.bank_pan.encode()):
        return None
    act.record(
        facts.ENABLE_TRIED, subject=subject, person=card.resident_id, region=card.region, outlet=card.outlet
    )
    return Refused(
        "enable.account",
        "银行卡号与这张卡不符，请照卡面逐位核对。",
        "That is not the bank card number of this card; compare it digit by digit with the card.",
        at="account",
    )
