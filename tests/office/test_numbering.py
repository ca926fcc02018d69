"""Numbers people read out: checked by their last digit, made in SQL as in Python, never twice."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.ids import luhn_digit
from yikatong.office.numbering import next_number


@pytest.mark.django_db
@given(st.text("0123456789", min_size=1, max_size=18))
def test_the_check_digit_in_sql_is_the_one_in_python(digits):
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_luhn_digit(%s)", [digits])
        assert cursor.fetchone()[0] == luhn_digit(digits)


@pytest.mark.django_db
def test_numbers_are_valid_and_never_repeat():
    numbers = [next_number("S") for _ in range(50)] + [next_number("B") for _ in range(50)]
    assert all(number[0] in "SB" and number[-1] == luhn_digit(number[1:-1]) for number in numbers)
    assert {len(number) for number in numbers} == {10}
    assert len({number[1:] for number in numbers}) == 100


@pytest.mark.django_db
def test_the_series_ends_rather_than_repeat():
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM office_numbers")
        stood = cursor.fetchone()
        cursor.execute("SELECT setval('office_numbers', 99999998)")
        assert next_number("S").startswith("S99999999")
        with pytest.raises(DatabaseError, match="maximum"), transaction.atomic():
            next_number("S")
        transaction.savepoint_rollback(before)
        cursor.execute("SELECT setval('office_numbers', %s, %s)", stood)
