"""What partners are told by themselves: events, kept to be fetched and sent to an address where they gave one."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yikatong.office.fields import SealedBytesField
from yikatong.office.lifecycle import lifecycle
from yikatong.office.models.partners import Partner
from yikatong.office.rules import EVENT, EVENT_QUEUED


class EventAddress(models.Model):
    """Where a partner wants its events, and the secret they are signed with; the one before signs too for a while."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=300)
    secret = SealedBytesField("webhook_secret")
    secret_before = SealedBytesField("webhook_secret", default=b"")
    before_until = models.DateTimeField(null=True)
    since = models.DateTimeField()


class Event(models.Model):
    """One thing told to one partner: counts and numbers of ours, never a person's data."""

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    data = models.JSONField()
    at = models.DateTimeField()
    act = models.UUIDField()
    state = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="When it is sent next")
    delivered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text="What came of the last attempt")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["partner", "id"], name="event_partner"),
            models.Index(fields=["due_at"], name="event_due", condition=models.Q(state=EVENT_QUEUED.code)),
        ]
        constraints, triggers = lifecycle(EVENT, name="event")
