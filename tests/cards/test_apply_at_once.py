"""Two desks at the same thing at the same time, each on its own connection: one of them gets it, nothing is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tests.cards.factories import (
    CENTRE_OUTLET,
    CLERK,
    DESK,
    REVIEWER,
    acting,
    apply,
    batched,
    entries,
    in_making,
    made,
    matched,
    ready,
    received,
    resident,
    residents,
    return_file,
    return_row,
    states,
)
from yikatong.basics.refused import Refused
from yikatong.cards.models import Batch, Card, Order
from yikatong.cards.rows import BatchRow, FileReport
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card, cancel_order
from yikatong.cards.services.apply_many import apply_for_many
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.batch import assemble, dissolve, release
from yikatong.cards.services.making import take_return_file
from yikatong.cards.services.match import send_to_match
from yikatong.cards.services.stock import receive_box
from yikatong.office.act import Act, Actor
from yikatong.office.models import Message, WireFile

HOW = {"mode": Mode.BATCH, "outlet_code": CENTRE_OUTLET, "bank_code": "102", "channel": "window"}


def at_once(*work: tuple[Actor, Callable[[Act], object]]) -> list[object]:
    """Run each piece in its own act on its own connection, all past the starting line together."""
    line = threading.Barrier(len(work), timeout=20)
    results: list[object] = [None] * len(work)

    def desk(place: int, actor: Actor, piece: Callable[[Act], object]) -> None:
        try:
            with acting(actor) as act:
                line.wait()
                results[place] = piece(act)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which raises it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=desk, args=(n, actor, piece)) for n, (actor, piece) in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def codes(results: list[object]) -> list[str]:
    """The reason codes of the refusals; a broken promise fails the test."""
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result.code for result in results if isinstance(result, Refused)]


OTHER = Actor("staff:9", "钱经办", "610402", CENTRE_OUTLET)


@pytest.mark.parametrize("attempt", range(3))
def test_two_clerks_who_take_the_same_person_make_one_order(committed_centre, attempt):
    person = resident()

    def take(act: Act) -> object:
        return apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, **HOW)  # type: ignore[arg-type]

    results = at_once((CLERK, take), (OTHER, take))
    assert codes(results) == ["order.open"]
    assert Order.objects.count() == 1
    assert entries("card.applied") == 1
    assert Message.objects.count() == 1


def test_two_lists_with_the_same_people_take_each_once(committed_centre):
    people = [person.pk for person in residents(40)]

    def take(act: Act) -> object:
        return apply_for_many(act, resident_ids=people, **HOW)  # type: ignore[arg-type]

    results = at_once((CLERK, take), (OTHER, take))
    assert codes(results) == []
    assert sum(result.taken for result in results) == 40  # type: ignore[attr-defined]
    assert all(result.taken + len(result.left_out) == 40 for result in results)  # type: ignore[attr-defined]
    assert Order.objects.count() == 40
    assert entries("card.applied") == 40


def test_two_runs_of_sending_send_each_order_once(committed_centre):
    for person in residents(20):
        apply(person)
    results = at_once((DESK, send_to_match), (DESK, send_to_match))
    assert codes(results) == []
    assert sum(results) == 20  # type: ignore[arg-type]
    assert sum(WireFile.objects.values_list("rows", flat=True)) == 20
    assert entries("card.sent_to_match") == 20


def test_two_runs_of_asking_the_bank_ask_for_each_account_once(committed_centre):
    matched(20)
    results = at_once((DESK, ask_accounts), (DESK, ask_accounts))
    assert codes(results) == []
    assert sum(results) == 20  # type: ignore[arg-type]
    assert entries("card.account_asked") == 20


def test_a_withdrawal_and_a_sending_at_once_leave_one_of_them(committed_centre):
    orders = [apply(person) for person in residents(5)]
    results = at_once(
        (DESK, send_to_match), (CLERK, lambda act: cancel_order(act, orders[0].number, "本人要求"))
    )
    for result in results:
        assert not isinstance(result, BaseException), result
    sent = WireFile.objects.get()
    assert sent.rows == states(orders).count("checking")
    assert orders[0].number.encode() in bytes(sent.content) or states(orders)[0] == "cancelled"


def test_two_desks_that_assemble_share_the_orders_without_overlap(committed_centre):
    ready(12)
    results = at_once((DESK, lambda act: assemble(act)), (OTHER, lambda act: assemble(act)))
    assert set(codes(results)) <= {"batch.nothing_ready"}
    batches = [result for result in results if isinstance(result, BatchRow)]
    assert sum(batch.orders for batch in batches) == 12
    assert entries("card.batched") == 12
    for batch in batches:
        assert Order.objects.filter(batch=batch.id).count() == batch.orders


def test_two_reviewers_release_a_batch_once(committed_centre):
    batch, orders = batched(3)

    def let_go(act: Act) -> object:
        return release(act, batch.number)

    results = at_once((REVIEWER, let_go), (OTHER, let_go))
    assert codes(results) == ["batch.not_assembled"]
    assert WireFile.objects.filter(counterpart="maker").count() == 1
    assert states(orders) == ["making"] * 3


def test_a_batch_released_and_dissolved_at_once_is_one_of_them(committed_centre):
    batch, orders = batched(3)
    results = at_once(
        (REVIEWER, lambda act: release(act, batch.number)), (OTHER, lambda act: dissolve(act, batch.number))
    )
    assert codes(results) == ["batch.not_assembled"]
    assert (Batch.objects.get().state, set(states(orders))) in (
        ("released", {"making"}),
        ("dissolved", {"ready"}),
    )


def test_two_workers_with_the_same_return_file_bear_each_card_once(committed_centre):
    batch, orders = in_making(10)
    rows = [return_row(order, place) for place, order in enumerate(orders, start=1)]
    file = received("maker", return_file(batch.number, rows))

    def take(act: Act) -> object:
        return take_return_file(act, file)

    results = at_once((DESK, take), (DESK, take))
    assert codes(results) in (["file.already_taken"], ["file.batch_not_released"])
    assert [result.taken for result in results if isinstance(result, FileReport)] == [10]
    assert Card.objects.count() == 10
    assert entries("card.made") == 10
    assert WireFile.objects.get(pk=file.id).state == "applied"


def test_two_boxes_at_once_shelve_each_card_once(committed_centre):
    made(8)

    def shelve(act: Act) -> object:
        return receive_box(act, outlet_code=CENTRE_OUTLET)

    results = at_once((CLERK, shelve), (OTHER, shelve))
    assert codes(results) == []
    assert sorted(results) == [0, 8]  # type: ignore[type-var]
    assert entries("card.stocked") == 8
