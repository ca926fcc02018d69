"""What was paid and turns out not to have been due is asked back, and the books say so to the fen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from tests.benefits.envelopes import (
    FINANCE,
    PAYER,
    SCOPE,
    answered,
    funded,
    holder,
    judged,
    ledger,
    paying,
    picture,
    reasons,
    row,
    sent,
    states,
)
from tests.benefits.stated import back, debit, stated
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.models import Payment, Recovery
from yikatong.benefits.proof import prove
from yikatong.benefits.reconciling import Sum, reconciled
from yikatong.benefits.recovery_rows import RecoveryRow, recovery_of, under_way
from yikatong.benefits.services.mending import repair_row
from yikatong.benefits.services.recovering import (
    agree_end,
    ask_back,
    decline_end,
    enter_returned,
    open_recoveries,
    propose_end,
)
from yikatong.office.act import Actor
from yikatong.office.readers import look_up
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
DESK = Actor("staff:706", "杜对账", "610400")
NEXT = NOON + timedelta(days=1)


def dies(person: Resident, on: date = date(2025, 2, 20)) -> None:
    Resident.objects.filter(pk=person.pk).update(state="dead", died_on=on)


def flagged(when=NEXT) -> int:
    with at(when, Actor.system("clock")) as act:
        return open_recoveries(act)


def paid_to(person: Resident, result: str = "00") -> tuple[Payment, str]:
    """The payment of March, and its batch."""
    batch, file = paying([person])
    answered(file, [result])
    return Payment.objects.get(batch_id=batch.id), batch.number


def item_of(payment: Payment) -> RecoveryRow:
    row = recovery_of(payment.pk)
    assert row is not None
    return row


def item() -> tuple[RecoveryRow, str]:
    """The payment of somebody who had died before its month."""
    person = holder()
    payment, batch = paid_to(person)
    dies(person)
    assert flagged() == 1
    return item_of(payment), batch


def step(service, item: RecoveryRow, by: Actor = DESK, **given: object) -> RecoveryRow | Refused:
    with at(NEXT, by) as act:
        result: RecoveryRow | Refused = service(act, item.id, scope=SCOPE, **given)
        return result


def code_of(result: object) -> str:
    assert isinstance(result, Refused)
    return result.code


def test_a_death_that_is_learnt_after_the_payment_left_is_flagged_once():
    early, late, alive = holder("一早"), holder("二晚"), holder("三健")
    batch, file = paying([early, late, alive])
    dies(early)
    dies(late, date(2025, 3, 5))  # in the month itself: it was due
    assert flagged() == 1
    assert flagged() == 0
    flagged_item = item_of(Payment.objects.get(batch_id=batch.id, resident=early))
    assert (flagged_item.why.value, flagged_item.fen, flagged_item.state.code) == ("death", 20_000, "open")
    assert "2025-02-20" in flagged_item.said[0]
    assert under_way(SCOPE) == (1, 20_000)
    assert [fact.kind for fact in look_up(subject=f"recovery:{flagged_item.id}")] == [
        "benefit.recovery_opened"
    ]
    answered(file, ["00", "00", "00"])
    assert flagged() == 0


def test_who_dies_before_the_file_is_sealed_is_stopped_and_nothing_is_asked_back():
    person, other = holder("一丁"), holder("二丁")
    batch = funded([row(person), row(other)])
    dies(person)
    sent(batch)
    assert states(batch) == ["held", "sent"]
    assert flagged() == 0


def test_what_the_bank_refuses_or_brings_back_is_not_asked_back():
    refused, returned = holder("一拒"), holder("二退")
    batch, file = paying([refused, returned])
    dies(refused)
    dies(returned)
    assert flagged() == 2
    answered(file, ["03", "00"])
    stated(file, debit(file), back(file, 2))
    flagged()
    assert set(Recovery.objects.values_list("state", flat=True)) == {"lapsed"}
    assert reconciled([batch.id], NEXT, today=NEXT.date())[batch.id].recovered == Sum(0, 0)


def test_of_two_payments_to_one_person_the_later_is_asked_back_once_the_records_are_merged():
    first, second = holder("赵重复"), holder("赵重复")
    earlier, number = paid_to(first)
    later, _ = paid_to(second)
    assert flagged() == 0
    Resident.objects.filter(pk=second.pk).update(merged_into=first)
    assert flagged() == 1
    flagged_item = item_of(later)
    assert flagged_item.why.value == "twice" and number in flagged_item.said[0]
    assert recovery_of(earlier.pk) is None


def test_when_the_earlier_of_two_comes_back_the_later_is_not_asked_back_any_more():
    first, second = holder("赵重复"), holder("赵重复")
    _, number = paid_to(first)
    later, _ = paid_to(second)
    Resident.objects.filter(pk=second.pk).update(merged_into=first)
    flagged()
    (file,) = queries.files(got(queries.batch(number, SCOPE)))
    stated(file, debit(file), back(file, 1))
    assert (flagged(), item_of(later).state.code) == (0, "lapsed")
    with at(NEXT, PAYER) as act:
        result = repair_row(act, number, line=2, how="银行退回", scope=SCOPE)
    assert code_of(result) == "benefit.not_mended", "the later one was paid, and takes the place"


def test_programmes_that_exclude_each_other_paid_under_two_records():
    first, second = holder("钱兼得"), holder("钱兼得")
    batch = funded([row(first, "1500.00")], programme="retirement")
    (file,) = sent(batch)
    answered(file, ["00"])
    other = funded([row(second, "1760.00")], programme="unemployed")
    (file,) = sent(other)
    answered(file, ["00"])
    Resident.objects.filter(pk=second.pk).update(merged_into=first)
    assert flagged() == 1
    flagged_item = item_of(Payment.objects.get(batch_id=other.id))
    assert flagged_item.why.value == "exclusive" and batch.number in flagged_item.said[0]


def test_money_comes_back_in_parts_and_every_book_agrees():
    row, batch = item()
    got(step(ask_back, row, asked="函告家属"))
    before = ledger()
    part = got(step(enter_returned, row, fen=5_000, paper="缴1"))
    assert (part.state.code, part.missing_fen) == ("asked", 15_000)
    assert code_of(step(enter_returned, row, fen=15_001, paper="缴2")) == "benefit.amount"
    assert code_of(step(enter_returned, row, fen=0, paper="缴2")) == "benefit.amount"
    assert code_of(step(enter_returned, row, fen=15_000, paper="缴1")) == "benefit.paper"
    assert got(step(enter_returned, row, fen=15_000, paper="缴2")).state.code == "returned"
    after = ledger()
    assert "paid" not in after and after["budget"] == before["budget"] + 20_000
    later = NEXT + timedelta(days=1)
    found = reconciled([Payment.objects.get(pk=row.payment.id).batch_id], later, today=later.date())
    (whole,) = found.values()
    assert (whole.differences, whole.paid, whole.recovered) == ((), Sum(1, 20_000), Sum(1, 20_000))
    assert prove(batch).contradictions == ()
    assert code_of(step(ask_back, row, asked="再问")) == "benefit.recovery_over"


def test_what_the_item_says_and_the_ledger_does_not_is_found_by_the_proof():
    row, batch = item()
    got(step(enter_returned, row, fen=5_000, paper="缴1"))
    Recovery.objects.filter(pk=row.id).update(returned_fen=6_000)
    assert [each.where for each in prove(batch).contradictions] == [batch]


def test_it_ends_without_the_money_only_by_two_people():
    row, _ = item()
    got(step(propose_end, row, proposal="write_off", reason="继承人无遗产，法院裁定终结"))
    assert code_of(step(agree_end, row)) == "benefit.same_person"
    assert got(step(decline_end, row, by=FINANCE, reason="先走诉讼")).state.code == "asked"
    got(step(propose_end, row, proposal="write_off", reason="已诉讼，执行终结"))
    ended = got(step(agree_end, row, by=FINANCE))
    assert (ended.state.code, ended.agreed_name) == ("written_off", FINANCE.name)
    assert under_way(SCOPE) == (0, 0)


def test_the_database_itself_wants_two_people_and_all_of_the_money():
    row, _ = item()
    got(step(propose_end, row, proposal="not_owed", reason="死亡日期登记有误"))
    found = Recovery.objects.get(pk=row.id)
    with pytest.raises(IntegrityError, match="recovery_ended_by_two"):
        Recovery.objects.filter(pk=row.id).update(state="not_owed", agreed_by=found.proposed_by)


@pytest.mark.parametrize(
    ("service", "given", "code"),
    [
        (ask_back, {"asked": " "}, "benefit.reason"),
        (propose_end, {"proposal": "forget", "reason": "算了"}, "benefit.recovery_ends"),
        (propose_end, {"proposal": "write_off", "reason": " "}, "benefit.reason"),
        (agree_end, {}, "benefit.recovery_over"),
        (decline_end, {"reason": "不行"}, "benefit.recovery_over"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(service, given, code):
    row, _ = item()
    assert code_of(step(service, row, **given)) == code
    assert item_of(Payment.objects.get(pk=row.payment.id)) == row


def test_who_was_stopped_wrongly_is_paid_the_arrears_in_a_later_batch():
    person, other = holder("一丁"), holder("二丁")
    batch = funded([row(person), row(other)])
    dies(person)
    (file,) = sent(batch)
    answered(file, ["00"])
    Resident.objects.filter(pk=person.pk).update(state="alive", died_on=None)
    arrears = judged([row(person)])
    assert (states(batch), reasons(arrears)) == (["dropped", "paid"], [""])
    (file,) = sent(funded(arrears))
    answered(file, ["00"])
    assert states(arrears) == ["paid"]


@pytest.mark.parametrize(
    ("service", "given"),
    [
        (ask_back, {"asked": "函告家属"}),
        (enter_returned, {"fen": 5_000, "paper": "缴1"}),
        (propose_end, {"proposal": "write_off", "reason": "追不回"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_journal_refuses_ask_back_enter_returned_propose_end_so_nothing_happened(
    journal_refuses, service, given
):
    row, _ = item()
    before = (picture(), recovery_of(row.payment.id))
    with journal_refuses():
        step(service, row, **given)
    assert (picture(), recovery_of(row.payment.id)) == before


@pytest.mark.parametrize(("service", "given"), [(agree_end, {}), (decline_end, {"reason": "先诉讼"})])
def test_the_journal_refuses_agree_end_decline_end_so_nothing_happened(journal_refuses, service, given):
    row, _ = item()
    proposed = got(step(propose_end, row, proposal="write_off", reason="追不回"))
    with journal_refuses():
        step(service, row, by=FINANCE, **given)
    assert recovery_of(row.payment.id) == proposed


def test_the_journal_refuses_open_recoveries_so_nothing_happened(journal_refuses):
    person = holder()
    paid_to(person)
    dies(person)
    with journal_refuses():
        flagged()
    assert not Recovery.objects.exists()
