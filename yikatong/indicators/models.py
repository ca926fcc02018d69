"""Tables of targets, reporting periods and their figures. Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.indicators.rules import LOCKED, OPEN, PERIOD, Nature
from yikatong.office.lifecycle import lifecycle


class Table(models.Model):
    """A published table of targets."""

    centre = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    document = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["centre", "year", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "year", "code"], name="table_once_per_year"),
        ]


class Target(models.Model):
    """One indicator of a table with its target."""

    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="targets")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, help_text="The id of the measure that fills it")
    level1 = models.CharField(max_length=20)
    level2 = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    printed = models.CharField(max_length=30)
    nature = models.CharField(max_length=12, choices=[(n.value, n.value) for n in Nature])
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    unit = models.CharField(max_length=10, blank=True)
    weight = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    surety = models.CharField(max_length=2)

    class Meta:
        ordering: ClassVar = ["table", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "order"], name="target_order_once"),
            models.CheckConstraint(
                condition=models.Q(nature__in=[n.value for n in Nature]), name="target_nature_known"
            ),
        ]


class ReportPeriod(models.Model):
    """A reporting period. `window` is what its figures were computed with (see engine.Window); once locked, `frozen`
    is the canonical JSON of window, figures, source digests and targets, and `digest` its SM3."""

    code = models.CharField(max_length=7, unique=True, help_text="2025, 2025Q3 or 2025-03")
    state = models.CharField(max_length=10, default=OPEN.code)
    window = models.JSONField(null=True)
    filled_at = models.DateTimeField(null=True)
    prepared_by = models.CharField(max_length=40, blank=True)
    prepared_at = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=40, blank=True)
    locked_at = models.DateTimeField(null=True)
    frozen = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            PERIOD,
            name="period",
            more=[
                models.CheckConstraint(
                    condition=models.Q(locked_by="") | ~models.Q(locked_by=models.F("prepared_by")),
                    name="period_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=LOCKED.code)
                    | (
                        ~models.Q(frozen="")
                        & ~models.Q(digest="")
                        & ~models.Q(locked_by="")
                        & ~models.Q(prepared_by="")
                    ),
                    name="period_locked_is_frozen",
                ),
            ],
            more_triggers=[
                pgtrigger.Protect(
                    name="period_locked_stays",
                    operation=pgtrigger.Update | pgtrigger.Delete,
                    condition=pgtrigger.Q(old__state=LOCKED.code),
                ),
            ],
        )


class Filling(models.Model):
    """A measure's figure for a period and a scope: the whole city (region and outlet empty), a region or an outlet.

    `denominator` is 0 where nothing happened and null where there is none (a count) or no base figure is on file.
    """

    period = models.ForeignKey(ReportPeriod, on_delete=models.PROTECT, related_name="fillings")
    measure = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    region = models.CharField(max_length=6, blank=True)
    outlet = models.CharField(max_length=12, blank=True)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    events = models.BigIntegerField()
    p95 = models.BigIntegerField(null=True)
    sources = models.CharField(
        max_length=64, blank=True, help_text="SM3 over the contributions; city scope only"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "measure", "region", "outlet"], name="filling_once_per_scope"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="filling_of_locked_period_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM indicators_reportperiod WHERE state = 'locked' "
                    "AND id IN (OLD.period_id, NEW.period_id)) THEN "
                    "RAISE EXCEPTION 'the figures of a locked period stay as they are'; END IF; "
                    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            ),
        ]
