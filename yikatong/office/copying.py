"""COPY into a table, whose failures come as Django's errors.

`cursor.copy` by itself lets psycopg's own errors through. Whoever goes on after a `DatabaseError` (a task after the one
batch that the database does not take) would stop at them instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def copied(cursor: Any, statement: str) -> Iterator[Any]:
    """The copy to write rows to, as psycopg has it."""
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        yield copy
