"""Numbers people read out: a series letter, eight digits, a Luhn check digit. Gaps are allowed, repeats are not.

They come from one PostgreSQL sequence, so counters never wait for each other.
"""

from __future__ import annotations

from django.db import connection


def next_number(series: str) -> str:
    """The next number of a series, e.g. `S000000018`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_next_number(%s)", [series])
        number: str = cursor.fetchone()[0]
    return number
