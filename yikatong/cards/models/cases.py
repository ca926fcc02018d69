"""What must be decided by two people: the end of a card after a death, of a second card, of a card nobody collects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.cards.models.cards import Card
from yikatong.cards.rules import CASE, DONE, OPEN_CASES, SUGGESTED, CaseKind
from yikatong.office.lifecycle import lifecycle
from yikatong.residents.models import Resident


class Case(models.Model):
    """One suggestion about one card. Whoever proposes it may not confirm it; what was proposed is what is done.

    `card_stood` is how the card stood when it was proposed: if that has changed, the confirmation is refused.
    """

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.zh) for kind in CaseKind])
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, default=SUGGESTED.code)
    state_since = models.DateTimeField()
    reason = models.CharField(max_length=120)
    opened_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    card_stood = models.CharField(max_length=1, blank=True)
    proposed_by = models.CharField(max_length=40, blank=True)
    proposed_name = models.CharField(max_length=60, blank=True, help_text="The owner: who took it up")
    proposed_at = models.DateTimeField(null=True)
    paper = models.CharField(
        max_length=120, blank=True, help_text="The proof seen, or where it was destroyed"
    )
    decided_by = models.CharField(max_length=40, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "region", "opened_at"], name="case_queue"),
            models.Index(fields=["card", "-id"], name="case_card"),
        ]
        constraints, triggers = lifecycle(
            CASE,
            name="case",
            more=[
                models.UniqueConstraint(
                    fields=["card", "kind"],
                    name="case_one_open",
                    condition=models.Q(state__in=[state.code for state in OPEN_CASES]),
                ),
                models.CheckConstraint(
                    condition=models.Q(decided_by="") | ~models.Q(decided_by=models.F("proposed_by")),
                    name="case_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=DONE.code)
                    | (~models.Q(proposed_by="") & ~models.Q(decided_by="")),
                    name="case_done_by_two",
                ),
            ],
        )
