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
SECONDS = 2.0
"""The solver's time for one group; a budget's tables take it a hundredth of that."""
_TOLD = {highspy.HighsModelStatus.kOptimal: True, highspy.HighsModelStatus.kInfeasible: False}
_FAR = 10.0**10  # more yuan than any unit's budget: the bound that lets a cell go


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be right, and the yuan its region must lie between for all others to hold.

    An end is None where nothing else holds the amount on that side.
    """

    cell: Printed
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cells to blame, and the groups of cells of which the solver could not tell in its time."""

    faults: tuple[Fault, ...]
    undecided: tuple[tuple[Printed, ...], ...]


def judge(cells: Sequence[Printed], claims: Sequence[Claim]) -> Verdict:
    """The fewest cells without which one set of amounts prints all the others; none where none need go.

    Numbers with the same region are one fact, whichever table or sentence they stand in. Claims that no rounding could
    break are settled without the solver; only what hangs together with a broken one is solved.
    """
    found: list[Fault] = []
    undecided: list[tuple[Printed, ...]] = []
    for island in _islands(cells, claims):
        if _plainly_fits(*island):
            continue
        wrong = _least(*island)
        if wrong is None:
            undecided.append(tuple(island[0]))
        else:
            found.extend(wrong)
    return Verdict(tuple(found), tuple(undecided))


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


def _least(cells: Sequence[Printed], claims: Sequence[Claim]) -> list[Fault] | None:
    """Solve: amounts of the regions and which cells to let go, as few as possible; None where that was not settled.

    What the solver let go is believed only when all the rest has been shown to fit without it.
    """
    program = _Program(cells, claims)
    fits = program.fits(())
    if fits is None or fits:
        return [] if fits else None
    wrong = program.one() or program.solve()
    if wrong is None or not program.fits(wrong):
        return None
    found = []
    reach = program.reach(wrong)
    for which in sorted(which for group in wrong for which in program.groups[group]):
        cell = cells[which]
        found.append(Fault(cell, *reach[cell.about]))
    return found


_ALIKE = 2
"""Cells of one interval up to which letting it go alone cannot cost more than letting several go."""


