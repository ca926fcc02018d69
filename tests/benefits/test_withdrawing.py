"""Taken back before it left: a file that is overtaken by what happens between its sealing and its sending, to be sealed anew;
a batch that was funded, and is sent back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.benefits.envelopes import (
    FINANCE,
    PAYER,
    SCOPE,
    again,
    answered,
    funded,
    holder,
    judged,
    ledger,
    picture,
    reasons,
    row,
    sealed,
    states,
)
from tests.benefits.stated import LATER, OPENING, back, debit, paid, stated
from tests.benefits.test_enquiring import NEVER, missing, told, whole
from tests.benefits.test_reconciling import one as reconciled_at
from tests.benefits.test_statements import code, kinds
from tests.cards.in_hand import NOON, a_card, at, got
from yikatong.benefits import queries
from yikatong.benefits.models import BankFile, FileLine, Payment, PaymentBatch
from yikatong.benefits.proof import prove
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.enquiring import ask_to_resend, resend_file
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import seal_files, send_file
from yikatong.benefits.services.recovering import open_recoveries
from yikatong.benefits.services.submitting import send_batch_back
from yikatong.benefits.services.withdrawing import withdraw_file
from yikatong.cards.models import Card
from yikatong.office import post
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
WHY = "封存后有人死亡"


def sealed_of(*people: Resident) -> tuple[BatchRow, FileRow]:
    batch = funded([row(each) for each in people])
    (file,) = sealed(batch)
    return batch, file


def dies(person: Resident) -> None:
    Resident.objects.filter(pk=person.pk).update(state="dead", died_on=date(2025, 2, 3))


def loses(person: Resident) -> None:
    Card.objects.filter(resident=person).update(state="2")


def changes(person: Resident) -> None:
    Card.objects.filter(resident=person).update(state="9")
    a_card(person)


def is_found_twice(person: Resident) -> None:
    second = holder(person.name)
    batch = funded([row(second)])
    sealed(batch)
    Resident.objects.filter(pk=second.pk).update(merged_into=person)


def sends(file: FileRow, when=NOON):
    with at(when, PAYER) as act:
        return send_file(act, file.number, scope=SCOPE)


def seals(batch: BatchRow):
    with at(LATER, PAYER) as act:
        return seal_files(act, batch.number, scope=SCOPE)


def takes_back(file: FileRow, by=PAYER, reason: str = WHY, when=LATER):
    with at(when, by) as act:
        return withdraw_file(act, file.number, reason=reason, scope=SCOPE)


def asked_again(file: FileRow) -> None:
    with at(LATER, PAYER) as act:
        got(ask_to_resend(act, file.number, reason="银行书面说明未收到", scope=SCOPE))


def taken_back_missing() -> tuple[BatchRow, FileRow]:
    batch, file = missing()
    asked_again(file)
    got(takes_back(file, FINANCE))
    return batch, file


# --- overtaken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("happens", [dies, loses, changes, is_found_twice])
def test_a_file_with_somebody_who_may_not_be_paid_any_more_is_not_sent(happens: Callable[[Resident], None]):
    person = holder()
    batch, file = sealed_of(person, holder("李四光"))
    happens(person)
    result = sends(file)
    assert code(result) == "benefit.file_overtaken" and "1人" in result.zh
    assert (BankFile.objects.get(number=file.number).state, states(batch)) == ("sealed", ["sent", "sent"])
    assert not post.WireFile.objects.filter(name=file.name).exists()


def test_what_is_only_worth_a_look_sends_the_file_all_the_same():
    person = holder()
    _batch, file = sealed_of(person, holder("李四光"))
    Payment.objects.filter(resident=person).update(level="warn")
    got(sends(file))


def test_taken_back_and_sealed_anew_everybody_is_paid_but_who_died():
    person = holder()
    batch, file = sealed_of(person, holder("李四光"))
    dies(person)
    assert code(sends(file)) == "benefit.file_overtaken"
    got(takes_back(file))
    assert (states(batch), ledger()["blocked"]) == (["valid", "valid"], 400_00)
    (anew,) = sealed(batch, LATER)
    assert (anew.rows, states(batch), reasons(batch)) == (1, ["held", "sent"], ["C05", ""])
    got(sends(anew, LATER))
    answered(anew, ["00"])
    assert (again(batch).state.code, states(batch)) == ("settled", ["dropped", "paid"])
    assert {name: fen for name, fen in ledger().items() if name in ("paid", "blocked", "transit")} == {
        "paid": 200_00
    }
    assert prove(batch.number).contradictions == ()
    with at(LATER) as act:
        assert open_recoveries(act) == 0, "nothing had left to whoever died"


def test_a_file_that_was_taken_back_stays_as_it_was_and_goes_nowhere():
    _batch, file = sealed_of(holder())
    before = BankFile.objects.get(number=file.number)
    got(takes_back(file))
    after = BankFile.objects.get(number=file.number)
    assert (bytes(after.digest), bytes(after.content), after.state) == (
        bytes(before.digest),
        bytes(before.content),
        "withdrawn",
    )
    assert code(sends(file)) == "benefit.file_not_waiting"
    assert code(takes_back(file)) == "benefit.file_left"


def test_reconciled_a_file_that_was_taken_back_counts_until_then_and_never_after():
    batch, file = sealed_of(holder(), holder("李四光"))
    got(takes_back(file))
    while_sealed = reconciled_at(batch, NOON + timedelta(hours=1))
    assert (while_sealed.filed.rows, while_sealed.open.rows, while_sealed.transit.rows) == (2, 2, 2)
    since = reconciled_at(batch, LATER + timedelta(hours=1))
    assert (since.filed.rows, since.waiting.rows, since.transit.rows) == (0, 2, 0)
    sealed(batch, LATER + timedelta(hours=1))
    anew = reconciled_at(batch, LATER + timedelta(hours=2))
    assert (anew.filed.rows, anew.waiting.rows, anew.differences, while_sealed.differences) == (2, 0, (), ())


def test_the_row_shows_the_file_as_taken_back_and_no_answer_of_a_bank():
    batch, file = sealed_of(holder())
    got(takes_back(file))
    (attempt,) = queries.attempts(Payment.objects.get(batch_id=batch.id).pk)
    assert (attempt.withdrawn, attempt.result) == (True, None)
    assert got(queries.file(file.number, SCOPE)).results == ()


@pytest.mark.parametrize("reason", ["", "  ", "字" * 101])
def test_whoever_takes_a_file_back_says_why(reason):
    _batch, file = sealed_of(holder())
    before = picture()
    assert code(takes_back(file, reason=reason)) == "benefit.reason"
    assert picture() == before


def test_a_file_that_left_is_not_taken_back():
    _batch, file = sealed_of(holder())
    got(sends(file))
    assert code(takes_back(file)) == "benefit.file_left"
    answered(file, ["98"])
    assert code(takes_back(file)) == "benefit.file_left"


# --- never received -------------------------------------------------------------------------------------------------


def test_a_file_that_never_came_is_not_sent_again_with_somebody_who_died_meanwhile():
    _batch, file = missing()
    asked_again(file)
    dies(Resident.objects.get(name="李四光"))
    with at(LATER, FINANCE) as act:
        assert code(resend_file(act, file.number, scope=SCOPE)) == "benefit.file_overtaken"
    got(takes_back(file, FINANCE))
    assert BankFile.objects.get(number=file.number).state == "withdrawn"


def test_a_file_that_was_sent_is_taken_back_only_by_two_people():
    batch, file = missing()
    assert code(takes_back(file, FINANCE)) == "benefit.resend_not_asked"
    asked_again(file)
    assert code(takes_back(file, PAYER)) == "benefit.resend_same_person"
    got(takes_back(file, FINANCE))
    assert states(batch) == ["valid", "valid"]


def test_what_a_bank_says_late_of_a_file_that_was_taken_back_is_a_difference_and_pays_nobody():
    batch, file = taken_back_missing()
    answered(file, ["00", "00"])
    assert (states(batch), kinds()) == (["valid", "valid"], ["answer"])
    told(file, whole(file, NEVER, "再次查询"))
    assert BankFile.objects.get(number=file.number).state == "withdrawn"


def test_nobody_is_paid_beside_money_that_left_with_a_file_that_was_taken_back():
    batch, file = taken_back_missing()
    stated(file, debit(file))
    assert kinds() == ["contradicts"]
    assert code(seals(batch)) == "benefit.left"
    assert (states(batch), ledger()["blocked"]) == (["valid", "valid"], 400_00), "their place and money stay"
    stated(file, back(file, 1), opening=OPENING - 400_00, place=2)
    (anew,) = seals(batch)
    assert (anew.rows, states(batch)) == (1, ["sent", "valid"])


def test_nobody_is_paid_beside_money_that_left_by_itself_after_they_were_mended():
    batch, file = sealed_of(holder(), holder("李四光"))
    got(sends(file))
    answered(file, ["05", "00"])
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="已解挂", scope=SCOPE))
    stated(file, paid(file, 1))
    assert code(seals(batch)) == "benefit.left"
    assert states(batch) == ["valid", "paid"]


def test_a_file_is_not_sent_beside_money_that_left_since_it_was_sealed():
    batch, file = sealed_of(holder(), holder("李四光"))
    got(sends(file))
    answered(file, ["05", "00"])
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="已解挂", scope=SCOPE))
    (anew,) = seals(batch)
    stated(file, paid(file, 1))
    assert code(sends(anew, LATER)) == "benefit.file_overtaken"
    got(takes_back(anew))
    assert code(seals(batch)) == "benefit.left"


def test_money_that_left_does_not_go_back_to_the_treasury():
    batch, file = sealed_of(holder(), holder("李四光"))
    got(sends(file))
    answered(file, ["05", "05"])
    stated(file, paid(file, 1))
    with at(LATER, PAYER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    assert states(batch) == ["failed", "returned"]


# --- sent back --------------------------------------------------------------------------------------------------------


def sent_back(batch, by=FINANCE):
    with at(LATER, by) as act:
        return send_batch_back(act, batch.number, reason="业务部门来函更正", scope=SCOPE)


def test_a_batch_that_is_funded_may_be_sent_back_until_its_files_are_sealed_and_its_money_is_free_again():
    person = holder()
    batch = funded([row(person), row(holder("李四光"))])
    free = ledger()["available"]
    assert got(sent_back(batch)).state.code == "sent_back"
    assert (states(batch), ledger()["available"], ledger().get("blocked")) == (
        ["dropped", "dropped"],
        free + 400_00,
        None,
    )
    assert reconciled_at(batch, LATER + timedelta(hours=1)).differences == ()
    assert code(seals(batch)) == "benefit.not_waiting"
    assert states(judged([row(person)])) == ["valid"], "their place is free again"


def test_a_batch_whose_files_are_sealed_or_about_to_be_is_not_sent_back():
    batch = funded([row(holder())])
    PaymentBatch.objects.filter(pk=batch.id).update(seal_asked_at=NOON, seal_asked_by=PAYER.code)
    before = picture()
    assert code(sent_back(batch)) == "benefit.not_waiting"
    assert picture() == before
    PaymentBatch.objects.filter(pk=batch.id).update(seal_asked_at=None)
    sealed(batch)
    assert code(sent_back(batch)) == "benefit.not_waiting"


# --- held by the database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_bankfile SET state = 'withdrawn'",
        "UPDATE benefits_bankfile SET state = 'withdrawn', withdrawn_by = 'staff:1'",
        "UPDATE benefits_bankfile SET state = 'withdrawn', withdrawn_by = 'staff:1', resend_asked_by = 'staff:1', "
        "resend_reason = 'x'",
    ],
)
def test_not_even_sql_takes_back_by_one_person_what_was_sent(statement):
    missing()
    with pytest.raises(DatabaseError, match="withdrawn"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_not_even_sql_takes_back_what_a_bank_spoke_of():
    _batch, file = missing()
    FileLine.objects.filter(file__number=file.number, sequence=1).update(result="98")
    with pytest.raises(DatabaseError, match="spoke of"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE benefits_bankfile SET state = 'withdrawn', withdrawn_by = 'staff:1', resend_asked_by = 'staff:2', "
            "resend_reason = 'x'"
        )


def test_the_journal_refuses_withdraw_file_so_nothing_happened(journal_refuses):
    _batch, file = sealed_of(holder())
    before = picture()
    with journal_refuses(), at(LATER, PAYER) as act:
        withdraw_file(act, file.number, reason=WHY, scope=SCOPE)
    assert picture() == before
