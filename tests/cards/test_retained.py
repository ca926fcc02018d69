"""滞留卡 and 停办: reminded once at each mark, retained at the last, taken back, destroyed before two witnesses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, a_card, a_person, an_order, at
from tests.cards.test_after_death import confirm, dies, follow, propose
from tests.cards.test_loss import refused
from yikatong.cards.models import Card, Case, Order
from yikatong.cards.rules import CLOSED, ORDER
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.retained import (
    close_stopped,
    lay_out_again,
    remind_uncollected,
    stop_order,
    suggest_destruction,
    take_back,
)
from yikatong.office.models import Message


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def after(days: float, service=remind_uncollected):
    with at(NOON + timedelta(days=days)) as act:
        return service(act)


def uncollected() -> Order:
    card = a_card(state="0", bank="inactive", collected=False)
    return Order.objects.get(card=card)


def now(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_each_mark_reminds_once_and_the_last_one_retains():
    order = uncollected()
    for day, reminded in [(29, 0), (30, 1), (31, 0), (59.9, 0), (60, 1), (61, 0), (90, 1), (91, 0)]:
        assert after(day) == reminded, day
    assert now(order) == "retained"
    assert [message.text.count("天") for message in Message.objects.order_by("id")] == [1, 1, 1]
    assert "销毁" in Message.objects.latest("id").text


def test_marks_passed_at_once_are_one_reminder():
    order = uncollected()
    assert after(200) == 1 and Message.objects.count() == 1 and now(order) == "retained"


def test_the_marks_are_rows_of_the_city():
    in_hand.set_rule("card.retained_reminder_days", [10])
    order = uncollected()
    assert after(10) == 1 and now(order) == "retained"


def test_a_dead_holder_is_not_reminded():
    order = uncollected()
    dies(order.resident)
    follow()
    assert after(100) == 0 and not Message.objects.exists()


def test_a_retained_card_is_still_handed_over():
    order = uncollected()
    after(90)
    with at(NOON + timedelta(days=95)) as act:
        result = hand_over(
            act,
            order_number=order.number,
            shown_name=order.resident.name,
            proof=in_hand.ON_PAPER,
        )
    assert result, result
    assert now(order) == "collected"


def test_a_card_taken_back_is_laid_out_again_and_waited_for_anew():
    order = uncollected()
    after(90)
    with at(NOON + timedelta(days=91)) as act:
        assert take_back(act, order.number)
        assert lay_out_again(act, order.number)
        refused(lay_out_again(act, order.number), "order.state")
    assert after(120) == 0
    assert after(121) == 1 and now(order) == "at_outlet"


def test_a_retained_card_is_destroyed_after_the_rules_year_by_two():
    order = uncollected()
    after(90)
    with at(NOON + timedelta(days=91)) as act:
        take_back(act, order.number)
    assert after(90 + 364, suggest_destruction) == 0
    assert after(90 + 365, suggest_destruction) == 1
    assert after(90 + 366, suggest_destruction) == 0
    case = Case.objects.get()
    propose(case)
    refused(confirm(case, in_hand.CLERK), "case.same_person")
    assert confirm(case)
    assert now(order) == "destroyed" and Card.objects.get().state == "9"


# --- stopped ----------------------------------------------------------------------------------------------------


def stop(order: Order):
    with at() as act:
        return stop_order(act, order.number, reason="持卡人死亡")


@pytest.mark.parametrize(
    "state", ["submitted", "checking", "problem", "bank_opening", "ready", "make_failed"]
)
def test_what_is_not_made_is_cancelled_at_once(state):
    order = an_order(a_person(), state)
    assert stop(order).state.code == "cancelled"


@pytest.mark.parametrize("state", ["batched", "making"])
def test_what_is_being_made_keeps_its_mark_until_it_comes_home(state):
    order = an_order(a_person(), state)
    assert stop(order).state.code == state
    assert after(1, close_stopped) == 0
    if state == "making":
        from yikatong.office.lifecycle import advance

        order.refresh_from_db()
        advance(order, ORDER, "make", state_since=NOON)
        assert after(2, close_stopped) == 1
        assert now(order) == "taken_back"


@pytest.mark.parametrize("state", ["made", "at_outlet"])
def test_a_made_card_is_taken_back_and_destroyed_without_waiting(state):
    order = an_order(a_person(), state)
    card = a_card(order=order, state="0", bank="inactive", collected=False)
    assert stop(order).state.code == "taken_back"
    with at() as act:
        refused(lay_out_again(act, order.number), "order.stopped")
    assert after(0, suggest_destruction) == 1
    case = Case.objects.get()
    propose(case)
    confirm(case)
    assert now(order) == "destroyed" and Card.objects.get(pk=card.pk).state == "9"


@pytest.mark.parametrize(
    "state", [state.code for state in CLOSED if state.code in ("collected", "cancelled")]
)
def test_a_closed_order_is_not_stopped(state):
    refused(stop(an_order(a_person(), state)), "order.state")


def test_an_order_is_stopped_once_and_with_a_reason():
    order = an_order(a_person(), "making")
    with at() as act:
        refused(stop_order(act, order.number, reason=" "), "order.reason_missing")
    stop(order)
    refused(stop(order), "order.state")


@pytest.mark.parametrize("service", ["remind", "take_back", "lay_out", "stop", "close", "suggest"])
def test_nothing_happens_when_the_journal_refuses(service, journal_refuses):
    order = uncollected()
    if service in ("lay_out", "suggest"):
        with at() as act:
            take_back(act, order.number)
    if service in ("close", "suggest"):
        Order.objects.update(stopped_at=NOON, stopped_by="staff:1", stop_reason="死亡")
    before = list(Order.objects.values())
    with journal_refuses(), at(NOON + timedelta(days=100)) as act:
        match service:
            case "remind":
                remind_uncollected(act)
            case "take_back":
                take_back(act, order.number)
            case "lay_out":
                lay_out_again(act, order.number)
            case "stop":
                stop_order(act, order.number, reason="离开本市")
            case "close":
                close_stopped(act)
            case _:
                suggest_destruction(act)
    assert list(Order.objects.values()) == before and not Case.objects.exists()


def test_a_card_that_went_out_again_is_not_destroyed():
    order = uncollected()
    after(90)
    with at(NOON + timedelta(days=91)) as act:
        take_back(act, order.number)
    assert after(91 + 365, suggest_destruction) == 1
    case = Case.objects.get()
    with at(NOON + timedelta(days=460)) as act:
        lay_out_again(act, order.number)
    refused(propose(case), "case.moot")
    assert now(order) == "at_outlet"
