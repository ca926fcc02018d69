"""What seldom comes together, and was found by looking for it: merges in flight, statements against answers, forms that change."""

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
    ledger,
    paying,
    reasons,
    received,
    row,
    sealed,
    sent,
    states,
    submitted,
)
from tests.benefits.stated import DAY, DESK, LATER, back, debit, paid, stated, written
from tests.benefits.test_enquiring import asked, left, told, whole
from tests.benefits.test_recovering import dies, flagged, item_of, step
from tests.cards.in_hand import NOON, at, got, set_rule
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.played import iso20022
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.models import Discrepancy, FileLine, Payment
from yikatong.benefits.proof import prove
from yikatong.benefits.services.answers import bring_answer, take_answer
from yikatong.benefits.services.approving import publish_batch, stop_row
from yikatong.benefits.services.correcting import correct_row
from yikatong.benefits.services.enquiring import ask_bank, ask_to_resend, resend_file
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.reconciliation import reconcile_batches
from yikatong.benefits.services.recovering import enter_returned
from yikatong.benefits.services.statements import take_statement
from yikatong.cards.models import Card
from yikatong.office import rulebook
from yikatong.office.models import Rule
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
YEAR = NOON + timedelta(days=300)


def kinds(**how) -> list[str]:
    return list(Discrepancy.objects.filter(**how).order_by("pk").values_list("kind", flat=True))


def repaired(batch, line=2, when=LATER):
    with at(when, PAYER) as act:
        return repair_row(act, batch.number, line=line, how="已更正", scope=SCOPE)


def reconcile(when=YEAR):
    with at(when) as act:
        reconcile_batches(act)


def merge(second, survivor):
    Resident.objects.filter(pk=second.pk).update(merged_into=survivor)


def test_two_records_of_one_person_in_one_batch_merged_between_are_paid_once():
    second, survivor = holder("赵重复"), holder("赵重复")
    batch, file = paying([second, survivor])
    answered(file, ["00", "03"])  # the second record's money arrived, the survivor's row failed
    merge(second, survivor)
    assert isinstance(repaired(batch, line=3), Refused)


def test_nor_if_it_is_the_survivor_who_was_paid():
    second, survivor = holder("赵重复"), holder("赵重复")
    batch, file = paying([second, survivor])
    answered(file, ["03", "00"])
    merge(second, survivor)
    assert isinstance(repaired(batch, line=2), Refused)


def test_two_who_are_merged_after_a_repair_do_not_stop_the_file_of_the_others():
    second, survivor, third = holder("赵重复"), holder("赵重复"), holder("王五")
    batch, file = paying([second, survivor, third])
    answered(file, ["03", "00", "03"])
    got(repaired(batch, 2)), got(repaired(batch, 4))
    merge(second, survivor)
    (later,) = sealed(again(batch), LATER)
    assert (later.rows, states(batch)) == (1, ["held", "paid", "sent"])


def test_of_two_records_held_at_sealing_only_one_is_repaired():
    second, survivor, third = holder("赵重复"), holder("赵重复"), holder("王五")
    batch = funded([row(each) for each in (second, survivor, third)])
    merge(second, survivor)
    sealed(batch)
    assert states(batch) == ["held", "held", "sent"]
    got(repaired(batch, 2))
    assert isinstance(repaired(batch, 3), Refused)


def test_a_refused_row_that_the_statement_shows_to_have_left_is_not_silently_payable_again():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["03", "00"])
    stated(file, paid(file, 1), paid(file, 2))
    assert kinds() == ["contradicts"] and states(batch) == ["failed", "paid"]


def test_a_refused_row_that_the_statement_shows_to_have_left_is_not_repaired():
    batch, file = paying([holder()])
    answered(file, ["03"])
    stated(file, paid(file, 1))
    assert isinstance(repaired(batch), Refused)


def test_what_was_paid_twice_by_the_statements_is_a_difference():
    batch, file = paying([holder()])
    answered(file, ["03"])
    got(repaired(batch))
    (second,) = sent(again(batch), LATER)
    answered(second, ["00"])
    stated(file, paid(file, 1), paid(second, 1))
    reconcile()
    assert prove(batch.number).contradictions and "contradicts" in kinds()


