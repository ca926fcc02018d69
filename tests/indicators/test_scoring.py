"""Scores: the worked examples of the dossier, and what must hold for every figure."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.indicators.rules import (
    Nature,
    decimals,
    may_lock,
    on_form,
    score,
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
    scored = score(nature, Decimal(weight), Fraction(target), Fraction(actual))
    assert str(scored.points) == points


def test_far_above_the_target_is_full_and_calls_the_target_too_low():
    scored = score(Nature.AT_LEAST, Decimal("1.4"), Fraction(18), Fraction("26.1"))
    assert scored.met and scored.target_too_low and scored.explain
    assert not score(Nature.AT_LEAST, Decimal("1.4"), Fraction(18), Fraction("23.4")).target_too_low


def test_a_documented_partial_earns_its_share_of_an_exact_target():
    scored = score(Nature.EXACT, Decimal("1.4"), Fraction(8), Fraction(7), partial=Fraction(1, 2))
    assert scored.points == Decimal("0.7") and not scored.met


def test_the_form_rounds_half_up_from_the_four_decimals():
    assert str(on_form(Decimal("1.2850"))) == "1.29"
    assert str(on_form(Decimal("1.2849"))) == "1.28"


@given(weight=WEIGHTS, target=AMOUNTS, actual=AMOUNTS, nature=st.sampled_from(list(Nature)[:3]))
def test_points_never_leave_the_weight(weight, target, actual, nature):
    scored = score(nature, weight, target, actual)
    assert 0 <= scored.points <= weight
    assert scored.met == (scored.points == weight) or weight == 0 or not scored.met


@given(weight=WEIGHTS, target=AMOUNTS, low=AMOUNTS, more=AMOUNTS)
def test_doing_better_never_costs_points(weight, target, low, more):
    high = low + more
    at_least, at_most = Nature.AT_LEAST, Nature.AT_MOST
    assert score(at_least, weight, target, high).points >= score(at_least, weight, target, low).points
    assert score(at_most, weight, target, low).points >= score(at_most, weight, target, high).points


@given(st.fractions(max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_off_by_half_a_unit_at_most(value, places):
    rounded = decimals(value, places)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


def test_who_prepared_may_not_lock():
    refused = may_lock("staff:1", "staff:1")
    assert refused is not None and refused.code == "period.same_person"
    assert may_lock("staff:1", "staff:2") is None
