"""Data keys: what sensitive columns are sealed with, kept here only wrapped by an envelope key that is kept elsewhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DataKey(models.Model):
    """One data key. `wrapped` is the key sealed by the envelope key called `envelope`; without that it is noise.

    `seal` keys may be many: the newest seals, the others still open what they sealed. There is one `lookup` key.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    purpose = models.CharField(max_length=6, choices=[("seal", "seal"), ("lookup", "lookup")])
    wrapped = models.BinaryField()
    envelope = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=("seal", "lookup")), name="datakey_purpose_known"
            ),
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(purpose="lookup"), name="datakey_one_lookup_key"
            ),
        ]
