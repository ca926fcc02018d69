"""What is approved of a batch: its rows that are payable, and their digest; the same rows are what is paid."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.benefits.rules import NEVER_PAID

# The person is the number of the roster: a record may be merged with another of the same person after the approval.
# A row that was stopped after its approval stays among what was approved; one that was held before never was.
_APPROVED = """
SELECT count(*), coalesce(sum(fen), 0)::bigint,
       sha256(convert_to(coalesce(string_agg(line || ':' || encode(number_key, 'hex') || ':' || fen, E'\\n' ORDER BY line), ''), 'UTF8'))
  FROM benefits_payment
 WHERE batch_id = %(batch)s AND (state <> ALL(%(never)s) OR stopped_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Approvable:
    """Rows, fen and digest (SM3) of what would be, or was, approved."""

    rows: int
    fen: int
    digest: bytes


def approvable(batch_id: int) -> Approvable:
    """What of a batch is to be approved, or was."""
    with connection.cursor() as cursor:
        cursor.execute(_APPROVED, {"batch": batch_id, "never": [state.code for state in NEVER_PAID]})
        rows, fen, digest = cursor.fetchone()
    return Approvable(int(rows), int(fen), sm3(str(batch_id).encode(), bytes(digest)))
