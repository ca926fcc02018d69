"""What is approved of a batch: its rows that are payable, and their digest; the same rows are what is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from yikatong.basics.crypto import sm3
from yikatong.basics.periods import Period
from yikatong.benefits.laying import Question
from yikatong.benefits.leaving import stopped_since
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.rules import NEVER_PAID
from yikatong.benefits.terms import terms_of

MOST_LOOKED_OVER = 50_000
"""Rows of a batch that a page looks over once more while somebody waits for it."""

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


def stopped_since_judged(batch: BatchRow, today: date) -> int:
    """How many of those who are payable will be held when the files are sealed, as it is known now (a death, a loss since).
    Nought for a batch of more than MOST_LOOKED_OVER rows: that is not looked over beforehand."""
    if batch.received_rows > MOST_LOOKED_OVER:
        return 0
    period = Period.parse(batch.period)
    terms = terms_of(batch.programme, period.start)
    with transaction.atomic():
        return stopped_since(Question(batch.id, batch.programme, period, terms, today))
