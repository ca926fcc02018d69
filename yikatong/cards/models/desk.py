"""Whose work an order is, and what became of counterparts' files."""

from __future__ import annotations

from django.db import models

from yikatong.cards.models.cards import Order
from yikatong.office.models import Staff


class Assignment(models.Model):
    """Whose work an order is, given by whoever leads the desk. Nothing of the order changes: its promise stays.

    A table of its own, because an order's row is written ten times and each time with every index.
    """

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="assignment")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_by = models.CharField(max_length=40)
    given_at = models.DateTimeField()
