"""拆箱清点: a box that fits goes in stock, one that does not is written down and read card by card."""

from __future__ import annotations

import pytest

from tests.cards.factories import CENTRE_OUTLET, acting, code, made, states
from yikatong.cards import shelving
from yikatong.cards.models import BoxCount, Card, Order, Placement
from yikatong.cards.services.boxes import Counted, box_of, count_box, take_found
from yikatong.cards.services.slots import open_slots, put_in_slot
from yikatong.office.models import Entry, Message
from yikatong.office.scope import EVERYWHERE, Scope

pytestmark = pytest.mark.django_db


def in_box(how_many: int = 3, box: str = "001") -> list[Order]:
    """Finished cards in one box, on their way to the centre's outlet."""
    orders = made(how_many)
    for place, order in enumerate(orders, start=1):
        Card.objects.filter(order=order).update(box_slot=f"{box}-{place:03d}" if box else "")
    Message.objects.all().delete()
    return [Order.objects.get(pk=order.pk) for order in orders]


def count(orders: list[Order], counted: int, **changes):
    wanted = {"outlet_code": CENTRE_OUTLET, "batch_number": orders[0].batch.number, "box": "001", **changes}
    with acting() as act:
        return count_box(act, counted=counted, **wanted)


def read(orders: list[Order], cards: list[str], **changes):
    wanted = {"outlet_code": CENTRE_OUTLET, "batch_number": orders[0].batch.number, "box": "001", **changes}
    with acting() as act:
        return take_found(act, card_nos=cards, **wanted)


def test_a_box_that_fits_goes_in_stock_and_its_holders_are_told(centre):
    orders = in_box()
    result = count(orders, 3)
    assert isinstance(result, Counted) and result.fits and result.stocked == 3
    assert states(orders) == ["at_outlet"] * 3
    assert Message.objects.filter(text__contains="已到").count() == 3
    assert Entry.objects.latest("id").kind == "card.box_counted"


@pytest.mark.parametrize("counted", [0, 2, 4])
def test_a_difference_is_recorded_and_nothing_goes_in_stock(centre, counted):
    orders = in_box()
    result = count(orders, counted)
    assert isinstance(result, Counted) and not result.fits and result.stocked == 0
    assert states(orders) == ["made"] * 3 and not Message.objects.exists()
    row = BoxCount.objects.get()
    assert (row.expected, row.counted, row.stocked) == (3, counted, 0)
    assert Entry.objects.latest("id").kind == "card.box_differs"
    [wrong] = shelving.counted_wrong(EVERYWHERE)
    assert (wrong.expected, wrong.counted) == (3, counted)


def test_the_cards_that_are_there_are_read_and_the_missing_one_stays(centre):
    orders = in_box()
    count(orders, 2)
    result = read(orders, [orders[0].card_no, orders[2].card_no.lower(), orders[0].card_no])
    assert isinstance(result, Counted) and (result.expected, result.stocked) == (3, 2)
    assert states(orders) == ["at_outlet", "made", "at_outlet"]
    [left] = shelving.boxes_awaited(EVERYWHERE)
    assert (left.box, left.cards) == ("001", 1)
    assert isinstance(again := count(orders, 1), Counted) and again.fits


def test_a_card_of_another_box_stops_the_whole_reading(centre):
    orders = in_box()
    assert code(read(orders, [orders[0].card_no, "Z99999999"])) == "box.strangers"
    assert code(read(orders, [" "])) == "box.none"
    assert states(orders) == ["made"] * 3 and not BoxCount.objects.exists()


def test_what_is_not_awaited_is_refused(centre):
    orders = in_box()
    assert code(count(orders, 3, box="002")) == "box.unknown"
    assert code(count(orders, 3, batch_number="B1")) == "box.batch_unknown"
    assert code(count(orders, 3, outlet_code="99999999")) == "box.outlet_unknown"
    assert code(count(orders, 3, scope=Scope("610481"))) == "scope.outside"
    assert code(count(orders, -1)) == "box.counted"
    count(orders, 3)
    assert code(count(orders, 3)) == "box.unknown"


def test_cards_without_a_box_are_a_box_of_their_own(centre):
    orders = in_box(2, box="")
    [row] = shelving.boxes_awaited(EVERYWHERE)
    assert (row.box, row.cards) == ("", 2)
    assert isinstance(result := count(orders, 2, box=""), Counted) and result.stocked == 2


