"""分派: an open order becomes one person's work, or everybody's again. Nothing about the order itself changes."""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.basics.refused import Refused
from yikatong.cards.facts import ASSIGNED, UNASSIGNED
from yikatong.cards.models import Assignment, Order
from yikatong.cards.rules import OPEN_STATES
from yikatong.cards.services.staging import lock_orders
from yikatong.office.act import Act
from yikatong.office.duties import Duty, Step, duties_of
from yikatong.office.queries import StaffRow, staff_rows
from yikatong.office.scope import Scope

WORK = frozenset(duty for duty in Duty if duty.step is Step.MAKE and duty.code.startswith("card."))
"""Whoever has one of these can be given an order."""

_ROWS = (
    "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, "
    "jsonb_build_object('before', coalesce(s.username, ''), 'staff', %(staff)s::text) "
    "FROM cards_order o JOIN office_outlet p ON p.id = o.outlet_id "
    "LEFT JOIN cards_assignment a ON a.order_id = o.id LEFT JOIN office_staff s ON s.id = a.staff_id "
    "WHERE o.id = ANY(%(orders)s)"
)


def assignable(scope: Scope) -> tuple[StaffRow, ...]:
    """Who within this scope works on orders and may be given one."""
    return tuple(
        row
        for row in staff_rows()
        if row.active and scope.covers(row.region, row.outlet) and duties_of(row.roles) & WORK
    )


def assign(act: Act, *, orders: Sequence[str], to: str, scope: Scope) -> int | Refused:
    """Give these open orders (receipt numbers) to the member of staff with this user name; returns how many.

    All or none. Refused: assign.none, assign.staff (no such person here who works on orders), assign.not_open (closed
    by now, or outside the scope), assign.out_of_reach (they could not even see one of the orders).
    """
    taker = next((row for row in assignable(scope) if row.username == to), None)
    if taker is None:
        return Refused(
            "assign.staff",
            "请从清单中选择一位本辖区的经办人员。",
            "Choose somebody from the list who works on orders here.",
            at="to",
        )
    chosen = _locked(orders, scope)
    if isinstance(chosen, Refused):
        return chosen
    reach = Scope(taker.region, taker.outlet)
    beyond = [order.number for order in chosen if not reach.covers(order.region, order.outlet.code)]
    if beyond:
        return Refused(
            "assign.out_of_reach",
            f"{taker.full_name} 的经办范围不含 {'、'.join(beyond[:3])}，一笔也未分派；请换人或改选。",
            f"{', '.join(beyond[:3])} lie outside the area of {taker.full_name}; nothing was assigned.",
            at="to",
        )
    keys = [order.pk for order in chosen]
    count = act.record_rows(ASSIGNED, _ROWS, {"orders": keys, "staff": to}, name=taker.full_name)
    Assignment.objects.bulk_create(
        [
            Assignment(order_id=key, staff_id=taker.id, given_by=act.actor.code, given_at=act.at)
            for key in keys
        ],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["staff", "given_by", "given_at"],
    )
    return count


def unassign(act: Act, *, orders: Sequence[str], scope: Scope) -> int | Refused:
    """Take these orders back into the common queue; returns how many were somebody's.

    Refused: assign.none, assign.not_open.
    """
    chosen = _locked(orders, scope)
    if isinstance(chosen, Refused):
        return chosen
    owned = Assignment.objects.filter(order_id__in=[order.pk for order in chosen])
    keys = list(owned.values_list("order_id", flat=True))
    count = act.record_rows(UNASSIGNED, _ROWS, {"orders": keys, "staff": ""})
    owned.delete()
    return count


def take_out_of_reach(act: Act, order: Order) -> None:
    """Take a locked order, which went to another outlet, from whoever cannot reach it there."""
    found = Assignment.objects.select_related("staff__outlet").filter(order=order).first()
    if found is None:
        return
    theirs = found.staff.outlet.code if found.staff.outlet else ""
    if Scope(found.staff.region, theirs).covers(order.region, order.outlet.code):
        return
    act.record_rows(UNASSIGNED, _ROWS, {"orders": [order.pk], "staff": ""})
    found.delete()


def _locked(numbers: Sequence[str], scope: Scope) -> list[Order] | Refused:
    wanted = sorted({number.strip().upper() for number in numbers if number.strip()})
    if not wanted:
        return Refused("assign.none", "请先勾选申请。", "Tick at least one order.", at="orders")
    lock_orders("o.number = ANY(%(numbers)s)", {"numbers": wanted})
    rows = Order.objects.filter(number__in=wanted, state__in=OPEN_STATES).select_related("outlet")
    chosen = list(scope.narrow(rows, outlet="outlet__code").order_by("pk"))
    if len(chosen) < len(wanted):
        missing = next(number for number in wanted if number not in {order.number for order in chosen})
        return Refused(
            "assign.not_open",
            f"{missing} 已办结或不在您的辖区，一笔也未分派；请刷新清单再选。",
            f"{missing} is closed or not in your area; nothing was assigned. Reload the list.",
            at="orders",
        )
    return chosen