class _Program:
    """One program: a column for each region, and one of 0 or 1 for each interval that may be let go.

    Cells of one region that print the same are let go together, at the cost of all of them: keeping one keeps nothing more.
    """

    def __init__(self, cells: Sequence[Printed], claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.regions = {
            about: place for place, about in enumerate(dict.fromkeys(cell.about for cell in cells))
        }
        alike: dict[tuple[Region, int, int], list[int]] = defaultdict(list)
        for which, cell in enumerate(cells):
            alike[cell.about, cell.low, cell.high].append(which)
        self.intervals = list(alike)
        self.groups = list(alike.values())
        self.far = 1000.0 + 2.0 * max((abs(cell.fen) for cell in cells), default=0) / YUAN

    def fits(self, wrong: Collection[int]) -> bool | None:
        """Whether nothing else need be let go: a program without choices, and much the quicker one. None: not told in time."""
        solver = self._held(wrong)
        solver.run()
        return _TOLD.get(solver.getModelStatus())

    def _held(self, wrong: Collection[int]) -> highspy.Highs:
        solver = _solver(len(self.regions))
        rows = _Rows()
        for which, (about, low, high) in enumerate(self.intervals):
            if which not in wrong:
                rows.add(low / YUAN, high / YUAN, (self.regions[about], 1.0))
        self._sums(rows)
        rows.into(solver)
        return solver

    def one(self) -> set[int] | None:
        """The one interval that explains everything by itself, the most contradicted first; None where none does.

        Most slips are one cell, and a program without choices for each is quicker than one with a choice for all. Two cells
        that print one wrong amount count as one interval; more than two, and fewer others might do.
        """
        broken: dict[tuple[Region, int, int], int] = defaultdict(int)
        for claim in self.claims:
            if abs(claim.off) > claim.slack:
                for cell in claim.cells:
                    broken[cell.about, cell.low, cell.high] += 1
        said: dict[Region, int] = defaultdict(int)
        for about, _, _ in self.intervals:
            said[about] += 1
        suspects = [
            (len(self.groups[which]), -broken[interval] - said[interval[0]], which)
            for which, interval in enumerate(self.intervals)
            if len(self.groups[which]) <= _ALIKE and (broken[interval] or said[interval[0]] > 1)
        ]
        solver = self._held(())
        for _, _, which in sorted(suspects):
            solver.changeRowBounds(which, -highspy.kHighsInf, highspy.kHighsInf)
            solver.run()
            if _TOLD.get(solver.getModelStatus()):
                return {which}
            _, low, high = self.intervals[which]
            solver.changeRowBounds(which, low / YUAN, high / YUAN)
        return None

    def solve(self) -> set[int] | None:
        """The intervals let go; None where no way was found in the time there is."""
        solver = _solver(len(self.regions) + len(self.intervals))
        rows = _Rows()
        start = len(self.regions)
        for which, (about, low, high) in enumerate(self.intervals):
            place, letting = self.regions[about], start + which
            rows.add(low / YUAN, highspy.kHighsInf, (place, 1.0), (letting, self.far))
            rows.add(-highspy.kHighsInf, high / YUAN, (place, 1.0), (letting, -self.far))
        self._sums(rows)
        rows.into(solver)
        count = len(self.intervals)
        choices = np.arange(start, start + count, dtype=np.int32)
        solver.changeColsBounds(count, choices, np.zeros(count), np.ones(count))
        solver.changeColsCost(count, choices, np.array([1.0 * len(group) for group in self.groups]))
        solver.changeColsIntegrality(count, choices, np.full(count, highspy.HighsVarType.kInteger))
        solver.run()
        if solver.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return None
        values = solver.getSolution().col_value
        return {which for which in range(len(self.intervals)) if values[start + which] > 0.5}

    def reach(self, wrong: Collection[int]) -> dict[Region, tuple[int | None, int | None]]:
        """The least and the greatest yuan each region let go of can have where all other intervals hold."""
        solver = self._held(wrong)
        found: dict[Region, tuple[int | None, int | None]] = {}
        for which in wrong:
            about = self.intervals[which][0]
            if about not in found:
                place = self.regions[about]
                found[about] = (self._extreme(solver, place, 1.0), self._extreme(solver, place, -1.0))
        return found

    @staticmethod
    def _extreme(solver: highspy.Highs, place: int, sense: float) -> int | None:
        solver.changeColCost(place, sense)
        solver.run()
        solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = round(solver.getSolution().col_value[place]) if solved else None
        if found is not None and abs(found) >= _FAR // 2:
            found = None
        solver.changeColCost(place, 0.0)  # forgets the solution
        return found

    def _sums(self, rows: _Rows) -> None:
        for claim in self.claims:
            weights: dict[int, float] = defaultdict(float)
            weights[self.regions[claim.total.about]] += 1.0
            for part in claim.parts:
                weights[self.regions[part.about]] -= 1.0
            rows.add(0.0, 0.0, *((place, weight) for place, weight in weights.items() if weight))


class _Rows:
    """Rows gathered, so that the solver gets them at once."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.starts: list[int] = []
        self.columns: list[int] = []
        self.weights: list[float] = []

    def add(self, low: float, high: float, *terms: tuple[int, float]) -> None:
        """`low` <= sum of weight x column <= `high`; a row of no terms says nothing."""
        if not terms:
            return
        self.low.append(low)
        self.high.append(high)
        self.starts.append(len(self.columns))
        for column, weight in terms:
            self.columns.append(column)
            self.weights.append(weight)

    def into(self, solver: highspy.Highs) -> None:
        """Hand them over."""
        solver.addRows(
            len(self.low), np.array(self.low), np.array(self.high), len(self.columns),
            np.array(self.starts, dtype=np.int32), np.array(self.columns, dtype=np.int32), np.array(self.weights),
        )  # fmt: skip


def _solver(columns: int) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", SECONDS)
    solver.setOptionValue("threads", 1)
    # One yuan decides between two printed digits: no tolerance may be worth as much, multiplied by the bound.
    solver.setOptionValue("mip_feasibility_tolerance", 1e-10)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    solver.addVars(columns, np.full(columns, -_FAR), np.full(columns, _FAR))
    return solver
