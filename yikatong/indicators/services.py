"""Writes: load the targets, compute a period, prepare it, and lock it by another person."""

from __future__ import annotations

from dataclasses import asdict

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.indicators import engine, facts
from yikatong.indicators.compute import all_fillings, rule_codes
from yikatong.indicators.engine import Window
from yikatong.indicators.models import Filling, ReportPeriod, Table, Target
from yikatong.indicators.rows import (
    FillingRow,
    PeriodRow,
    TableRow,
    filling_row,
    freeze,
    period_row,
    table_row,
)
from yikatong.indicators.rules import LOCKED, OPEN, PERIOD, PREPARED, may_lock
from yikatong.indicators.targets import read_tables
from yikatong.office import journal, queries
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.queries import CentreRow
from yikatong.office.rulebook import NoSuchRule


def load_targets(act: Act, centre_code: str) -> tuple[TableRow, ...] | Refused:
    """Load the published tables of a centre; loading them again replaces them and changes nothing else.

    A table that does not add up is loaded all the same: `rules.tree_problems` flags it. Refused:
    `targets.unknown_centre`.
    """
    tables = read_tables(centre_code)
    if not tables:
        return Refused(
            "targets.unknown_centre",
            f"没有 {centre_code} 的绩效目标文件。",
            f"No targets on file for {centre_code}.",
        )
    rows = []
    for order, table in enumerate(tables, start=1):
        Table.objects.filter(centre=table.centre, year=table.year, code=table.code).delete()
        stored = Table.objects.create(
            centre=table.centre,
            year=table.year,
            code=table.code,
            order=order,
            title=table.title,
            title_en=table.title_en,
            document=table.document,
        )
        Target.objects.bulk_create(
            Target(table=stored, **{**asdict(target), "nature": target.nature.value})
            for target in table.targets
        )
        act.record(
            facts.TARGETS_LOADED,
            subject=f"targets:{table.centre}-{table.year}-{table.code}",
            year=table.year,
            targets=len(table.targets),
        )
        rows.append(table_row(stored))
    return tuple(rows)


def fill(act: Act, period: Period) -> PeriodRow | Refused:
    """Compute and store every measure's figure for the city, its regions and its outlets.

    A prepared period that late events have changed is re-opened; unchanged, it stays prepared. Refused: `centre.none`,
    `period.not_begun`, `period.locked`, `rule.missing`.
    """
    found = _held(period)
    if found is not None and found.state == LOCKED.code:
        return _is_locked(period)
    computed = _compute(act, period)
    if isinstance(computed, Refused):
        return computed
    row = found or _begin(period)
    _store(act, row, *computed)
    return period_row(row)


def prepare(act: Act, period: Period) -> PeriodRow | Refused:
    """Compute the period once more and declare it ready for review.

    Refused: what `fill` refuses, `period.not_over`, `period.already_prepared`.
    """
    if act.at < period.ends_at:
        return Refused(
            "period.not_over",
            f"{period.label_zh}尚未结束，期满后再编报。",
            f"{period} is not over yet; prepare it then.",
        )
    found = _held(period)
    if found is not None and found.state == LOCKED.code:
        return _is_locked(period)
    computed = _compute(act, period)
    if isinstance(computed, Refused):
        return computed
    row = found or _begin(period)
    if row.state == PREPARED.code and not _changed(row, computed[1]):
        return Refused(
            "period.already_prepared",
            f"{period.label_zh}已编报，等待审核。",
            f"{period} is prepared and awaits review.",
        )
    _store(act, row, *computed)
    advance(row, PERIOD, "prepare", prepared_by=act.actor.code, prepared_at=act.at)
    act.record(facts.PERIOD_PREPARED, subject=f"period:{period}", period=str(period))
    return period_row(row)


