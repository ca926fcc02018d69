"""What waits and whose work it is: figures a supervisor can trust, and orders shared out within everybody's reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards import in_hand
from tests.cards.in_hand import (
    NOON,
    QINDU,
    QINDU_BANK,
    QINDU_COUNTER,
    WEICHENG,
    WEICHENG_BANK,
    a_person,
    an_order,
    at,
)
from tests.web.console.desks import appointed
from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.models import Assignment, Order
from yikatong.cards.services.assign import assign, assignable, unassign
from yikatong.cards.workload import KEPT, PROMISED, mine, owners, workload
from yikatong.office import clock
from yikatong.office.models import EntryRow
from yikatong.office.scope import Scope

CITY, COUNTY = Scope("610400"), Scope(QINDU)
TODAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()
    with clock.fixed(NOON):
        yield


def order(state: str = "submitted", **more) -> Order:
    return an_order(a_person(), state, **more)


def share(how, *orders: Order, scope: Scope = CITY, **more):
    with at() as act:
        return how(act, orders=[each.number for each in orders], scope=scope, **more)


# --- figures ----------------------------------------------------------------------------------------------------


def test_each_state_has_its_count_oldest_median_and_promises():
    for days, promised in (
        (9, TODAY - timedelta(1)),
        (4, TODAY),
        (2, date(2025, 3, 13)),
        (1, date(2025, 3, 14)),
    ):
        order(since=NOON - timedelta(days), promised=promised)
    (load,) = [each for each in workload(CITY) if not each.outlet]
    assert (load.state.code, load.count, load.late) == ("submitted", 4, 1)
    # Monday 10 March: three working days reach Thursday 13 March
    assert load.soon == 2
    assert load.oldest_since == NOON - timedelta(9)
    assert load.median_since == TODAY - timedelta(4)  # of two middle ones the older


def test_a_card_that_can_be_collected_has_kept_its_promise():
    order("at_outlet", promised=TODAY - timedelta(30))
    (load, _) = workload(CITY)
    assert (load.late, load.soon) == (0, 0)
    assert "at_outlet" in KEPT and "making" in PROMISED and not KEPT & set(PROMISED)


def test_outlets_sum_to_the_whole_and_closed_orders_count_nowhere():
    for outlet in (QINDU_COUNTER, QINDU_BANK, WEICHENG_BANK):
        order("ready", outlet=outlet)
    order("collected")
    order("cancelled")
    rows = workload(CITY)
    assert [(row.count, bool(row.outlet)) for row in rows] == [(3, False), (1, True), (1, True), (1, True)]


def test_a_county_and_an_outlet_see_their_own():
    order(outlet=QINDU_COUNTER)
    order(outlet=QINDU_BANK)
    order(outlet=WEICHENG_BANK)
    whole = {scope: workload(scope)[0].count for scope in (CITY, COUNTY, Scope(QINDU, QINDU_BANK))}
    assert list(whole.values()) == [3, 2, 1]
    assert workload(Scope("")) == ()


def test_the_whole_picture_is_one_question_to_the_database():
    order()
    workload(CITY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        workload(CITY)
    assert len([each for each in asked if "cards_order" in each["sql"]]) == 1


def test_queues_and_workload_agree():
    order(promised=TODAY - timedelta(1))
    order(promised=TODAY)
    (queue,) = [each for each in queries.queues(CITY) if each.count]
    load = workload(CITY)[0]
    assert (queue.count, queue.late, queue.soon) == (load.count, load.late, load.soon) == (2, 1, 1)
    for promise in ("late", "soon"):
        assert len(queries.queue("", CITY, promise=promise)) == 1


def test_the_warning_is_a_dated_rule():
    order(promised=date(2025, 3, 14))
    assert workload(CITY)[0].soon == 0
    in_hand.set_rule("desk.promise_warning_working_days", 4)
    assert workload(CITY)[0].soon == 1


# --- whose work -------------------------------------------------------------------------------------------------


def test_an_order_becomes_somebodys_and_everybodys_again():
    clerk, one = appointed("outlet_clerk", region=QINDU), order()
    assert share(assign, one, to=clerk.username) == 1
    assert owners([one.pk])[one.pk].username == clerk.username
    assert mine(clerk.pk) == 1 and len(queries.queue("", CITY, owner=clerk.pk)) == 1
    assert queries.queue("", CITY, owner=0) == ()
    assert share(unassign, one) == 1 and not Assignment.objects.exists()
    assert share(unassign, one) == 0


def test_giving_it_to_another_says_who_had_it_and_leaves_promise_and_state():
    first, second = (appointed("outlet_clerk", region=QINDU) for _ in range(2))
    one = order(promised=date(2025, 3, 20))
    share(assign, one, to=first.username)
    share(assign, one, to=second.username)
    assert [row.payload["before"] for row in EntryRow.objects.order_by("id")] == ["", first.username]
    now = Order.objects.get()
    assert (now.promised_on, now.state, now.state_since) == (date(2025, 3, 20), "submitted", NOON)


def test_only_those_who_work_on_orders_can_be_given_one():
    made = {
        role: appointed(role, region=QINDU)
        for role in ("outlet_clerk", "outlet_manager", "auditor", "card_desk")
    }
    offered = {row.username for row in assignable(COUNTY)}
    assert offered == {made["outlet_clerk"].username, made["card_desk"].username}
    refused = share(assign, order(), to=made["auditor"].username)
    assert isinstance(refused, Refused) and refused.code == "assign.staff"


@pytest.mark.parametrize(
    ("code", "scope", "state"),
    [("assign.not_open", CITY, "collected"), ("assign.not_open", Scope(WEICHENG), "submitted")],
)
def test_closed_and_foreign_orders_are_refused_as_a_whole(code, scope, state):
    clerk, good, bad = appointed("outlet_clerk"), order(outlet=WEICHENG_BANK), order(state)
    taker = appointed("outlet_clerk", region=WEICHENG) if scope != CITY else clerk
    refused = share(assign, good, bad, to=taker.username, scope=scope)
    assert isinstance(refused, Refused) and refused.code == code and bad.number in refused.zh
    assert not Assignment.objects.exists()


def test_nobody_is_given_what_they_cannot_see():
    clerk = appointed("outlet_clerk", region=QINDU, outlet=QINDU_BANK)
    refused = share(assign, order(outlet=QINDU_COUNTER), to=clerk.username)
    assert isinstance(refused, Refused) and refused.code == "assign.out_of_reach"


def test_nothing_ticked_is_said():
    clerk = appointed("outlet_clerk", region=QINDU)
    for result in (share(assign, to=clerk.username), share(unassign)):
        assert isinstance(result, Refused) and result.code == "assign.none"


@pytest.mark.parametrize("how", [assign, unassign])
def test_the_journal_refuses_so_nothing_was_shared_out(how, journal_refuses):
    clerk, other, one = (
        appointed("outlet_clerk", region=QINDU),
        appointed("outlet_clerk", region=QINDU),
        order(),
    )
    share(assign, one, to=clerk.username)
    with journal_refuses():
        share(how, one, **({"to": other.username} if how is assign else {}))
    assert Assignment.objects.get().staff_id == clerk.pk
