"""滞留卡 and 停办: cards that nobody collects, and orders whose holder died or left.

At the marks of rule `card.retained_reminder_days` the holder is reminded, once each; at the last one the card counts as
retained. An order is stopped by a mark: what is not made yet is cancelled at once, what is being made is taken back
when it comes home. Cards that were taken back are destroyed before two witnesses (`cases.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.posting import WISHED
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import (
    AT_OUTLET,
    ENDED,
    LIFTED,
    OPEN_STATES,
    ORDER,
    SUGGESTED,
    TAKEN_BACK,
    CaseKind,
)
from yikatong.cards.services.fee_ends import end_fees
from yikatong.cards.services.locked import locked_order, record_of_order
from yikatong.cards.services.parcel_ends import CANCELLED_BEFORE, end_wishes
from yikatong.cards.services.staging import among
from yikatong.cards.services.telling import tell_orders
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope

_ROWS = (
    "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, jsonb_build_object('number', o.number) "
    "FROM cards_order o JOIN office_outlet p ON p.id = o.outlet_id WHERE o.id = ANY(%(keys)s::bigint[])"
)


def remind_uncollected(act: Act) -> int:
    """Remind whoever has not collected at each mark once, retain at the last; returns how many were reminded.

    Frozen orders are left alone: their holder is dead. Several marks passed at once are one reminder.
    """
    marks = sorted(int(mark) for mark in ruling("card.retained_reminder_days", act.today).value)
    reminded = 0
    for number, days in reversed(list(enumerate(marks, start=1))):
        due = Order.objects.filter(
            state=AT_OUTLET.code,
            state_since__lte=act.at - timedelta(days=days),
            reminders__lt=number,
            frozen_at=None,
            stopped_at=None,
        ).exclude(posting__state=WISHED.code)  # that one waits for us
        keys = list(
            due.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if not keys:
            continue
        last = number == len(marks)
        among(keys).update(reminders=number)
        act.record_rows(facts.REMINDED, _ROWS, {"keys": keys}, days=days)
        warning = "，逾期将退回中心并按规定销毁" if last else ""
        tell_orders(act, Step.REMINDED, keys, days=str(days), last=warning)
        if last:
            advance_all(among(keys), ORDER, "retain", state_since=act.at, retained_at=act.at)
            act.record_rows(facts.RETAINED, _ROWS, {"keys": keys}, days=days)
        reminded += len(keys)
    return reminded


def take_back(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Take an uncollected card back to the centre. Refused: `order.unknown`, `scope.outside`, `order.state`."""
    return _step(act, number, "take_back", facts.TAKEN_BACK, "不能退回中心", "cannot be taken back", scope)