def lock(act: Act, period: Period) -> PeriodRow | Refused:
    """Review and lock a prepared period: a frozen copy of figures, source digests and targets is kept with its SM3.

    What is locked is what was prepared: the figures are computed again, and late events refuse the lock. Refused:
    `period.not_prepared`, `period.locked`, `period.same_person`, `period.late_events`, what computing refuses.
    """
    row = _held(period)
    if row is None or row.state == OPEN.code:
        return Refused(
            "period.not_prepared",
            f"{period.label_zh}尚未编报，不能锁定。",
            f"{period} is not prepared; it cannot be locked.",
        )
    if row.state == LOCKED.code:
        return _is_locked(period)
    refused = may_lock(row.prepared_by, act.actor.code)
    if refused is not None:
        return refused
    computed = _compute(act, period)
    if isinstance(computed, Refused):
        return computed
    changed = _changed(row, computed[1])
    if changed:
        return Refused(
            "period.late_events",
            f"编报之后又有事项计入本期间（{'、'.join(changed)}），请退回重新编报。",
            f"Events came in after the period was prepared ({', '.join(changed)}); it must be prepared again.",
        )
    # The window the preparer saw is the one that is frozen: its cut holds the same entries.
    fillings = tuple(filling_row(f) for f in row.fillings.order_by("measure", "region", "outlet"))
    frozen, digest = freeze(period, row.window or {}, fillings, _tables(period))
    advance(
        row,
        PERIOD,
        "lock",
        locked_by=act.actor.code,
        locked_at=act.at,
        frozen=frozen,
        digest=digest,
    )
    act.record(facts.PERIOD_LOCKED, subject=f"period:{period}", period=str(period), digest=digest)
    return period_row(row)


def _compute(act: Act, period: Period) -> tuple[Window, tuple[FillingRow, ...]] | Refused:
    """Seal what has been recorded, so that the cut is exact, and compute over it."""
    centre = queries.centre()
    if centre is None:
        return Refused("centre.none", "尚未开办中心。", "No centre has been opened yet.")
    if act.at < period.starts_at:
        return Refused("period.not_begun", f"{period.label_zh}尚未开始。", f"{period} has not begun yet.")
    journal.seal()
    try:
        span = engine.window(period, act.at, rule_codes(), engine.last_seal(), city=centre.region)
    except NoSuchRule as missing:
        return Refused(
            "rule.missing",
            f"缺少计算指标所需的规则：{missing}",
            f"A rule that the measures need is missing: {missing}",
        )
    return span, all_fillings(span, city=centre.region, scopes=_scopes(centre))


def _scopes(centre: CentreRow) -> tuple[tuple[str, str], ...]:
    regions = tuple((region.code, "") for region in queries.regions() if region.code != centre.region)
    return regions + tuple(("", outlet.code) for outlet in queries.outlets())


def _store(act: Act, row: ReportPeriod, span: Window, fillings: tuple[FillingRow, ...]) -> None:
    changed = _changed(row, fillings)
    if row.state == PREPARED.code and changed:
        advance(row, PERIOD, "reopen", prepared_by="", prepared_at=None)
        act.record(
            facts.PERIOD_REOPENED, subject=f"period:{row.code}", period=row.code, measures="、".join(changed)
        )
    row.fillings.all().delete()
    Filling.objects.bulk_create(Filling(period=row, **asdict(filling)) for filling in fillings)
    row.window, row.filled_at = span.to_json(), act.at
    row.save(update_fields=["window", "filled_at"])
    act.record(facts.PERIOD_FILLED, subject=f"period:{row.code}", period=row.code)


def _changed(row: ReportPeriod, fillings: tuple[FillingRow, ...]) -> tuple[str, ...]:
    """The measures whose figure, events or formula differ from what is stored, by id."""
    before = {filling_row(filling) for filling in row.fillings.all()}
    return tuple(sorted({filling.measure for filling in before ^ set(fillings)}))


def _held(period: Period) -> ReportPeriod | None:
    """The period's row, held until the act ends."""
    return ReportPeriod.objects.select_for_update(no_key=True).filter(code=str(period)).first()


def _begin(period: Period) -> ReportPeriod:
    """The period's row, new unless another act began it meanwhile."""
    ReportPeriod.objects.get_or_create(code=str(period))
    return ReportPeriod.objects.select_for_update(no_key=True).get(code=str(period))


def _tables(period: Period) -> tuple[TableRow, ...]:
    centre = queries.centre()
    if centre is None:
        return ()
    tables = Table.objects.filter(centre=centre.code, year=period.start.year).prefetch_related("targets")
    return tuple(table_row(table) for table in tables)


def _is_locked(period: Period) -> Refused:
    return Refused(
        "period.locked", f"{period.label_zh}已锁定，不再改动。", f"{period} is locked and stays as it is."
    )
