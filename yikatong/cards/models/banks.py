"""What banks send in by themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.cards.models.cards import Order


class BankApplication(models.Model):
    """An application that came from a bank's own system, so that a call repeated after a lost answer is taken once."""

    partner = models.CharField(max_length=20)
    key = models.CharField(max_length=64, help_text="Idempotency-Key of the call")
    said = models.BinaryField(max_length=16, help_text="Keyed digest of what the call said")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "key"], name="bank_application_once")
        ]
