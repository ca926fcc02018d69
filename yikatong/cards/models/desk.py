"""Whose work an order is, and what became of counterparts' files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.cards.models.cards import Order
from yikatong.office.models import Staff, WireFile


class Assignment(models.Model):
    """Whose work an order is, given by whoever leads the desk. Nothing of the order changes: its promise stays.

    A table of its own, because an order's row is written ten times and each time with every index.
    """

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="assignment")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=40)
    given_at = models.DateTimeField()


class FileResult(models.Model):
    """What an applied file brought: how many of its rows were good, bad, or about nothing we wait for."""

    file = models.OneToOneField(WireFile, primary_key=True, on_delete=models.PROTECT, related_name="+")
    answers = models.CharField(max_length=12, blank=True, help_text="Number of the file it answers")
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    strangers = models.PositiveIntegerField()
    unfinished = models.PositiveIntegerField(help_text="Still unanswered when it had been applied")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["answers"], name="fileresult_answers")]


class FileProblem(models.Model):
    """A row of an applied file that was not good: a failure with stage and reason, or a row that was not taken.

    `named` is what the row names (a receipt or card number), shortened where it is longer than either can be: it may
    hold anything, even somebody's number.
    """

    file = models.ForeignKey(WireFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    named = models.CharField(max_length=20)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    refusal = models.CharField(max_length=30, blank=True, help_text="Why it was not taken; empty: it failed")
    stage = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "line"], name="fileproblem_once")]
