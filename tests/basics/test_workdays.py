from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.workdays import WorkCalendar

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    holidays = draw(st.frozensets(DAYS, max_size=60))
    makeup = draw(st.frozensets(DAYS, max_size=30))
    return WorkCalendar(holidays, makeup - holidays)


# The National Day week of 2025: eight days off, two Sundays and Saturdays worked instead.
AUTUMN = WorkCalendar(
    holidays=frozenset(date(2025, 10, day) for day in range(1, 9)),
    makeup=frozenset({date(2025, 9, 28), date(2025, 10, 11)}),
)


def test_a_holiday_is_off_and_a_make_up_day_is_worked() -> None:
    assert not AUTUMN.is_working(date(2025, 10, 1))
    assert AUTUMN.is_working(date(2025, 9, 28))
    assert AUTUMN.is_working(date(2025, 10, 11))
    assert not AUTUMN.is_working(date(2025, 10, 12))


def test_a_limit_starts_the_day_after_and_skips_the_holiday() -> None:
    assert AUTUMN.add(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert AUTUMN.add(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert AUTUMN.add(date(2025, 9, 30), 4) == date(2025, 10, 13)
    assert AUTUMN.between(date(2025, 9, 30), date(2025, 10, 13)) == 4


@given(calendars(), DAYS, DAYS)
def test_counting_agrees_with_walking_day_by_day(calendar: WorkCalendar, one: date, two: date) -> None:
    earlier, later = sorted((one, two))
    span = (later - earlier).days
    walked = sum(calendar.is_working(earlier + timedelta(days=step)) for step in range(1, span + 1))
    assert calendar.between(earlier, later) == walked
    assert calendar.between(later, earlier) == -walked


@given(calendars(), DAYS, st.integers(1, 120))
def test_the_end_of_a_limit_is_a_working_day_and_counts_back(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    end = calendar.add(day, count)
    assert calendar.is_working(end)
    assert calendar.between(day, end) == count
    assert calendar.between(day, end - timedelta(days=1)) == count - 1


@given(calendars(), DAYS, st.integers(0, 40), st.integers(0, 40))
def test_two_limits_in_a_row_are_one_long_limit(
    calendar: WorkCalendar, day: date, one: int, two: int
) -> None:
    assert calendar.add(calendar.add(day, one), two) == calendar.add(day, one + two)


def test_no_working_days_is_the_day_itself() -> None:
    assert AUTUMN.add(date(2025, 10, 4), 0) == date(2025, 10, 4)


def test_a_negative_limit_is_an_error() -> None:
    with pytest.raises(ValueError):
        AUTUMN.add(date(2025, 10, 4), -1)


def test_a_day_cannot_be_off_and_worked_at_once() -> None:
    with pytest.raises(ValueError):
        WorkCalendar(frozenset({date(2025, 10, 1)}), frozenset({date(2025, 10, 1)}))
