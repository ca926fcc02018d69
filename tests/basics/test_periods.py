from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.periods import Period, read_period
from yikatong.basics.refused import Refused

DAYS = st.dates(date(1900, 1, 1), date(9998, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    make = draw(st.sampled_from([Period.year_of, Period.quarter_of, Period.month_of]))
    return make(draw(DAYS))


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "days"),
    [
        ("2025", date(2025, 1, 1), date(2026, 1, 1), "2025年", 365),
        ("2024", date(2024, 1, 1), date(2025, 1, 1), "2024年", 366),
        ("2025Q3", date(2025, 7, 1), date(2025, 10, 1), "2025年第三季度", 92),
        ("2025Q4", date(2025, 10, 1), date(2026, 1, 1), "2025年第四季度", 92),
        ("2025-03", date(2025, 3, 1), date(2025, 4, 1), "2025年3月", 31),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), "2024年2月", 29),
    ],
)
def test_a_period_runs_from_its_first_day_to_the_day_after_its_last(
    text: str, start: date, end: date, label: str, days: int
) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.label_zh, period.days) == (start, end, label, days)


@given(periods())
def test_a_period_reads_back_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert read_period(f" {str(period).lower()} ") == period


@given(DAYS)
def test_a_day_lies_in_its_month_quarter_and_year(day: date) -> None:
    month = Period.month_of(day)
    quarter, year = Period.quarter_of(day), Period.year_of(day)
    assert all(each.start <= day < each.end for each in (month, quarter, year))
    assert month.parent() == quarter
    assert quarter.parent() == year
    assert year.parent() is None


@given(periods())
def test_the_months_fill_the_period_without_gap_or_overlap(period: Period) -> None:
    months = period.months()
    assert months[0].start == period.start
    assert months[-1].end == period.end
    assert all(one.end == two.start for one, two in pairwise(months))
    assert sum(month.days for month in months) == period.days


@given(st.lists(periods()))
def test_periods_sort_by_their_first_day_and_the_longer_first(found: list[Period]) -> None:
    ordered = sorted(found)
    assert [(p.start, -p.days) for p in ordered] == sorted((p.start, -p.days) for p in found)


def test_a_period_begins_and_ends_at_midnight_in_shanghai() -> None:
    march = Period.parse("2025-03")
    assert march.starts_at == datetime(2025, 2, 28, 16, 0, tzinfo=UTC)
    assert march.ends_at == datetime(2025, 3, 31, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "25", "2025Q5", "2025-13", "2025-3", "2025-00", "1899", "9999", "２０２５", "2025 "]
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)


def test_a_person_who_mistypes_a_period_is_told_how_to_write_it() -> None:
    no = read_period("2025/3")
    assert isinstance(no, Refused)
    assert no.code == "period.format"


def test_a_quarter_begins_with_its_first_month_only() -> None:
    with pytest.raises(ValueError):
        Period((2025, 2), 3)
    with pytest.raises(ValueError):
        Period((2025, 1), 6)
