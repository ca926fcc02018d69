"""The bank is asked: what it says decides, what it never received goes once more by two people, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.benefits.envelopes import (
    FINANCE,
    PAYER,
    SCOPE,
    answered,
    holder,
    paying,
    received,
    states,
)
from tests.benefits.stated import DESK, LATER, debit, stated
from tests.benefits.test_statements import code, everything, kinds
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.crypto import sm3
from yikatong.benefits.bankfiles.lines import AnswerLine, Answers
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.bankfiles.said import decisive
from yikatong.benefits.bankfiles.simulator import Bank
from yikatong.benefits.models import BankFile, Enquiry
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.enquiring import ask_bank, ask_to_resend, resend_file
from yikatong.benefits.services.paying import doubt_files
from yikatong.office import clock, post

city = pytest.mark.usefixtures("city")
NEVER = "97"


def asked(file: FileRow, when=LATER) -> None:
    with at(when, PAYER) as act:
        got(ask_bank(act, file.number, scope=SCOPE))


def whole(file: FileRow, said: str, text: str = "") -> bytes:
    """What the bank says of the file as a whole."""
    body = f"H|{file.number}|20250312|0|{said}|{text}\n".encode()
    return body + f"T|0|0|{sm3(body).hex()}\n".encode()


def told(file: FileRow, content: bytes):
    with at(LATER, DESK) as act:
        return take_answer(act, received(file, content))


def state() -> str:
    return BankFile.objects.latest("pk").state


def missing() -> tuple[BatchRow, FileRow]:
    """A file that the bank, asked, says it never received."""
    batch, file = paying([holder(), holder("李四光")])
    left()
    with at(NOON + timedelta(hours=25)) as act:
        doubt_files(act)
    asked(file)
    assert told(file, whole(file, NEVER))
    assert state() == "missing"
    return batch, file


def left(when=NOON) -> None:
    """What waits in our outbox leaves it."""
    with clock.fixed(when):
        post.send_files()


# --- asked ----------------------------------------------------------------------------------------------------------


@city
def test_the_bank_is_asked_by_a_file_in_its_own_form_and_once():
    _batch, file = paying([holder()])
    answered(file, ["98"])
    asked(file)
    enquiry = Enquiry.objects.get()
    sent = post.WireFile.objects.get(name=enquiry.name)
    bank = Bank(profiles()["common"])
    number, content = bank.told(bytes(sent.content), NOON.date())
    assert number == file.number and NEVER.encode() in content
    with at(LATER, PAYER) as act:
        assert code(ask_bank(act, file.number, scope=SCOPE)) == "benefit.asked_already"


@city
def test_what_the_bank_says_when_asked_decides_what_was_unknown():
    batch, file = paying([holder(), holder("李四光"), holder("王五")])
    answered(file, ["98", "98", "98"])
    asked(file)
    answered(file, ["00", NEVER, "03"])
    assert states(batch) == ["paid", "failed", "failed"]
    assert Enquiry.objects.get().verdict == "told"
    with at(LATER, PAYER) as act:
        assert code(ask_bank(act, file.number, scope=SCOPE)) == "benefit.nothing_to_ask"


@city
def test_never_received_is_believed_of_a_row_only_when_the_bank_was_asked():
    batch, file = paying([holder()])
    answered(file, [NEVER])
    assert states(batch) == ["unknown"]


@city
@pytest.mark.parametrize("said", ["10", NEVER])
def test_a_bank_that_speaks_of_a_duplicate_or_was_not_asked_decides_nothing(said):
    batch, file = paying([holder()])
    told(file, whole(file, said))
    assert states(batch) == ["sent"]
    assert (state(), kinds()) == ("acknowledged" if said == "10" else "sending", ["answer"])
    answered(file, ["00"])
    assert states(batch) == ["paid"]


# --- never received -------------------------------------------------------------------------------------------------


@city
def test_what_was_never_received_goes_once_more_by_two_people_the_same_bytes():
    batch, file = missing()
    sent = post.WireFile.objects.get(name=file.name)
    before = bytes(sent.content)
    with at(LATER, FINANCE) as act:
        assert code(resend_file(act, file.number, scope=SCOPE)) == "benefit.resend_not_asked"
    with at(LATER, PAYER) as act:
        assert code(ask_to_resend(act, file.number, reason=" ", scope=SCOPE)) == "benefit.reason"
        got(ask_to_resend(act, file.number, reason="银行书面说明未收到", scope=SCOPE))
        assert code(resend_file(act, file.number, scope=SCOPE)) == "benefit.resend_same_person"
    with at(LATER, FINANCE) as act:
        got(resend_file(act, file.number, scope=SCOPE))
    sent.refresh_from_db()
    assert (state(), sent.state, bytes(sent.content)) == ("sending", "queued", before)
    told(file, whole(file, "11"))
    assert states(batch) == ["sent", "sent"], "which copy was refused is not known"
    answered(file, ["00", "03"])
    assert states(batch) == ["paid", "failed"]


@city
def test_a_file_that_was_not_missed_is_never_sent_again():
    _batch, file = paying([holder()])
    asked(file)
    with at(LATER, PAYER) as act:
        assert (
            code(ask_to_resend(act, file.number, reason="等不及了", scope=SCOPE))
            == "benefit.file_not_missing"
        )


@city
def test_never_received_is_not_believed_of_a_file_that_the_bank_debited():
    batch, file = paying([holder()])
    stated(file, debit(file))
    asked(file)
    told(file, whole(file, NEVER))
    assert (state(), kinds(), states(batch)) == ("acknowledged", ["answer"], ["sent"])


@city
def test_a_late_answer_about_a_missing_file_is_taken():
    batch, file = missing()
    answered(file, ["00", "00"])
    assert (state(), states(batch)) == ("settled", ["paid", "paid"])


@city
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_bankfile SET state = 'sending'",
        "UPDATE benefits_bankfile SET resend_asked_by = 'staff:1'",
        "UPDATE benefits_bankfile SET resend_asked_by = 'staff:1', resend_reason = 'x', resent_by = 'staff:1'",
        "DELETE FROM benefits_enquiry",
        "UPDATE benefits_enquiry SET asked_by = 'staff:1'",
    ],
)
def test_not_even_sql_sends_a_file_again(statement):
    missing()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- pure -----------------------------------------------------------------------------------------------------------

LINES = st.lists(st.sampled_from(Result), max_size=6).map(
    lambda results: tuple(
        AnswerLine(n, str(n), each, each.value, "", None, "", None) for n, each in enumerate(results)
    )
)


@given(lines=LINES, asked_=st.booleans())
def test_what_does_not_decide_is_unknown_and_nothing_else_is_changed(lines, asked_):
    answers = Answers("P1", None, None, lines, (), complete=True)
    left = decisive(answers, asked=asked_)
    for before, after in zip(lines, left.lines, strict=True):
        open_ = before.result is Result.DUPLICATE or (before.result is Result.NOT_RECEIVED and not asked_)
        assert after == (before._replace(result=Result.UNKNOWN) if open_ else before)
    assert decisive(left, asked=asked_) == left


# --- twins ----------------------------------------------------------------------------------------------------------


def with_enquiries() -> tuple[object, ...]:
    return (
        everything(),
        list(Enquiry.objects.values()),
        list(BankFile.objects.values("number", "resent_by", "state")),
    )


@city
def test_the_journal_refuses_ask_bank_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    before = with_enquiries()
    with journal_refuses(), at(LATER, PAYER) as act:
        ask_bank(act, file.number, scope=SCOPE)
    assert with_enquiries() == before


@city
def test_the_journal_refuses_ask_to_resend_so_nothing_happened(journal_refuses):
    _batch, file = missing()
    before = with_enquiries()
    with journal_refuses(), at(LATER, PAYER) as act:
        ask_to_resend(act, file.number, reason="银行书面说明未收到", scope=SCOPE)
    assert with_enquiries() == before


@city
def test_the_journal_refuses_resend_file_so_nothing_happened(journal_refuses):
    _batch, file = missing()
    with at(LATER, PAYER) as act:
        got(ask_to_resend(act, file.number, reason="银行书面说明未收到", scope=SCOPE))
    before = with_enquiries()
    with journal_refuses(), at(LATER, FINANCE) as act:
        resend_file(act, file.number, scope=SCOPE)
    assert with_enquiries() == before
