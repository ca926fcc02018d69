"""How postings end: signed for, brought back, lost, or never sent because their order is over. One parcel or a whole
list, each end in a few statements.

For the services of this folder: the orders are locked and may take the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from yikatong.basics.kinds import Kind
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.states import State
from yikatong.cards import facts
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, Posting
from yikatong.cards.posting import CAME_BACK, DELIVERED, LOST, POSTING, WISHED
from yikatong.cards.rules import CARD, ORDER
from yikatong.cards.services.fee_ends import end_fees
from yikatong.cards.services.staging import among
from yikatong.cards.services.telling import tell_cards, tell_orders
from yikatong.cards.standing import EndReason, Receiver
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.rulebook import ruling
from yikatong.office.sealing import seal

COLLECTED_HERE = ("卡已当面领取", "the card was collected")
CANCELLED_BEFORE = ("申请已撤销", "the order was cancelled")
DESTROYED_BEFORE = ("卡已销毁", "the card was destroyed")
"""Why what was to be posted is not, in both languages."""


@dataclass(frozen=True)
class End:
    """What the courier says of the parcel of one order: who signed for it, or why not, and on which day."""

    order: int
    said: str
    on: date


def settle_parcels(act: Act, end: State, ends: Sequence[End]) -> None:
    """Bring these postings, their orders and cards to the end that the courier reports."""
    if ends:
        _SETTLERS[end](act, ends)


_ENDS = (
    "unnest(%(orders)s::bigint[], %(said)s::text[], %(on)s::date[], %(masked)s::text[]) "
    "AS e (order_id, said, signed_on, masked)"
)
_PLACED = (
    "cards_order o JOIN office_outlet p ON p.id = o.outlet_id JOIN cards_card c ON c.order_id = o.id "
    f"JOIN cards_posting g ON g.order_id = o.id JOIN {_ENDS} ON e.order_id = o.id"
)
_WHY = "left('邮寄签收，' || g.company || ' ' || g.waybill, 60)"
_PROOF = f"""
INSERT INTO cards_handover (card_id, role, name, number, letter, unsigned_reason, no_photo_reason, at, by)
SELECT c.id, %(role)s, e.said, %(nobody)s, '', {_WHY}, {_WHY}, %(at)s, %(by)s FROM {_PLACED} ORDER BY c.id
"""  # noqa: S608 - only our own text is put into the text
_COLLECTED = f"""
SELECT 'card:' || c.id, o.resident_id, o.region, p.code,
       jsonb_build_object('order', o.id, 'number', o.number, 'order_kind', o.kind, 'mode', o.mode,
                          'receiver', e.masked, 'signature', {_WHY}, 'receiver_photo', {_WHY})
  FROM {_PLACED}
"""  # noqa: S608
_ORDERS = f"""
SELECT 'order:' || o.id, o.resident_id, o.region, p.code,
       jsonb_build_object('number', o.number, 'waybill', g.waybill, 'note', left(e.said, 60)) FROM {_PLACED}
"""  # noqa: S608
_WISHED = """
SELECT 'order:' || o.id, o.resident_id, o.region, p.code, jsonb_build_object('number', o.number)
  FROM cards_order o JOIN office_outlet p ON p.id = o.outlet_id WHERE o.id = ANY(%(orders)s::bigint[])
