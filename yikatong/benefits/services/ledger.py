"""Postings: two legs each, in whole fen, that sum to nothing; one statement for one payment as for a million."""

from __future__ import annotations

from typing import Any

from django.db import connection

from yikatong.office.act import Act

_POST = """
INSERT INTO benefits_posting (programme, off, onto, fen, batch_id, payment_id, at, act, paper)
SELECT %(_programme)s, %(_off)s, %(_onto)s, m.fen, m.batch_id, m.payment_id, %(_at)s, %(_act)s, %(_paper)s
  FROM ({rows}) AS m (batch_id, payment_id, fen)
"""
ONE = "SELECT %(batch)s::bigint, NULL::bigint, %(fen)s::bigint"


def post(
    act: Act,
    programme: str,
    *,
    off: str,
    onto: str,
    rows: str = ONE,
    values: dict[str, Any] | None = None,
    paper: str = "",
) -> int:
    """Move money from one account of a programme to another, a posting for each row (batch, payment, fen) of `rows`.

    Returns how many postings there were.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _POST.format(rows=rows),
            {
                **(values or {}),
                "_programme": programme,
                "_at": act.at,
                "_act": act.id,
                "_paper": paper,
                "_off": off,
                "_onto": onto,
            },
        )
        return int(cursor.rowcount)
