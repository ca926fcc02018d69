"""元 or 万元: the unit a table is printed in is what makes its numbers agree with the sentences, not what its head says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.document import Grid
from yikatong.disclosure.audit.fold import folded
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.tables import read_table

UNITS = ("万元", "元")


@dataclass(frozen=True, slots=True)
class Unit:
    """`said` as the head has it ("" for none), `used` as its numbers have it, `votes` numbers that show it."""

    said: str
    used: str
    votes: int


def units_of(grids: Sequence[Grid], file: str, spoken: Sequence[Printed]) -> dict[int, Unit]:
    """The unit of each grid, by the line it begins in.

    It is the one in which most of its amounts agree with those of the running text, whose unit stands with each number,
    or of a table already decided; where nothing agrees, the one most tables have.
    """
    found: dict[int, Unit] = {}
    known = list(spoken)
    while True:
        decided = 0
        for grid in grids:
            if grid.line in found:
                continue
            cells = {unit: list(read_table(grid, file, unit).amounts.values()) for unit in UNITS}
            votes = {unit: _votes(known, cells[unit]) for unit in UNITS}
            best = max(UNITS, key=lambda unit: votes[unit])
            if votes[best] > min(votes.values()):
                found[grid.line] = Unit(grid.unit, best, votes[best])
                known += cells[best]
                decided += 1
        if not decided:
            break
    used = Counter(unit.used for unit in found.values())
    usual = used.most_common(1)[0][0] if used else ""
    for grid in grids:
        found.setdefault(grid.line, Unit(grid.unit, usual or grid.unit or "万元", 0))
    return found


def _votes(known: Sequence[Printed], cells: Sequence[Printed]) -> int:
    """How many of the cells have, within a hundredth, an amount known of the same region: a wrong one shows its unit too."""
    both = folded([*known, *cells])
    amounts: dict[Region, set[int]] = {}
    for cell in both[: len(known)]:
        amounts.setdefault(cell.about, set()).add(cell.fen)
    return sum(
        1
        for cell in both[len(known) :]
        if cell.fen and any(abs(cell.fen - fen) * 100 <= abs(fen) for fen in amounts.get(cell.about, ()))
    )
