"""One at a time: who begins the same thing while another is at it waits for the other's end."""

from __future__ import annotations

from django.db import connection


def take_turn(at: str) -> None:
    """Wait until nobody else is at this, then keep others waiting until the transaction ends.

    `at` names the thing after its room and what it is about (`benefit.pension`). An advisory lock of the transaction,
    which a connection pooler does not lose; two names that hash alike only wait once more than they need.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.' || %s))", [at])
