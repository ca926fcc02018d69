"""改领卡网点: before the card is taken into a batch, its holder may have it collected elsewhere."""

from __future__ import annotations

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, QINDU, QINDU_COUNTER, a_person, an_order, at, set_rule
from tests.cards.test_locks_at_once import while_it_is_open
from tests.cards.test_loss import refused
from yikatong.basics.refused import Refused
from yikatong.cards.models import Assignment, Order
from yikatong.cards.rules import BEFORE_BATCH, ORDER, Mode
from yikatong.cards.services.locked import locked_order
from yikatong.cards.services.pick_up import change_outlet
from yikatong.office.models import Entry, EntryRow, Message, Outlet, Staff
from yikatong.office.scope import EVERYWHERE, Scope


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def elsewhere() -> Outlet:
    return Outlet.objects.exclude(region=QINDU).earliest("code")


def move(order: Order, to: str = "", scope: Scope | None = EVERYWHERE):
    with at() as act:
        return change_outlet(act, order.number.lower(), outlet_code=to or elsewhere().code, scope=scope)


def test_the_order_goes_to_the_other_outlet_and_the_holder_hears_of_it():
    order, to = an_order(a_person(), "submitted"), elsewhere()
    row = move(order)
    assert not isinstance(row, Refused)
    order.refresh_from_db()
    assert (row.outlet, order.outlet, order.region) == (to.code, to, to.region_id)
    assert order.promised_on.isoformat() == "2025-04-30" and order.state == "submitted"
    entry = Entry.objects.get(kind="card.outlet_changed")
    assert (entry.outlet, entry.payload["after"]) == (to.code, to.name)
    assert entry.payload["before"] == Outlet.objects.get(code=QINDU_COUNTER).name
    message = Message.objects.get()
    assert (message.to, to.name in message.text) == ("13800000001", True)


@pytest.mark.parametrize("state", [each.code for each in ORDER.states if each.code in in_hand.TO_STATE])
def test_only_before_a_batch(state: str):
    order = an_order(a_person(), state)
    found = move(order)
    assert isinstance(found, Refused) == (state not in BEFORE_BATCH)
    if isinstance(found, Refused):
        assert found.code == "outlet.too_late"
        assert Order.objects.get().outlet.code == QINDU_COUNTER and not Message.objects.exists()


def test_a_city_may_stop_it_earlier_but_never_later():
    set_rule("card.outlet_change_states", ["submitted", "making"])
    assert not isinstance(move(an_order(a_person(), "submitted")), Refused)
    refused(move(an_order(a_person(), "ready")), "outlet.too_late")
    refused(move(an_order(a_person(), "making")), "outlet.too_late")


def test_what_stands_in_the_way():
    order = an_order(a_person(), "submitted")
    refused(move(order, "999999"), "order.outlet_unknown")
    refused(move(order, QINDU_COUNTER), "outlet.same")
    refused(move(order, scope=Scope("610481")), "scope.outside")
    Order.objects.update(frozen_at=NOON)
    refused(move(order), "outlet.too_late")
    Order.objects.update(frozen_at=None, mode=Mode.INSTANT.value)
    refused(move(order), "outlet.instant")


def test_whoever_cannot_reach_it_there_gives_it_up():
    order = an_order(a_person(), "submitted")
    clerk, chief = (
        Staff.objects.create(username=name, full_name=name, region=region)
        for name, region in (("desk-qindu", QINDU), ("chief", "610400"))
    )
    Assignment.objects.create(order=order, staff=clerk, given_by="staff:1", given_at=NOON)
    move(order)
    assert not Assignment.objects.exists()
    assert EntryRow.objects.filter(subject=f"order:{order.pk}", payload__before="desk-qindu").exists()
    Assignment.objects.create(order=order, staff=chief, given_by="staff:1", given_at=NOON)
    move(order, QINDU_COUNTER)
    assert Assignment.objects.get().staff == chief


def test_nothing_moves_when_the_journal_refuses(journal_refuses):
    order = an_order(a_person(), "submitted")
    with journal_refuses():
        move(order)
    assert Order.objects.get().outlet.code == QINDU_COUNTER and not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_an_order_that_is_moved_finds_it():
    order = an_order(a_person(), "submitted")

    def look() -> object:
        with at() as act:
            found = locked_order(order.number, EVERYWHERE)
            del act
            return found

    with at() as act:
        assert not isinstance(change_outlet(act, order.number, outlet_code=elsewhere().code), Refused)
        waiting, results = while_it_is_open(look)
        waiting.join(timeout=1)
        assert waiting.is_alive(), "the order is not locked"
    waiting.join(timeout=8)
    assert results == [order] and results[0].outlet == elsewhere()
