"""The measure engine: wraps a measure's one statement into figures, into the list of its events, and into a digest.

All three read the same statement over the same cut of the journal, so a figure can always be followed to its events
and computed again to the same digit. The cut is a number of the journal's seals: entries sealed up to it, which stays
exact when an entry that was in flight is committed later. Inside the statement `office_fact` is shadowed by the view
restricted to the cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.basics.periods import SHANGHAI, Period
from yikatong.basics.regions import counties_of
from yikatong.indicators.measure import COLUMNS, Aggregate, Base, Measure
from yikatong.office import rulebook
from yikatong.office.scope import stem


@dataclass(frozen=True)
class Window:
    """What figures are computed with: period, moment, cut of the journal, dated rules, and bases that are no facts.

    `cut` None reads all of the journal, sealed or not. `population` is residents by region code.
    """

    start: datetime
    end: datetime
    as_of: datetime
    cut: int | None
    rules: dict[str, int]
    population: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "as_of": self.as_of.isoformat(),
            "cut": self.cut,
            "rules": self.rules,
            "population": self.population,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Window:
        moments = {name: datetime.fromisoformat(data[name]) for name in ("start", "end", "as_of")}
        return cls(**moments, cut=data["cut"], rules=data["rules"], population=data["population"])


@dataclass(frozen=True)
class Figure:
    """A measure's figure for a scope; region and outlet empty for the whole city."""

    region: str
    outlet: str
    numerator: int | None
    denominator: int | None
    events: int
    p95: int | None


@dataclass(frozen=True)
class Contribution:
    """One row behind a figure: the journal entry (and row of its set), what it is about, and what it adds."""

    entry_id: int
    row_id: int | None
    subject: str
    region: str
    outlet: str
    occurred_at: datetime
    numerator: int
    denominator: int | None


def window(period: Period, at: datetime, codes: dict[str, str], cut: int | None, *, city: str) -> Window:
    """The window of a period as seen at `at`. `codes` are parameter -> rule; raises rulebook.NoSuchRule.

    Rules and bases are those of the period's last day, or of today where it still runs.
    """
    as_of = min(period.ends_at, at)
    on = min(period.end - timedelta(days=1), at.astimezone(SHANGHAI).date())
    return Window(
        period.starts_at,
        period.ends_at,
        as_of,
        cut,
        {parameter: rulebook.whole(code, on) for parameter, code in sorted(codes.items())},
        {
            code: found.residents
            for code in (city, *(county.code for county in counties_of(city)))
            if (found := rulebook.population(code, on)) is not None
        },
    )


def last_seal() -> int:
    """The number of the journal's newest seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM office_seal")
        return int(cursor.fetchone()[0])


def figures(measure: Measure, span: Window, *, city: str) -> tuple[Figure, ...]:
    """The figure of the whole city first, then of each region of it and each outlet that has events.

    `city` is the city's region code, whose population is the base of the whole-city figure.
    """
    numerator = "max" if measure.aggregate is Aggregate.MAX else "sum"
    # Nearest rank in whole numbers: the ceiling of 0.95 n.
    p95 = (
        "(array_agg(numerator ORDER BY numerator))[((95 * count(*) + 99) / 100)::int]"
        if measure.aggregate is Aggregate.MAX
        else "NULL"
    )
    known = f"EXISTS ({measure.known_by})" if measure.known_by else "TRUE"
    rows = _run(
        measure,
        span,
        f"SELECT grouping(region, outlet), region, outlet, {known}, {numerator}(numerator)::bigint, "  # noqa: S608
        f"sum(denominator)::bigint, count(*), {p95}::bigint FROM contribution "
        "GROUP BY GROUPING SETS ((), (region), (outlet)) ORDER BY 1 DESC, region, outlet",
        {},
    )
    # grouping(): 3 = whole city, 1 = a region, 2 = an outlet. What happened to the city as such is in no region of it.
    return tuple(
        _figure(measure, span, city, region if sort == 1 else "", outlet if sort == 2 else "", *rest)
        for sort, region, outlet, *rest in rows
        if sort == 3 or (sort == 1 and region not in ("", city)) or (sort == 2 and outlet)
    )


def nothing(measure: Measure, span: Window, whole: Figure, *, region: str, outlet: str) -> Figure:
    """The figure of a scope in which nothing happened; not known where that of the whole city is not."""
    return _figure(measure, span, "", region, outlet, whole.numerator is not None, None, None, 0, None)


def _figure(
    measure: Measure,
    span: Window,
    city: str,
    region: str,
    outlet: str,
    known: bool,
    numerator: int | None,
    denominator: int | None,
    events: int,
    p95: int | None,
) -> Figure:
    if measure.known_by:
        numerator = (numerator or 0) if known else None
    elif measure.aggregate is not Aggregate.MAX:
        numerator = numerator or 0
    if measure.base is Base.POPULATION:
        denominator = None if outlet else span.population.get(region or city)
    elif measure.aggregate is Aggregate.RATIO:
        denominator = denominator or 0
    return Figure(region, outlet, numerator, denominator, events, p95)


def contributions(
    measure: Measure, span: Window, *, region: str = "", outlet: str = "", limit: int = 100, offset: int = 0
) -> tuple[Contribution, ...]:
    """The rows behind a figure, latest first; `region` includes what lies below it."""
    rows = _run(
        measure,
        span,
        f"SELECT {', '.join(COLUMNS)} FROM contribution "  # noqa: S608
        "WHERE starts_with(region, %(stem)s) AND (%(outlet)s = '' OR outlet = %(outlet)s) "
        "ORDER BY occurred_at DESC, entry_id DESC, row_id DESC NULLS LAST LIMIT %(limit)s OFFSET %(offset)s",
        {"stem": stem(region) if region else "", "outlet": outlet, "limit": limit, "offset": offset},
    )
    return tuple(Contribution(*row) for row in rows)


def sources(measure: Measure, span: Window) -> str:
    """SM3 (hex) over all contributions in the order of their entries."""
    rows = _run(
        measure,
        span,
        "SELECT string_agg(concat_ws(',', entry_id, coalesce(row_id::text, '-'), numerator, "
        "coalesce(denominator::text, '-')), E'\\n' ORDER BY entry_id, row_id NULLS FIRST) FROM contribution",
        {},
    )
    return sm3((rows[0][0] or "").encode()).hex()


def _run(measure: Measure, span: Window, wrapped: str, more: dict[str, object]) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "start": span.start,
        "end": span.end,
        "as_of": span.as_of,
        "cut": span.cut,
        **{parameter: span.rules[parameter] for parameter in measure.rules},
        **more,
    }
    shadow = ""
    if span.cut is not None:
        shadow = (
            "office_fact AS NOT MATERIALIZED (SELECT * FROM office_fact WHERE entry_id IN "
            "(SELECT entry_id FROM office_seal WHERE number <= %(cut)s)), "
        )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {shadow}contribution AS ({measure.select}) {wrapped}", parameters)
        return list(cursor.fetchall())
