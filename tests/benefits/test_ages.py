"""Who is of the age that a programme is paid at, by the dated rule of the centre; whoever is not is held alone."""

from __future__ import annotations

from datetime import date

import pytest

from tests.benefits.envelopes import LAND, MAKER, SCOPE, holder, judged, reasons, row
from tests.cards.in_hand import NOON, at, got
from yikatong.benefits import queries
from yikatong.benefits.services.judging import judge_again
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize(
    ("born", "held"),
    [
        (date(1965, 3, 31), []),
        (date(1965, 4, 1), ["C21"]),
        (date(1875, 3, 31), []),
        (date(1874, 3, 31), ["C21"]),
    ],
)
def test_a_pension_is_paid_from_the_month_in_which_somebody_is_sixty(born, held):
    batch = judged([row(holder(birth=born))])
    assert reasons(batch) == (held or [""])
    if held:
        (payment,) = queries.payments(batch, 9)
        assert "应为60至150岁" in payment.findings[0].zh


def test_the_age_group_of_a_row_is_that_of_the_person():
    head = "姓名,证件号码,年龄段,金额（元）"
    people = [holder(birth=date(1940, 5, 1)), holder("李四光", birth=date(1940, 5, 1))]
    rows = [(*row(people[0])[:2], "80-89", "50.00"), (*row(people[1])[:2], "90-99", "100.00")]
    assert reasons(judged(rows, programme="longevity", head=head)) == ["", "C21"]


def test_where_nothing_says_who_is_of_the_age_everybody_is():
    rows = [(*row(holder(birth=date(2020, 1, 1)))[:2], "2.00", "150.00")]
    assert reasons(judged(rows, **LAND)) == [""]


def test_a_day_of_birth_that_was_wrong_is_corrected_and_the_row_judged_again():
    person = holder(birth=date(1990, 3, 7))
    batch = judged([row(person)])
    Resident.objects.filter(pk=person.pk).update(birth_on=date(1950, 3, 7))
    with at(NOON, MAKER) as act:
        got(judge_again(act, batch.number, scope=SCOPE))
    assert reasons(batch) == [""]
