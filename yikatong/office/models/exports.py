"""Requests to export more than one person may take out alone."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.office.lifecycle import lifecycle
from yikatong.office.rules import APPROVED, ASKED, EXPORT_REQUEST

QUESTION = (
    "number",
    "source",
    "question",
    "title",
    "subject",
    "person",
    "form",
    "purpose",
    "rows",
    "digest",
    "asked_by",
    "asked_name",
    "asked_at",
    "region",
    "outlet",
)
"""What was asked; it stays as it was: not even SQL changes it."""


class ExportRequest(models.Model):
    """One request. Whoever asks may not decide; what was approved is what leaves the house.

    `question` is the filter as its `source` understands it (never a whole number or phone); `rows` is how many it gave
    when it was asked; `digest` is the SM3 of all of it.
    """

    number = models.CharField(max_length=12, unique=True)
    source = models.CharField(max_length=20)
    question = models.JSONField()
    title = models.CharField(max_length=120)
    subject = models.CharField(max_length=40, blank=True)
    person = models.BigIntegerField(null=True)
    form = models.CharField(max_length=4)
    purpose = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    asked_by = models.CharField(max_length=40)
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, default=ASKED.code)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, blank=True)
    valid_until = models.DateField(null=True, help_text="The last day on which it may be taken")
    taken = models.PositiveSmallIntegerField(default=0, help_text="How often it was taken")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="export_request_queue"),
            models.Index(fields=["asked_by", "-id"], name="export_request_mine"),
        ]
        constraints, triggers = lifecycle(
            EXPORT_REQUEST,
            name="export_request",
            more=[
                models.CheckConstraint(
                    condition=models.Q(decided_by="") | ~models.Q(decided_by=models.F("asked_by")),
                    name="export_request_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=APPROVED.code)
                    | (~models.Q(decided_by="") & models.Q(valid_until__isnull=False)),
                    name="export_request_approved_by_somebody",
                ),
                models.CheckConstraint(
                    condition=models.Q(taken=0) | models.Q(valid_until__isnull=False),
                    name="export_request_taken_when_approved",
                ),
            ],
            more_triggers=[pgtrigger.ReadOnly(name="export_request_stays", fields=list(QUESTION))],
        )