@pytest.mark.parametrize(("place", "box"), [("001-017", "001"), ("A-3-12", "A-3"), ("", ""), ("17", "")])
def test_the_box_is_all_but_the_last_part_of_the_place_in_python_and_in_sql(centre, place, box):
    [order] = in_box(1)
    Card.objects.filter(order=order).update(box_slot=place)
    assert box_of(place) == box
    assert [row.box for row in shelving.boxes_awaited(EVERYWHERE)] == [box]


# --- slots ------------------------------------------------------------------------------------------------------


def slots(capacity: int = 2, last: int = 2) -> None:
    with acting() as act:
        assert (
            open_slots(act, outlet_code=CENTRE_OUTLET, cabinet="a", first=1, last=last, capacity=capacity)
            == last
        )


def put(order: Order, slot: str, **changes):
    with acting() as act:
        return put_in_slot(act, order.number, slot=slot, **changes)


def free() -> dict[str, int]:
    return {row.code: row.free for row in shelving.slots(EVERYWHERE)}


def test_a_box_goes_into_a_slot_and_a_card_is_moved_and_found(centre):
    slots()
    orders = in_box(2)
    assert isinstance(count(orders, 2, slot="a-01"), Counted)
    assert free() == {"A-01": 0, "A-02": 2}
    assert put(orders[0], "A-02") == "A-02"
    assert free() == {"A-01": 1, "A-02": 1}
    for text in (orders[0].number, orders[0].card_no, orders[0].resident.number):
        assert [row.number for row in shelving.find_lying(EVERYWHERE, text)] == [orders[0].number]
    named = shelving.find_lying(EVERYWHERE, orders[0].resident.name)
    assert {row.number for row in named} >= {orders[0].number}
    assert shelving.find_lying(Scope("610481"), orders[0].number) == ()
    assert shelving.slot_of(orders[0].id) == "A-02"
    assert [row.number for row in shelving.in_slot(shelving.slots(EVERYWHERE)[1].id)] == [orders[0].number]


def test_a_full_slot_takes_no_more_and_the_box_stays_as_it_was(centre):
    slots(capacity=1)
    orders = in_box(2)
    with acting() as act:
        answer = count_box(
            act,
            outlet_code=CENTRE_OUTLET,
            batch_number=orders[0].batch.number,
            box="001",
            counted=2,
            slot="A-01",
        )
    assert code(answer) == "slot.full"
    assert states(orders) == ["made"] * 2 and not BoxCount.objects.exists()
    assert code(count(orders, 2, slot="Q-09")) == "slot.unknown"
    assert states(orders) == ["made"] * 2


def test_a_card_that_was_collected_makes_room(centre):
    slots(capacity=1)
    [order] = in_box(1)
    count([order], 1, slot="A-01")
    Order.objects.filter(pk=order.pk).update(state="collected")
    assert free() == {"A-01": 1, "A-02": 1} and shelving.slot_of(order.pk) == ""


def test_slots_are_refused_in_words(centre):
    slots()
    [order] = in_box(1)
    assert code(put(order, "A-01")) == "slot.not_here"
    count([order], 1)
    assert code(put(order, "B-01")) == "slot.unknown"
    assert code(put(order, "A-01", scope=Scope("610481"))) == "scope.outside"
    assert [row.number for row in shelving.without_slot(EVERYWHERE)] == [order.number]
    with acting() as act:
        for wrong in ({"cabinet": "  "}, {"cabinet": "A/1"}, {"first": 3}, {"capacity": 0}):
            given = {"cabinet": "B", "first": 1, "last": 2, "capacity": 5, **wrong}
            assert code(open_slots(act, outlet_code=CENTRE_OUTLET, **given)) == "slot.label"
        assert open_slots(act, outlet_code=CENTRE_OUTLET, cabinet="A", first=1, last=3, capacity=5) == 1


def test_nothing_of_it_happens_when_the_journal_refuses(centre, journal_refuses):
    slots()
    orders = in_box(2)
    with journal_refuses():
        count(orders, 2)
    with journal_refuses():
        count(orders, 1)
    with journal_refuses():
        read(orders, [orders[0].card_no])
    assert states(orders) == ["made"] * 2 and not BoxCount.objects.exists()
    count(orders, 2)
    with journal_refuses():
        put(orders[0], "A-01")
    with journal_refuses(), acting() as act:
        open_slots(act, outlet_code=CENTRE_OUTLET, cabinet="Z", first=1, last=2, capacity=5)
    assert not Placement.objects.exists() and set(free()) == {"A-01", "A-02"}
