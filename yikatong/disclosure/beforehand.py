"""Base lines that are known before anybody types: last year's from what was published, a final account's from the books. Pure.

Where the books do not tell a code, and the lines of the budget do not agree on one, it stays empty: the sheet is not taken in
before somebody has filled it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from yikatong.disclosure.lines import BaseLine
from yikatong.spending.queries import Spent


def of_last_year(published: Iterable[BaseLine], phase: str) -> Iterator[BaseLine]:
    """Last year's published lines of that phase (年初 of a budget, 执行 of a final account) as this year's 上年."""
    for line in published:
        if line.phase == phase:
            yield replace(line, year=line.year + 1, phase="上年")


def of_the_budget(budget: Iterable[BaseLine]) -> Iterator[BaseLine]:
    """The lines of the year's budget, which a final account stands beside."""
    return (line for line in budget if line.phase in ("年初", "调整"))


def of_the_books(
    year: int, unit: str, budget: Iterable[BaseLine], posted: Iterable[Spent]
) -> Iterator[BaseLine]:
    """What was posted as lines of phase 执行. Function, fund and what else vouchers do not know come from the budget's lines of the
    same use, where those agree."""
    lines = [line for line in of_the_budget(budget) if line.fen > 0]
    for each in posted:
        of_use = [line for line in lines if (line.category, line.project) == (each.category, each.project)]
        same = [line for line in of_use if line.economic == each.economic]
        of_class = same or [line for line in lines if line.economic == each.economic]
        known = same or of_use
        yield BaseLine(
            year, unit, _agreed(line.function for line in known), each.economic,
            _agreed(line.government for line in of_class), each.category, _agreed(line.fund for line in known),
            each.fen, each.project, _agreed(line.carry for line in known) or "本年", "执行",
            _agreed(line.purchase for line in same),
        )  # fmt: skip


def _agreed(told: Iterable[str]) -> str:
    """What all say, empty where they differ or nobody says anything."""
    found = set(told)
    return found.pop() if len(found) == 1 else ""
