"""What a province's performance sheets look like. Each province is one file of `provinces/`; pure data.

Its `ENTRY = Form(...)` is the sheet of a project, which the centre's own page shows with the year's figures; sheets of other
kinds stand beside it for the documents that print them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yikatong.basics.money import print_in
from yikatong.basics.registry import entries
from yikatong.disclosure.audit.region import Region


class Unit(StrEnum):
    """The unit of money a sheet is printed in: it stands in the sheet's head."""

    WANYUAN = "万元"
    YUAN = "元"

    def printed(self, fen: int) -> str:
        """The amount in this unit, two decimals."""
        return print_in(self.value, fen, thousands=True)


PROJECT, WHOLE, SPECIAL = "项目", "整体", "专项"
"""A sheet is about one project, about the whole unit, or about special funds that a department manages for others."""


@dataclass(frozen=True)
class FundLine:
    """One line of the funds: `span` is `whole` (实施期) or `year`, `source` as in the budget's data."""

    label: str
    span: str
    source: str


@dataclass(frozen=True)
class Form:
    """A province's sheet.

    `levels` are the printed first- and second-level headings in order; a heading without an indicator keeps its empty
    line, as the form does. `points` is what the weights should sum to, None where the sheet has no weights.
    `table` is the code of the table of targets that it prints.
    """

    province: str
    table: str
    title: str
    unit: Unit
    goals: tuple[tuple[str, str], ...]
    """(label, field of the budget's data) of each printed goal."""
    funds: tuple[FundLine, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    points: int | None
    execution_points: int | None
    label: str = ""
    """Its number in a budget document (「表13」), where it has one."""
    kind: str = PROJECT
    tasks: tuple[tuple[str, str, Region], ...] = ()
    """(task, what is done, which money of the unit it takes) of a sheet of the whole unit."""


def forms() -> dict[str, Form]:
    """The forms by the first two digits of the province's code."""
    return {form.province: form for form in entries("yikatong.disclosure.provinces", Form).values()}
