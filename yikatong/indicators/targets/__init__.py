"""The centres' published targets as data: `tables.csv` names each table, `<centre>_<year>.csv` holds its rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable

from yikatong.indicators.rules import Nature


@dataclass(frozen=True)
class Target:
    """One indicator of a published table.

    `printed` is the target as the document prints it, `value` the figure in `unit` (None where the target is words or
    a date). `surety` says how certain the pairing of name and figure is (S1 certain … S3 likely): the published file
    of 咸阳 printed names and figures apart. `weight` is None where the table has none.
    """

    code: str
    order: int
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
class TargetTable:
    """One published table of a centre and year."""

    centre: str
    year: int
    code: str
    title: str
    title_en: str
    document: str
    targets: tuple[Target, ...]


def read_tables(centre: str) -> tuple[TargetTable, ...]:
    """All tables on file of a centre, in the documents' order; empty for a centre that has none."""
    folder = files("yikatong.indicators.targets")
    return tuple(
        TargetTable(
            centre,
            int(row["year"]),
            row["code"],
            row["title"],
            row["title_en"],
            row["document"],
            tuple(
                _target(line)
                for line in _lines(folder / f"{centre}_{row['year']}.csv")
                if line["table"] == row["code"]
            ),
        )
        for row in _lines(folder / "tables.csv")
        if row["centre"] == centre
    )


def _lines(path: Traversable) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _target(line: dict[str, str]) -> Target:
    nature = Nature(line["nature"])
    figure = line["value"] and nature is not Nature.DATE
    return Target(
        code=line["code"],
        order=int(line["order"]),
        level1=line["level1"],
        level2=line["level2"],
        name=line["name"],
        name_en=line["name_en"],
        printed=line["printed"],
        nature=nature,
        value=Decimal(line["value"]) if figure else None,
        unit=line["unit"],
        weight=Decimal(line["weight"]) if line["weight"] else None,
        surety=line["surety"],
    )
