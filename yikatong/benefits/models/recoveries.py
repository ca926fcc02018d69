"""Money that was paid and was not due, on its way back."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.batches import Payment
from yikatong.benefits.recoveries import Proposal, Why
from yikatong.benefits.rules import (
    RECOVERY,
    RECOVERY_NOT_OWED,
    RECOVERY_OPEN,
    RECOVERY_PROPOSED,
    RECOVERY_RETURNED,
    RECOVERY_WRITTEN_OFF,
)
from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle

_BY_TWO = [RECOVERY_WRITTEN_OFF.code, RECOVERY_NOT_OWED.code]


class Recovery(models.Model):
    """One payment that is asked back (追回): why, how much came back, who proposed to end it otherwise and who agreed."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    why = models.CharField(max_length=10, choices=[(each.value, each.zh) for each in Why])
    said = models.JSONField(default=list, help_text="What it was found by, in Chinese and English")
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    fen = MoneyField()
    returned_fen = MoneyField(default=0)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=RECOVERY_OPEN.code)
    state_since = models.DateTimeField()
    asked = models.CharField(max_length=100, blank=True, help_text="Of whom, and how")
    proposal = models.CharField(
        max_length=12, blank=True, choices=[(each.value, each.zh) for each in Proposal]
    )
    reason = models.CharField(max_length=100, blank=True, help_text="Of the proposal")
    proposed_by = models.CharField(max_length=40, blank=True)
    proposed_name = models.CharField(max_length=80, blank=True)
    agreed_by = models.CharField(max_length=40, blank=True)
    agreed_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="recovery_state")]
        constraints, triggers = lifecycle(
            RECOVERY,
            name="recovery",
            more=[
                models.CheckConstraint(
                    condition=models.Q(fen__gt=0, returned_fen__gte=0, returned_fen__lte=models.F("fen")),
                    name="recovery_no_more_than_was_paid",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=RECOVERY_RETURNED.code)
                    | models.Q(returned_fen=models.F("fen")),
                    name="recovery_returned_is_all_of_it",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=[RECOVERY_PROPOSED.code, *_BY_TWO])
                    | ~models.Q(reason="") & ~models.Q(proposal="") & ~models.Q(proposed_by=""),
                    name="recovery_proposed_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=_BY_TWO)
                    | ~models.Q(agreed_by="") & ~models.Q(agreed_by=models.F("proposed_by")),
                    name="recovery_ended_by_two",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(name="recovery_stays", fields=["payment", "why", "fen", "opened_at"]),
                pgtrigger.Protect(name="recovery_is_kept", operation=pgtrigger.Delete),
            ],
        )
