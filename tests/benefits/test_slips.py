"""Slips of those who bring things: each is told where it is, and holds up nothing and nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.benefits.envelopes import (
    PAYER,
    SCOPE,
    answer_text,
    answered,
    holder,
    judged,
    paying,
    picture,
    reasons,
    received,
    row,
    states,
    submitted,
)
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.approved import stopped_since_judged
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.roster import MOST_FEN, declared_fen
from yikatong.benefits.services.answers import Report, bring_answer, take_answer
from yikatong.benefits.services.mending import repair_row
from yikatong.benefits.tasks import judge_waiting
from yikatong.benefits.terms import terms_of
from yikatong.office import rulebook
from yikatong.office.act import Actor
from yikatong.office.readers import look_up
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")


def test_a_period_in_which_nothing_says_what_is_paid_is_refused_when_it_comes():
    refused = submitted([row(holder())], period="1999-05")
    assert isinstance(refused, Refused) and (refused.code, refused.at) == ("benefit.no_rates", "period")


def test_a_batch_that_cannot_be_judged_does_not_hold_up_the_next_one(monkeypatch):
    first, second = submitted([row(holder())]), submitted([row(holder("李四光"))], period="2025-04")
    assert not isinstance(first, Refused) and not isinstance(second, Refused)

    def without(programme, on):
        if on.month == 3:
            raise rulebook.NoSuchRule("no rule")
        return terms_of(programme, on)

    monkeypatch.setattr("yikatong.benefits.services.judging.terms_of", without)
    assert judge_waiting() == 1
    found = dict(PaymentBatch.objects.values_list("period", "state"))
    assert found == {"2025-03": "uploaded", "2025-04": "judged"}


@pytest.mark.parametrize("yuan", ["99999999999999999999", "92233720368547758", "10000000001"])
def test_an_amount_beyond_all_measure_is_one_wrong_row(yuan):
    one, other = holder(), holder("李四光")
    batch = submitted([row(one), row(other, yuan)], yuan="200.00")
    assert not isinstance(batch, Refused) and judge_waiting() == 1
    assert (states(batch), reasons(batch)) == (["valid", "held"], ["", "C01"])


def test_a_sum_beyond_all_measure_is_refused_where_it_is_typed():
    assert declared_fen(str(MOST_FEN // 100)) == MOST_FEN
    assert isinstance(declared_fen(f"{MOST_FEN // 100}.01"), Refused)


def test_a_roster_without_its_headings_is_refused_and_nobody_in_it_is_named():
    person = holder("夏志远")
    batch = submitted([row(holder())], head=",".join(row(person)))
    assert not isinstance(batch, Refused)
    judge_waiting()
    kept = PaymentBatch.objects.get(pk=batch.id)
    assert kept.state == "rejected" and "列名" in kept.note_zh
    assert not any(said in kept.note_zh + kept.note_en for said in ("夏志远", person.number))


def test_a_comma_at_the_end_of_a_line_loses_nobody():
    one, other = holder(), holder("李四光")
    batch = submitted([row(one), (*row(other)[:2], "200.00,")], yuan="400.00")
    assert not isinstance(batch, Refused) and judge_waiting() == 1
    assert states(batch) == ["valid", "valid"]


def test_an_answer_cut_off_before_its_first_line_may_come_again_whole_under_its_name():
    batch, file = paying([holder()])
    whole = answer_text(file, ["00"])
    with at(NOON, Actor.system("benefits")) as act:
        torn = take_answer(act, received(file, whole[: whole.index(b"D|") + 3], "a.txt"))
    assert isinstance(torn, Refused) and torn.code == "benefit.answer_torn"
    with at(NOON, Actor.system("benefits")) as act:
        report = take_answer(act, received(file, whole, "a.txt"))
    assert isinstance(report, Report) and report.paid == 1 and states(batch) == ["paid"]


def test_a_cut_off_answer_that_tells_of_somebody_is_taken_as_far_as_it_goes():
    batch, file = paying([holder(), holder("李四光")])
    whole = answer_text(file, ["00", "00"])
    with at(NOON, Actor.system("benefits")) as act:
        report = take_answer(act, received(file, whole[: whole.index(b"D|2")]))
    assert isinstance(report, Report) and not report.complete and states(batch) == ["paid", "sent"]
    answered(file, ["00", "00"])
    assert states(batch) == ["paid", "paid"]


@pytest.mark.parametrize(
    "words", ["电话13812345678核实", "证件610499199003070011有误", "账号6220000000000000016已销"]
)
def test_words_that_stay_in_the_journal_have_nobodys_number_in_them(words):
    batch, file = paying([holder()])
    answered(file, ["03"])
    with at(NOON, PAYER) as act:
        result = repair_row(act, batch.number, line=2, how=words, scope=SCOPE)
    assert isinstance(result, Refused) and (result.code, result.at) == ("benefit.reason", "how")


def test_how_somebody_was_mended_is_kept_as_it_was_said():
    batch, file = paying([holder()])
    answered(file, ["05"])
    with at(NOON, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how=" 已换新卡 ", scope=SCOPE))
    (payment,) = queries.payments(batch, 2)
    (fact,) = look_up(subject=f"payment:{payment.id}", limit=1)
    assert fact.payload["how"] == "已换新卡"


def test_a_sum_below_the_rows_is_nobody():
    total = ("合 计：", "", "200.00")
    batch = judged([row(holder()), total], rows_declared=1, yuan="200.00")
    assert (batch.received_rows, batch.received_fen, reasons(batch)) == (1, 20_000, [""])


def test_somebody_without_a_number_is_no_sum():
    batch = judged([row(holder()), ("何计", "", "100.00")])
    assert reasons(batch) == ["", "C02"]


def test_the_answer_of_another_bank_says_whose_it_is_and_is_not_kept():
    _batch, file = paying([holder()])
    before = picture()
    with at(NOON, PAYER) as act:
        result = bring_answer(act, bank_code="103", name="回盘.txt", content=answer_text(file, ["00"]))
    assert isinstance(result, Refused) and (result.code, result.at) == ("benefit.answer_of_another", "bank")
    assert file.number in result.zh and picture() == before


@pytest.mark.parametrize("period", ["2025Q1", "三月", "2025"])
def test_a_period_that_is_none_of_the_programme_says_how_it_is_written(period):
    refused = submitted([row(holder())], period=period)
    assert isinstance(refused, Refused) and "2025-03" in refused.zh and "Q" not in refused.zh


def test_before_the_approval_it_is_told_how_many_will_be_held():
    person = holder()
    batch = judged([row(person), row(holder("李四光"))])
    assert stopped_since_judged(batch, NOON.date()) == 0
    Resident.objects.filter(pk=person.pk).update(state="dead", died_on=date(2025, 2, 3))
    assert stopped_since_judged(batch, NOON.date()) == 1
