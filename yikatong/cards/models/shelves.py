"""Where a finished card lies: the boxes it came in, as they were counted, and the outlet's slots (卡位)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.cards.models.cards import Batch, Order
from yikatong.office.models import Outlet


class BoxCount(models.Model):
    """One count of a box at its outlet, never changed: what was expected, what was found, how many cards went in stock.

    Where found and expected differ nothing goes in stock before the cards are read one by one.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)
    box = models.CharField(max_length=20, blank=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    expected = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    stocked = models.PositiveIntegerField()
    counted_by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["outlet", "-id"], name="boxcount_outlet")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stocked__lte=models.F("counted"))
                & models.Q(stocked__lte=models.F("expected")),
                name="boxcount_stocks_what_is_there",
            )
        ]


class Slot(models.Model):
    """A place on an outlet's shelf with its label; it holds at most `capacity` cards."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=12)
    capacity = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outlet", "code"], name="slot_once_per_outlet"),
            models.CheckConstraint(condition=models.Q(capacity__gte=1), name="slot_holds_something"),
        ]


class Placement(models.Model):
    """In which slot the card of an order lies or, once it has left the outlet, last lay.

    A table of its own, because an order's row is written ten times and each time with every index.
    """

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="placement")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="placements")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
