"""What an order costs: one row for each order that is not free (工本费)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yikatong.cards.fees import DUE, FEE, OWED, PAID, REFUNDED, WAIVED
from yikatong.cards.models.cards import Order
from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle
from yikatong.office.models import Outlet


class Fee(models.Model):
    """The fee of one order. `first`: the card is given out only once it is settled, as the rule stood at the application.

    Who registered, waived or refunded it stands here as it is now; former registrations are in the journal.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="fee")
    amount_fen = MoneyField()
    first = models.BooleanField()
    state = models.CharField(max_length=10, default=DUE.code)
    state_since = models.DateTimeField()
    asked_by = models.CharField(max_length=40, help_text="Who took the application")
    outlet = models.ForeignKey(
        Outlet,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Where it was paid",
    )
    receipt = models.CharField(max_length=40, blank=True, help_text="票据号, or the bank's entry")
    paid_by = models.CharField(max_length=40, blank=True, help_text="Who registered the payment")
    paid_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, help_text="Why it is waived")
    decided_by = models.CharField(max_length=40, blank=True, help_text="Who waived or refunded it")
    refund_receipt = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            FEE,
            name="fee",
            more=[
                models.CheckConstraint(condition=Q(amount_fen__gt=0), name="fee_is_something"),
                models.CheckConstraint(
                    condition=~Q(state__in=(PAID.code, OWED.code, REFUNDED.code))
                    | (~Q(receipt="") & ~Q(paid_by="")),
                    name="fee_paid_by_someone",
                ),
                models.CheckConstraint(
                    condition=~Q(state=WAIVED.code)
                    | (~Q(reason="") & ~Q(decided_by="") & ~Q(decided_by=F("asked_by"))),
                    name="fee_waived_by_another",
                ),
                models.CheckConstraint(
                    condition=~Q(state=REFUNDED.code)
                    | (~Q(refund_receipt="") & ~Q(decided_by="") & ~Q(decided_by=F("paid_by"))),
                    name="fee_refunded_by_another",
                ),
                models.UniqueConstraint(
                    fields=["outlet", "receipt"], name="fee_receipt_once", condition=~Q(receipt="")
                ),
            ],
        )
        indexes: ClassVar = [
            models.Index(fields=["state_since"], name="fee_owed", condition=Q(state=OWED.code)),
            models.Index(fields=["outlet", "paid_at"], name="fee_paid", condition=Q(paid_at__isnull=False)),
        ]
