"""卡位: where on an outlet's shelf a card lies. Slots are labelled once; cards are put into one and moved."""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.models import Placement, Slot
from yikatong.cards.rules import LYING
from yikatong.cards.services.locked import locked_order
from yikatong.cards.services.stock import outlet_of
from yikatong.office.act import Act
from yikatong.office.places import OutletRow
from yikatong.office.scope import Scope
from yikatong.office.turns import take_turn

MOST = 200
_ROWS = (
    "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, jsonb_build_object('number', o.number) "
    "FROM cards_order o JOIN office_outlet p ON p.id = o.outlet_id WHERE o.id = ANY(%(keys)s::bigint[])"
)


def open_slots(
    act: Act,
    *,
    outlet_code: str,
    cabinet: str,
    first: int,
    last: int,
    capacity: int,
    scope: Scope | None = None,
) -> int | Refused:
    """Label slots `A-01` to `A-20` of an outlet; those that are there already stay as they are. Returns how many came.

    Refused: `box.outlet_unknown`, `scope.outside`, `slot.label` (cabinet of up to 6 characters, 1 <= first <= last, at
    most 200 at once, capacity 1 to 500).
    """
    place = outlet_of(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    cabinet = cabinet.strip().upper()
    sound = 0 < len(cabinet) <= 6 and cabinet.replace("-", "").isalnum()
    if not sound or not 1 <= first <= last <= 999 or last - first >= MOST or not 1 <= capacity <= 500:
        return Refused(
            "slot.label",
            f"柜号最多6个字母或数字，序号从1到999、一次最多{MOST}个，每位1至500张。",
            f"A cabinet of up to 6 letters or digits, numbers 1 to 999, at most {MOST} at once, 1 to 500 cards each.",
            at="cabinet",
        )
    take_turn(f"slots.{place.id}")  # so that each slot is labelled once
    codes = [f"{cabinet}-{number:02d}" for number in range(first, last + 1)]
    there = set(Slot.objects.filter(outlet=place.id, code__in=codes).values_list("code", flat=True))
    new = [code for code in codes if code not in there]
    Slot.objects.bulk_create([Slot(outlet_id=place.id, code=code, capacity=capacity) for code in new])
    if new:
        act.record(
            facts.SLOTS_OPENED,
            region=place.region,
            outlet=place.code,
            first=new[0],
            last=new[-1],
            count=len(new),
            capacity=capacity,
        )
    return len(new)


def put_in_slot(act: Act, order_number: str, *, slot: str, scope: Scope | None = None) -> str | Refused:
    """Put the card of an order into a slot of its outlet, or move it there; returns the slot's code.

    Refused: `order.unknown`, `scope.outside`, `slot.not_here` (the card does not lie at its outlet), `slot.unknown`,
    `slot.full`.
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    if order.state not in LYING:
        return Refused(
            "slot.not_here",
            f"申请 {order.number} 的卡不在网点，不能放入卡位。",
            f"The card of {order.number} does not lie at the outlet.",
            at="order_number",
        )
    place = outlet_of(order.outlet.code, None)
    assert not isinstance(place, Refused)
    row = room_in(place, [order.pk], slot)
    if isinstance(row, Refused):
        return row
    put_away(act, row, [order.pk])
    return row.code


def room_in(place: OutletRow, orders: Sequence[int], slot: str) -> Slot | Refused:
    """The slot with this label at this outlet, locked, with room for the cards of these orders; writes nothing.

    Refused: `slot.unknown`, `slot.full`. For the services of this folder.
    """
    code = slot.strip().upper()
    # Locked, so that two counters cannot fill the last place twice.
    row = Slot.objects.select_for_update(no_key=True).filter(outlet=place.id, code=code).first()
    if row is None:
        return Refused(
            "slot.unknown", f"{place.name}没有卡位 {code}。", f"{place.name} has no slot {code}.", at="slot"
        )
    lying = Placement.objects.filter(slot=row, order__state__in=LYING).exclude(order__in=orders).count()
    if lying + len(orders) <= row.capacity:
        return row
    free = max(0, row.capacity - lying)
    return Refused(
        "slot.full",
        f"卡位 {code} 只剩 {free} 张的位置，放不下 {len(orders)} 张；请换一个卡位。",
        f"Slot {code} has room for {free} more, not for {len(orders)}; choose another.",
        at="slot",
    )


def put_away(act: Act, slot: Slot, orders: Sequence[int]) -> None:
    """Put the cards of these orders into a slot that has room for them; for the services of this folder."""
    Placement.objects.bulk_create(
        [Placement(order_id=key, slot=slot, by=act.actor.code, at=act.at) for key in orders],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["slot", "by", "at"],
    )
    if orders:
        act.record_rows(facts.SLOTTED, _ROWS, {"keys": list(orders)}, slot=slot.code)
