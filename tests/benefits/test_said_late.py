"""What a bank says late, twice, or by its statement alone: whose money went out by any word of the bank is not paid again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.benefits.envelopes import (
    FINANCE,
    LAND,
    MAKER,
    PAYER,
    SCOPE,
    again,
    answer_text,
    answered,
    funded,
    holder,
    judged,
    paying,
    row,
    sealed,
    states,
)
from tests.benefits.stated import DAY, LATER, OPENING, back, debit, paid, row_of, stated
from tests.benefits.test_enquiring import NEVER, asked, left, missing, told, whole
from tests.benefits.test_recovering import flagged, item_of, step
from tests.benefits.test_statements import code, kinds
from tests.benefits.test_withdrawing import (
    asked_again,
    dies,
    loses,
    sealed_of,
    seals,
    sends,
    taken_back_missing,
    takes_back,
)
from tests.cards.in_hand import NOON, at, got
from yikatong.benefits.bankfiles.played import Entry
from yikatong.benefits.models import BankFile, Payment, Recovery
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.answers import bring_answer
from yikatong.benefits.services.approving import publish_batch, stop_row
from yikatong.benefits.services.correcting import correct_row, drop_row
from yikatong.benefits.services.enquiring import resend_file
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.recovering import agree_end, propose_end
from yikatong.cards.models import Card
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
YEAR = NOON + timedelta(days=300)


def repaired(batch: BatchRow, line: int = 2, by=PAYER):
    with at(LATER, by) as act:
        return repair_row(act, batch.number, line=line, how="已更正", scope=SCOPE)


def given_back(batch: BatchRow):
    with at(YEAR, PAYER) as act:
        return return_to_treasury(act, batch.number, scope=SCOPE)


def sent_again(file: FileRow, when=LATER):
    with at(when, FINANCE) as act:
        return resend_file(act, file.number, scope=SCOPE)


def merged(second: Resident, into: Resident | None) -> None:
    Resident.objects.filter(pk=second.pk).update(merged_into=into)


def file_state(file: FileRow) -> str:
    return BankFile.objects.get(number=file.number).state


# --- never received ---------------------------------------------------------------------------------------------------


def test_never_received_is_not_believed_of_a_file_that_still_waits_in_our_outbox():
    _batch, file = paying([holder()])
    asked(file)
    told(file, whole(file, NEVER))
    assert (file_state(file), kinds()) == ("sending", ["answer"])


def test_never_received_is_not_believed_of_a_file_that_left_after_the_bank_was_asked():
    _batch, file = paying([holder()])
    asked(file)
    left(LATER + timedelta(hours=1))
    told(file, whole(file, NEVER))
    assert (file_state(file), kinds()) == ("sending", ["answer"])


def test_a_second_copy_of_never_received_is_not_believed_of_a_file_that_waits_to_go_once_more():
    _batch, file = missing()
    asked_again(file)
    got(sent_again(file))
    asked(file, LATER + timedelta(hours=1))
    told(file, whole(file, NEVER, "第二份"))
    assert file_state(file) == "sending"


def test_never_received_is_not_believed_of_a_file_whose_answer_broke_off():
    _batch, file = paying([holder(), holder("李四光")])
    left()
    content = answer_text(file, ["00", "00"])
    assert code(told(file, content[: content.index(b"D|") + 3])) == "benefit.answer_torn"
    asked(file)
    told(file, whole(file, NEVER))
    assert file_state(file) == "acknowledged"


def test_never_received_is_believed_once_it_came_whole():
    _batch, file = paying([holder()])
    left()
    asked(file)
    content = whole(file, NEVER)
    assert code(told(file, content[: content.index(b"T|")])) == "benefit.answer_torn"
    told(file, content)
    assert file_state(file) == "missing"


# --- paid, says the bank afterwards -----------------------------------------------------------------------------------


def test_nobody_is_sealed_anew_whom_the_bank_says_late_that_it_paid():
    batch, file = taken_back_missing()
    answered(file, ["00", "00"])
    assert code(seals(batch)) == "benefit.left"


def test_a_file_is_not_sent_beside_one_that_was_taken_back_and_is_answered_as_paid():
    batch, file = taken_back_missing()
    (anew,) = seals(batch)
    answered(file, ["00", "00"])
    assert code(sends(anew, LATER)) == "benefit.file_overtaken"


def test_a_row_that_failed_and_that_the_bank_says_late_was_paid_is_not_mended():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    told(file, answer_text(file, ["00", "00"]))
    assert code(repaired(batch)) == "benefit.left"


def test_what_the_bank_said_late_was_paid_is_mended_once_it_came_back():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    told(file, answer_text(file, ["00", "00"]))
    stated(file, debit(file), back(file, 1))
    assert got(repaired(batch)).state.code == "valid"


# --- known to have left, in whatever batch ----------------------------------------------------------------------------


def test_who_was_paid_by_a_file_that_was_taken_back_is_not_paid_by_another_batch():
    batch, file = taken_back_missing()
    people = [Payment.objects.get(batch_id=batch.id, line=line).resident for line in (2, 3)]
    for each in people:
        loses(each)
    assert seals(batch) == () and again(batch).state.code == "settled"
    stated(file, debit(file))
    Card.objects.all().update(state="1")
    assert states(judged([row(each) for each in people])) == ["held", "held"]


def test_whose_money_went_back_to_the_treasury_and_left_after_all_is_not_paid_by_another_batch():
    person = holder()
    batch, file = paying([person])
    answered(file, ["05"])
    got(given_back(batch))
    stated(file, paid(file, 1))
    assert states(judged([row(person)])) == ["held"]


def test_who_is_found_to_have_been_paid_after_all_is_held_when_another_batch_is_sealed():
    person = holder()
    batch, file = paying([person])
    answered(file, ["05"])
    got(given_back(batch))
    anew = funded([row(person), row(holder("李四光"))])
    stated(file, paid(file, 1))
    sealed(anew, YEAR)
    assert states(anew) == ["held", "sent"]


# --- refused as a whole, and its sum left -----------------------------------------------------------------------------


def refused_whole_and_debited() -> BatchRow:
    batch, file = paying([holder(), holder("李四光")])
    told(file, whole(file, "11"))
    stated(file, debit(file))
    assert (states(batch), kinds()) == (["failed", "failed"], ["contradicts"])
    return batch


def test_a_file_refused_as_a_whole_whose_sum_left_is_not_paid_again():
    assert code(repaired(refused_whole_and_debited())) == "benefit.left"


def test_a_file_refused_as_a_whole_whose_sum_left_does_not_go_back_to_the_treasury():
    assert code(given_back(refused_whole_and_debited())) == "benefit.nothing_to_return"


def test_a_row_that_failed_by_itself_is_mended_though_the_sum_of_its_file_left():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    stated(file, debit(file))
    assert got(repaired(batch)).state.code == "valid"


# --- a statement that names a file ------------------------------------------------------------------------------------


def test_a_missing_file_that_a_statement_names_with_another_sum_is_neither_sent_again_nor_taken_back():
    _batch, file = missing()
    asked_again(file)
    stated(file, debit(file, file.fen + 100))
    assert (kinds(), file_state(file)) == (["amount"], "acknowledged")
    assert code(sent_again(file)) == "benefit.file_not_missing"
    assert code(takes_back(file, FINANCE)) == "benefit.file_left"


def test_a_sealed_file_that_a_statement_names_is_taken_back_and_its_people_wait_for_that_money():
    person = holder()
    batch, file = sealed_of(person, holder("李四光"))
    stated(file, debit(file))
    assert kinds() == ["unsent"]
    dies(person)
    assert code(sends(file)) == "benefit.file_overtaken"
    got(takes_back(file))
    assert code(seals(batch)) == "benefit.left"


def test_nobody_is_paid_beside_money_that_left_with_a_file_that_was_taken_back_before_it_was_sent():
    batch, file = sealed_of(holder(), holder("李四光"))
    got(takes_back(file))
    stated(file, debit(file))
    assert kinds() == ["unsent"]
    assert code(seals(batch)) == "benefit.left"


def test_a_file_booked_and_booked_back_as_a_whole_frees_its_people():
    batch, file = taken_back_missing()
    stated(file, debit(file), Entry(file.number, "", file.fen, DAY, "R0", "冲正", returned=True))
    (anew,) = seals(batch)
    assert anew.rows == 2


def test_who_is_paid_once_more_by_the_bank_itself_is_not_paid_by_us():
    batch, file = paying([holder(), holder("李四光")])
    stated(file, paid(file, 1), paid(file, 2))
    stated(file, back(file, 1), opening=OPENING - 400_00, place=2)
    line = row_of(file, 1)
    retry = Entry(file.number, str(line.payment_id), -line.fen, DAY, "P9", "", returned=False)
    stated(file, retry, opening=OPENING - 200_00, place=3)
    assert kinds() == ["twice"] and states(batch) == ["failed", "paid"]
    assert code(repaired(batch)) == "benefit.left"


def test_who_is_paid_again_after_a_return_by_a_bank_that_booked_the_whole_file_is_not_paid_by_us():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["05", "00"])
    stated(file, debit(file), back(file, 1))
    stated(file, paid(file, 1), opening=OPENING - 200_00, place=2)
    assert kinds() == ["twice"] and code(repaired(batch)) == "benefit.left"


# --- asked back -------------------------------------------------------------------------------------------------------


def test_money_of_a_file_that_was_taken_back_is_asked_back_of_whoever_had_died():
    _batch, file = taken_back_missing()
    dies(Resident.objects.get(name="李四光"))
    stated(file, debit(file))
    assert flagged(LATER) == 1 and flagged(LATER + timedelta(days=1)) == 0
    assert Recovery.objects.get().state == "open"


def test_money_that_left_though_refused_is_asked_back_of_whoever_had_died():
    person = holder()
    _batch, file = paying([person, holder("李四光")])
    answered(file, ["05", "00"])
    dies(person)
    stated(file, paid(file, 1))
    assert flagged(LATER) == 1


def test_what_a_second_record_was_paid_is_asked_back_once_its_survivor_is_known_to_have_died():
    second, survivor = holder("赵重复"), holder("赵重复")
    _batch, file = paying([second])
    answered(file, ["00"])
    merged(second, survivor)
    dies(survivor)
    assert flagged(LATER) == 1


def test_of_two_who_are_merged_parted_and_merged_again_the_later_is_asked_back_again():
    second, survivor = holder("赵重复"), holder("赵重复")
    for each in (second, survivor):
        _batch, file = paying([each])
        answered(file, ["00"])
    merged(second, survivor)
    assert flagged() == 1
    merged(second, None)
    flagged(LATER)
    assert Recovery.objects.get().state == "lapsed"
    merged(second, survivor)
    assert flagged(LATER + timedelta(days=1)) == 1
    assert Recovery.objects.get().state == "open"


def test_nothing_is_asked_back_before_a_later_file_was_sent():
    person = holder()
    batch, file = paying([person, holder("李四光")])
    answered(file, ["05", "00"])
    got(repaired(batch))
    sealed(again(batch), LATER)
    dies(person)
    assert flagged(LATER) == 0


def test_what_is_proposed_to_be_written_off_is_not_once_the_bank_brought_it_back():
    person = holder()
    batch, file = paying([person])
    answered(file, ["00"])
    dies(person)
    flagged()
    item = item_of(Payment.objects.get(batch_id=batch.id))
    got(step(propose_end, item, proposal="write_off", reason="家庭困难"))
    stated(file, debit(file), back(file, 1))
    assert code(step(agree_end, item, by=FINANCE)) == "benefit.recovery_not_paid"


# --- hands ------------------------------------------------------------------------------------------------------------


def test_who_brought_the_answer_does_not_mend_what_failed_by_it():
    batch, file = paying([holder(), holder("李四光")])
    with at(LATER, PAYER) as act:
        got(bring_answer(act, bank_code="102", name="a.txt", content=answer_text(file, ["05", "00"])))
    assert code(repaired(batch)) == "benefit.same_person"
    assert got(repaired(batch, by=FINANCE)).state.code == "valid"


def test_an_objection_is_not_walked_round_by_leaving_its_row_out():
    people = [holder(name) for name in ("张三丰", "李四光", "王五")]
    rows = [(*row(each)[:2], "2.00", "150.00") for each in people]
    batch = judged([*rows[:2], ("王六", *rows[2][1:])], **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
        got(stop_row(act, batch.number, line=3, reason="土地已流转", scope=SCOPE))
        got(drop_row(act, batch.number, line=3, reason="剔除", scope=SCOPE))
        result = correct_row(
            act,
            batch.number,
            line=4,
            name="李四光",
            person=people[1].number,
            basis="2.00",
            fen=15_000,
            reason="更正",
            scope=SCOPE,
        )
    assert code(result) == "benefit.row_twice"
