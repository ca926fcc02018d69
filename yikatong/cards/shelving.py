"""Reads: which boxes an outlet waits for, what was counted, and in which slot a card lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, F, Func, Min, Q, QuerySet, Value

from yikatong.basics.names import fold
from yikatong.cards.models import BoxCount, Order, Placement, Slot
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import LYING, MADE
from yikatong.office.prepared import Given, Prepared
from yikatong.office.scope import Scope
from yikatong.residents.queries import number_key


@dataclass(frozen=True)
class BoxRow:
    """A box on its way: how many cards of it an outlet waits for, and since when they are made."""

    batch: str
    box: str
    outlet: str
    outlet_name: str
    cards: int
    since: datetime


@dataclass(frozen=True)
class CountedRow:
    """One count of a box that did not fit."""

    batch: str
    box: str
    outlet_name: str
    expected: int
    counted: int
    stocked: int
    counted_by: str
    at: datetime


@dataclass(frozen=True)
class SlotRow:
    """A slot and how many cards lie in it."""

    id: int
    outlet: str
    outlet_name: str
    code: str
    capacity: int
    cards: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.cards)


def boxes_awaited(scope: Scope) -> tuple[BoxRow, ...]:
    """The boxes whose cards are made and in nobody's stock yet, the oldest first. One statement."""
    rows = scope.narrow(
        Order.objects.filter(state=MADE.code, card__isnull=False, batch__isnull=False), outlet="outlet__code"
    )
    # All of the 装箱位置 but its last part.
    box = Func(
        F("card__box_slot"),
        Value("-?[^-]*$"),
        Value(""),
        function="regexp_replace",
        output_field=CharField(),
    )
    grouped = (
        rows.annotate(box=box)
        .order_by()
        .values("batch__number", "box", "outlet__code", "outlet__name")
        .annotate(cards=Count("id"), since=Min("state_since"))
        .order_by("since", "batch__number", "box", "outlet__code")
    )
    return tuple(
        BoxRow(*row)
        for row in grouped.values_list(
            "batch__number", "box", "outlet__code", "outlet__name", "cards", "since"
        )
    )


def counted_wrong(scope: Scope, limit: int = 20) -> tuple[CountedRow, ...]:
    """The latest counts in which more or fewer cards were found than expected."""
    rows = BoxCount.objects.select_related("batch", "outlet").exclude(counted=F("expected"))
    narrowed = scope.narrow(rows, region="outlet__region__code", outlet="outlet__code")
    return tuple(
        CountedRow(
            row.batch.number,
            row.box,
            row.outlet.name,
            row.expected,
            row.counted,
            row.stocked,
            row.counted_by,
            row.at,
        )
        for row in narrowed.order_by("-id")[:limit]
    )


# --- slots ------------------------------------------------------------------------------------------------------


def slots(scope: Scope, outlet: str = "") -> tuple[SlotRow, ...]:
    """The slots of the outlets in reach, or of one, by their labels. One statement."""
    rows = scope.narrow(Slot.objects.all(), region="outlet__region__code", outlet="outlet__code")
    if outlet:
        rows = rows.filter(outlet__code=outlet)
    lying = Count("placements", filter=Q(placements__order__state__in=LYING))
    return tuple(
        SlotRow(*row)
        for row in rows.annotate(cards=lying)
        .order_by("outlet__code", "code")
        .values_list("id", "outlet__code", "outlet__name", "code", "capacity", "cards")
    )


def slot(scope: Scope, slot_id: int) -> SlotRow | None:
    """One slot."""
    return next((row for row in slots(scope) if row.id == slot_id), None)


def in_slot(slot_id: int) -> tuple[OrderRow, ...]:
    """The orders whose cards lie in a slot, in the order in which they were put there."""
    rows = _lying().filter(placement__slot=slot_id).order_by("placement__at", "pk")
    return tuple(map(order_row, rows))


def without_slot(scope: Scope, limit: int = 50) -> tuple[OrderRow, ...]:
    """Orders whose cards lie at an outlet that has slots, in none of them; the longest there first."""
    rows = scope.narrow(_lying(), outlet="outlet__code").filter(
        placement=None, outlet__in=Slot.objects.values("outlet")
    )
    return tuple(map(order_row, rows.order_by("state_since", "pk")[:limit]))


def slot_of(order_id: int) -> str:
    """In which slot the card of an order lies; empty for none and once it has left."""
    (code,) = _SLOT.first(order=order_id) or ("",)
    return str(code)


_SLOT = Prepared(
    lambda: Placement.objects.filter(order=Given("order"), order__state__in=LYING).values_list("slot__code")
)


def slots_of(orders: Iterable[int]) -> dict[int, str]:
    """The same for many."""
    rows = Placement.objects.filter(order__in=list(orders), order__state__in=LYING)
    return dict(rows.values_list("order_id", "slot__code"))


def find_lying(scope: Scope, text: str, limit: int = 50) -> tuple[OrderRow, ...]:
    """The cards at an outlet whose receipt, card or identity number or whole name this is."""
    asked = text.strip()
    if not asked:
        return ()
    number = asked.upper()
    rows = scope.narrow(_lying(), outlet="outlet__code").filter(
        Q(number=number)
        | Q(card_no=number)
        | Q(resident__number_key=number_key(number))
        | Q(resident__name_folded=fold(asked))
    )
    return tuple(map(order_row, rows.order_by("outlet__code", "state_since", "pk")[:limit]))


def _lying() -> QuerySet[Order]:
    return Order.objects.filter(state__in=LYING).select_related("outlet", "batch")
