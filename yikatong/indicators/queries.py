"""Reads: boards of targets and figures, the events behind a figure, definitions, and the proof of a locked period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.indicators import board as boards
from yikatong.indicators import engine
from yikatong.indicators.board import BoardRow, Progress
from yikatong.indicators.compute import all_fillings, rule_codes
from yikatong.indicators.engine import Contribution, Window
from yikatong.indicators.measure import catalogue
from yikatong.indicators.models import ReportPeriod, Table
from yikatong.indicators.rows import (
    FillingRow,
    PeriodRow,
    TableRow,
    digest_of,
    filling_row,
    period_row,
    table_row,
    thaw,
)
from yikatong.indicators.rules import LOCKED
from yikatong.indicators.scoring import RULES, Marks
from yikatong.office import clock, queries
from yikatong.office.rulebook import ruling


@dataclass(frozen=True)
class Definition:
    """What a measure counts, in words, and the statement that counts it."""

    id: str
    name: str
    name_en: str
    unit: str
    version: int
    kinds: tuple[str, ...]
    aggregate: str
    base: str
    rules: tuple[str, ...]
    definition: str
    definition_en: str
    select: str

    @property
    def name_zh(self) -> str:
        return self.name


@dataclass(frozen=True)
class Recheck:
    """A locked period computed again. `differences` are in the frozen copy or its figures; `late` names measures
    that events recorded after the lock would change (they do not touch the locked figures)."""

    period: Period
    digest: str
    differences: tuple[str, ...]
    late: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def definitions() -> tuple[Definition, ...]:
    """All measures."""
    return tuple(
        Definition(
            m.id,
            m.name,
            m.name_en,
            m.unit,
            m.version,
            tuple(kind.code for kind in m.kinds),
            m.aggregate.value,
            m.base.value,
            tuple(m.rules.values()),
            m.definition,
            m.definition_en,
            m.select,
        )
        for m in catalogue().values()
    )


def definition(measure_id: str) -> Definition | None:
    """One measure; None for an id that is not in the catalogue."""
    return next((each for each in definitions() if each.id == measure_id), None)


def periods() -> tuple[PeriodRow, ...]:
    """All periods that were ever computed, latest first."""
    rows = [period_row(row) for row in ReportPeriod.objects.all()]
    return tuple(sorted(rows, key=lambda row: row.period, reverse=True))


def period_of(period: Period) -> PeriodRow | None:
    row = ReportPeriod.objects.filter(code=str(period)).first()
    return period_row(row) if row else None


def tables(year: int) -> tuple[TableRow, ...]:
    """The centre's tables of targets of a year (a locked year's as they were when it was locked)."""
    return _material(Period((year, 1), 12))[1]


def board(
    period: Period, region: str | None = None, *, outlet: str = "", table: str = ""
) -> tuple[BoardRow, ...]:
    """Targets beside figures; `table` picks one of the year's tables (the first by default).

    Measures without a target in that table follow at the end. `region` is a county; the city's own code, or None,
    is the whole city. Figures are those last stored (see services.fill), or those frozen with a locked period.
    """
    fillings, year_tables, _ = _material(period)
    centre = queries.centre()
    place = "" if region is None or (centre is not None and region == centre.region) else region
    figures = {f.measure: f for f in fillings if f.region == place and f.outlet == outlet}
    chosen = next((each for each in year_tables if not table or each.code == table), None)
    targets = chosen.targets if chosen else ()
    measures = catalogue()
    draw = partial(
        boards.row,
        whole_city=not place and not outlet,
        whole_year=period.length == 12,
        marks=marks_of(period) if targets else None,
    )
    rows = [draw(t, measures.get(t.code), figures.get(t.code)) for t in targets]
    named = {target.code for target in targets}
    rows += [draw(None, m, figures.get(m.id)) for m in measures.values() if m.id not in named]
    return tuple(rows)


def marks_of(period: Period) -> Marks:
    """The thresholds of scoring as the rules stood on the period's last day."""
    return Marks.of(*(ruling(code, period.end - timedelta(days=1)).value for code in RULES))


def progress(period: Period, table: str) -> Progress:
    """How far the goals of one of the year's tables are, by the figures last stored for the whole city."""
    fillings, year_tables, _ = _material(period)
    figures = {each.measure: each for each in fillings if not each.region and not each.outlet}
    chosen = next((each for each in year_tables if each.code == table), None)
    measures = catalogue()
    return boards.progress(
        (target, measures.get(target.code), figures.get(target.code))
        for target in (chosen.targets if chosen else ())
    )


