"""Statements of account: what left and what came back, whose it is, what adds up, and what is nobody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.benefits.envelopes import (
    PAYER,
    SCOPE,
    again,
    answered,
    holder,
    ledger,
    paying,
    picture,
    received,
    sent,
    states,
)
from tests.benefits.stated import (
    DAY,
    LATER,
    OPENING,
    back,
    debit,
    foreign,
    paid,
    stated,
    tried,
    written,
)
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits.models import AccountStatement, BankFile, Discrepancy, FileLine, StatementEntry
from yikatong.benefits.services.differences import close_discrepancy, take_discrepancy
from yikatong.benefits.services.mending import repair_row
from yikatong.benefits.services.paying import doubt_files
from yikatong.benefits.services.statements import bring_statement, take_statement
from yikatong.office.act import Actor
from yikatong.office.scope import Scope

pytestmark = pytest.mark.usefixtures("city")
ONE, OTHER = Actor("staff:705", "邓对账", "610400"), Actor("staff:706", "丁对账", "610400")


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


def kinds() -> list[str]:
    return list(Discrepancy.objects.order_by("pk").values_list("kind", flat=True))


# --- what left and what came back -----------------------------------------------------------------------------------


def test_a_statement_is_kept_once_and_its_entries_belong_to_the_file():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "03"])
    row = stated(file, debit(file), back(file, 2))
    assert (row.complete, row.entries, row.opening_fen, row.closing_fen) == (
        True,
        2,
        OPENING,
        OPENING - 20_000,
    )
    assert list(StatementEntry.objects.order_by("place").values_list("meaning", "file__number")) == [
        ("debit", file.number),
        ("returned", file.number),
    ]
    assert states(batch) == ["paid", "failed"] and kinds() == []
    assert code(tried(file, written(debit(file)))) == "benefit.statement_repeated"


def test_what_comes_back_after_it_was_paid_has_failed_and_its_money_is_blocked_again():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    assert again(batch).state.code == "settled"
    stated(file, debit(file), back(file, 1))
    assert (states(batch), again(batch).state.code) == (["failed", "paid"], "paying")
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "blocked": 20_000, "paid": 20_000}
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="本人已换领新卡", scope=SCOPE))
    (later,) = sent(again(batch), LATER)
    answered(later, ["00"])
    assert (states(batch), again(batch).state.code) == (["paid", "paid"], "settled")
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "paid": 40_000}
    assert FileLine.objects.filter(payment__line=2, result="00").count() == 2


def test_what_is_unknown_is_decided_by_the_statement_that_shows_it_came_back():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["98", "98"])
    stated(file, debit(file), back(file, 2))
    assert states(batch) == ["unknown", "failed"]
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "blocked": 20_000, "transit": 20_000}


def test_what_left_payment_by_payment_is_paid():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, {1: "98"})
    stated(file, paid(file, 1), paid(file, 2))
    assert (states(batch), again(batch).state.code) == (["paid", "paid"], "settled")
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "paid": 40_000}


def test_what_left_and_came_back_in_one_statement_came_back():
    batch, file = paying([holder()])
    stated(file, paid(file, 1), back(file, 1))
    assert states(batch) == ["failed"]
    assert ledger() == {"budget": -100_000_000, "available": 99_980_000, "blocked": 20_000}


def test_a_file_in_doubt_that_the_bank_debited_was_taken_by_it():
    batch, file = paying([holder()])
    with at(NOON + timedelta(hours=25)) as act:
        doubt_files(act)
    stated(file, debit(file))
    assert (BankFile.objects.get().state, states(batch)) == ("acknowledged", ["sent"])


# --- what is nobody's -----------------------------------------------------------------------------------------------


def test_strange_entries_are_differences_and_stop_nobody():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    stated(
        file,
        foreign(),
        debit(file, file.fen + 1),
        back(file, 1, 19_999),
        debit(file)._replace(number="P999999998"),
        back(file, 1)._replace(row_id="999999"),
        debit(file),
        debit(file),
        back(file, 2),
    )
    assert kinds() == ["foreign", "amount", "amount", "foreign", "stranger", "twice"]
    assert states(batch) == ["paid", "failed"]
    assert list(Discrepancy.objects.values_list("state", flat=True).distinct()) == ["open"]


def test_a_return_that_is_told_twice_returns_once():
    batch, file = paying([holder()])
    answered(file, ["00"])
    first = stated(file, debit(file), back(file, 1))
    stated(file, back(file, 1), opening=first.closing_fen, place=2)
    assert kinds() == ["twice"]
    assert ledger()["blocked"] == 20_000 and states(batch) == ["failed"]


def test_a_file_that_was_not_sent_cannot_have_left():
    _batch, file = paying([holder()])
    BankFile.objects.update(sent_at=None)
    stated(file, debit(file))
    assert kinds() == ["unsent"]


def test_an_entry_that_cannot_be_read_stops_nobody_and_is_told():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    content = written(foreign(7_77), back(file, 2), debit(file)).replace(b">7.77<", b">7,7x<")
    row = stated(file, content=content)
    assert not row.complete and states(batch) == ["paid", "failed"]
    assert kinds() == ["unreadable", "unbalanced"]


def test_what_is_no_statement_of_our_account_is_turned_away_and_somebody_looks_into_it():
    _batch, file = paying([holder()])
    assert code(tried(file, b"H|x|y")) == "benefit.statement_unreadable"
    assert code(tried(file, written(debit(file), account="61049900000000099"))) == "benefit.statement_account"
    assert kinds() == ["turned_away", "turned_away"]


# --- no statement is missing ----------------------------------------------------------------------------------------


def test_a_statement_that_is_missing_is_told_until_it_comes():
    _batch, file = paying([holder()])
    first = stated(file, debit(file))
    second = written(foreign(300), on=DAY + timedelta(days=1), opening=first.closing_fen)
    stated(file, foreign(200), on=DAY + timedelta(days=2), opening=first.closing_fen + 300)
    assert kinds() == ["foreign", "gap"]
    stated(file, content=second)
    gap = Discrepancy.objects.get(kind="gap")
    assert (gap.state, gap.owner, gap.outcome) == (
        "closed",
        "system:benefits",
        "缺少的对账单已收到，余额衔接",
    )


def test_a_statement_that_broke_off_may_come_whole_and_counts_nothing_twice():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    whole = written(debit(file), foreign(), back(file, 1), back(file, 2))
    stated(file, content=whole[: whole.index(b"R2") - 400])
    assert "unbalanced" in kinds() and not AccountStatement.objects.get().complete
    row = stated(file, content=whole)
    assert row.complete and states(batch) == ["failed", "failed"]
    left = Discrepancy.objects.exclude(state="closed")
    assert list(left.values_list("kind", flat=True)) == ["foreign"]
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "blocked": 40_000}


# --- who looks into it ----------------------------------------------------------------------------------------------


def test_a_difference_is_closed_by_the_person_who_took_it_and_says_what_came_of_it():
    _batch, file = paying([holder()])
    stated(file, foreign())
    number = Discrepancy.objects.get().pk
    with at(LATER, ONE) as act:
        assert code(close_discrepancy(act, number, outcome="银行结息", scope=SCOPE)) == (
            "benefit.discrepancy_of_another"
        )
        got(take_discrepancy(act, number, scope=SCOPE))
    with at(LATER, OTHER) as act:
        assert code(close_discrepancy(act, number, outcome="银行结息", scope=SCOPE)) == (
            "benefit.discrepancy_of_another"
        )
        got(take_discrepancy(act, number, scope=SCOPE))
        assert (
            code(close_discrepancy(act, number, outcome="好", scope=SCOPE)) == "benefit.discrepancy_outcome"
        )
        row = got(close_discrepancy(act, number, outcome="银行结息，与我方无关", scope=SCOPE))
        assert (row.state.code, row.owner_name) == ("closed", "丁对账")
        assert code(take_discrepancy(act, number, scope=SCOPE)) == "benefit.discrepancy_closed"
        assert code(take_discrepancy(act, number, scope=Scope("610499"))) == "benefit.no_discrepancy"


# --- held by the database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_accountstatement SET closing_fen = 1",
        "DELETE FROM benefits_accountstatement",
        "UPDATE benefits_statemententry SET fen = 1",
        "DELETE FROM benefits_statemententry",
        "DELETE FROM benefits_discrepancy",
        "UPDATE benefits_discrepancy SET fen = 1",
        "UPDATE benefits_discrepancy SET state = 'closed'",
        "UPDATE benefits_discrepancy SET state = 'taken'",
        "UPDATE benefits_fileline SET returned_at = '2025-03-12'",
        'INSERT INTO benefits_statemententry (statement_id, place, line, fen, "on", serial, text, said_file, said_row, '
        "meaning) SELECT statement_id, 9, 9, 5, \"on\", '', '', '', '', '' FROM benefits_statemententry LIMIT 1",
    ],
)
def test_not_even_sql_changes_what_a_bank_stated(statement):
    _batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    stated(file, debit(file), foreign())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- twins ----------------------------------------------------------------------------------------------------------


def everything() -> tuple[object, ...]:
    return (
        picture(),
        list(StatementEntry.objects.values()),
        list(Discrepancy.objects.order_by("pk").values()),
    )


def test_the_journal_refuses_take_statement_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    answered(file, ["00"])
    came = received(file, written(debit(file), back(file, 1), foreign()))
    before = everything()
    with journal_refuses(), at(LATER) as act:
        take_statement(act, came)
    assert everything() == before


def test_the_journal_refuses_bring_statement_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    content = written(debit(file))
    before = everything()
    with journal_refuses(), at(LATER, ONE) as act:
        bring_statement(act, bank_code="102", name="对账单.xml", content=content)
    assert everything() == before


def test_the_journal_refuses_take_discrepancy_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    stated(file, foreign())
    before = everything()
    with journal_refuses(), at(LATER, ONE) as act:
        take_discrepancy(act, Discrepancy.objects.get().pk, scope=SCOPE)
    assert everything() == before


def test_the_journal_refuses_close_discrepancy_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    stated(file, foreign())
    number = Discrepancy.objects.get().pk
    with at(LATER, ONE) as act:
        got(take_discrepancy(act, number, scope=SCOPE))
    before = everything()
    with journal_refuses(), at(LATER, ONE) as act:
        close_discrepancy(act, number, outcome="银行结息", scope=SCOPE)
    assert everything() == before
