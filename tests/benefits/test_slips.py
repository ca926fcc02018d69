"""Slips of those who bring things: each is told where it is, and holds up nothing and nobody else."""

from __future__ import annotations

import pytest

from tests.benefits.envelopes import (
    answer_text,
    answered,
    holder,
    paying,
    reasons,
    received,
    row,
    states,
    submitted,
)
from tests.cards.in_hand import NOON, at
from yikatong.basics.refused import Refused
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.roster import MOST_FEN, declared_fen
from yikatong.benefits.services.answers import Report, take_answer
from yikatong.benefits.tasks import judge_waiting
from yikatong.benefits.terms import terms_of
from yikatong.office import rulebook
from yikatong.office.act import Actor

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
