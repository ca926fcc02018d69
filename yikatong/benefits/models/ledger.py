"""The ledger: postings of two legs."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.rules import ACCOUNTS, AVAILABLE, BUDGET
from yikatong.office.fields import MoneyField

_ACCOUNTS = [(code, zh) for code, (zh, _) in ACCOUNTS.items()]

COVERED = pgtrigger.Trigger(
    name="posting_of_what_there_is",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__off=AVAILABLE),
    func=(
        "IF (SELECT sum(CASE WHEN onto = 'available' THEN fen ELSE -fen END) FROM benefits_posting "
        "WHERE programme = NEW.programme AND (onto = 'available' OR off = 'available')) < 0 THEN "
        "RAISE EXCEPTION 'more would be blocked than there is'; END IF; RETURN NULL;"
    ),
)
"""Asked after the statement, of each posting off the account; those are few, as a rule one for a batch."""


class Posting(models.Model):
    """One posting: `fen` off one account of a programme and onto another. Append-only.

    Both legs are the one row, so that they sum to nothing whatever is written, and so does the whole ledger, always.
    """

    programme = models.CharField(max_length=30)
    off = models.CharField(max_length=10, choices=_ACCOUNTS)
    onto = models.CharField(max_length=10, choices=_ACCOUNTS)
    fen = MoneyField()
    batch = models.ForeignKey(
        PaymentBatch,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    act = models.UUIDField()
    paper = models.CharField(max_length=60, blank=True, help_text="Number of the treasury's voucher")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["programme"],
                name="posting_available",
                condition=models.Q(onto=AVAILABLE) | models.Q(off=AVAILABLE),
            ),
            models.Index(fields=["batch"], name="posting_batch", condition=models.Q(batch__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="posting_moves_something"),
            models.CheckConstraint(
                condition=models.Q(off__in=list(ACCOUNTS), onto__in=list(ACCOUNTS))
                & ~models.Q(off=models.F("onto")),
                name="posting_of_two_accounts",
            ),
            models.UniqueConstraint(
                fields=["programme", "paper"],
                name="posting_paper_once",
                condition=models.Q(off=BUDGET) & ~models.Q(paper=""),
            ),
            models.UniqueConstraint(
                fields=["programme", "paper"],
                name="posting_had_back_once",
                condition=models.Q(onto=BUDGET) & ~models.Q(paper=""),
            ),
        ]
        triggers: ClassVar = [
            COVERED,
            pgtrigger.Protect(name="posting_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
