"""Rows of a roster that were corrected in place."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.batches import Payment


class RowCorrection(models.Model):
    """One held row (`old`) that its maker corrected before anybody approved it: it stays, not paid, and `new` stands at
    the end of the batch in its place. The envelope's declaration is amended by the difference of the two, for `reason`."""

    old = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    new = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    reason = models.CharField(max_length=100)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(new__gt=models.F("old")), name="row_correction_comes_after"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="row_correction_says_why"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="row_correction_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
