"""Roster = approved = file = reply = statement = ledger: as it stands, as it stood, and what differs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.benefits.envelopes import (
    SCOPE,
    again,
    answered,
    funded,
    holder,
    paying,
    row,
    sent,
)
from tests.benefits.stated import LATER, back, debit, stated
from tests.benefits.test_statements import everything
from tests.cards.in_hand import NOON, at
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.reconciling import Reconciled, Sum, by_bank_and_day, differing_lines, reconciled
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.services.reconciliation import reconcile_batches
from yikatong.benefits.statement_queries import discrepancies, open_differences
from yikatong.office.act import Actor

pytestmark = pytest.mark.usefixtures("city")
TODAY = NOON.date()
NONE = Sum(0, 0)


AFTER = LATER + timedelta(days=3)


def one(batch: BatchRow, when=LATER) -> Reconciled:
    return reconciled([batch.id], when, today=TODAY)[batch.id]


def kinds(result: Reconciled) -> list[tuple[str, int]]:
    return [(each.kind.value, each.rows) for each in result.differences]


def reconcile(when=LATER) -> int:
    with at(when, Actor.system("benefits")) as act:
        return reconcile_batches(act)


def without_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_every_person_stands_in_one_place_and_the_sums_are_equal():
    people = [holder(), holder("李四光"), holder("王五")]
    batch = funded([*(row(each) for each in people), ("无此人", "61040019900101001X", "200.00")])
    (file,) = sent(batch)
    answered(file, ["00", "03", "98"])
    stated(file, debit(file), back(file, 2))
    result = one(batch)
    assert result.differences == ()
    assert (result.roster.rows, result.held.rows, result.approved.rows) == (4, 1, 3)
    assert (result.filed, result.stopped, result.waiting) == (Sum(3, 60_000), NONE, NONE)
    assert [each.rows for each in (result.paid, result.failed, result.returned, result.open)] == [1, 0, 1, 1]
    assert (result.stated, result.booked, result.transit) == (
        Sum(2, 40_000),
        Sum(1, 20_000),
        Sum(1, 20_000),
    )


def test_it_can_be_seen_as_it_stood_at_any_past_moment():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    stated(file, debit(file), back(file, 1))
    assert reconciled([batch.id], NOON - timedelta(days=1), today=TODAY) == {}
    at_noon = one(batch, NOON)
    assert at_noon.filed == at_noon.open == at_noon.transit == Sum(2, 40_000) and at_noon.paid == NONE
    assert one(batch, NOON + timedelta(hours=3)).paid == Sum(2, 40_000)
    assert (one(batch).paid, one(batch).returned) == (Sum(1, 20_000), Sum(1, 20_000))
    assert all(one(batch, when).differences == () for when in (NOON, NOON + timedelta(hours=3), LATER))


def test_paid_says_the_bank_and_its_statement_says_nothing():
    batch, file = paying([holder()])
    answered(file, ["00"])
    assert kinds(one(batch, NOON + timedelta(days=1))) == []
    assert kinds(one(batch)) == [("not_booked", 1)]
    stated(file, debit(file))
    assert kinds(one(batch)) == []


def test_money_of_a_failed_payment_that_did_not_come_back():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "03"])
    stated(file, debit(file))
    assert kinds(one(batch)) == [("not_back", 1)]
    assert differing_lines(batch.id, Differs.NOT_BACK, LATER, 10, today=TODAY) == (3,)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE benefits_posting SET fen = fen + 1 WHERE payment_id IS NOT NULL", "ledger"),
        ("DELETE FROM benefits_posting WHERE 'transit' IN (off, onto)", "ledger"),
        ("UPDATE benefits_fileline SET fen = fen + 1", "sums"),
        ("DELETE FROM benefits_payment WHERE line = 3", "sums"),
        ("UPDATE benefits_payment SET state = 'held', reason = 'C13' WHERE line = 2", "not_approved"),
        ("DELETE FROM benefits_fileline; DELETE FROM benefits_posting WHERE payment_id IS NOT NULL", "lost"),
    ],
)
def test_whatever_somebody_does_behind_our_back_is_seen(statement, kind):
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    stated(file, debit(file))
    assert one(batch).differences == ()
    without_triggers(statement)
    assert kind in dict(kinds(one(batch)))


def test_a_difference_is_kept_once_and_closes_by_itself_when_it_is_equal_again():
    batch, file = paying([holder()])
    answered(file, ["00"])
    assert reconcile(LATER) == 1
    reconcile(LATER + timedelta(days=1))
    (item,) = discrepancies(SCOPE, 10, at=AFTER)
    assert (item.kind, item.rows, item.fen, item.batch) == (Differs.NOT_BOOKED, 1, 20_000, batch.number)
    stated(file, debit(file))
    reconcile(LATER + timedelta(days=2))
    assert discrepancies(SCOPE, 10, at=AFTER) == ()
    (item,) = discrepancies(SCOPE, 10, at=AFTER, closed=True)
    assert item.outcome == "再次对账已经平了"


def test_differences_are_shown_as_they_stood_at_any_past_moment():
    _batch, file = paying([holder()])
    answered(file, ["00"])
    reconcile(LATER)
    stated(file, debit(file))
    reconcile(LATER + timedelta(days=2))
    before, between = NOON + timedelta(hours=3), LATER + timedelta(days=1)
    assert [len(discrepancies(SCOPE, 10, at=at)) for at in (before, between, AFTER)] == [0, 1, 0]
    assert [open_differences(SCOPE, at) for at in (before, between, AFTER)] == [0, 1, 0]
    assert [len(discrepancies(SCOPE, 10, at=at, closed=True)) for at in (before, between, AFTER)] == [0, 0, 1]


def test_what_was_settled_long_ago_is_not_looked_at_every_day():
    batch, file = paying([holder()])
    answered(file, ["00"])
    assert again(batch).state.code == "settled"
    assert (reconcile(NOON + timedelta(days=10)), reconcile(NOON + timedelta(days=500))) == (1, 0)


def test_each_bank_and_day_stands_by_itself():
    _batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "03"])
    (day,) = by_bank_and_day(SCOPE, LATER, NOON - timedelta(days=1))
    assert (day.bank_code, day.on, day.sent, day.paid, day.failed, day.off) == (
        "102",
        TODAY,
        Sum(2, 40_000),
        Sum(1, 20_000),
        Sum(1, 20_000),
        None,
    )
    first = stated(file, debit(file))
    (day,) = by_bank_and_day(SCOPE, LATER, NOON - timedelta(days=1))
    assert (day.left_fen, day.back_fen, day.off) == (40_000, 0, 20_000)
    stated(file, back(file, 2), opening=first.closing_fen, place=2)
    (day,) = by_bank_and_day(SCOPE, LATER, NOON - timedelta(days=1))
    assert (day.back_fen, day.off) == (20_000, 0)


def test_the_journal_refuses_reconcile_batches_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    answered(file, ["00"])
    before = everything()
    with journal_refuses(), at(LATER) as act:
        reconcile_batches(act)
    assert everything() == before
