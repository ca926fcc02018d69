"""What departments bring by their own systems."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.benefits.models.batches import PaymentBatch


class BroughtByInterface(models.Model):
    """A roster that came from a department's own system, so that a call repeated after a lost answer is taken once."""

    partner = models.CharField(max_length=20)
    key = models.CharField(max_length=64, help_text="Idempotency-Key of the call")
    said = models.BinaryField(max_length=32, help_text="SM3 of the envelope and of the roster's bytes")
    batch = models.OneToOneField(PaymentBatch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "key"], name="brought_by_interface_once")
        ]