def lay_out_again(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Send a card that was taken back to its outlet again: the holder has come after all.

    Refused: `order.unknown`, `scope.outside`, `order.state`, `order.stopped` (its holder died or left).
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if order.stopped_at is not None or order.frozen_at is not None:
        return Refused(
            "order.stopped",
            f"申请 {order.number} 已停办或冻结，卡不能再发回网点。",
            f"Order {order.number} was stopped or is frozen; its card is not laid out again.",
            at="order_number",
        )
    return _step(act, number, "lay_out", facts.LAID_OUT, "不能发回网点", "cannot be laid out again", scope)


def stop_order(act: Act, number: str, *, reason: str, scope: Scope | None = None) -> OrderRow | Refused:
    """停办: mark an order whose holder died or left so that it is closed as soon as it can be.

    Refused: `order.unknown`, `scope.outside`, `order.reason_missing`, `order.state` (closed, or stopped already).
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if not reason.strip():
        return Refused(
            "order.reason_missing", "请填写停办原因。", "Say why the order is stopped.", at="reason"
        )
    if order.state not in OPEN_STATES or order.stopped_at is not None:
        return _wrong(order, "不能停办", "cannot be stopped")
    order.stopped_at, order.stopped_by, order.stop_reason = act.at, act.actor.code, reason.strip()[:60]
    order.save(update_fields=["stopped_at", "stopped_by", "stop_reason"])
    record_of_order(act, facts.ORDER_STOPPED, order, reason=order.stop_reason)
    tell_orders(act, Step.STOPPED, [order.pk])
    close_stopped(act, [order.pk])
    order.refresh_from_db()
    return order_row(order)


def close_stopped(act: Act, keys: list[int] | None = None) -> int:
    """Close the stopped orders that can be closed now: cancel what is not made, take back what is; returns how many."""
    stopped = Order.objects.filter(stopped_at__isnull=False, state__in=OPEN_STATES)
    if keys is not None:
        stopped = stopped.filter(pk__in=keys)
    closed = 0
    for event, kind in (("cancel", facts.ORDER_CANCELLED), ("take_back", facts.TAKEN_BACK)):
        froms = [code for code, _ in ORDER.routes(event)]
        found = list(
            stopped.filter(state__in=froms)
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if found:
            if event == "cancel":
                end_wishes(act, found, *CANCELLED_BEFORE)
                end_fees(act, found)
            advance_all(among(found), ORDER, event, state_since=act.at, asked="")
            act.record_rows(kind, _ROWS, {"keys": found}, reason="停办")
            closed += len(found)
    return closed


def suggest_destruction(act: Act) -> int:
    """Suggest that two witnesses destroy the cards taken back: stopped ones at once, others after the rule's days.

    Returns how many cases were opened.
    """
    before = act.at - timedelta(days=whole("card.retained_destroy_after_days", act.today))
    question: dict[str, Any] = {
        "kind": CaseKind.DESTROY.value,
        "taken_back": TAKEN_BACK.code,
        "suggested": SUGGESTED.code,
        "lifted": LIFTED.code,
        "ended": ENDED.code,
        "at": act.at,
        "before": before,
        "actor": act.actor.code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DESTROY, question)
        keys = [key for (key,) in cursor.fetchall()]
    if keys:
        act.record_rows(
            facts.CASE_OPENED,
            "SELECT 'card:' || k.card_id, k.resident_id, k.region, k.outlet, jsonb_build_object('case', k.id, "
            "'reason', k.reason) FROM cards_case k WHERE k.id = ANY(%(keys)s::bigint[])",
            {"keys": keys},
            what=CaseKind.DESTROY.zh,
            what_en=CaseKind.DESTROY.en,
        )
    return len(keys)


_DESTROY = """
INSERT INTO cards_case (kind, card_id, resident_id, region, outlet, state, state_since, reason, opened_by, opened_at,
                        card_stood, proposed_by, proposed_name, paper, decided_by, decided_name, note)
SELECT %(kind)s, c.id, c.resident_id, c.region, c.outlet, %(suggested)s, %(at)s,
       CASE WHEN o.stopped_at IS NULL THEN '滞留期满' ELSE '停办：' || o.stop_reason END, %(actor)s, %(at)s,
       '', '', '', '', '', '', ''
  FROM cards_order o JOIN cards_card c ON c.order_id = o.id AND c.state <> %(ended)s
 WHERE o.state = %(taken_back)s AND (o.stopped_at IS NOT NULL OR o.retained_at <= %(before)s)
   AND NOT EXISTS (SELECT 1 FROM cards_case k
                    WHERE k.card_id = c.id AND k.kind = %(kind)s AND k.state <> %(lifted)s)
 ORDER BY c.id
ON CONFLICT DO NOTHING
RETURNING id
"""


def _step(
    act: Act, number: str, event: str, kind: Any, zh: str, en: str, scope: Scope | None
) -> OrderRow | Refused:
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if ORDER.target(event, order.state) is None:
        return _wrong(order, zh, en)
    # A card that goes out again is waited for anew.
    again: dict[str, Any] = {"reminders": 0, "retained_at": None} if event == "lay_out" else {}
    advance(order, ORDER, event, state_since=act.at, **again)
    record_of_order(act, kind, order, reason="")
    if order.stopped_at is None:  # whose order was stopped was told then
        tell_orders(act, Step.AT_OUTLET if event == "lay_out" else Step.TAKEN_BACK, [order.pk])
    return order_row(order)


def _wrong(order: Order, zh: str, en: str) -> Refused:
    state = ORDER.state(order.state)
    return Refused(
        "order.state",
        f"申请 {order.number} 目前为“{state.zh}”，{zh}。",
        f"Order {order.number} is {state.en} and {en}.",
        at="order_number",
    )
