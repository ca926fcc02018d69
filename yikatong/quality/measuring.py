# ruff: noqa: S608 - the selects are the figures' own texts; values go as parameters
"""What the windows may ask about the figures: their values by day and county, and the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from yikatong.office import rulebook, sealing
from yikatong.office.kinds import kinds_that_read
from yikatong.office.queries import regions
from yikatong.office.scope import Scope, stem
from yikatong.quality.figure import Figure, figures
from yikatong.quality.models import FigureValue
from yikatong.quality.rules import target

GUARDIAN_AGE = "card.guardian_below_age"
DEATH_DAYS = "quality.death_record_days"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Share:
    """A numerator over a denominator; `thousandths` is rounded down, so that 1,000 means all of them."""

    numerator: int
    denominator: int

    @property
    def thousandths(self) -> int | None:
        return self.numerator * 1000 // self.denominator if self.denominator else None

    @property
    def percent(self) -> str:
        """`98.7`; a dash where there is nothing to count."""
        share = self.thousandths
        return "—" if share is None else f"{share // 10}.{share % 10}"


@dataclass(frozen=True)
class Standing:
    """One figure on the day it was last counted: the reader's region, its counties, its months, its target."""

    figure: Figure
    day: date
    share: Share
    target: int
    counties: tuple[tuple[str, Share], ...]
    months: tuple[tuple[date, Share], ...]

    @property
    def met(self) -> bool | None:
        share = self.share.thousandths
        return None if share is None else share >= self.target


@dataclass(frozen=True)
class Fault:
    """One row that is not right, and why."""

    subject: str
    person: int | None
    region: str
    reasons: tuple[str, ...]


def parameters(today: date) -> dict[str, Any]:
    """What the figures' selects may use."""
    return {
        "today": today,
        "year_ago": today - YEAR,
        "regions": [each.code for each in regions()],
        "minors_from": _years_before(today, rulebook.whole(GUARDIAN_AGE, today)),
        "death_days": rulebook.whole(DEATH_DAYS, today),
        # Every sealed value begins with the number of its key.
        "key": sealing.seal_bytes("probe", b"0")[:2],
        "reads": list(kinds_that_read()),
    }


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def standings(scope: Scope) -> list[Standing]:
    """Every figure that has been counted, as of the last day it was."""
    rows = scope.narrow(FigureValue.objects.all())
    last = FigureValue.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return []
    found = []
    for figure in figures().values():
        own = rows.filter(figure=figure.code)
        by_day = {
            day: Share(good, whole)
            for day, good, whole in own.filter(day__gt=last - YEAR)
            .values_list("day")
            .annotate(Sum("numerator"), Sum("denominator"))
            .order_by("day")
        }
        counties = tuple(
            (region, Share(good, whole))
            for region, good, whole in own.filter(day=last)
            .order_by("region")
            .values_list("region", "numerator", "denominator")
        )
        # A month is shown as it stood on the last day of it that was counted.
        months = {day.replace(day=1): share for day, share in by_day.items()}
        found.append(
            Standing(
                figure,
                last,
                by_day.get(last, Share(0, 0)),
                rulebook.whole(target(figure.code), last),
                counties,
                tuple(months.items()),
            )
        )
    return found


def reason_counts(figure: Figure, scope: Scope, today: date) -> dict[str, int]:
    """How many rows of the reader's region each reason spoils, as it stands now."""
    return dict(
        _asked(
            f"SELECT w.reason, count(*) FROM ({figure.select}) AS q, unnest(q.reasons) AS w (reason) "
            "WHERE q.region LIKE %(stem)s || '%%' GROUP BY w.reason ORDER BY 2 DESC",
            scope,
            today,
        )
    )


def faults(
    figure: Figure, scope: Scope, today: date, *, reason: str = "", limit: int = 50, start: int = 0
) -> list[Fault]:
    """The rows of the reader's region that are not right as it stands now; of one reason, or of any."""
    return [
        Fault(subject, person, region, tuple(reasons))
        for subject, person, region, reasons in _asked(
            f"SELECT q.subject, q.person, q.region, q.reasons FROM ({figure.select}) AS q "
            "WHERE cardinality(q.reasons) > 0 AND q.region LIKE %(stem)s || '%%' "
            "AND (%(reason)s = '' OR %(reason)s = ANY(q.reasons)) "
            "ORDER BY q.person NULLS FIRST, q.subject LIMIT %(limit)s OFFSET %(start)s",
            scope,
            today,
            reason=reason,
            limit=limit,
            start=start,
        )
    ]


def _asked(select: str, scope: Scope, today: date, **values: Any) -> list[tuple[Any, ...]]:
    if not scope.region:
        return []
    with connection.cursor() as cursor:
        cursor.execute(select, {**parameters(today), "stem": stem(scope.region), **values})
        return list(cursor.fetchall())
