"""拆箱清点: an outlet counts each box that comes, against what the maker's return file says lies in it (装箱位置).

Where the count fits, the whole box goes in stock at once. Where it does not, that is written down, nothing goes in
stock, and the cards that are there are read one by one; the others stay 制卡完成 and are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.models import Batch, BoxCount, Order
from yikatong.cards.rules import MADE
from yikatong.cards.services.slots import put_away, room_in
from yikatong.cards.services.stock import batch_of, outlet_of, put_in_stock
from yikatong.office.act import Act
from yikatong.office.places import OutletRow
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class Counted:
    """One count of a box: `stocked` is 0 where what was found is not what was expected."""

    batch: str
    box: str
    outlet: str
    expected: int
    counted: int
    stocked: int

    @property
    def fits(self) -> bool:
        return self.expected == self.counted


def count_box(
    act: Act,
    *,
    outlet_code: str,
    batch_number: str,
    box: str,
    counted: int,
    slot: str = "",
    scope: Scope | None = None,
) -> Counted | Refused:
    """Count a box; if as many cards lie in it as should, they go in stock (and into `slot`) and their holders are told.

    A difference is recorded and stops this box. Refused: `box.outlet_unknown`, `scope.outside`, `box.batch_unknown`,
    `box.unknown` (nothing is awaited in it), `box.counted`, `slot.unknown`, `slot.full`.
    """
    found = _awaited(outlet_code, batch_number, box, scope)
    if isinstance(found, Refused):
        return found
    place, batch, keys = found
    if counted < 0:
        return Refused("box.counted", "请填写实点张数。", "Say how many cards there are.", at="counted")
    if counted != len(keys):
        return _note(act, place, batch, box, expected=len(keys), counted=counted, stocked=0)
    return _take_in(act, place, batch, box, keys, expected=len(keys), slot=slot)


def take_found(
    act: Act,
    *,
    outlet_code: str,
    batch_number: str,
    box: str,
    card_nos: Sequence[str],
    slot: str = "",
    scope: Scope | None = None,
) -> Counted | Refused:
    """Put those cards of a box in stock that were read one by one; the missing ones stay where they are on record.

    Refused: as `count_box`, and `box.none`, `box.strangers` (cards that are not awaited in this box: none is taken).
    """
    found = _awaited(outlet_code, batch_number, box, scope)
    if isinstance(found, Refused):
        return found
    place, batch, keys = found
    read = list(dict.fromkeys(each.strip().upper() for each in card_nos if each.strip()))
    if not read:
        return Refused(
            "box.none", "请逐张扫描或填写卡号。", "Read or enter the cards one by one.", at="card_nos"
        )
    there = dict(Order.objects.filter(pk__in=keys, card_no__in=read).values_list("card_no", "pk"))
    strangers = [each for each in read if each not in there]
    if strangers:
        return Refused(
            "box.strangers",
            f"{'、'.join(strangers[:5])} 不在本箱待入库的卡中，一张也未入库；请核对卡号和箱号。",
            f"{', '.join(strangers[:5])} are not awaited in this box; none was taken. Check card and box.",
            at="card_nos",
        )
    return _take_in(act, place, batch, box, sorted(there.values()), expected=len(keys), slot=slot)


def _awaited(
    outlet_code: str, batch_number: str, box: str, scope: Scope | None
) -> tuple[OutletRow, Batch, list[int]] | Refused:
    place = outlet_of(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    batch = batch_of(batch_number)
    if isinstance(batch, Refused):
        return batch
    rows = Order.objects.filter(batch=batch, outlet=place.id, state=MADE.code, card__isnull=False)
    keys = [
        order.pk for order in rows.select_related("card").order_by("pk") if box_of(order.card.box_slot) == box
    ]
    if keys:
        return place, batch, keys
    return Refused(
        "box.unknown",
        f"批次 {batch.number} 的 {box or '（未注明）'} 号箱没有等待本网点入库的卡，请核对箱签。",
        f"No cards of batch {batch.number}, box {box or '(none)'} are awaited here; check the label.",
        at="counted",
    )


def box_of(place: str) -> str:
    """The box of a 装箱位置: all but its last part."""
    return place.rpartition("-")[0]


def _take_in(
    act: Act, place: OutletRow, batch: Batch, box: str, keys: list[int], *, expected: int, slot: str
) -> Counted | Refused:
    row = room_in(place, keys, slot) if slot.strip() else None
    if isinstance(row, Refused):
        return row
    stocked = put_in_stock(act, place, "o.id = ANY(%(keys)s::bigint[])", {"keys": keys})
    if row is not None:
        put_away(act, row, stocked)
    return _note(act, place, batch, box, expected=expected, counted=len(keys), stocked=len(stocked))


def _note(
    act: Act, place: OutletRow, batch: Batch, box: str, *, expected: int, counted: int, stocked: int
) -> Counted:
    BoxCount.objects.create(
        batch=batch,
        box=box,
        outlet_id=place.id,
        expected=expected,
        counted=counted,
        stocked=stocked,
        counted_by=act.actor.code,
        at=act.at,
    )
    act.record(
        facts.BOX_COUNTED if counted == expected else facts.BOX_DIFFERS,
        subject=f"batch:{batch.pk}",
        region=place.region,
        outlet=place.code,
        batch=batch.number,
        box=box,
        expected=expected,
        counted=counted,
        stocked=stocked,
    )
    return Counted(batch.number, box, place.code, expected, counted, stocked)
