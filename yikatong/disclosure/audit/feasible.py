"""Is there one set of true amounts that prints every cell? If not, the fewest cells that must be wrong.

Each region is one whole number of yuan; each printed number holds it within half a step of its last digit; each claim is
an equation between regions. That is a mixed-integer program: feasible means that rounding explains every difference,
all at once; otherwise cells are let go, as few as possible, and those are the ones to blame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region

YUAN = 100
_FAR = 10.0**10  # more yuan than any unit's budget: the bound that lets a cell go


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be right, and the yuan its region must lie between for all others to hold."""

    cell: Printed
    low: int
    high: int


def faults(cells: Sequence[Printed], claims: Sequence[Claim]) -> list[Fault]:
    """The fewest cells without which one set of amounts prints all the others; empty where none need go.

    Numbers with the same region are one fact, whichever table or sentence they stand in. Claims that no rounding could
    break are settled without the solver; only what hangs together with a broken one is solved.
    """
    found: list[Fault] = []
    for island in _islands(cells, claims):
        if _plainly_fits(*island):
            continue
        found.extend(_least(*island))
    return found


def _islands(
    cells: Sequence[Printed], claims: Sequence[Claim]
) -> Iterable[tuple[list[Printed], list[Claim]]]:
    """Cells and claims that share no region with others, each group by itself."""
    root: dict[Region, Region] = {}

    def top(about: Region) -> Region:
        while root.setdefault(about, about) != about:
            root[about] = about = root[root[about]]
        return about

    for claim in claims:
        first, *rest = claim.cells
        for each in rest:
            root[top(each.about)] = top(first.about)
    groups: dict[Region, tuple[list[Printed], list[Claim]]] = defaultdict(lambda: ([], []))
    for cell in cells:
        groups[top(cell.about)][0].append(cell)
    for claim in claims:
        groups[top(claim.total.about)][1].append(claim)
    return groups.values()


def _plainly_fits(cells: Sequence[Printed], claims: Sequence[Claim]) -> bool:
    """Printed digits agree everywhere and every sum is exact: nothing to solve."""
    seen: dict[Region, tuple[int, int]] = {}
    for cell in cells:
        if seen.setdefault(cell.about, (cell.fen, cell.step)) != (cell.fen, cell.step):
            return False
    return all(claim.off == 0 for claim in claims)


def _least(cells: Sequence[Printed], claims: Sequence[Claim]) -> list[Fault]:
    """Solve: amounts of the regions and which cells to let go, as few as possible."""
    first = _Program(cells, claims)
    wrong = first.solve()
    return [Fault(cells[which], *first.between(which, wrong)) for which in sorted(wrong)]


class _Program:
    """One program: a column for each region, and one of 0 or 1 for each cell that may be let go."""

    def __init__(self, cells: Sequence[Printed], claims: Sequence[Claim]) -> None:
        self.cells, self.claims = cells, claims
        self.regions = {about: place for place, about in enumerate({cell.about for cell in cells})}

    def solve(self) -> set[int]:
        """The cells let go."""
        solver = self._built(range(len(self.cells)))
        solver.run()
        values = solver.getSolution().col_value
        start = len(self.regions)
        return {which for which in range(len(self.cells)) if values[start + which] > 0.5}

    def between(self, which: int, wrong: Collection[int]) -> tuple[int, int]:
        """The least and the greatest yuan the cell's region can have where all other cells but the wrong ones hold."""
        return self._extreme(which, wrong, 1.0), self._extreme(which, wrong, -1.0)

    def _extreme(self, which: int, wrong: Collection[int], sense: float) -> int:
        solver = self._built((), without=wrong)
        place = self.regions[self.cells[which].about]
        solver.changeColCost(place, sense)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return self.cells[which].fen // YUAN
        return round(solver.getSolution().col_value[place])

    def _built(self, may_go: Collection[int], *, without: Collection[int] = ()) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("time_limit", 2.0)
        # One yuan decides between two printed digits: no tolerance may be worth as much, multiplied by the bound.
        solver.setOptionValue("mip_feasibility_tolerance", 1e-10)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        for _ in self.regions:
            solver.addVar(-_FAR, _FAR)
        letting = {which: len(self.regions) + count for count, which in enumerate(may_go)}
        for column in letting.values():
            solver.addVar(0.0, 1.0)
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
            solver.changeColCost(column, 1.0)
        for which, cell in enumerate(self.cells):
            if which not in without:
                self._hold(solver, cell, letting.get(which))
        for claim in self.claims:
            self._sum(solver, claim)
        return solver

    def _hold(self, solver: highspy.Highs, cell: Printed, letting: int | None) -> None:
        place, low, high = self.regions[cell.about], cell.low / YUAN, cell.high / YUAN
        if letting is None:
            solver.addRow(low, high, 1, np.array([place]), np.array([1.0]))
            return
        far = self._size()
        columns = np.array([place, letting])
        solver.addRow(low, highspy.kHighsInf, 2, columns, np.array([1.0, far]))
        solver.addRow(-highspy.kHighsInf, high, 2, columns, np.array([1.0, -far]))

    def _size(self) -> float:
        return 1000.0 + 2.0 * max((abs(cell.fen) for cell in self.cells), default=0) / YUAN

    def _sum(self, solver: highspy.Highs, claim: Claim) -> None:
        weights: dict[int, float] = defaultdict(float)
        weights[self.regions[claim.total.about]] += 1.0
        for part in claim.parts:
            weights[self.regions[part.about]] -= 1.0
        columns = [place for place, weight in weights.items() if weight]
        if columns:
            values = np.array([weights[place] for place in columns])
            solver.addRow(0.0, 0.0, len(columns), np.array(columns), values)
