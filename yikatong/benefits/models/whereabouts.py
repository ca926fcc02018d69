"""What two people found out of money that the bank said two things of."""

from __future__ import annotations

import pgtrigger
from django.db import models

from yikatong.benefits.models.files import FileLine
from yikatong.benefits.rules import FOUND_AGREED, FOUND_PROPOSED, WHEREABOUTS
from yikatong.benefits.whereabouts import Outcome
from yikatong.office.lifecycle import lifecycle


class Whereabouts(models.Model):
    """Where the money of a line of a file is (查实): who says so and why, and who agreed. A line has one that waits."""

    line = models.ForeignKey(FileLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=10, choices=[(each.value, each.zh) for each in Outcome])
    reason = models.CharField(max_length=100)
    state = models.CharField(max_length=8, default=FOUND_PROPOSED.code)
    state_since = models.DateTimeField()
    proposed_by = models.CharField(max_length=40)
    proposed_name = models.CharField(max_length=80)
    agreed_by = models.CharField(max_length=40, blank=True)
    agreed_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            WHEREABOUTS,
            name="whereabouts",
            more=[
                models.UniqueConstraint(
                    fields=["line"],
                    name="whereabouts_one_waits",
                    condition=models.Q(state=FOUND_PROPOSED.code),
                ),
                models.CheckConstraint(
                    condition=~models.Q(reason="") & ~models.Q(proposed_by=""),
                    name="whereabouts_said_by_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=FOUND_AGREED.code)
                    | ~models.Q(agreed_by="") & ~models.Q(agreed_by=models.F("proposed_by")),
                    name="whereabouts_agreed_by_two",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="whereabouts_stays", fields=["line", "outcome", "reason", "proposed_by"]
                ),
                pgtrigger.Protect(name="whereabouts_is_kept", operation=pgtrigger.Delete),
            ],
        )
