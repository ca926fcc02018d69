"""Indicators against targets for everyone: the board, one measure by county and quarter, and all definitions."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yikatong.basics.periods import Period
from yikatong.indicators import queries
from yikatong.indicators.board import BoardRow
from yikatong.indicators.queries import Definition
from yikatong.indicators.rows import PeriodRow
from yikatong.office.doors import public
from yikatong.office.queries import centre, regions
from yikatong.web.public.figures import Line, attainment, bars, chosen_period, english, line, period_name


@public("the centre answers for its year to everyone; the figures are sums and name nobody")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The centre's front page: where to go, and the latest year's measured figures."""
    known = queries.periods()
    chosen = chosen_period(None, known)
    rows = queries.board(chosen.period) if chosen else ()
    lines = [line(row) for row in rows if row.actual is not None]
    return render(request, "public/home.html", {**_choice(chosen, known), "lines": lines})


@public("indicators against targets are published by law; the figures are sums and name nobody")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All indicators of a period, for the city or one county."""
    known = queries.periods()
    chosen = chosen_period(request.GET.get("period"), known)
    region = _region(request)
    rows: tuple[BoardRow, ...] = queries.board(chosen.period, region or None) if chosen else ()
    return render(
        request,
        "public/board.html",
        {
            **_choice(chosen, known),
            "regions": regions(),
            "region": region,
            "measured": [line(row) for row in rows if row.version is not None],
            "unmeasured": [line(row) for row in rows if row.version is None],
            "chart": attainment(chosen.period, rows) if chosen else None,
        },
    )


@public("how a published figure splits by county and quarter is part of publishing it")
@require_safe
def measure(request: HttpRequest, measure_id: str) -> HttpResponse:
    """One measure: its definition in words, its figure, and the split by county and by quarter."""
    found = queries.definition(measure_id)
    if found is None:
        raise Http404
    known = queries.periods()
    chosen = chosen_period(request.GET.get("period"), known)
    by_county: list[Line] = []
    by_quarter: list[Line] = []
    whole = None
    if chosen:
        whole = _line(found.id, chosen.period, None, "")
        city = centre()
        counties = [each for each in regions() if city is None or each.code != city.region]
        by_county = _present(_line(found.id, chosen.period, each.code, each.name) for each in counties)
        computed = {row.period for row in known}
        quarters = [quarter for quarter in _quarters(chosen.period) if quarter in computed]
        by_quarter = _present(_line(found.id, quarter, None, period_name(quarter)) for quarter in quarters)
    return render(
        request,
        "public/measure.html",
        {
            "definition": found,
            "name": _name(found),
            "words": _words(found),
            **_choice(chosen, known),
            "whole": whole,
            "by_county": by_county,
            "by_quarter": by_quarter,
            "county_chart": bars(_("按区县"), by_county, unit=found.unit, lying=True),
            "quarter_chart": bars(_("按季度"), by_quarter, unit=found.unit, lying=False),
        },
    )


@public("a figure whose definition is not published says nothing")
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Every measure's definition, version and the journal facts it reads."""
    shown = [
        {"definition": each, "name": _name(each), "words": _words(each)} for each in queries.definitions()
    ]
    return render(request, "public/definitions.html", {"shown": shown})


def _choice(chosen: PeriodRow | None, known: Iterable[PeriodRow]) -> dict[str, object]:
    """The period of the page, and those one may choose."""
    return {
        "chosen": chosen,
        "chosen_code": str(chosen.period) if chosen else "",
        "period_name": period_name(chosen.period) if chosen else "",
        "periods": [(str(row.period), period_name(row.period)) for row in sorted(known, key=_place)],
    }


def _place(row: PeriodRow) -> tuple[int, int, int]:
    """Latest year first; in it the year itself, its quarters, its months."""
    year, month = row.period.first_month
    return -year, -row.period.length, month


def _region(request: HttpRequest) -> str:
    """The county asked for; anything that is none of ours is the whole city."""
    asked = request.GET.get("region", "")
    return asked if any(each.code == asked and each.parent for each in regions()) else ""


def _line(measure_id: str, period: Period, region: str | None, place: str) -> Line | None:
    row = next((row for row in queries.board(period, region) if row.id == measure_id), None)
    return line(row, place) if row else None


def measure_address(code: str, year: int) -> str:
    """Where an indicator's year is told; empty for a code without a measure."""
    if queries.definition(code) is None:
        return ""
    return f"{reverse('public:measure', args=[code])}?period={year}"


def _present(lines: Iterable[Line | None]) -> list[Line]:
    return [each for each in lines if each is not None]


def _quarters(period: Period) -> tuple[Period, ...]:
    """The four quarters of the period's year."""
    year = Period.year_of(period.start)
    return tuple(dict.fromkeys(Period.quarter_of(month.start) for month in year.months()))


def _name(found: Definition) -> str:
    return found.name_en if english() else found.name


def _words(found: Definition) -> str:
    return found.definition_en if english() else found.definition
