"""What was asked of the card security gateway (密码重置、解锁)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yikatong.cards.models.cards import Card
from yikatong.cards.pins import ASKED, DONE, OPEN, PIN, PinAction
from yikatong.office.lifecycle import lifecycle


class PinRequest(models.Model):
    """One request. `request_id` is what the gateway knows it by; `receipt` is its word that it was done.

    `unlocks` says that the card was locked when it was asked: once done, it is one of the card's unlocks.
    """

    request_id = models.UUIDField(unique=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=12, choices=[(each.value, each.zh) for each in PinAction])
    unlocks = models.BooleanField()
    state = models.CharField(max_length=12, default=ASKED.code)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            PIN,
            name="pin_request",
            more=[
                models.UniqueConstraint(
                    fields=["card"], name="pin_request_one_open", condition=Q(state__in=OPEN)
                ),
                models.CheckConstraint(
                    condition=~Q(state=DONE.code) | ~Q(receipt=""), name="pin_request_done_by_receipt"
                ),
            ],
        )
        indexes = (models.Index(fields=["asked_at"], name="pin_request_waits", condition=Q(state__in=OPEN)),)
