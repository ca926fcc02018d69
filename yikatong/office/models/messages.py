"""What leaves the house and what comes in: short messages and files, stored before they move."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.office.fields import HoldsFile, SealedBytesField, SealedField
from yikatong.office.lifecycle import lifecycle
from yikatong.office.rules import FILE, MESSAGE, REJECTED


class Message(models.Model):
    """A short message to a person: queued in the act, sent after it."""

    to = SealedField(Sensitive.PHONE)
    text = models.CharField(max_length=300)
    person = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40, blank=True)
    act = models.UUIDField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=MESSAGE.firsts[0].code)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="message_queued", condition=models.Q(state="queued")),
            models.Index(fields=["person"], name="message_person"),
        ]
        constraints, triggers = lifecycle(MESSAGE, name="message")


class WireFile(HoldsFile):
    """A file exchanged with a counterpart: bytes kept as sent or received, so the same name is the same bytes."""

    counterpart = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    outgoing = models.BooleanField()
    content = SealedBytesField("file", slice_rows=1)
    digest = models.BinaryField(max_length=32, help_text="SM3 of the content")
    rows = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, help_text="When it was sent, applied or refused")
    sendings = models.PositiveSmallIntegerField(default=0, help_text="How often it was laid out for them")
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="wirefile_state")]
        constraints, triggers = lifecycle(
            FILE,
            name="wirefile",
            more=[
                # A torn file was rejected as a whole; the whole one may come under the same name.
                models.UniqueConstraint(
                    fields=["counterpart", "outgoing", "name"],
                    name="wirefile_name_once",
                    condition=~models.Q(state=REJECTED.code),
                )
            ],
        )
