"""发卡差错: somebody other than the counter confirms that a card went out wrong (data, person or account)."""

from __future__ import annotations

from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.services.locked import locked_card
from yikatong.office.act import Act
from yikatong.office.scope import Scope


def confirm_error(act: Act, *, card_no: str, what: str, scope: Scope | None = None) -> CardRow | Refused:
    """Confirm an issuing error of ours on a card that was handed over here; `what` says what was wrong.

    The entry carries the day of collection and the days since, so that the 90-day rule can be applied to it as it
    stood. Refused: `card.unknown`, `scope.outside`, `error.not_collected`, `error.already_confirmed`, `error.what`.
    """
    what = what.strip()[:120]
    if not what:
        return Refused(
            "error.what",
            "请写明差错内容（信息、人员或账户）。",
            "Say what was wrong: data, person or account.",
            at="what",
        )
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    if card.collected_at is None:
        return Refused(
            "error.not_collected",
            "该卡没有本中心的发卡记录，不构成发卡差错。",
            "This card was not handed over here, so it cannot be an issuing error.",
            at="card_no",
        )
    if card.error_confirmed_at is not None:
        confirmed = timezone.localtime(card.error_confirmed_at).date()
        return Refused(
            "error.already_confirmed",
            f"该卡差错已于 {confirmed} 确认。",
            f"An error on this card was confirmed on {confirmed}.",
            at="card_no",
        )
    card.error_confirmed_at = act.at
    card.save(update_fields=["error_confirmed_at"])
    collected_on = timezone.localtime(card.collected_at).date()
    act.record(
        facts.ERROR_CONFIRMED,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        region=card.region,
        outlet=card.outlet,
        what=what,
        collected_on=collected_on.isoformat(),
        days=(act.today - collected_on).days,
    )
    return card_row(card)
