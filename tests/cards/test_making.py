"""制卡回盘: whole, half, twice, torn, with strangers, with failures."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards import in_hand
from tests.cards.factories import (
    CENTRE_OUTLET,
    DESK,
    acting,
    asked,
    batched,
    code,
    entries,
    in_making,
    made,
    picture,
    received,
    reload,
    resident,
    return_file,
    return_row,
    simulated,
    states,
)
from yikatong.basics.refused import Refused
from yikatong.cards.models import Batch, Card, Order
from yikatong.cards.rows import FileReport, OrderRow
from yikatong.cards.rules import OrderKind
from yikatong.cards.services.batch import assemble
from yikatong.cards.services.making import retry_making, take_return_file
from yikatong.office import post
from yikatong.office.models import Entry, EntryRow, WireFile
from yikatong.office.scope import Scope

pytestmark = pytest.mark.django_db


def take(content: bytes) -> FileReport:
    with acting(DESK) as act:
        report = take_return_file(act, received("maker", content))
    assert isinstance(report, FileReport), report
    return report


def rows_of(orders: list[Order]):
    return [return_row(order, position) for position, order in enumerate(orders, start=1)]


def test_a_whole_return_file_bears_the_cards_and_finishes_the_batch(centre):
    batch, orders = in_making(3)
    report = take(return_file(batch.number, rows_of(orders)))
    assert (report.rows, report.taken, report.failed, report.strangers, report.unfinished) == (3, 3, 0, (), 0)
    assert states(orders) == ["made"] * 3
    card = Card.objects.get(order=orders[0])
    assert (card.state, card.bank_state, card.outlet) == ("0", "inactive", CENTRE_OUTLET)
    assert (card.card_no, card.bank_pan) == (orders[0].card_no, orders[0].bank_pan)
    assert (card.issued_on, card.valid_until) == (date(2025, 3, 10), date(2035, 3, 9))
    assert card.box_slot == "001-001"
    row = Batch.objects.get(number=batch.number)
    assert row.state == "returned"
    assert row.returned_at is not None
    assert entries("card.made") == 3
    born = EntryRow.objects.get(
        entry_id=Entry.objects.get(kind="card.made").pk, subject=f"order:{orders[0].pk}"
    )
    assert born.payload == {"card": card.pk}


def test_half_a_return_file_leaves_the_rest_in_the_making_and_the_rest_may_follow(centre):
    batch, orders = in_making(4)
    rows = rows_of(orders)
    report = take(return_file(batch.number, rows[:2]))
    assert (report.taken, report.unfinished) == (2, 2)
    assert states(orders) == ["made", "made", "making", "making"]
    assert Batch.objects.get(number=batch.number).state == "released"
    report = take(return_file(batch.number, rows[2:]))
    assert (report.taken, report.unfinished) == (2, 0)
    assert Batch.objects.get(number=batch.number).state == "returned"


def test_a_return_file_torn_in_the_middle_is_rejected_with_its_place(centre):
    batch, orders = in_making(4)
    content = return_file(batch.number, rows_of(orders))
    file = received("maker", content[: len(content) // 2])
    with acting(DESK) as act:
        refused = take_return_file(act, file)
    assert isinstance(refused, Refused)
    assert refused.code in ("file.truncated", "file.encoding")
    assert refused.at
    assert states(orders) == ["making"] * 4
    assert WireFile.objects.get(pk=file.id).state == "rejected"
    assert take(content).taken == 4


def test_the_same_return_file_does_not_come_in_twice(centre):
    batch, orders = in_making(2)
    content = return_file(batch.number, rows_of(orders))
    take(content)
    before = picture()
    assert (
        code(post.store_received("maker", "another-name.txt", content, batch.assembled_at)) == "file.repeated"
    )
    assert picture() == before


def test_the_same_rows_in_another_file_make_no_second_card(centre):
    batch, orders = in_making(3)
    rows = rows_of(orders)
    take(return_file(batch.number, rows[:2]))
    report = take(return_file(batch.number, rows))
    assert report.taken == 1
    assert [p.refused.code for p in report.strangers] == ["row.same_again"] * 2
    assert Card.objects.count() == 3


def test_a_finished_batch_moves_no_more_and_says_what_is_new(centre):
    batch, orders = in_making(2)
    take(return_file(batch.number, rows_of(orders)))
    same, other = rows_of(orders)
    other = other._replace(card_identifier="", card_reset="", failed_stage="制卡", failed_reason="芯片损坏")
    report = take(return_file(batch.number, [other, same]))
    assert (report.taken, report.failed) == (0, 0)
    assert [p.refused.code for p in report.strangers] == ["row.contradicts", "row.same_again"]
    assert states(orders) == ["made", "made"]
    assert Card.objects.count() == 2


def test_a_file_for_an_unknown_or_unreleased_batch_is_rejected(centre):
    batch, orders = batched()
    with acting(DESK) as act:
        file = received("maker", return_file("B999999999", []))
        assert code(take_return_file(act, file)) == "file.batch_unknown"
        file = received("maker", return_file(batch.number, rows_of(orders)))
        assert code(take_return_file(act, file)) == "file.batch_not_released"
    assert states(orders) == ["batched"]
    assert Entry.objects.filter(kind="card.file_rejected").count() == 2


def test_strangers_are_named_and_block_nobody(centre):
    _, elsewhere = in_making(1)
    batch, orders = in_making(6)
    rows = rows_of(orders)
    report = take(
        return_file(
            batch.number,
            [
                rows[0],
                rows[0],
                rows[1]._replace(person_number=rows[0].person_number),
                rows[2]._replace(bank_pan="6220000000000000016"),
                rows[3]._replace(bank_code="103"),
                rows[4]._replace(valid_until="20240101"),
                rows[5]._replace(card_identifier="ABC"),
                return_row(elsewhere[0]),
                rows[0]._replace(card_no="E99999999"),
            ],
        )
    )
    assert [(p.line, p.refused.code) for p in report.strangers] == [
        (4, "row.repeated"),
        (5, "row.other_person"),
        (6, "row.account"),
        (7, "row.other_bank"),
        (8, "row.dates"),
        (9, "row.identifier"),
        (10, "row.other_batch"),
        (11, "row.unknown"),
    ]
    assert (report.rows, report.taken, report.unfinished) == (9, 1, 5)
    assert states(orders) == ["made"] + ["making"] * 5
    assert states(elsewhere) == ["making"]


def test_a_failed_card_says_stage_and_reason_and_may_be_made_again(centre):
    batch, orders = in_making(2)
    rows = rows_of(orders)
    bad = rows[1]._replace(
        failed_stage="制卡", failed_reason="芯片个人化失败", card_identifier="", card_reset=""
    )
    report = take(return_file(batch.number, [rows[0], bad]))
    assert (report.taken, report.failed, report.unfinished) == (1, 1, 0)
    order = reload(orders)[1]
    assert (order.state, order.problem_code, order.problem_text) == (
        "make_failed",
        "making",
        "制卡：芯片个人化失败",
    )
    assert entries("card.make_failed") == 1
    with acting() as act:
        row = retry_making(act, order.number)
    assert isinstance(row, OrderRow)
    assert (row.state.code, row.batch, row.problem_text) == ("ready", "", "")
    assert entries("card.retried") == 1
    with acting(DESK) as act:
        assert assemble(act)


def test_only_a_failed_making_is_tried_again(centre):
    [order] = made()
    with acting() as act:
        assert code(retry_making(act, order.number)) == "order.not_failed"
        assert code(retry_making(act, "S999999999")) == "order.unknown"
        assert code(retry_making(act, order.number, scope=Scope("610481"))) == "scope.outside"


def reissue_in_making() -> tuple[str, Order, Card]:
    """A re-issue in the making, with the lost card it replaces."""
    old = in_hand.a_card(state="2")
    batch, orders = in_making(1)
    order = in_hand.an_order(old.resident, "submitted", kind=OrderKind.REISSUE, replaces=old)
    # It takes the place of the batch's only order, so that its way through the batch need not be walked again.
    Order.objects.filter(pk=orders[0].pk).update(batch=None)
    for event in in_hand.TO_STATE["making"]:
        in_hand.advance(order, in_hand.ORDER, event)
    Order.objects.filter(pk=order.pk).update(batch_id=batch.id)
    return batch.number, reload([order])[0], old


def test_the_old_card_ends_before_the_new_one_is_born(centre):
    batch, order, old = reissue_in_making()
    report = take(return_file(batch, [return_row(order)]))
    assert report.taken == 1
    old.refresh_from_db()
    assert old.state == "9"
    assert Card.objects.get(order=order).state == "0"
    row = EntryRow.objects.get(entry_id=Entry.objects.get(kind="card.ended").pk)
    assert (row.subject, row.person) == (f"card:{old.pk}", old.resident_id)


def test_a_holder_of_another_card_is_named_and_keeps_it(centre):
    batch, orders = in_making(2)
    held = in_hand.a_card(orders[0].resident, order=in_hand.an_order(resident(), "collected"))
    Card.objects.filter(pk=held.pk).update(resident=orders[0].resident)
    report = take(return_file(batch.number, rows_of(orders)))
    assert [p.refused.code for p in report.strangers] == ["row.holds_card"]
    assert (report.taken, report.unfinished) == (1, 1)


def test_a_card_number_that_exists_is_not_born_again(centre):
    batch, orders = in_making(1)
    held = in_hand.a_card(state="1")
    Card.objects.filter(pk=held.pk).update(card_no=orders[0].card_no)
    report = take(return_file(batch.number, rows_of(orders)))
    assert [p.refused.code for p in report.strangers] == ["row.card_number_taken"]


def test_a_file_somebody_else_has_applied_is_not_applied_again(centre):
    batch, orders = in_making(2)
    file = received("maker", return_file(batch.number, rows_of(orders)[:1]))
    with acting(DESK) as act:
        take_return_file(act, file)
    before = picture()
    with acting(DESK) as act:
        assert code(take_return_file(act, file)) == "file.already_taken"
    assert picture() == before


def test_the_maker_played_returns_every_card(centre):
    _, orders = in_making(3)
    assert take(simulated("maker", bytes(asked("maker").content))).taken == 3
    assert states(orders) == ["made"] * 3


def test_take_return_file_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    batch, orders = in_making(2)
    file = received("maker", return_file(batch.number, rows_of(orders)))
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        take_return_file(act, file)
    assert picture() == before


def test_retry_making_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    order = in_hand.an_order(in_hand.a_person(), "make_failed")
    before = picture()
    with journal_refuses(), acting() as act:
        retry_making(act, order.number)
    assert picture() == before
