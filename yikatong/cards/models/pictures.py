"""Tables of pictures: the holder's photo, and what proves a hand-over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.cards.models.cards import Card
from yikatong.cards.standing import Receiver
from yikatong.office.fields import HoldsFile, SealedBytesField, SealedField
from yikatong.residents.models import Resident


class Image(HoldsFile):
    """The bytes of one picture, sealed. The same bytes are one row, however often they are shown to us.

    Their digest says that two pictures are the same and nothing else; nobody can guess a camera's bytes from it.
    """

    digest = models.BinaryField(max_length=32, unique=True, help_text="SM3 of the picture")
    content = SealedBytesField("picture")
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()


class Photo(models.Model):
    """A photo of a holder, made to the card's measure; the latest stands, older ones stay with the cards they made."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+", db_index=False)
    original = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+", db_index=False)
    crop = models.CharField(
        max_length=30, help_text="left,top,width,height in the original; empty: the middle"
    )
    channel = models.CharField(max_length=12)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resident", "-id"], name="photo_latest")]


class HandOver(models.Model):
    """What proves that a card went into the right hand: who took it, their signature, their photo.

    Where one of the two is missing, the reason stands in its place; the table refuses a hand-over with neither.
    """

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="handed_over")
    role = models.CharField(max_length=10, choices=[(r.value, r.zh) for r in Receiver])
    name = models.CharField(max_length=50)
    number = SealedField(Sensitive.IDENTITY_NUMBER, help_text="Of a guardian or agent; empty for the holder")
    letter = models.CharField(
        max_length=40, blank=True, help_text="Number of the agent's letter of authority"
    )
    signature = models.ForeignKey(
        Image, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unsigned_reason = models.CharField(max_length=60, blank=True)
    photo = models.ForeignKey(Image, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    no_photo_reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(signature__isnull=False) ^ ~models.Q(unsigned_reason=""),
                name="hand_over_signed_or_why_not",
            ),
            models.CheckConstraint(
                condition=models.Q(photo__isnull=False) ^ ~models.Q(no_photo_reason=""),
                name="hand_over_photo_or_why_not",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Receiver.AGENT.value) | ~models.Q(letter=""),
                name="hand_over_agent_has_letter",
            ),
        ]
