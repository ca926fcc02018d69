"""Partner departments and companies that ask over the API."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Partner(models.Model):
    """A partner with one API key. Only the key's SM3 digest is kept; the key itself is shown once."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    purposes = ArrayField(models.CharField(max_length=30), default=list)
    key_prefix = models.CharField(max_length=8, unique=True)
    key_digest = models.BinaryField(max_length=32)
    per_minute = models.PositiveIntegerField(default=60)
    expires_on = models.DateField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
