"""Board rows as people read them: figures without trailing zeros, what they are made of, and bars for the charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yikatong.basics.periods import Period
from yikatong.indicators import queries
from yikatong.indicators.board import BoardRow
from yikatong.indicators.rows import PeriodRow

MEASURED_IN_PERCENT = "%"


@dataclass(frozen=True)
class Line:
    """One indicator, or one place's or period's share of it. `verdict` is met | missed | empty."""

    id: str
    name: str
    place: str
    target: str
    figure: str
    made_of: str
    verdict: str
    reason: str
    value: Decimal | None


def english() -> bool:
    """Whether the reader wants English."""
    return (get_language() or "").startswith("en")


def line(row: BoardRow, place: str = "") -> Line:
    """The row in the reader's language."""
    mark = row.mark_en if english() else row.mark
    figure = told(row.actual, row.unit) if row.actual is not None else mark or "—"
    return Line(
        id=row.id,
        name=row.name_en if english() else row.name,
        place=place,
        target=_target(row),
        figure=figure,
        made_of=_made_of(row),
        value=row.actual,
        verdict="" if row.met is None else "met" if row.met else "missed",
        reason=row.reason_en if english() else row.reason,
    )


def told(value: Decimal, unit: str) -> str:
    """4.6000 and 万张 -> 4.6 万张; 100.0000 and % -> 100%."""
    text = f"{Decimal(f'{value.normalize():f}'):,}"
    return f"{text}%" if unit == MEASURED_IN_PERCENT else f"{text} {unit_said(unit)}".strip()


def unit_said(unit: str) -> str:
    """天 or days, 万张 or × 10,000 cards; a unit without English stays as it is printed."""
    return _(unit) if unit else ""


def _target(row: BoardRow) -> str:
    """The target as printed, with its unit where the print leaves it out: ≥5 -> ≥5 万张."""
    if not row.target:
        return "—"
    bare = row.target[-1].isdigit() and row.unit not in ("", MEASURED_IN_PERCENT)
    return f"{row.target} {unit_said(row.unit)}" if bare else row.target


def _count(number: int) -> str:
    return f"{number:,}"


def _made_of(row: BoardRow) -> str:
    if row.numerator is None:
        return ""
    whole = _count(row.numerator)
    if row.denominator is not None:
        return f"{whole} ÷ {_count(row.denominator)}"
    if row.p95 is not None:
        days = _count(row.p95)
        return _("95%% 在 %(figure)s %(unit)s以内") % {"figure": days, "unit": unit_said(row.unit)}
    return _("共 %(count)s 件") % {"count": whole}


def period_name(period: Period) -> str:
    """2025年第一季度, or 2025Q1."""
    return str(period) if english() else period.label_zh


def chosen_period(asked: str | None, known: Iterable[PeriodRow]) -> PeriodRow | None:
    """The period asked for, where it was ever computed; else the latest whole year, else the latest of all."""
    rows = tuple(known)
    exact = next((row for row in rows if str(row.period) == asked), None)
    years = (row for row in rows if row.period.length == 12)
    return exact or next(years, None) or next(iter(rows), None)


def attainment(period: Period, rows: Iterable[BoardRow]) -> dict[str, object]:
    """Bars for the board: each figure as a share of its target in per cent, as units differ."""
    values = {
        target.code: target.value for table in queries.tables(period.start.year) for target in table.targets
    }
    bars = [(row, value) for row in rows if row.actual is not None and (value := values.get(row.id))]
    return {
        "title": _("各指标占目标的百分比"),
        "names": [row.name_en if english() else row.name for row, _value in bars],
        "values": [_per_cent(row.actual or Decimal(0), value) for row, value in bars],
        "labels": [told(row.actual or Decimal(0), row.unit) for row, _value in bars],
        "missed": [row.met is False for row, _value in bars],
        "unit": "%",
        "lying": True,
        "target": 100,
        "target_label": _("目标"),
    }


def _per_cent(actual: Decimal, target: Decimal) -> str:
    share = Fraction(actual) * 100 / Fraction(target)
    return str(round(share))


def bars(title: str, lines: Iterable[Line], *, unit: str, lying: bool) -> dict[str, object]:
    """Bars of one measure over places or periods; what has no figure has no bar."""
    drawn = [each for each in lines if each.value is not None]
    return {
        "title": title,
        "names": [each.place for each in drawn],
        "values": [str(each.value) for each in drawn],
        "labels": [each.figure for each in drawn],
        "missed": [each.verdict == "missed" for each in drawn],
        "unit": unit,
        "lying": lying,
        "target": None,
        "target_label": "",
    }
