"""Two desks, two connections: neither waits for a lock that the other gives up only later, and a merge waits for both."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tests.cards import in_hand
from tests.cards.factories import CENTRE_OUTLET, CLERK, DESK, REVIEWER, acting, code, resident, residents
from tests.cards.in_hand import a_card, at
from tests.cards.test_lives import OTHER
from yikatong.basics.refused import Refused
from yikatong.cards.models import Case, Order
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.after_death import freeze
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.apply_many import ManyTaken, apply_for_many
from yikatong.cards.services.cases import confirm_case, propose_case
from yikatong.cards.services.locked import locked_card
from yikatong.cards.services.merging import approve_merge, ask_to_merge
from yikatong.cards.services.slots import open_slots
from yikatong.office.act import Act
from yikatong.residents.models import DuplicatePair, Resident
from yikatong.residents.pairs import DuplicateRow
from yikatong.residents.services import record_death, tell_apart, undo_merge

HOW = {"mode": Mode.BATCH, "outlet_code": CENTRE_OUTLET, "bank_code": "102", "channel": "window"}


def while_it_is_open(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Begin `work` on a connection of its own; what it returns, or raises, is in the list once it has ended."""
    results: list[object] = []

    def desk() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '8s'")
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the test
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=desk)
    thread.start()
    return thread, results


def pair() -> DuplicatePair:
    one, other = sorted(residents(2), key=lambda each: each.pk)
    return DuplicatePair.objects.create(
        one=one,
        other=other,
        score=90,
        reasons=[["phone.same", 20.0]],
        evidence=b"",
        found_at=one.registered_at,
    )


@pytest.mark.django_db(transaction=True)
def test_a_death_is_recorded_while_a_counter_has_the_card_in_hand():
    in_hand.open_city()
    card = a_card(None, "1", "normal")

    def die() -> object:
        with at() as act:
            done = record_death(act, card.resident_id, on=act.today, source="民政局")
            return done, freeze(act, card.resident_id)

    with at() as act:
        assert not isinstance(locked_card(card.card_no, None), Refused)
        dying, results = while_it_is_open(die)
        dying.join(timeout=6)
        assert not dying.is_alive(), "the key of the new case waits for the card's lock"
        del act
    assert not isinstance(results[0], (BaseException, Refused)), results
    assert Case.objects.filter(card=card, kind="death").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_death_waits_for_the_card_that_is_being_ended_and_suggests_nothing_more():
    in_hand.open_city()
    card = a_card()
    Resident.objects.filter(pk=card.resident_id).update(state="household")
    with at() as act:
        freeze(act, card.resident_id)
        propose_case(act, Case.objects.get().pk, paper="公安户籍注销证明")

    def die() -> object:
        with at() as act:
            done = record_death(act, card.resident_id, on=act.today, source="民政局")
            return done, freeze(act, card.resident_id)

    with at(actor=OTHER) as act:
        assert not isinstance(confirm_case(act, Case.objects.get().pk), Refused)
        dying, results = while_it_is_open(die)
        dying.join(timeout=1)
        assert dying.is_alive(), "the holder is kept as they are until the card has ended"
    dying.join(timeout=20)
    assert not isinstance(results[0], (BaseException, Refused)), results
    assert dict(Case.objects.values_list("kind", "state")) == {"household": "done"}


def one_application(act: Act, resident_id: int) -> object:
    return apply_for_card(act, resident_id=resident_id, kind=OrderKind.NEW, **HOW)  # type: ignore[arg-type]


def a_whole_list(act: Act, resident_id: int) -> object:
    return apply_for_many(act, resident_ids=[resident_id], **HOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("take", [one_application, a_whole_list])
def test_a_merge_waits_for_the_application_that_is_being_taken_and_then_sees_it(committed_centre, take):
    row = pair()
    with acting(CLERK) as act:
        assert isinstance(ask_to_merge(act, row.pk, survivor=row.one_id, why="核对"), DuplicateRow)

    def approve() -> object:
        with acting(REVIEWER) as act:
            return approve_merge(act, row.pk)

    with acting(CLERK) as act:
        assert isinstance(take(act, row.other_id), (OrderRow, ManyTaken))
        merging, results = while_it_is_open(approve)
        merging.join(timeout=1)
        assert merging.is_alive(), "both people are kept until the application is taken"
    merging.join(timeout=20)
    assert code(results[0]) == "merge.cards"
    assert not Resident.objects.filter(merged_into__isnull=False).exists()


def test_of_merged_records_one_application_is_taken_whichever_is_asked_for(committed_centre):
    row = pair()
    with acting(CLERK) as act:
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    with acting(REVIEWER) as act:
        assert isinstance(approve_merge(act, row.pk), DuplicateRow)

    def take(resident_id: int) -> object:
        with acting(CLERK) as act:
            return apply_for_card(act, resident_id=resident_id, kind=OrderKind.NEW, **HOW)  # type: ignore[arg-type]

    with acting(CLERK) as act:
        first = apply_for_card(act, resident_id=row.one_id, kind=OrderKind.NEW, **HOW)  # type: ignore[arg-type]
        assert isinstance(first, OrderRow)
        taking, results = while_it_is_open(lambda: take(row.other_id))
        taking.join(timeout=0.5)
    taking.join(timeout=20)
    assert code(results[0]) == "order.open"
    assert [each.resident_id for each in Order.objects.all()] == [row.one_id]


def test_who_parts_two_people_and_who_holds_one_of_them_never_wait_for_each_other(committed_centre):
    row = pair()
    with acting(CLERK) as act:
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    with acting(REVIEWER) as act:
        approve_merge(act, row.pk)

    def part() -> object:
        with acting(REVIEWER) as act:
            return undo_merge(act, row.pk, why="不是一人")

    with acting(DESK) as act:
        # As the nightly comparison does: the people first, then their pair.
        list(Resident.objects.select_for_update(no_key=True).filter(pk=row.one_id))
        parting, results = while_it_is_open(part)
        parting.join(timeout=0.5)
        assert code(tell_apart(act, row.pk, why="核对")) == "duplicate.state"
    parting.join(timeout=20)
    assert isinstance(results[0], DuplicateRow), results


def test_an_application_waits_for_the_death_that_is_being_recorded(committed_centre):
    person = resident()

    def take() -> object:
        with acting(CLERK) as act:
            return apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, **HOW)  # type: ignore[arg-type]

    with acting(DESK) as act:
        record_death(act, person.pk, on=act.today, source="民政局")
        taking, results = while_it_is_open(take)
        taking.join(timeout=0.5)
    taking.join(timeout=20)
    assert code(results[0]) == "order.deceased"


def test_two_who_label_the_same_slots_label_each_once(committed_centre):
    def label() -> object:
        with acting(CLERK) as act:
            return open_slots(act, outlet_code=CENTRE_OUTLET, cabinet="A", first=1, last=5, capacity=20)

    with acting(DESK) as act:
        assert open_slots(act, outlet_code=CENTRE_OUTLET, cabinet="A", first=1, last=3, capacity=20) == 3
        labelling, results = while_it_is_open(label)
        labelling.join(timeout=0.5)
        assert labelling.is_alive(), "the second waits for the first"
    labelling.join(timeout=20)
    assert results == [2]
