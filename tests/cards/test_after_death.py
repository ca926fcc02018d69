"""After a death: orders rest, nothing ends by itself, two people close the card, and a withdrawal lifts it all."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cards import in_hand
from tests.cards.in_hand import BANK_CLERK, NOON, a_card, a_person, an_order, at
from tests.cards.test_loss import refused
from yikatong.cards.models import Card, Case, Order
from yikatong.cards.rules import NOT_WHILE_FROZEN, ORDER
from yikatong.cards.services.after_death import follow_deaths, freeze
from yikatong.cards.services.cases import (
    confirm_case,
    drop_case,
    open_duplicate,
    propose_case,
    return_case,
)
from yikatong.cards.services.hand_over import enable, record_bank_activation
from yikatong.cards.services.match import send_to_match
from yikatong.office.act import Actor
from yikatong.office.models import Entry
from yikatong.residents.models import Resident

MANAGER = Actor("staff:9", "孙负责", in_hand.QINDU, in_hand.QINDU_COUNTER)
BATCHED_OR_LATER = ["batched", "making", "made", "at_outlet"]


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def dies(person: Resident, state: str = "dead") -> None:
    Resident.objects.filter(pk=person.pk).update(state=state)


def follow(people=None, moment=NOON) -> int:
    with at(moment) as act:
        return follow_deaths(act, people)


def picture():
    orders = list(Order.objects.order_by("pk").values())
    return orders, list(Card.objects.order_by("pk").values())


# --- orders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "checking", "bank_opening", "ready", *BATCHED_OR_LATER])
def test_an_open_order_rests_where_it_stands_and_thaws_exactly(state):
    person = a_person()
    order = an_order(person, state)
    before = picture()
    dies(person)
    assert follow([person.pk]) == 1
    order.refresh_from_db()
    assert order.state == state and order.frozen_at == NOON
    assert follow([person.pk]) == 0
    dies(person, "alive")
    assert follow([person.pk]) == 1
    assert picture() == before


@pytest.mark.parametrize("event", NOT_WHILE_FROZEN)
def test_raw_sql_moves_no_frozen_order_by_a_step_of_ours(event):
    come, to = ORDER.routes(event)[0]
    person = a_person()
    order = an_order(person, come)
    dies(person)
    follow()
    with (
        pytest.raises(DatabaseError, match=r"is frozen|order_frozen_not_collected"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cards_order SET state = %s WHERE id = %s", [to, order.pk])


def test_a_frozen_order_is_not_sent_to_be_matched():
    person = a_person(birth=in_hand.NOON.date().replace(year=2022), guardian=("林大满", in_hand.identity_number(in_hand.NOON.date().replace(year=1980), 905)))  # fmt: skip
    an_order(person, "submitted")
    dies(person)
    follow()
    with at() as act:
        assert send_to_match(act) == 0


def test_a_list_of_deaths_takes_as_many_statements_as_one():
    def statements(how_many: int) -> int:
        for _ in range(how_many):
            card = a_card()
            an_order(card.resident, "ready")
            dies(card.resident)
        with CaptureQueriesContext(connection) as seen:
            assert follow() == 2 * how_many
        return len(seen)

    statements(1)  # reads the rules
    assert statements(1) == statements(9)


# --- cards ------------------------------------------------------------------------------------------------------


def suggested(card: Card | None = None) -> Case:
    card = card or a_card()
    dies(card.resident)
    follow([card.resident_id])
    return Case.objects.get(card=card)


def propose(case: Case, actor=in_hand.CLERK):
    with at(actor=actor) as act:
        return propose_case(act, case.pk, paper="死亡医学证明")


def confirm(case: Case, actor=MANAGER):
    with at(actor=actor) as act:
        return confirm_case(act, case.pk)


def test_a_death_suggests_a_cancellation_and_ends_nothing():
    case = suggested()
    assert (case.state, case.card.state, case.kind) == ("suggested", "1", "death")
    assert follow() == 0


def test_two_people_end_the_card_and_the_account_stays_the_banks():
    case = suggested()
    assert propose(case)
    refused(confirm(case, in_hand.CLERK), "case.same_person")
    assert confirm(case)
    case.refresh_from_db()
    assert (case.state, case.card.state, case.card.bank_state) == ("done", "9", "normal")
    assert Entry.objects.get(kind="card.ended").payload["reason_code"] == "death"


def test_the_database_too_wants_two_people():
    case = suggested()
    propose(case)
    for change in (
        "decided_by = proposed_by",
        "state = 'done', decided_by = proposed_by",
        "state = 'done', decided_by = ''",
    ):
        with (
            pytest.raises(DatabaseError, match="case_"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE cards_case SET {change} WHERE id = %s", [case.pk])


def test_a_withdrawn_death_lifts_the_case_also_a_proposed_one():
    case = suggested()
    propose(case)
    dies(case.resident, "alive")
    with at() as act:
        assert freeze(act, case.resident_id) == 1
    case.refresh_from_db()
    assert (case.state, case.card.state) == ("lifted", "1")
    dies(case.resident)
    assert follow() == 1 and Case.objects.count() == 2


def test_nothing_is_confirmed_after_the_death_was_withdrawn_but_before_it_was_lifted():
    case = suggested()
    propose(case)
    dies(case.resident, "alive")
    refused(confirm(case), "case.moot")


def test_what_changed_since_the_proposal_is_not_confirmed():
    case = suggested()
    propose(case)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_card SET state = '2' WHERE id = %s", [case.card_id])
    refused(confirm(case), "case.changed")


def test_a_case_goes_back_and_forth_and_may_be_dropped_for_good():
    case = suggested()
    propose(case)
    with at(actor=MANAGER) as act:
        refused(return_case(act, case.pk, note=" "), "case.note")
        assert return_case(act, case.pk, note="证明不清")
    assert propose(case)
    with at(actor=MANAGER) as act:
        assert drop_case(act, case.pk, note="系同名误报")
    case.refresh_from_db()
    assert (case.state, case.card.state) == ("dropped", "1")
    assert follow() == 0


def test_a_card_that_lies_at_the_outlet_is_its_orders_business():
    card = a_card(state="0", bank="inactive", collected=False)
    dies(card.resident)
    assert follow() == 1
    assert not Case.objects.exists() and Order.objects.get().frozen_at == NOON


def merged(one: Card, two: Card) -> None:
    """Two records of one person: the cards of both are now theirs."""
    Resident.objects.filter(pk=one.resident_id).update(merged_into_id=two.resident_id)


def test_a_second_card_is_a_case_of_its_own():
    one, two = a_card(), a_card()
    with at() as act:
        refused(open_duplicate(act, card_no=one.card_no, other_card_no=two.card_no), "case.other_person")
    merged(one, two)
    with at() as act:
        refused(open_duplicate(act, card_no=one.card_no, other_card_no=one.card_no), "case.same_card")
        assert open_duplicate(act, card_no=one.card_no, other_card_no=two.card_no)
        refused(open_duplicate(act, card_no=one.card_no, other_card_no=two.card_no), "case.open")
    case = Case.objects.get()
    propose(case)
    confirm(case)
    assert Card.objects.get(pk=one.pk).state == "9" and Card.objects.get(pk=two.pk).state == "1"


# --- the journal refuses ----------------------------------------------------------------------------------------


def test_nothing_is_frozen_or_suggested_when_the_journal_refuses(journal_refuses):
    card = a_card()
    an_order(card.resident, "ready")
    dies(card.resident)
    for service in (lambda act: freeze(act, card.resident_id), follow_deaths):
        with journal_refuses(), at() as act:
            service(act)
    assert not Case.objects.exists() and not Order.objects.exclude(frozen_at=None).exists()


@pytest.mark.parametrize("service", ["propose", "confirm", "return", "drop", "duplicate"])
def test_no_case_moves_when_the_journal_refuses(service, journal_refuses):
    case = suggested()
    if service != "propose":
        propose(case)
    other = a_card()
    if service == "duplicate":
        merged(case.card, other)
    before = list(Case.objects.values())
    with journal_refuses(), at(actor=MANAGER) as act:
        match service:
            case "propose":
                propose_case(act, case.pk, paper="证明")
            case "confirm":
                confirm_case(act, case.pk)
            case "return":
                return_case(act, case.pk, note="再查")
            case "drop":
                drop_case(act, case.pk, note="不办")
            case _:
                open_duplicate(act, card_no=case.card.card_no, other_card_no=other.card_no)
    assert list(Case.objects.values()) == before
    assert Card.objects.get(pk=case.card_id).state == "1"


@pytest.mark.parametrize("service", [enable, record_bank_activation])
def test_nothing_is_opened_for_somebody_who_died(service):
    card = a_card(state="0", bank="inactive")
    dies(card.resident)
    with at(actor=BANK_CLERK) as act:
        refused(service(act, card_no=card.card_no), "card.deceased")