def test_money_of_a_failed_first_attempt_that_never_came_back_stays_a_difference_after_the_second():
    batch, file = paying([holder()])
    answered(file, ["03"])
    stated(file, debit(file))
    reconcile()
    assert kinds(state="open") == ["not_back"]
    got(repaired(batch, when=YEAR))
    (second,) = sent(again(batch), YEAR)
    with at(YEAR, DESK) as act:
        take_answer(act, received(second, answer_text(second, ["00"])))
    stated(second, debit(second), on=DAY + timedelta(days=1), opening=100000000 - 20000)
    reconcile(YEAR + timedelta(days=60))
    assert kinds(state="open") == ["not_back"], Discrepancy.objects.values_list("state", "outcome")


def test_a_refusal_of_the_whole_is_not_believed_once_the_statement_shows_the_debit():
    batch, file = paying([holder(), holder("李四光")])
    stated(file, debit(file))
    told(file, whole(file, "11"))
    assert states(batch) == ["sent", "sent"] and kinds() == ["answer"]


def test_a_line_of_its_own_counts_more_than_what_is_said_of_the_whole():
    batch, file = paying([holder(), holder("李四光")])
    lines = FileLine.objects.filter(file__number=file.number).order_by("sequence")
    body = f"H|{file.number}|20250312|1|11|部分失败\nD|1|{lines[0].payment_id}|00||20250311093000|S1|{lines[0].fen}\n".encode()
    content = body + f"T|1|{lines[0].fen}|{sm3(body).hex()}\n".encode()
    told(file, content)
    assert states(batch) == ["paid", "sent"]


def test_money_is_not_had_back_that_is_not_paid_yet():
    person = holder()
    batch, file = paying([person])
    dies(person)
    assert flagged() == 1
    item = item_of(Payment.objects.get(batch_id=batch.id))
    step(enter_returned, item, fen=20_000, paper="缴1")
    assert ledger().get("paid", 0) >= 0, ledger()
    answered(file, ["03"])
    assert ledger().get("paid", 0) >= 0, ledger()


def test_money_is_not_had_back_of_a_payment_that_failed():
    person = holder()
    batch, file = paying([person])
    dies(person)
    flagged()
    item = item_of(Payment.objects.get(batch_id=batch.id))
    answered(file, ["03"])
    step(enter_returned, item, fen=20_000, paper="缴1")
    assert ledger().get("paid", 0) >= 0, ledger()


def test_what_the_bank_brought_back_is_not_had_back_once_more():
    person = holder()
    batch, file = paying([person])
    answered(file, ["00"])
    dies(person)
    flagged()
    item = item_of(Payment.objects.get(batch_id=batch.id))
    got(step(enter_returned, item, fen=5_000, paper="缴1"))
    stated(file, debit(file), back(file, 1))
    flagged(LATER)
    result = step(enter_returned, item, fen=15_000, paper="缴2")
    assert isinstance(result, Refused), "the bank brought all of it back; nothing is missing"


def test_nothing_is_asked_back_before_its_file_was_sent():
    person, other = holder(), holder("李四光")
    batch = funded([row(person), row(other)])
    (_file,) = sealed(batch)
    dies(person)
    assert flagged() == 0


def test_what_the_form_could_not_carry_can_be_mended():
    one, other = holder(), holder("李四光")
    Card.objects.filter(resident=other).update(bank_code="999")
    batch = funded([row(one), row(other)])
    sent(batch)
    assert reasons(batch) == ["", "S02"]
    Card.objects.filter(resident=other).update(bank_code="102")
    got(repaired(batch, 3))


def test_a_bank_that_answered_an_enquiry_wrongly_can_be_asked_again():
    _batch, file = paying([holder()])
    stated(file, debit(file))
    asked(file)
    told(file, whole(file, "97"))
    with at(LATER, PAYER) as act:
        got(ask_bank(act, file.number, scope=SCOPE))


