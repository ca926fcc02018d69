"""查实: of money of which the bank said two things, two people say where it is; then its payment goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.benefits.envelopes import (
    FINANCE,
    PAYER,
    SCOPE,
    again,
    answer_text,
    answered,
    holder,
    ledger,
    paying,
    picture,
    received,
    states,
)
from tests.benefits.stated import DESK, LATER, OPENING, back, debit, paid, stated, written
from tests.benefits.test_enquiring import told
from tests.benefits.test_reconciling import one as reconciled_at
from tests.benefits.test_recovering import flagged, item_of, step
from tests.benefits.test_said_late import repaired
from tests.benefits.test_statements import code
from tests.benefits.test_withdrawing import dies, seals, sends, taken_back_missing
from tests.cards.in_hand import at, got
from yikatong.benefits import queries
from yikatong.benefits.models import FileLine, Payment, Whereabouts
from yikatong.benefits.proof import prove
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.establishing import agree_established, decline_established, establish
from yikatong.benefits.services.recovering import enter_returned
from yikatong.benefits.services.statements import take_statement
from yikatong.benefits.whereabouts_rows import to_agree_to, whereabouts_of
from yikatong.office.act import Actor
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
RECONCILER = Actor("staff:705", "杜对账", "610400")
AFTER = LATER + timedelta(days=1)
WHY = "银行书面答复〔2025〕3号"


def said(batch: BatchRow, outcome: str = "arrived", *, line: int = 2, reason: str = WHY, by=RECONCILER):
    with at(AFTER, by) as act:
        return establish(act, batch.number, line=line, outcome=outcome, reason=reason, scope=SCOPE)


def agreed(batch: BatchRow, line: int = 2, by=FINANCE):
    with at(AFTER, by) as act:
        return agree_established(act, batch.number, line=line, scope=SCOPE)


def declined(batch: BatchRow, reason: str = "没有附银行书面答复", by=FINANCE):
    with at(AFTER, by) as act:
        return decline_established(act, batch.number, line=2, reason=reason, scope=SCOPE)


def paid_late() -> tuple[BatchRow, FileRow]:
    """The first of two failed, and the bank says later that it was paid."""
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    told(file, answer_text(file, ["00", "00"]))
    return batch, file


def stated_late() -> tuple[BatchRow, FileRow]:
    """The first of two failed, and a statement shows that it left."""
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    stated(file, paid(file, 1), paid(file, 2))
    return batch, file


def row_of(batch: BatchRow, line: int = 2):
    return whereabouts_of(again(batch), got(queries.payment(again(batch), line)))


@pytest.mark.parametrize("happened", [paid_late, stated_late])
def test_what_arrived_is_paid_once_two_people_say_so_and_the_batch_is_settled(happened):
    batch, _file = happened()
    assert code(repaired(batch)) == "benefit.left"
    got(said(batch))
    assert (states(batch), code(repaired(batch))) == (["failed", "paid"], "benefit.left")
    assert got(agreed(batch)).state.code == "paid"
    assert (again(batch).state.code, states(batch)) == ("settled", ["paid", "paid"])
    assert ledger()["paid"] == 400_00 and "blocked" not in ledger()
    assert prove(batch.number).contradictions == ()
    told_of = reconciled_at(batch, AFTER + timedelta(hours=1))
    assert (told_of.paid.rows, told_of.failed.rows, told_of.booked.rows) == (2, 0, 2)
    assert reconciled_at(batch, AFTER - timedelta(hours=1)).failed.rows == 1, "until then it had failed"
    assert row_of(batch) is None


def test_what_never_left_may_be_paid_again_once_two_people_say_so():
    batch, _file = paid_late()
    got(said(batch, "never_left"))
    assert got(agreed(batch)).state.code == "failed"
    assert got(repaired(batch)).state.code == "valid"
    (anew,) = seals(batch)
    got(sends(anew, AFTER))
    told(anew, answer_text(anew, ["00"]))
    assert (states(batch), again(batch).state.code) == (["paid", "paid"], "settled")
    assert prove(batch.number).contradictions == ()


def test_it_counts_anew_if_the_bank_says_once_more_that_it_was_paid():
    batch, file = paid_late()
    got(said(batch, "never_left"))
    got(agreed(batch))
    told(file, answer_text(file, ["00", "00"], text="再次答复"))
    assert code(repaired(batch)) == "benefit.left"
    got(said(batch))
    got(agreed(batch))
    assert states(batch) == ["paid", "paid"]


def test_what_a_statement_shows_is_not_said_never_to_have_left():
    batch, _file = stated_late()
    assert code(said(batch, "never_left")) == "benefit.outcome"
    assert code(said(batch, "somewhere")) == "benefit.outcome"


def test_nor_is_it_agreed_to_where_a_statement_came_meanwhile():
    batch, file = paid_late()
    got(said(batch, "never_left"))
    stated(file, paid(file, 1), paid(file, 2))
    assert code(agreed(batch)) == "benefit.outcome"
    got(declined(batch))
    got(said(batch, "arrived"))
    assert got(agreed(batch)).state.code == "paid"


def test_money_of_a_file_that_was_taken_back_arrives_too():
    batch, file = taken_back_missing()
    stated(file, debit(file))
    for line in (2, 3):
        got(said(batch, line=line))
        got(agreed(batch, line))
    assert (states(batch), again(batch).state.code) == (["paid", "paid"], "settled")
    assert prove(batch.number).contradictions == ()
    assert reconciled_at(batch, AFTER + timedelta(hours=1)).differences == ()


def test_of_whoever_was_held_meanwhile_the_money_is_booked_as_paid_from_what_is_available():
    batch, file = taken_back_missing()
    dies(Resident.objects.get(name="李四光"))
    (anew,) = seals(batch)
    assert states(batch) == ["sent", "held"]
    told_before = ledger()["available"]
    told(file, answer_text(file, {2: "00"}))
    assert anew.rows == 1 and row_of(batch, 3).open
    got(said(batch, line=3))
    got(agreed(batch, 3))
    assert states(batch) == ["sent", "paid"] and ledger()["available"] == told_before - 200_00


def test_what_arrived_and_comes_back_after_all_has_failed():
    batch, file = stated_late()
    got(said(batch))
    got(agreed(batch))
    content = written(back(file, 1), opening=OPENING - 400_00, place=2)
    with at(AFTER + timedelta(days=1), DESK) as act:
        got(take_statement(act, received(file, content)))
    assert (states(batch), again(batch).state.code) == (["failed", "paid"], "paying")
    assert ledger()["blocked"] == 200_00
    assert prove(batch.number).contradictions == ()
    assert got(repaired(batch)).state.code == "valid"


def test_what_arrived_for_somebody_who_had_died_is_asked_back_and_can_be_had_back():
    batch, _file = stated_late()
    dies(Payment.objects.get(batch_id=batch.id, line=2).resident)
    assert flagged(LATER) == 1
    item = item_of(Payment.objects.get(batch_id=batch.id, line=2))
    assert code(step(enter_returned, item, fen=20_000, paper="缴1")) == "benefit.recovery_not_paid"
    got(said(batch))
    got(agreed(batch))
    assert (
        flagged(AFTER + timedelta(days=1)) == 0
        and item_of(Payment.objects.get(pk=item.payment.id)).state.code == "open"
    )
    got(step(enter_returned, item, fen=20_000, paper="缴1"))
    assert ledger()["paid"] == 200_00 and prove(batch.number).contradictions == ()


def test_who_says_it_does_not_agree_to_it():
    batch, _file = paid_late()
    got(said(batch, by=FINANCE))
    assert code(agreed(batch)) == "benefit.same_person"
    assert to_agree_to(SCOPE, FINANCE.code) == [] and to_agree_to(SCOPE, PAYER.code) == [(batch.number, 2)]


def test_what_is_not_agreed_to_is_found_out_anew():
    batch, _file = paid_late()
    got(said(batch))
    assert code(said(batch)) == "benefit.said"
    assert code(declined(batch, "")) == "benefit.reason"
    got(declined(batch))
    assert code(agreed(batch)) == "benefit.not_said" and code(declined(batch)) == "benefit.not_said"
    assert row_of(batch).outcome is None and states(batch) == ["failed", "paid"]
    got(said(batch))


def test_of_a_row_of_which_the_bank_says_one_thing_nothing_is_found_out():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    for line in (2, 3, 9):
        assert code(said(batch, line=line)) == "benefit.not_left"
    assert row_of(batch) is None


def test_once_it_came_back_nothing_is_agreed_to():
    batch, file = paid_late()
    got(said(batch))
    stated(file, debit(file), back(file, 1))
    assert code(agreed(batch)) == "benefit.not_left"


@pytest.mark.parametrize("reason", ["", "字" * 101])
def test_whoever_says_where_it_is_says_by_what(reason):
    batch, _file = paid_late()
    before = picture()
    assert code(said(batch, reason=reason)) == "benefit.reason"
    assert picture() == before and not Whereabouts.objects.exists()


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("benefits_whereabouts", "state = 'agreed'", "whereabouts_agreed_by_two"),
        ("benefits_whereabouts", "state = 'agreed', agreed_by = proposed_by", "whereabouts_agreed_by_two"),
        ("benefits_whereabouts", "outcome = 'never_left'", "whereabouts_stays"),
        ("benefits_fileline", "arrived_at = now()", "no two people"),
        ("benefits_fileline", "said_paid_at = NULL", "no two people"),
    ],
)
def test_not_even_sql_says_where_money_is_without_two_people(table, change, says):
    batch, _file = paid_late()
    got(said(batch))
    where = "" if table == "benefits_whereabouts" else f" WHERE id = {FileLine.objects.earliest('pk').pk}"
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}{where}")


def test_the_journal_refuses_establish_so_nothing_happened(journal_refuses):
    batch, _file = paid_late()
    before = picture()
    with journal_refuses():
        said(batch)
    assert picture() == before and not Whereabouts.objects.exists()


def test_the_journal_refuses_agree_established_so_nothing_happened(journal_refuses):
    batch, _file = paid_late()
    got(said(batch))
    before = picture()
    with journal_refuses():
        agreed(batch)
    assert picture() == before and Whereabouts.objects.get().state == "proposed"


def test_the_journal_refuses_decline_established_so_nothing_happened(journal_refuses):
    batch, _file = paid_late()
    got(said(batch))
    with journal_refuses():
        declined(batch)
    assert Whereabouts.objects.get().state == "proposed"
