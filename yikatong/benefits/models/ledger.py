"""The ledger: postings of two legs."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.rules import ACCOUNTS
from yikatong.office.fields import MoneyField

BALANCED = pgtrigger.Trigger(
    name="leg_sums_to_nothing",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    func=(
        "IF EXISTS (SELECT FROM added GROUP BY posting HAVING sum(fen) <> 0 OR count(*) <> 2 "
        "OR count(DISTINCT programme) <> 1) THEN RAISE EXCEPTION 'the legs of a posting do not sum to nothing'; END IF; "
        "IF EXISTS (SELECT FROM benefits_leg l JOIN added a USING (posting) GROUP BY l.posting HAVING count(*) <> 4) THEN "
        "RAISE EXCEPTION 'a posting is made once'; END IF; "
        "IF EXISTS (SELECT FROM benefits_leg WHERE account = 'available' AND programme IN "
        "(SELECT programme FROM added WHERE account = 'available') GROUP BY programme HAVING sum(fen) < 0) THEN "
        "RAISE EXCEPTION 'more would be blocked than there is'; END IF; RETURN NULL;"
    ),
)
"""Both legs of a posting come in one statement and sum to nothing; so does the whole ledger, always."""


class Leg(models.Model):
    """One leg of a posting: `fen` onto (or, below nothing, off) an account of a programme. Append-only."""

    posting = models.BigIntegerField(help_text="From the sequence of postings; two legs bear the same")
    programme = models.CharField(max_length=30)
    account = models.CharField(max_length=10, choices=[(code, zh) for code, (zh, _) in ACCOUNTS.items()])
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
            models.Index(fields=["programme", "account"], name="leg_account"),
            models.Index(fields=["batch"], name="leg_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["posting"], name="leg_posting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(fen=0), name="leg_not_nothing"),
            models.CheckConstraint(condition=models.Q(account__in=list(ACCOUNTS)), name="leg_account_known"),
        ]
        triggers: ClassVar = [
            BALANCED,
            pgtrigger.Protect(name="leg_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