def events(
    measure_id: str,
    period: Period,
    region: str | None = None,
    outlet: str | None = None,
    *,
    limit: int = 100,
    offset: int = 0,
) -> tuple[Contribution, ...] | Refused:
    """The journal entries behind a figure, latest first, over the same cut of the journal as the stored figure.

    Where the period was never computed, all of the journal is read. Refused: `measure.unknown`, `centre.none`,
    `measure.version` (the locked figure was made with a formula that is no longer in the catalogue).
    """
    measure = catalogue().get(measure_id)
    if measure is None:
        return Refused(
            "measure.unknown",
            f"没有编号为 {measure_id} 的计量。",
            f"There is no measure {measure_id}.",
            at="measure",
        )
    fillings, _, span = _material(period)
    if span is None:
        live = _live(period)
        if isinstance(live, Refused):
            return live
        span = live
    stored = next((f for f in fillings if f.measure == measure_id), None)
    if stored is not None and stored.version != measure.version:
        return Refused(
            "measure.version",
            f"该期间按第 {stored.version} 版公式计算，现行为第 {measure.version} 版，不能展开明细。",
            f"The figure was made with version {stored.version} of the formula; the catalogue has {measure.version}.",
        )
    return engine.contributions(
        measure, span, region=region or "", outlet=outlet or "", limit=limit, offset=offset
    )


def recheck(period: Period) -> Recheck | Refused:
    """Compute a locked period again from the journal, over the frozen cut, rules and bases, and compare every digit.

    Refused: `period.not_locked`, `centre.none`.
    """
    row = ReportPeriod.objects.filter(code=str(period), state=LOCKED.code).first()
    centre = queries.centre()
    if row is None:
        return Refused("period.not_locked", f"{period.label_zh}尚未锁定。", f"{period} is not locked.")
    if centre is None:
        return _no_centre()
    frozen_window, frozen, _ = thaw(row.frozen)
    span = Window.from_json(frozen_window)
    differences = [] if digest_of(row.frozen) == row.digest else ["digest"]
    # Measures that came into the catalogue after the lock were never part of it.
    scopes = tuple({(f.region, f.outlet) for f in frozen if f.region or f.outlet})
    differences += _differing(frozen, _known(frozen, all_fillings(span, city=centre.region, scopes=scopes)))
    now = Window.from_json({**frozen_window, "cut": None})
    late = _differing(frozen, _known(frozen, all_fillings(now, city=centre.region, scopes=scopes)))
    return Recheck(period, row.digest, tuple(differences), tuple(late))


def _known(frozen: tuple[FillingRow, ...], computed: tuple[FillingRow, ...]) -> tuple[FillingRow, ...]:
    known = {filling.measure for filling in frozen}
    return tuple(filling for filling in computed if filling.measure in known)


def _differing(before: tuple[FillingRow, ...], after: tuple[FillingRow, ...]) -> list[str]:
    return sorted({filling.measure for filling in set(before) ^ set(after)})


def _material(period: Period) -> tuple[tuple[FillingRow, ...], tuple[TableRow, ...], Window | None]:
    """Figures, tables of targets and window: frozen ones where the period is locked."""
    row = ReportPeriod.objects.filter(code=str(period)).first()
    if row is not None and row.state == LOCKED.code:
        window, fillings, year_tables = thaw(row.frozen)
        return fillings, year_tables, Window.from_json(window)
    centre = queries.centre()
    year_tables = (
        ()
        if centre is None
        else tuple(
            table_row(table)
            for table in Table.objects.filter(centre=centre.code, year=period.start.year).prefetch_related(
                "targets"
            )
        )
    )
    if row is None or row.window is None:
        return (), year_tables, None
    return tuple(filling_row(f) for f in row.fillings.all()), year_tables, Window.from_json(row.window)


def _live(period: Period) -> Window | Refused:
    centre = queries.centre()
    if centre is None:
        return _no_centre()
    return engine.window(period, _moment(period), rule_codes(), None, city=centre.region)


def _moment(period: Period) -> datetime:
    return max(clock.now(), period.starts_at)


def _no_centre() -> Refused:
    return Refused("centre.none", "尚未开办中心。", "No centre has been opened yet.")
