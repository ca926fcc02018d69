# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Money of an attempt that failed, or of a file that was taken back, and that left by the bank's own word: nobody is paid
beside it, until it came back, or two people found out where it is (`services.establishing`)."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.benefits.rules import FILE_WITHDRAWN, PAYING

# What the statements say of a file or of one of its rows, whatever it is to us: below nothing, more went out than came back.
# A file's sum is of each of its rows; alone it says so of a row only where the whole file was taken back or refused, as else
# a bank may have left out of it what failed.
_LINES = f"""
WITH told AS (
  SELECT e.file_id, e.said_row, sum(e.fen) AS fen FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id
    JOIN benefits_statemententry e ON e.file_id = f.id AND e.meaning <> 'again' {{only}}
   WHERE {{which}} GROUP BY e.file_id, e.said_row
)
SELECT l.payment_id, l.id AS line_id, true AS stated FROM told t
  JOIN benefits_fileline l ON l.file_id = t.file_id AND l.payment_id::text = t.said_row AND NOT l.is_the_attempt
  LEFT JOIN told s ON s.file_id = t.file_id AND s.said_row = '' AND s.fen < 0
 WHERE l.arrived_at IS NULL AND t.fen < CASE WHEN s.fen IS NULL THEN 0 ELSE l.fen END
 UNION ALL
SELECT l.payment_id, l.id, true FROM told t
  JOIN benefits_bankfile f ON f.id = t.file_id AND t.said_row = '' AND t.fen < 0
  JOIN benefits_fileline l ON l.file_id = f.id AND NOT l.is_the_attempt AND l.returned_at IS NULL AND l.arrived_at IS NULL
 WHERE f.state = '{FILE_WITHDRAWN.code}' OR EXISTS (
       SELECT FROM benefits_answer a
        WHERE a.file_id = f.id AND a.failed = f.rows AND a.taken_at = l.answered_at AND a.verdict = l.result)
 UNION ALL
SELECT l.payment_id, l.id, false FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id
  JOIN benefits_fileline l ON l.file_id = f.id AND l.said_paid_at IS NOT NULL AND l.returned_at IS NULL AND l.arrived_at IS NULL
 WHERE {{which}}
"""
_OF_BATCH = _LINES.format(which="b.id = %(batch)s", only="")
_OF_PERIOD = _LINES.format(
    which="b.programme = %(programme)s AND b.period = %(period)s AND b.id <> %(batch)s", only=""
)
_WHILE_PAYING = _LINES.format(which=f"b.state = '{PAYING.code}'", only="")
_OF_ONE = _LINES.format(which="b.id = %(batch)s", only="AND e.said_row IN ('', %(payment)s::bigint::text)")
GONE = f"SELECT payment_id FROM ({_OF_BATCH}) AS gone"
"""Payments of a batch of which money left, or has arrived as the bank says now, though it had said that it did not, or its
file was taken back; and has not come back. Those that are not paid wait for it: they are neither sent again nor given up."""
GONE_OF_PERIOD = f"SELECT payment_id FROM ({_OF_PERIOD}) AS gone"
"""The same of all other batches of a programme and period."""
GONE_WHILE_PAYING = f"SELECT payment_id FROM ({_WHILE_PAYING}) AS gone"
"""The same of every batch that is being paid."""
_LINE = f"SELECT line_id, stated FROM ({_OF_ONE}) AS gone WHERE payment_id = %(payment)s ORDER BY stated DESC, line_id LIMIT 1"


class GoneLine(NamedTuple):
    """The line of a file whose money went out; `stated`: a statement of account says so, else only a later answer."""

    line_id: int
    stated: bool


def gone(batch_id: int) -> set[int]:
    """Those payments of a batch."""
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"batch": batch_id})
        return {payment for (payment,) in cursor.fetchall()}


def gone_line(batch_id: int, payment_id: int) -> GoneLine | None:
    """By which line of a file the money of a payment went out; None where it did not."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, {"batch": batch_id, "payment": payment_id})
        row = cursor.fetchone()
    return None if row is None else GoneLine(*row)


def money_left() -> Refused:
    """The answer where somebody is to be paid whose money has left."""
    return Refused(
        "benefit.left",
        "银行的对账单或回盘显示上一次的钱已付出、没有退回，不能重新发放；请先与银行核实，并登记查实结果。",
        "By the bank's statement or a later answer this money went out and did not come back. Ask the bank, and enter what you "
        "find out.",
        at="line",
    )
