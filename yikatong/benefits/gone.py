# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Money of an attempt that the bank said failed, or never got, and that left by its statement: nobody is paid beside it."""

from __future__ import annotations

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.benefits.rules import FILE_WITHDRAWN

GONE = f"""
SELECT l.payment_id
  FROM benefits_bankfile f
  JOIN benefits_statemententry e ON e.file_id = f.id
   AND (e.meaning = 'paid' OR e.meaning = 'debit' AND f.state = '{FILE_WITHDRAWN.code}')
  JOIN benefits_fileline l ON l.file_id = f.id AND (l.id = e.file_line_id OR e.meaning = 'debit')
 WHERE f.batch_id = %(batch)s AND l.returned_at IS NULL
"""
"""Payments of a batch of which money left by itself, or with a file that was taken back, and has not come back. Those that
are not paid wait for it: they are neither sent again nor given up."""


def gone(batch_id: int) -> set[int]:
    """Those payments of a batch."""
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"batch": batch_id})
        return {payment for (payment,) in cursor.fetchall()}


def money_left() -> Refused:
    """The answer where somebody is to be paid whose money has left."""
    return Refused(
        "benefit.left",
        "对账单显示上一次的钱已扣出、没有退回，不能重新发放，请先与银行核实。",
        "The statement shows that this money left and did not come back; ask the bank first.",
        at="line",
    )
