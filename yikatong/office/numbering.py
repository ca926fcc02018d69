"""Numbers people read out: a series letter, eight digits, a Luhn check digit. Gaps are allowed, repeats are not.

They come from one PostgreSQL sequence, so counters never wait for each other.
"""

from __future__ import annotations

from django.db import connection

from yikatong.basics.ids import luhn_digit

# The same number in SQL, for sets: %s is replaced by the series letter.
NEXT_SQL = "office_next_number(%s)"


def next_number(series: str) -> str:
    """The next number of a series, e.g. `S000000018`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_next_number(%s)", [series])
        number: str = cursor.fetchone()[0]
    return number


def number_valid(number: str) -> bool:
    """Whether a number that someone reads out or types can be one of ours."""
    if len(number) != 10 or not number.isascii():  # full-width digits count as digits elsewhere, not here
        return False
    series, digits = number[0], number[1:]
    return (
        series.isalpha() and series.isupper() and digits.isdigit() and luhn_digit(digits[:-1]) == digits[-1]
    )
