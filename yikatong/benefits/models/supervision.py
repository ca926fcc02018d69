"""Tables of fund supervision: clues with their rows, and what a settled batch came to by region."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.clues import CLUE_KINDS
from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.rules import CLUE, CLUE_OUTCOMES, RAISED
from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle

_ENDS = [state.code for state in CLUE_OUTCOMES.values()]


class Clue(models.Model):
    """Something to be looked into (监管线索): what was found in which batch, who looks into it, and what came of it."""

    kind = models.CharField(max_length=20, choices=[(code, each.zh) for code, each in CLUE_KINDS.items()])
    key = models.CharField(max_length=80, help_text="What it is about: the same is raised once")
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="clues")
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    rows = models.PositiveIntegerField()
    fen = MoneyField()
    said = models.JSONField(default=list, help_text="What it was found by, in Chinese and English")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=RAISED.code)
    state_since = models.DateTimeField()
    owner = models.CharField(max_length=40, blank=True)
    owner_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="What came of it")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="clue_state")]
        constraints, triggers = lifecycle(
            CLUE,
            name="clue",
            more=[
                models.UniqueConstraint(fields=["kind", "key"], name="clue_once"),
                models.CheckConstraint(
                    condition=models.Q(state=RAISED.code) | ~models.Q(owner=""),
                    name="clue_in_somebodys_hands",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=_ENDS) | ~models.Q(note=""), name="clue_ends_with_a_word"
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="clue_stays", fields=["kind", "key", "batch", "rows", "fen", "said", "raised_at"]
                ),
                pgtrigger.Protect(name="clue_is_kept", operation=pgtrigger.Delete),
            ],
        )


class ClueRow(models.Model):
    """A payment behind a clue. `evidence` says what about it, without numbers: the same is never raised again."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20)
    evidence = models.CharField(max_length=120)
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "evidence"], name="cluerow_once")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="cluerow_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class BatchFigure(models.Model):
    """What a batch came to in one region when it was settled last: for the board of fund supervision."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="figures")
    programme = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(help_text="In which it was settled")
    region = models.CharField(max_length=6, blank=True)
    due = models.PositiveIntegerField(help_text="Payments that were due")
    paid = models.PositiveIntegerField()
    fen = MoneyField(help_text="Paid")
    held = models.JSONField(default=dict, help_text="Finding -> rows that were not paid for it")
    failed = models.JSONField(default=dict, help_text="Bank's result -> attempts that failed with it")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["year", "programme", "region"], name="batchfigure_year")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "region"], name="batchfigure_once")]
