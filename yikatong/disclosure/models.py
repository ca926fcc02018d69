"""Tables of published projects and their funds. Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.disclosure.rules import SPANS
from yikatong.office.fields import MoneyField


class Project(models.Model):
    """A project of a centre's budget that has a performance sheet. `table` is the code of its targets."""

    centre = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    department = models.CharField(max_length=60)
    unit_name = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    goal_whole = models.TextField(blank=True)
    goal_year = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "year", "table"], name="project_once_per_table"),
        ]

    def __str__(self) -> str:
        return self.name


class Fund(models.Model):
    """An amount of a project's funds: `span` whole (实施期) or year, `source` as the sheet names it, money in fen."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funds")
    span = models.CharField(max_length=5)
    source = models.CharField(max_length=12)
    amount_fen = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "span", "source"], name="fund_once_per_source"),
            models.CheckConstraint(condition=models.Q(span__in=SPANS), name="fund_span_known"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="fund_not_negative"),
        ]
