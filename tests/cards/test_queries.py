"""Reads: queues, fetch for a duty, answers to partners."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import (
    NOON,
    QINDU,
    QINDU_BANK,
    QINDU_COUNTER,
    WEICHENG,
    WEICHENG_BANK,
    a_card,
    a_person,
    an_order,
    got,
)
from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.meanings import REASON_CODES, words
from yikatong.cards.models import Card
from yikatong.cards.rules import OPEN_STATES
from yikatong.office import clock
from yikatong.office.duties import Duty
from yikatong.office.models import Outlet, Staff
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.residents.models import Resident


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()
    with clock.fixed(NOON):
        yield


def clerk(region: str = QINDU, outlet: str = "", roles: tuple[str, ...] = ("outlet_clerk",)) -> Staff:
    place = Outlet.objects.get(code=outlet) if outlet else None
    return Staff(username="wang", full_name="王经办", roles=list(roles), region=region, outlet=place)


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused), result
    assert result.code == code


# --- one order, one card ----------------------------------------------------------------------------------------


def test_an_order_is_found_by_its_receipt_number_within_the_scope():
    order = an_order(a_person(), "ready")
    assert got(queries.order(order.number)).id == order.pk
    assert got(queries.order(f" {order.number.lower()} ", EVERYWHERE)).id == order.pk
    assert got(queries.order(order.number, Scope(QINDU, QINDU_COUNTER))).id == order.pk
    assert queries.order(order.number, Scope(QINDU, QINDU_BANK)) is None
    assert queries.order(order.number, Scope(WEICHENG)) is None
    assert queries.order(order.number, Scope("")) is None


def test_a_card_is_found_by_its_number_within_the_region():
    card = a_card()
    assert got(queries.card(card.card_no.lower())).id == card.pk
    assert got(queries.card(card.card_no, Scope(QINDU, QINDU_BANK))).id == card.pk
    assert queries.card(card.card_no, Scope(WEICHENG)) is None


def test_a_persons_orders_and_cards_come_newest_first():
    person = a_person()
    old = a_card(person, state="9")
    new = a_card(person)
    assert [row.id for row in queries.cards_of(person.pk)] == [new.pk, old.pk]
    assert [row.id for row in queries.orders_of(person.pk)] == [new.order_id, old.order_id]
    assert got(queries.valid_card_of(person.pk)).id == new.pk


def test_someone_without_a_card_has_none():
    person = a_person()
    assert queries.valid_card_of(person.pk) is None
    assert queries.cards_of(person.pk) == ()
    assert queries.orders_of(person.pk) == ()


def test_reading_a_persons_orders_takes_no_statement_an_order(django_assert_num_queries):
    person = a_person()
    for _ in range(3):
        an_order(person, "cancelled")
    with django_assert_num_queries(2):  # which records are this person's, and their orders
        assert len(queries.orders_of(person.pk)) == 3


# --- queues -----------------------------------------------------------------------------------------------------


def test_queues_name_every_open_state_in_the_order_of_the_work():
    assert tuple(queue.state for queue in queries.queues()) == OPEN_STATES
    assert all(
        queue.count == 0 and queue.oldest_since is None and queue.late == 0 for queue in queries.queues()
    )


def test_queues_count_what_waits_since_when_and_what_is_late():
    early, late = NOON - timedelta(days=9), NOON - timedelta(days=2)
    an_order(a_person(), "making", since=late)
    an_order(a_person(), "making", since=early, promised=date(2025, 3, 9))
    an_order(a_person(), "making", since=late, promised=date(2025, 3, 10))
    an_order(a_person(), "collected", promised=date(2025, 1, 1))
    making = next(queue for queue in queries.queues() if queue.state == "making")
    assert (making.count, making.oldest_since, making.late) == (3, early, 1)
    assert (making.zh, making.en) == ("制卡中", "being made")


def test_what_waits_to_be_collected_is_not_late():
    an_order(a_person(), "at_outlet", promised=date(2025, 1, 1))
    waiting = next(queue for queue in queries.queues() if queue.state == "at_outlet")
    assert (waiting.count, waiting.late) == (1, 0)


def test_queues_take_one_statement_whatever_they_hold(django_assert_num_queries):
    for state in OPEN_STATES:
        an_order(a_person(), state)
    queries.queues(Scope("610400"))  # rules and calendar are remembered from here on
    with django_assert_num_queries(1):
        assert sum(queue.count for queue in queries.queues(Scope("610400"))) == len(OPEN_STATES)


def test_a_queue_shows_a_clerk_only_their_own():
    an_order(a_person(), "ready", outlet=QINDU_COUNTER)
    an_order(a_person(), "ready", outlet=QINDU_BANK)
    an_order(a_person(), "ready", outlet=WEICHENG_BANK)

    def ready(scope: Scope) -> tuple[int, int]:
        counted = next(queue.count for queue in queries.queues(scope) if queue.state == "ready")
        return counted, len(queries.queue("ready", scope))

    assert ready(Scope("610400")) == (3, 3)
    assert ready(Scope(QINDU)) == (2, 2)
    assert ready(Scope(QINDU, QINDU_BANK)) == (1, 1)
    assert ready(Scope("140900")) == (0, 0)
    assert ready(Scope("")) == (0, 0)


def test_a_queue_begins_with_who_waits_longest_and_is_read_by_pages(django_assert_num_queries):
    orders = [an_order(a_person(), "made", since=NOON - timedelta(hours=n)) for n in range(5)]
    oldest_first = [order.pk for order in reversed(orders)]
    with django_assert_num_queries(1):
        assert [row.id for row in queries.queue("made", limit=2)] == oldest_first[:2]
    assert [row.id for row in queries.queue("made", limit=2, offset=4)] == oldest_first[4:]


# --- batches ---------------------------------------------------------------------------------------------------


def test_batches_are_listed_by_state():
    from yikatong.cards.models import Batch

    Batch.objects.create(
        number="B000000018", orders=3, digest=bytes(32), assembled_by="staff:1", assembled_at=NOON
    )
    assert [row.number for row in queries.batches("assembled")] == ["B000000018"]
    assert queries.batches("returned") == ()
    assert len(queries.batches()) == 1
    assert got(queries.batch("b000000018")).orders == 3
    assert queries.batch("B999999999") is None


# --- fetched for a duty -----------------------------------------------------------------------------------------


def test_a_clerk_fetches_an_order_of_their_outlet_for_their_duty():
    order = an_order(a_person())
    assert (
        got(queries.order_for(clerk(QINDU, QINDU_COUNTER), order.number, Duty.CARD_HAND_OVER)).id == order.pk
    )


def test_an_order_is_refused_without_duty_or_out_of_scope_or_unknown():
    order = an_order(a_person())
    refused(queries.order_for(clerk(), order.number, Duty.CARD_RELEASE), "duty.missing")
    refused(queries.order_for(clerk(WEICHENG), order.number, Duty.CARD_HAND_OVER), "scope.outside")
    refused(queries.order_for(clerk(QINDU, QINDU_BANK), order.number, Duty.CARD_HAND_OVER), "scope.outside")
    refused(queries.order_for(clerk(""), order.number, Duty.CARD_HAND_OVER), "scope.outside")
    refused(queries.order_for(clerk(), "S999999999", Duty.CARD_HAND_OVER), "order.unknown")


def test_a_card_is_refused_without_duty_or_out_of_scope_or_unknown():
    card = a_card()
    assert got(queries.card_for(clerk(), card.card_no, Duty.CARD_LOSS)).id == card.pk
    refused(queries.card_for(clerk(roles=("auditor",)), card.card_no, Duty.CARD_LOSS), "duty.missing")
    refused(queries.card_for(clerk(WEICHENG), card.card_no, Duty.CARD_LOSS), "scope.outside")
    bank = clerk(outlet=QINDU_BANK, roles=("bank_operator",))
    assert got(queries.card_for(bank, card.card_no, Duty.CARD_LOSS)).id == card.pk
    Card.objects.filter(pk=card.pk).update(bank_code="103")
    refused(queries.card_for(bank, card.card_no, Duty.CARD_LOSS), "scope.other_bank")
    assert queries.card(card.card_no, Scope(QINDU, QINDU_BANK, "102")) is None
    refused(queries.card_for(clerk(), "Z99999999", Duty.CARD_LOSS), "card.unknown")


# --- answers to partners ----------------------------------------------------------------------------------------


def ask(card, purpose: str = "social_use", name: str = "张三丰") -> tuple[str, str]:
    answer = queries.answer_status(card.resident.number, name, purpose)
    return answer.answer, answer.reason_code


@pytest.mark.parametrize(
    ("state", "bank", "holds", "social", "payment"),
    [
        ("0", "inactive", ("yes", ""), ("no", "not_enabled"), ("no", "bank_not_activated")),
        ("1", "normal", ("yes", ""), ("yes", ""), ("yes", "")),
        ("1", "inactive", ("yes", ""), ("yes", ""), ("no", "bank_not_activated")),
        ("4", "stopped", ("yes", ""), ("no", "reported_lost"), ("no", "bank_stopped")),
        ("4", "normal", ("yes", ""), ("no", "reported_lost"), ("yes", "")),
        ("2", "stopped", ("yes", ""), ("no", "reported_lost"), ("no", "bank_stopped")),
        ("9", "normal", ("no", "no_card"), ("no", "no_card"), ("no", "no_card")),
    ],
)
def test_each_purpose_asks_its_own_side_of_the_card(state, bank, holds, social, payment):
    card = a_card(state=state, bank=bank)
    assert ask(card, "holds_card") == holds
    assert ask(card, "social_use") == social
    assert ask(card, "bank_payment") == payment


def test_a_card_past_its_validity_serves_no_social_purpose():
    card = a_card(valid_until=date(2025, 3, 9))
    assert ask(card, "social_use") == ("no", "expired")
    assert ask(card, "bank_payment") == ("yes", "")
    assert ask(a_card(valid_until=date(2025, 3, 10))) == ("yes", "")


def test_validity_is_counted_in_the_citys_time():
    card = a_card(valid_until=date(2025, 3, 10))
    with clock.fixed(datetime(2025, 3, 10, 15, 59, tzinfo=UTC)):
        assert ask(card) == ("yes", "")
    with clock.fixed(datetime(2025, 3, 10, 16, 0, tzinfo=UTC)):
        assert ask(card) == ("no", "expired")


def test_another_purpose_asks_for_use():
    assert ask(a_card(state="0", bank="inactive"), "住院登记") == ("no", "not_enabled")


def test_a_wrong_name_is_answered_exactly_like_a_number_nobody_has():
    card = a_card()
    wrong = queries.answer_status(card.resident.number, "李四光", "social_use")
    nobody = queries.answer_status(in_hand.identity_number(date(1950, 1, 1), 998), "张三丰", "social_use")
    assert wrong == nobody
    assert (wrong.answer, wrong.resident_id, wrong.card_id) == ("unknown", None, None)


def test_the_card_of_somebody_who_died_serves_no_purpose():
    card = a_card()
    Resident.objects.filter(pk=card.resident_id).update(state="dead")
    for purpose in ("holds_card", "social_use", "bank_payment"):
        assert ask(card, purpose) == ("no", "deceased")


def test_someone_known_without_a_card_gets_a_no_with_its_reason():
    person = a_person()
    answer = queries.answer_status(person.number, person.name, "holds_card")
    assert (answer.answer, answer.reason_code, answer.resident_id) == ("no", "no_card", person.pk)


def test_every_reason_speaks_both_languages():
    for code in REASON_CODES:
        assert all(words(code))