def another_form_from(day, form="commas"):
    Rule.objects.filter(code="benefit.banks").update(valid_to=day)
    Rule.objects.create(code="benefit.banks", value={"102": form}, valid_from=day)
    rulebook.forget()


def test_an_answer_may_be_in_the_form_in_which_its_file_was_sealed():
    batch, file = paying([holder()])
    another_form_from(NOON.date() + timedelta(days=1))
    content = answer_text(file, ["00"])
    with at(NOON + timedelta(days=1), PAYER) as act:
        first = bring_answer(act, bank_code="102", name="a.txt", content=content)
    assert not isinstance(first, Refused) and states(batch) == ["paid"], first


def test_once_the_form_is_put_right_the_same_bytes_are_taken():
    _batch, file = paying([holder()])
    set_rule("benefit.banks", {"102": "commas"})
    content = answer_text(file, ["00"])
    with at(NOON + timedelta(hours=2), PAYER) as act:
        first = bring_answer(act, bank_code="102", name="a.txt", content=content)
    assert isinstance(first, Refused)
    set_rule("benefit.banks", {"102": "common"})
    with at(NOON + timedelta(hours=3), PAYER) as act:
        second = bring_answer(act, bank_code="102", name="b.txt", content=content)
    assert not isinstance(second, Refused), second.code


def test_an_answer_that_was_turned_away_is_somebodys_to_look_into():
    _batch, file = paying([holder()])
    told(file, b"H|XX|20250311|0|00|\nT|0|0|00\n")
    assert kinds() == ["turned_away"]


def iso_sent(people):
    set_rule("benefit.banks", {"102": "iso20022"})
    batch = funded([row(each) for each in people])
    (file,) = sent(batch)
    return again(batch), file


def test_an_iso_answer_that_all_is_paid_pays_every_row():
    batch, file = iso_sent([holder(), holder("李四光")])
    content = iso20022.answer(profiles()["iso20022"], file.number, DAY, (), code="ACSC", text="")
    told(file, content)
    assert states(batch) == ["paid", "paid"] and prove(batch.number).contradictions == ()


