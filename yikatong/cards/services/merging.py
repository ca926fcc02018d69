"""Two records of one person may become one only where no more than one of them has a live card or application."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards.models import Card, Order
from yikatong.cards.rules import ENDED, OPEN_STATES
from yikatong.office.act import Act
from yikatong.residents import services as residents
from yikatong.residents.pairs import DuplicateRow, duplicate
from yikatong.residents.queries import ids_of


def ask_to_merge(act: Act, pair_id: int, *, survivor: int, why: str) -> DuplicateRow | Refused:
    """As `residents.services.ask_merge`. Refused besides: merge.cards (the record that would give way has a live card
    or an open application: let it stay, or settle them first)."""
    if (refused := _cards_of_second(pair_id, survivor)) is not None:
        return refused
    return residents.ask_merge(act, pair_id, survivor=survivor, why=why)


def approve_merge(act: Act, pair_id: int) -> DuplicateRow | Refused:
    """As `residents.services.merge`, with the cards looked at again. Refused besides: merge.cards."""
    pair = duplicate(pair_id)
    if pair and pair.survivor:
        residents.keep_pair(pair_id)  # nobody applies for either of them from here on
        if (refused := _cards_of_second(pair_id, pair.survivor)) is not None:
            return refused
    return residents.merge(act, pair_id)


def _cards_of_second(pair_id: int, survivor: int) -> Refused | None:
    pair = duplicate(pair_id)
    if pair is None:
        return None  # the service below says so
    second = pair.other.id if survivor == pair.one.id else pair.one.id
    live = ids_of(second)
    if (
        not Card.objects.filter(resident__in=live).exclude(state=ENDED.code).exists()
        and not Order.objects.filter(resident__in=live, state__in=OPEN_STATES).exists()
    ):
        return None
    return Refused(
        "merge.cards",
        "不保留的那份档案还有有效卡或在办申请，请改选保留它，或先办结、注销。",
        "The record that would give way has a live card or an open application; let it stay, or settle them first.",
        at="survivor",
    )
