"""Scores: the worked examples of the dossier, and what must hold for every figure."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.refused import Refused
from yikatong.indicators.rules import Nature, decimals, may_lock
from yikatong.indicators.scoring import Marks, execution, grade, growth, judged, on_form, score

MARKS = Marks(
    130,
    200,
    60,
    90,
    (("达成预期指标", 80), ("部分达成预期指标", 60), ("未达成预期指标", 0)),
    (("优", 90), ("良", 80), ("中", 60), ("差", 0)),
)
AMOUNTS = st.fractions(min_value=0, max_value=10**6, max_denominator=10**4)
WEIGHTS = st.decimals(min_value=0, max_value=30, places=2)


@pytest.mark.parametrize(
    ("nature", "weight", "target", "actual", "points"),
    [
        (Nature.AT_LEAST, "1.4", "5", "4.6", "1.2880"),
        (Nature.AT_LEAST, "1.3", "83", "81", "1.2687"),
        (Nature.AT_MOST, "1.3", "0.1", "0.15", "0.8667"),
        (Nature.AT_LEAST, "1.4", "18", "26.1", "1.4000"),
        (Nature.AT_MOST, "1.3", "0.1", "0.2", "0.0000"),
        (Nature.EXACT, "1.4", "8", "7", "0.0000"),
        (Nature.EXACT, "1.4", "8", "8", "1.4000"),
    ],
)
def test_the_worked_examples_score_as_written(nature, weight, target, actual, points):
    scored = score(nature, Decimal(weight), Fraction(target), Fraction(actual), MARKS)
    assert str(scored.points) == points


def test_far_above_the_target_is_full_and_calls_the_target_too_low():
    scored = score(Nature.AT_LEAST, Decimal("1.4"), Fraction(18), Fraction("26.1"), MARKS)
    assert scored.met and scored.target_too_low and scored.explain
    assert not score(Nature.AT_LEAST, Decimal("1.4"), Fraction(18), Fraction("23.4"), MARKS).target_too_low


def test_a_documented_partial_earns_its_share_of_an_exact_target():
    scored = score(Nature.EXACT, Decimal("1.4"), Fraction(8), Fraction(7), MARKS, partial=Fraction(1, 2))
    assert scored.points == Decimal("0.7") and not scored.met


def test_spending_of_228_of_240_thousand_is_9_50_points():
    scored = execution(10, 22_800_000, 24_000_000, MARKS)
    assert (scored.points, scored.explain) == (Decimal("9.5000"), False)
    assert str(on_form(scored.points)) == "9.50"
    assert execution(10, 25_000_000, 24_000_000, MARKS).points == 10
    assert execution(10, 20_000_000, 24_000_000, MARKS).explain
    refused = execution(10, 1, 0, MARKS)
    assert isinstance(refused, Refused) and refused.code == "evaluation.no_budget"


def test_growth_is_full_sixty_per_cent_or_in_proportion():
    weight = Decimal(15)
    points = [growth(weight, Fraction(100), Fraction(this), MARKS).points for this in (101, 100, 50, 0)]
    assert points == [Decimal(15), Decimal(9), Decimal("4.5"), Decimal(0)]
    assert growth(weight, Fraction(0), Fraction(0), MARKS).points == 9


@pytest.mark.parametrize(
    ("percent", "name", "points"),
    [
        (100, "达成预期指标", 15),
        (80, "达成预期指标", 12),
        (79, "部分达成预期指标", "11.85"),
        (60, "部分达成预期指标", 9),
        (59, "未达成预期指标", "8.85"),
        (0, "未达成预期指标", 0),
    ],
)
def test_what_is_judged_earns_its_share_and_a_name(percent, name, points):
    scored, said = judged(Decimal(15), percent, MARKS)
    assert (scored.points, said) == (Decimal(points), name)


def test_grades_begin_at_90_80_and_60():
    said = {
        points: grade(Decimal(points), MARKS)
        for points in ("100", "90", "89.9999", "80", "79.99", "60", "59.99", "0")
    }
    assert list(said.values()) == ["优", "优", "良", "良", "中", "中", "差", "差"]


def test_the_form_rounds_half_up_from_the_four_decimals():
    assert str(on_form(Decimal("1.2850"))) == "1.29"
    assert str(on_form(Decimal("1.2849"))) == "1.28"


@given(weight=WEIGHTS, target=AMOUNTS, actual=AMOUNTS, nature=st.sampled_from(list(Nature)[:3]))
def test_points_never_leave_the_weight(weight, target, actual, nature):
    scored = score(nature, weight, target, actual, MARKS)
    assert 0 <= scored.points <= weight
    assert scored.met == (scored.points == weight) or weight == 0 or not scored.met


@given(weight=WEIGHTS, target=AMOUNTS, low=AMOUNTS, more=AMOUNTS)
def test_doing_better_never_costs_points(weight, target, low, more):
    high = low + more
    at_least, at_most = Nature.AT_LEAST, Nature.AT_MOST
    assert (
        score(at_least, weight, target, high, MARKS).points
        >= score(at_least, weight, target, low, MARKS).points
    )
    assert (
        score(at_most, weight, target, low, MARKS).points
        >= score(at_most, weight, target, high, MARKS).points
    )


@given(st.fractions(max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_off_by_half_a_unit_at_most(value, places):
    rounded = decimals(value, places)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


def test_who_prepared_may_not_lock():
    refused = may_lock("staff:1", "staff:1")
    assert refused is not None and refused.code == "period.same_person"
    assert may_lock("staff:1", "staff:2") is None
