"""Pure decisions about people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.refused import Refused
from yikatong.residents.rules import (
    FIELDS,
    READERS,
    Trust,
    age_on,
    may_overwrite,
    name_columns,
    needs_guardian,
    read_phone,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=150))
def test_a_reader_gives_a_value_that_reads_the_same_again_or_says_why_not(field: str, text: str):
    value = READERS[field](text)
    if isinstance(value, Refused):
        assert value.zh and value.en and value.at == field
    else:
        assert READERS[field](value) == value


@given(DAYS, DAYS)
def test_an_age_grows_by_one_each_birthday(birth: date, day: date):
    assert age_on(birth, day) <= age_on(birth, day + timedelta(days=1)) <= age_on(birth, day) + 1


def test_a_leap_day_child_comes_of_age_on_the_first_of_march():
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
    assert needs_guardian(date(2016, 2, 29), date(2025, 3, 10), 16)
    assert not needs_guardian(None, date(2025, 3, 10), 16)


@given(st.sampled_from(Trust), st.sampled_from(Trust))
def test_of_two_sources_at_least_one_may_overwrite_the_other(one: Trust, other: Trust):
    assert may_overwrite(one, other) or may_overwrite(other, one)
    assert may_overwrite(one, other) == (one >= other)
    assert may_overwrite(one, None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 13800000001", "13800000001"),
        ("(029)1234-5678", "02912345678"),
        ("", ""),
    ],
)
def test_phones_are_kept_as_digits(typed: str, kept: str):
    assert read_phone(typed) == kept


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=16))
def test_what_a_name_is_found_by_fits_its_columns(name: str):
    columns = name_columns(name)
    assert columns.folded == name
    assert all(len(gram) <= 2 for gram in columns.grams)
    assert all(0 < len(reading) <= 120 for reading in columns.readings)