def test_an_objection_is_not_taken_away_by_the_maker_alone():
    rows = [(*row(holder(name))[:2], "2.00", "150.00") for name in ("张三丰", "李四光")]
    batch = judged(rows, **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    with at(NOON, MAKER) as act:
        got(stop_row(act, batch.number, line=3, reason="土地已流转", scope=SCOPE))
    with at(NOON, MAKER) as act:
        result = correct_row(
            act,
            batch.number,
            line=3,
            name="李四光",
            person=rows[1][1],
            basis="2.00",
            fen=15_000,
            reason="更正",
            scope=SCOPE,
        )
    assert isinstance(result, Refused), result.state


def test_the_answer_that_agrees_with_the_statement_is_no_contradiction():
    batch, file = paying([holder(), holder("李四光")])
    stated(file, debit(file), back(file, 2))
    assert states(batch) == ["sent", "failed"]
    answered(file, ["00", "03"])
    assert kinds() == []


def test_what_went_back_to_the_treasury_and_left_after_all_is_a_difference():
    batch, file = paying([holder()])
    answered(file, ["03"])
    with at(YEAR, PAYER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    with at(YEAR, DESK) as act:
        got(take_statement(act, received(file, written(paid(file, 1)))))
    assert kinds() == ["contradicts"]


def test_what_went_back_to_the_treasury_is_not_paid_by_a_late_answer():
    batch, file = paying([holder()])
    answered(file, ["03"])
    with at(YEAR, PAYER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    told(file, answer_text(file, ["00"]))
    assert kinds() == ["answer"] and states(batch) == ["returned"]


def test_late_answers_to_the_first_file_change_nothing_of_the_second():
    batch, file = paying([holder()])
    answered(file, ["00"])
    stated(file, debit(file), back(file, 1))
    got(repaired(batch))
    (second,) = sent(again(batch), LATER)
    told(file, answer_text(file, ["00"], text="again"))
    assert states(batch) == ["sent"]
    told(file, answer_text(file, ["03"]))
    assert states(batch) == ["sent"] and kinds() in (["answer"], [])
    told(second, answer_text(second, ["00"]))
    assert states(batch) == ["paid"]
    told(file, answer_text(file, ["00"], text="third"))
    reconcile()
    assert prove(batch.number).contradictions == ()


def missed(people):
    batch, file = paying(people)
    left()
    asked(file)
    told(file, whole(file, "97"))
    return batch, file


def resent(file):
    with at(LATER, PAYER) as act:
        got(ask_to_resend(act, file.number, reason="未收到", scope=SCOPE))
    with at(LATER, FINANCE) as act:
        return resend_file(act, file.number, scope=SCOPE)


def test_a_file_that_was_sent_again_and_had_come_after_all_pays_once():
    batch, file = missed([holder(), holder("李四光")])
    got(resent(file))
    answered(file, ["00", "00"])
    told(file, whole(file, "10"))
    told(file, answer_text(file, ["03", "00"]))
    stated(file, debit(file), debit(file))
    assert states(batch) == ["paid", "paid"] and kinds() == ["answer", "answer", "twice"]


def test_a_missing_file_whose_debit_shows_is_asked_about_and_not_sent_again():
    _batch, file = missed([holder()])
    with at(LATER, PAYER) as act:
        got(ask_to_resend(act, file.number, reason="未收到", scope=SCOPE))
    stated(file, debit(file))
    with at(LATER, FINANCE) as act:
        assert isinstance(resend_file(act, file.number, scope=SCOPE), Refused)
    with at(LATER, PAYER) as act:
        got(ask_bank(act, file.number, scope=SCOPE))


def test_an_answer_cut_off_twice_and_then_whole_counts_each_row_once():
    batch, file = paying([holder(), holder("李四光")])
    content = answer_text(file, ["00", "03"])
    first = content[: content.index(b"\n", content.index(b"\nD|1") + 1) + 1]
    told(file, first)
    told(file, content[:-30])
    told(file, content)
    assert (
        states(batch) == ["paid", "failed"] and ledger()["paid"] == 20_000 and ledger()["blocked"] == 20_000
    )


def test_a_refused_file_that_was_debited_is_told_after_its_people_were_paid_by_another():
    batch, file = paying([holder()])
    told(file, whole(file, "11"))
    got(repaired(batch))
    (second,) = sent(again(batch), LATER)
    told(second, answer_text(second, ["00"]))
    stated(file, debit(file), debit(second))
    reconcile(LATER + timedelta(days=20))
    assert "not_back" in kinds()


def test_a_bounced_row_of_a_settled_batch_goes_back_to_the_treasury_once():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    stated(file, debit(file), back(file, 2))
    with at(YEAR, PAYER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    told(file, answer_text(file, ["00", "00"], text="late"))
    assert (states(batch), again(batch).state.code) == (["paid", "returned"], "settled")
    assert ledger() == {"budget": -99_980_000, "available": 99_960_000, "paid": 20_000}


def test_what_was_approved_is_paid_though_the_cap_has_changed():
    batch = funded([row(holder())])
    set_rule("benefit.pension.cap_fen", 100)
    (file,) = sealed(batch)
    assert file.rows == 1  # what was approved stays


def test_a_refusal_of_the_whole_after_a_duplicate_decides_nothing():
    batch, file = paying([holder(), holder("李四光")])
    told(file, whole(file, "10"))
    told(file, whole(file, "11"))
    assert states(batch) == ["sent", "sent"], "which copy was refused is not known"
    answered(file, ["00", "00"])
    assert states(batch) == ["paid", "paid"]


def test_a_roster_of_which_nobody_was_paid_may_come_again():
    person = holder()
    batch = funded([row(person)])
    Card.objects.filter(resident=person).update(state="2")
    assert sealed(batch) == () and again(batch).state.code == "settled"
    Card.objects.filter(resident=person).update(state="1")
    anew = judged([row(person)])
    assert (anew.number != batch.number, states(anew)) == (True, ["valid"])
    paid, file = paying([holder("李四光")])
    answered(file, ["00"])
    result = submitted([row(Payment.objects.get(batch_id=paid.id).resident)])
    assert isinstance(result, Refused) and result.code == "benefit.known"
