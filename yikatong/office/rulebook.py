"""Dated rules, working days and populations: what a service asks before it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yikatong.basics.workdays import WorkCalendar
from yikatong.office.models import CalendarDay, Population, Rule
from yikatong.office.queries import opened_centre


class NoSuchRule(LookupError):
    """A rule that no document and no assumption gives for that day: the centre must enter it first."""


@dataclass(frozen=True)
class Ruling:
    """A rule as it stood on a day."""

    code: str
    value: Any
    unit: str
    document: str
    assumed: bool


@lru_cache(maxsize=4096)
def ruling(code: str, on: date, general: str = "") -> Ruling:
    """The rule `code` as it stood on that day, else the `general` one; NoSuchRule where there is neither."""
    row = _standing(code, on) or (_standing(general, on) if general else None)
    if row is None:
        raise NoSuchRule(f"no rule {code} on {on}")
    return Ruling(row.code, row.value, row.unit, row.document, row.assumed)


def _standing(code: str, on: date) -> Rule | None:
    standing = (row for row in _dated(code) if row.valid_from <= on < (row.valid_to or date.max))
    return next(standing, None)


@lru_cache(maxsize=1024)
def _dated(code: str) -> tuple[Rule, ...]:
    """All that was ever said under that code, latest first: read once, for every act asks about its own day."""
    return tuple(Rule.objects.filter(code=code).order_by("-valid_from"))


def whole(code: str, on: date) -> int:
    """The value of a rule that is a whole number."""
    return int(ruling(code, on).value)


@lru_cache(maxsize=1)
def work_calendar() -> WorkCalendar:
    """The working-day calendar with all holidays and make-up days on file."""
    days = CalendarDay.objects.values_list("day", "working")
    return WorkCalendar(
        holidays=frozenset(day for day, working in days if not working),
        makeup=frozenset(day for day, working in days if working),
    )


def population(region: str, on: date) -> Population | None:
    """The latest bulletin's figure for a region on that day."""
    return Population.objects.filter(region_id=region, valid_from__lte=on).order_by("-valid_from").first()


def forget() -> None:
    """Drop what was remembered, after rules, calendar or centre were changed in this process."""
    ruling.cache_clear()
    _dated.cache_clear()
    work_calendar.cache_clear()
    opened_centre.cache_clear()
