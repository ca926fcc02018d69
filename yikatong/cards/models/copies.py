"""Printed copies of receipts (凭条打印)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yikatong.cards.copies import ASKED, COPY, PRINTED
from yikatong.office.lifecycle import lifecycle


class ReceiptCopy(models.Model):
    """One copy of the receipt of one act about one order or card: printed, or waiting to be released.

    `subject` and `matter` (the act's id) are as in the journal, from which the receipt takes what it says. Who may
    release a copy and for whom it waits goes by `region` and `outlet`, where it was asked for.
    """

    subject = models.CharField(max_length=40)
    matter = models.UUIDField()
    number = models.PositiveSmallIntegerField(help_text="1 is the original, all others are 补打")
    state = models.CharField(max_length=12, default=PRINTED.code)
    reason = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)
    printed_by = models.CharField(max_length=40, blank=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints, triggers = lifecycle(
            COPY,
            name="receipt_copy",
            more=[
                models.UniqueConstraint(fields=["subject", "matter", "number"], name="receipt_copy_once"),
                models.UniqueConstraint(
                    fields=["subject", "matter"],
                    name="receipt_copy_one_waits",
                    condition=~Q(state=PRINTED.code),
                ),
                models.CheckConstraint(
                    condition=Q(number=1) | ~Q(reason=""), name="receipt_copy_again_says_why"
                ),
                models.CheckConstraint(
                    condition=Q(released_by="")
                    | (~Q(released_by=F("asked_by")) & ~Q(released_by=F("printed_by"))),
                    name="receipt_copy_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=~Q(state="free") | ~Q(released_by=""), name="receipt_copy_released_by_someone"
                ),
                models.CheckConstraint(
                    condition=~Q(state=PRINTED.code) | ~Q(printed_by=""),
                    name="receipt_copy_printed_by_someone",
                ),
            ],
        )
        indexes = (
            models.Index(fields=["asked_at"], name="receipt_copy_waits", condition=Q(state=ASKED.code)),
        )
