"""What a measure is. Each is one file of `catalogue/` with `ENTRY = Measure(...)`; nothing here knows Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from yikatong.basics.kinds import Kind
from yikatong.basics.registry import entries

COLUMNS = ("entry_id", "row_id", "subject", "region", "outlet", "occurred_at", "numerator", "denominator")


class Aggregate(StrEnum):
    """How contributions become a figure."""

    RATIO = "ratio"  # sum of numerators / sum of denominators, in per cent
    COUNT = "count"  # sum of numerators
    MAX = "max"  # greatest numerator, with the 95th percentile beside it


class Base(StrEnum):
    """A denominator that is no fact but a dated row of the office."""

    FACTS = "facts"
    POPULATION = "population"  # resident population of the region by its latest bulletin


@dataclass(frozen=True)
class Measure:
    """One measure.

    `select` is ONE statement over `office_fact` that yields one row per contribution, with the columns of COLUMNS.
    Its named parameters are `start` and `end` (the period's instants, end exclusive), `as_of` (the end, or the moment
    of computing where the period still runs) and those of `rules` (parameter -> code of the dated rule). The figure,
    its split by region and outlet and the list of events are all made by wrapping this one statement.
    A change of `select` needs a new `version`.
    """

    id: str
    name: str
    name_en: str
    unit: str
    version: int
    kinds: tuple[Kind, ...]
    aggregate: Aggregate
    definition: str
    definition_en: str
    select: str
    per: int = 1
    """How many counted things make one of `unit` (10,000 for 万张)."""
    base: Base = Base.FACTS
    rules: dict[str, str] = field(default_factory=dict)
    known_by: str = ""
    """A statement over `office_fact` (parameters as in `select`) without a row of which nobody can tell the figure: a count
    of nothing is then no figure instead of 0, and with one it is 0, also for a maximum."""

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if f"'{kind.code}'" not in self.select:
                raise ValueError(f"{self.id} says it reads {kind.code}, but its statement does not")

    def value(self, numerator: int | None, denominator: int | None) -> Fraction | None:
        """The figure in `unit`, exact; None where nothing happened (0/0) or the base is missing."""
        if self.aggregate is Aggregate.RATIO:
            return Fraction(100 * (numerator or 0), denominator) if denominator else None
        return None if numerator is None else Fraction(numerator, self.per)


def catalogue() -> dict[str, Measure]:
    """All measures by id."""
    return {measure.id: measure for measure in entries("yikatong.indicators.catalogue", Measure).values()}
