"""Frozen rows of targets, periods and figures: what leaves this package, and what a locked period keeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from yikatong.basics.crypto import sm3
from yikatong.basics.periods import Period
from yikatong.basics.states import State
from yikatong.indicators.models import Filling, ReportPeriod, Table
from yikatong.indicators.rules import PERIOD, Nature


@dataclass(frozen=True)
class TargetRow:
    """One indicator of a table; see targets.Target for the fields."""

    code: str
    level1: str
    level2: str
    name: str
    name_en: str
    printed: str
    nature: Nature
    value: Decimal | None
    unit: str
    weight: Decimal | None
    surety: str


@dataclass(frozen=True)
class TableRow:
    """A published table of targets."""

    centre: str
    year: int
    code: str
    title: str
    title_en: str
    document: str
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True)
class FillingRow:
    """A measure's figure for a scope. `sources` is the SM3 over its contributions (city scope only)."""

    measure: str
    version: int
    region: str
    outlet: str
    numerator: int | None
    denominator: int | None
    events: int
    p95: int | None
    sources: str


@dataclass(frozen=True)
class PeriodRow:
    """A reporting period; `digest` is the SM3 (hex) of the frozen copy once it is locked."""

    period: Period
    state: State
    filled_at: datetime | None
    prepared_by: str
    prepared_at: datetime | None
    locked_by: str
    locked_at: datetime | None
    digest: str


def period_row(row: ReportPeriod) -> PeriodRow:
    return PeriodRow(
        Period.parse(row.code),
        PERIOD.state(row.state),
        row.filled_at,
        row.prepared_by,
        row.prepared_at,
        row.locked_by,
        row.locked_at,
        row.digest,
    )


def filling_row(row: Filling) -> FillingRow:
    return FillingRow(
        row.measure,
        row.version,
        row.region,
        row.outlet,
        row.numerator,
        row.denominator,
        row.events,
        row.p95,
        row.sources,
    )


def table_row(table: Table) -> TableRow:
    return TableRow(
        table.centre,
        table.year,
        table.code,
        table.title,
        table.title_en,
        table.document,
        tuple(
            TargetRow(
                t.code,
                t.level1,
                t.level2,
                t.name,
                t.name_en,
                t.printed,
                Nature(t.nature),
                _short(t.value),
                t.unit,
                _short(t.weight),
                t.surety,
            )
            for t in table.targets.all()
        ),
    )


def _short(value: Decimal | None) -> Decimal | None:
    """The figure without the database's trailing zeros: 1.40 -> 1.4, 60.0000 -> 60."""
    return None if value is None else Decimal(f"{value.normalize():f}")


def freeze(
    period: Period, window: dict[str, Any], fillings: tuple[FillingRow, ...], tables: tuple[TableRow, ...]
) -> tuple[str, str]:
    """The canonical JSON of all that a locked period stands on, and its SM3 (hex)."""
    text = json.dumps(
        {
            "period": str(period),
            "window": window,
            "fillings": [asdict(filling) for filling in fillings],
            "tables": [asdict(table) for table in tables],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return text, digest_of(text)


def digest_of(frozen: str) -> str:
    return sm3(frozen.encode()).hex()


def thaw(frozen: str) -> tuple[dict[str, Any], tuple[FillingRow, ...], tuple[TableRow, ...]]:
    """Window, figures and tables of a frozen copy."""
    data = json.loads(frozen)
    return (
        data["window"],
        tuple(FillingRow(**filling) for filling in data["fillings"]),
        tuple(_thawed(table) for table in data["tables"]),
    )


def _thawed(table: dict[str, Any]) -> TableRow:
    targets = tuple(
        TargetRow(
            **{
                **target,
                "nature": Nature(target["nature"]),
                "value": _decimal(target["value"]),
                "weight": _decimal(target["weight"]),
            }
        )
        for target in table["targets"]
    )
    return TableRow(**{**table, "targets": targets})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
