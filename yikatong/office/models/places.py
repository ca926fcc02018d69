"""The centre, its regions and outlets, its calendar and its dated rules."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models


class Centre(models.Model):
    """The one service centre this database belongs to."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    region = models.CharField(max_length=6)
    department = models.CharField(max_length=60)
    target_year = models.PositiveSmallIntegerField()
    clock_offset = models.DurationField(
        default=timedelta(0), help_text="A demo city's clock against the machine's"
    )
    demo = models.BooleanField(default=False)
    demo_options = models.JSONField(
        null=True, help_text="What the demo city was made with; null until it has lived"
    )

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """GB/T 2260 regions in which this centre works: the city and its counties."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=40)
    parent = models.CharField(max_length=6, blank=True)

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """Resident population of a region as a bulletin gives it: a dated row with its source."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    residents = models.PositiveIntegerField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "valid_from"], name="population_one_figure_per_day"),
        ]


class Outlet(models.Model):
    """A place where cards are applied for and handed over."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="outlets")
    bank_code = models.CharField(max_length=3, blank=True, help_text="Set where a bank runs the outlet")
    instant = models.BooleanField(default=False, help_text="Makes cards on the spot (即时制卡)")
    address = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A public holiday or a make-up working day, with the notice it comes from."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField(help_text="True: a make-up working day; false: a holiday")
    name = models.CharField(max_length=40)
    document = models.CharField(max_length=80)


class Rule(models.Model):
    """A dated rule: what differs between cities and years, with the document it comes from.

    `value` is JSON (number, text, list or table). `assumed` marks what no document confirms yet.
    """

    code = models.CharField(max_length=60)
    value = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds")
    document = models.CharField(max_length=120, blank=True)
    assumed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="rule_one_value_per_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}={self.value}"