"""
_CARDS = f"SELECT 'card:' || c.id, c.resident_id, c.region, p.code, '{{}}'::jsonb FROM {_PLACED}"  # noqa: S608


def _question(ends: Sequence[End]) -> dict[str, Any]:
    return {
        "orders": [each.order for each in ends],
        "said": [each.said for each in ends],
        "on": [each.on for each in ends],
        "masked": [mask(Sensitive.NAME, each.said) for each in ends],
    }


def end_wishes(act: Act, orders: Sequence[int], why: str, why_en: str) -> None:
    """These orders are about to close: what was still to be posted will not be. Before the step that closes them."""
    wished = Posting.objects.filter(order__in=orders, state=WISHED.code)
    keys = list(wished.select_for_update(no_key=True).order_by("order_id").values_list("order_id", flat=True))
    if keys:
        advance_all(wished, POSTING, "withdraw", state_since=act.at)
        act.record_rows(facts.POST_OVER, _WISHED, {"orders": keys}, why=why, why_en=why_en)


def _of(table: str, ends: Sequence[End], expression: str) -> RawSQL:
    """A column's new value from the word about the row's own order."""
    question = _question(ends)
    return RawSQL(  # noqa: S611 - the expressions are our own
        f"(SELECT {expression} FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS e (order_id, said, signed_on) "  # noqa: S608
        f"WHERE e.order_id = {table}.order_id)",
        [question["orders"], question["said"], question["on"]],
    )


def _postings(ends: Sequence[End]) -> QuerySet[Posting]:
    return Posting.objects.filter(order__in=[each.order for each in ends])


def _deliver(act: Act, ends: Sequence[End]) -> None:
    question, orders = _question(ends), [each.order for each in ends]
    moved = advance_all(
        _postings(ends),
        POSTING,
        "deliver",
        state_since=act.at,
        signed_by=_of("cards_posting", ends, "e.said"),
        signed_on=_of("cards_posting", ends, "e.signed_on"),
    )
    assert moved == len(ends), f"{moved} of {len(ends)} postings moved"
    advance_all(among(orders), ORDER, "collect", state_since=act.at)
    Card.objects.filter(order__in=orders).update(
        collected_at=act.at, collected_by=_of("cards_card", ends, f"e.said || '（{Receiver.POST.zh}）'")
    )
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"role": Receiver.POST.value, "at": act.at, "by": act.actor.code}
        cursor.execute(_PROOF, {**question, **given, "nobody": seal(Sensitive.IDENTITY_NUMBER, "")})
    act.record_rows(
        facts.COLLECTED,
        _COLLECTED,
        question,
        receiver_role=Receiver.POST.value,
        receiver_number="",
        letter="",
    )
    cards = Card.objects.filter(order__in=orders).order_by("pk").values_list("pk", flat=True)
    tell_cards(act, Step.DELIVERED, list(cards))


def _bring_back(act: Act, ends: Sequence[End]) -> None:
    orders = [each.order for each in ends]
    advance_all(_postings(ends), POSTING, "come_back", state_since=act.at)
    # It is waited for anew.
    advance_all(among(orders), ORDER, "come_back", state_since=act.at, reminders=0, retained_at=None)
    _record(act, facts.POST_CAME_BACK, ends)
    tell_orders(act, Step.POST_CAME_BACK, orders)
    if ruling("card.post_dead_to_centre", act.today).value:
        _to_the_centre(act, ends)


def _to_the_centre(act: Act, ends: Sequence[End]) -> None:
    """What comes back for somebody who died waits for nobody: it goes to the centre, to be destroyed when the time of
    retained cards is over. A death that is withdrawn before lets it be laid out again."""
    found = among([each.order for each in ends]).filter(frozen_at__isnull=False)
    frozen = set(found.values_list("pk", flat=True))
    if frozen:
        advance_all(among(sorted(frozen)), ORDER, "take_back", state_since=act.at, retained_at=act.at)
        _record(
            act, facts.TAKEN_BACK, [each for each in ends if each.order in frozen], reason="持卡人已登记死亡"
        )


def _lose(act: Act, ends: Sequence[End]) -> None:
    orders = [each.order for each in ends]
    advance_all(_postings(ends), POSTING, "lose", state_since=act.at)
    end_fees(act, orders)
    advance_all(among(orders), ORDER, "write_off", state_since=act.at)
    _record(act, facts.POST_LOST, ends)
    reason = EndReason.LOST_IN_POST
    advance_all(
        Card.objects.filter(order__in=orders), CARD, "end", state_since=act.at, temporary_loss_until=None
    )
    act.record_rows(facts.ENDED, _CARDS, _question(ends), reason=reason.zh, reason_code=reason.value)
    tell_orders(act, Step.LOST_IN_POST, orders)


def _record(act: Act, kind: Kind, ends: Sequence[End], **payload: str) -> None:
    act.record_rows(kind, _ORDERS, _question(ends), **payload)


_SETTLERS = {DELIVERED: _deliver, CAME_BACK: _bring_back, LOST: _lose}
