# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Money of an attempt that failed, or of a file that was taken back, and that left by the bank's own word: nobody is paid
beside it."""

from __future__ import annotations

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.benefits.rules import FILE_WITHDRAWN, PAYING

# What the statements say of a file or of one of its rows, whatever it is to us: below nothing, more went out than came back.
# A file's sum says so of a row only where the whole file was taken back or refused; else some of it was to go.
_GONE = f"""
WITH told AS (
  SELECT e.file_id, e.said_row FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id
    JOIN benefits_statemententry e ON e.file_id = f.id AND e.meaning <> 'again'
   WHERE {{which}} GROUP BY e.file_id, e.said_row HAVING sum(e.fen) < 0
)
SELECT l.payment_id FROM told t
  JOIN benefits_fileline l ON l.file_id = t.file_id AND l.payment_id::text = t.said_row AND NOT l.is_the_attempt
 UNION ALL
SELECT l.payment_id FROM told t
  JOIN benefits_bankfile f ON f.id = t.file_id AND t.said_row = ''
  JOIN benefits_fileline l ON l.file_id = f.id AND NOT l.is_the_attempt AND l.returned_at IS NULL
 WHERE f.state = '{FILE_WITHDRAWN.code}' OR EXISTS (
       SELECT FROM benefits_answer a
        WHERE a.file_id = f.id AND a.failed = f.rows AND a.taken_at = l.answered_at AND a.verdict = l.result)
 UNION ALL
SELECT l.payment_id FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id
  JOIN benefits_fileline l ON l.file_id = f.id AND l.said_paid_at IS NOT NULL AND l.returned_at IS NULL
 WHERE {{which}}
"""
GONE = _GONE.format(which="b.id = %(batch)s")
"""Payments of a batch of which money left, or has arrived as the bank says now, though it had said that it did not, or its
file was taken back; and has not come back. Those that are not paid wait for it: they are neither sent again nor given up."""
GONE_OF_PERIOD = _GONE.format(
    which="b.programme = %(programme)s AND b.period = %(period)s AND b.id <> %(batch)s"
)
"""The same of all other batches of a programme and period."""
GONE_WHILE_PAYING = _GONE.format(which=f"b.state = '{PAYING.code}'")
"""The same of every batch that is being paid."""


def gone(batch_id: int) -> set[int]:
    """Those payments of a batch."""
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"batch": batch_id})
        return {payment for (payment,) in cursor.fetchall()}


def money_left() -> Refused:
    """The answer where somebody is to be paid whose money has left."""
    return Refused(
        "benefit.left",
        "银行的对账单或回盘显示上一次的钱已付出、没有退回，不能重新发放，请先与银行核实。",
        "By the bank's statement or a later answer this money went out and did not come back; ask the bank first.",
        at="line",
    )
