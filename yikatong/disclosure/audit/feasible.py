"""Is there one set of true amounts that prints every cell? If not, the fewest cells that must be wrong.

Each region is one whole number of yuan; each printed number holds it within half a step of its last digit; each claim is
an equation between regions. Where all can hold at once, rounding explains every difference; otherwise there are
contradictions, and the fewest cells that touch each of them are the ones to blame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import highspy
import numpy as np

from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.solving import Rows, Touching, new_solver

YUAN = 100
_NOTHING = 1e-4
"""Yuan: a hundredth of a fen."""
_ANYWHERE = (-highspy.kHighsInf, highspy.kHighsInf)
_MANY = 40
"""Contradictions of which the fewest cells that touch them take long to find: any few show the further ones as well."""
_FAR = 10.0**10  # more yuan than any unit's budget: the bound that lets a cell go


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be right, and the yuan its region must lie between for all others to hold.

    An end is None where nothing else holds the amount on that side. `rivals` are cells that could be the wrong one
    instead with as much reason: a sum that does not add up says that one of its numbers is wrong, not always which.
    """

    cell: Printed
    low: int | None
    high: int | None
    rivals: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cells to blame, and the groups of cells of which the solver could not tell in its time."""

    faults: tuple[Fault, ...]
    undecided: tuple[tuple[Printed, ...], ...]


def judge(
    cells: Sequence[Printed], claims: Sequence[Claim], strange: Mapping[int, int] | None = None
) -> Verdict:
    """The fewest cells without which one set of amounts prints all the others; none where none need go.

    `strange` is by `id` of a cell what else speaks against it (below nothing: for it). Numbers with the same region are one fact, whichever table or sentence they stand in. Claims that no rounding could
    break are settled without the solver; only what hangs together with a broken one is solved.
    """
    found: list[Fault] = []
    undecided: list[tuple[Printed, ...]] = []
    for island in _islands(cells, claims):
        if _plainly_fits(*island) or _rounding_explains(*island):
            continue
        wrong, settled = _least(*island, strange or {})
        found.extend(wrong)
        if not settled:
            undecided.append(tuple(island[0]))
    return Verdict(tuple(found), tuple(undecided))


def _islands(
    cells: Sequence[Printed], claims: Sequence[Claim]
) -> Iterable[tuple[list[Printed], list[Claim]]]:
    """Cells and claims that share no region with others, each group by itself."""
    numbers = {about: number for number, about in enumerate({cell.about: None for cell in cells})}
    above = list(range(len(numbers)))

    def top(number: int) -> int:
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    for claim in claims:
        whole = top(numbers[claim.total.about])
        for each in claim.parts:
            above[top(numbers[each.about])] = whole
    groups: dict[int, tuple[list[Printed], list[Claim]]] = defaultdict(lambda: ([], []))
    for cell in cells:
        groups[top(numbers[cell.about])][0].append(cell)
    for claim in claims:
        groups[top(numbers[claim.total.about])][1].append(claim)
    return groups.values()


def _plainly_fits(cells: Sequence[Printed], claims: Sequence[Claim]) -> bool:
    """Printed digits agree everywhere and every sum is exact: nothing to solve."""
    seen: dict[Region, tuple[int, int]] = {}
    for cell in cells:
        if seen.setdefault(cell.about, (cell.fen, cell.step)) != (cell.fen, cell.step):
            return False
    return all(claim.off == 0 for claim in claims)


def _rounding_explains(cells: Sequence[Printed], claims: Sequence[Claim]) -> bool:
    """Whether all hold at once: the regions and the sums alone are a tenth of the program that finds contradictions."""
    if any(abs(claim.off) > claim.slack for claim in claims):
        return False
    low: dict[Region, int] = {}
    high: dict[Region, int] = {}
    centre: dict[Region, int] = {}
    for cell in cells:
        about = cell.about
        low[about] = max(cell.low, low.get(about, cell.low))
        high[about] = min(cell.high, high.get(about, cell.high))
        centre.setdefault(about, cell.fen)
    if any(low[about] > high[about] for about in low):
        return False
    at = {about: place for place, about in enumerate(centre)}
    sums = {
        (at[claim.total.about], *sorted(at[part.about] for part in claim.parts)): claim for claim in claims
    }
    solver = new_solver()
    solver.addVars(
        len(at),
        np.array([(low[about] - centre[about]) / YUAN for about in at]),
        np.array([(high[about] - centre[about]) / YUAN for about in at]),
    )
    rows = Rows()
    for claim in sums.values():
        _add_sum(rows, claim, at, centre)
    rows.into(solver)
    solver.run()
    return solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _add_sum(rows: Rows, claim: Claim, at: Mapping[Region, int], centre: Mapping[Region, int]) -> None:
    """The row that says so, in yuan from the centre of each region; a region on both sides of it may fall out."""
    weights: dict[int, float] = defaultdict(float)
    weights[at[claim.total.about]] += 1.0
    off = -centre[claim.total.about]
    for part in claim.parts:
        weights[at[part.about]] -= 1.0
        off += centre[part.about]
    rows.add(off / YUAN, off / YUAN, *((place, weight) for place, weight in weights.items() if weight))


def _least(
    cells: Sequence[Printed], claims: Sequence[Claim], strange: Mapping[int, int]
) -> tuple[list[Fault], bool]:
    """Solve: amounts of the regions and which cells to let go, as few as possible; and whether that was settled in time.

    It is when all the rest has been shown to fit without them. Where it was not, those are told that touch every contradiction
    found so far: there are no fewer, but there may be more.
    """
    program = _Program(cells, claims, strange)
    wrong = program.solve()
    reach = program.reach(wrong) if wrong is not None else None
    if wrong is None or reach is None:
        known = program.known()
        return [
            Fault(cells[which], None, None, tuple(cells[each] for each in rivals)) for which, rivals in known
        ], False
    rivals = program.rivals(wrong)
    letting = sorted((which, group) for group in wrong for which in program.groups[group])
    return [
        Fault(
            cells[which],
            *reach[cells[which].about],
            tuple(cells[each] for other in rivals[group] for each in program.groups[other]),
        )
        for which, group in letting
    ], True


class _Program:
    """A column for each region, and a row for each interval it must lie in, which may be missed at a price.

    Where the least price is more than nothing, the rows that have a dual value contradict each other: they cannot all
    hold. One contradiction after another is found and made as small as it goes; the fewest intervals that touch every
    one are those to let go. Cells of one region that print the same are let go together, at the cost of all of them:
    keeping one keeps nothing more.
    """

    def __init__(self, cells: Sequence[Printed], claims: Sequence[Claim], strange: Mapping[int, int]) -> None:
        self.claims = claims
        self.regions = {
            about: place for place, about in enumerate(dict.fromkeys(cell.about for cell in cells))
        }
        self.centre = {cell.about: cell.fen for cell in reversed(cells)}
        """The solver is given how far each amount lies from a printed one, in yuan: small numbers keep their last digits."""
        alike: dict[tuple[Region, int, int], list[int]] = defaultdict(list)
        for which, cell in enumerate(cells):
            alike[cell.about, cell.low, cell.high].append(which)
        self.intervals = list(alike)
        self.groups = list(alike.values())
        self.misses = len(self.regions)
        """The first of the columns that say by how much an interval is missed from below; those from above follow."""
        self.held = set(range(len(self.intervals)))
        self.contradictions: list[set[int]] = []
        self.fitting: set[int] | None = None
        """The intervals last shown to hold at once."""
        self.solver = self._built()
        self.doubts = [
            doubts + sum(strange.get(id(cells[which]), 0) for which in group)
            for doubts, group in zip(self._doubts(), self.groups, strict=True)
        ]
        self.touching = Touching([len(group) for group in self.groups], self.doubts)

    def _doubts(self) -> list[int]:
        """How many sums that no rounding explains, and how many other amounts of its region, speak against each interval."""
        broken: dict[tuple[Region, int, int], int] = defaultdict(int)
        for claim in self.claims:
            if abs(claim.off) > claim.slack:
                for cell in claim.cells:
                    broken[cell.about, cell.low, cell.high] += 1
        said: dict[Region, int] = defaultdict(int)
        for about, _, _ in self.intervals:
            said[about] += 1
        return [broken[interval] + said[interval[0]] for interval in self.intervals]

    def _built(self) -> highspy.Highs:
        many = len(self.intervals)
        solver = new_solver()
        solver.addVars(self.misses, np.full(self.misses, -_FAR), np.full(self.misses, _FAR))
        solver.addVars(2 * many, np.zeros(2 * many), np.full(2 * many, _FAR))
        missing = np.arange(self.misses, self.misses + 2 * many, dtype=np.int32)
        solver.changeColsCost(2 * many, missing, np.ones(2 * many))
        rows = Rows()
        for which, (about, low, high) in enumerate(self.intervals):
            missed = self.misses + which
            ends = self._ends(about, low, high)
            rows.add(*ends, (self.regions[about], 1.0), (missed, 1.0), (missed + many, -1.0))
        self._sums(rows)
        rows.into(solver)
        return solver

    def solve(self) -> set[int] | None:
        """The intervals to let go; None where that was not found in the time there is."""
        self.contradictions = list(self._plain())
        roughly = True
        while True:
            roughly = roughly and len(self.contradictions) > _MANY
            wrong = (self.touching.roughly if roughly else self.touching.fewest)(self.contradictions)
            if wrong is None:
                return None
            held = set(range(len(self.intervals))) - wrong
            fits = self.fits(held)
            if fits and not roughly:
                return wrong
            if fits:
                roughly = False
                continue
            more = self._apart(held) if fits is False else None
            if not more:
                return None
            self.contradictions.extend(more)

    def rivals(self, wrong: set[int]) -> dict[int, list[int]]:
        """For each interval let go those that, let go in its place, leave as much in order and have as much against them."""
        found: dict[int, list[int]] = {}
        every = set(range(len(self.intervals)))
        for which in wrong:
            others = wrong - {which}
            own = [each for each in self.contradictions if not each & others]
            alike = [
                other
                for other in sorted(set.intersection(*own) - wrong if own else ())
                if len(self.groups[other]) == len(self.groups[which])
                and self.doubts[other] == self.doubts[which]
            ]
            found[which] = [other for other in alike if self.fits(every - others - {other})]
        return found

    def known(self) -> list[tuple[int, list[int]]]:
        """Cells that touch all contradictions found, and with each those that could be the wrong one in its place by these."""
        wrong = self.touching.fewest(self.contradictions) or self.touching.roughly(self.contradictions)
        rivals = {
            group: set.intersection(*(each for each in self.contradictions if not each & (wrong - {group})))
            - wrong
            for group in wrong
        }
        return sorted(
            (which, [cell for other in sorted(rivals[group]) for cell in self.groups[other]])
            for group in wrong
            for which in self.groups[group]
        )

    def fits(self, held: set[int]) -> bool | None:
        """Whether these intervals can all hold at once; None where time was up."""
        self._hold(held)
        self._miss(0.0)
        fits = {
            highspy.HighsModelStatus.kOptimal: True,
            highspy.HighsModelStatus.kInfeasible: False,
        }.get(self._run())
        self._miss(_FAR)
        if fits:
            self.fitting = set(held)
        return fits

    def _plain(self) -> Iterator[set[int]]:
        """Contradictions that need no solver: one region in two intervals apart, one sum out of reach of its parts."""
        own: dict[Region, list[int]] = defaultdict(list)
        for which, (about, _, _) in enumerate(self.intervals):
            own[about].append(which)
        for known in own.values():
            for one, other in combinations(known, 2):
                if (
                    self.intervals[one][2] < self.intervals[other][1]
                    or self.intervals[other][2] < self.intervals[one][1]
                ):
                    yield {one, other}
        lowest = {about: min(known, key=lambda each: self.intervals[each][2]) for about, known in own.items()}
        highest = {
            about: max(known, key=lambda each: self.intervals[each][1]) for about, known in own.items()
        }
        for claim in self.claims:
            parts = [part.about for part in claim.parts]
            if claim.total.about in parts:
                continue
            small = [lowest[claim.total.about], *(highest[about] for about in parts)]
            if self.intervals[small[0]][2] < sum(self.intervals[each][1] for each in small[1:]):
                yield set(small)
            large = [highest[claim.total.about], *(lowest[about] for about in parts)]
            if self.intervals[large[0]][1] > sum(self.intervals[each][2] for each in large[1:]):
                yield set(large)

    def _apart(self, held: set[int]) -> list[set[int]] | None:
        """Contradictions among these intervals, no two with one in common, as many as there are; None where time was up."""
        found: list[set[int]] = []
        while True:
            self._hold(held)
            core = self._contradiction()
            if core:
                core = self._smallest(core)
            if core is None:
                return None
            if not core:
                return found
            found.append(core)
            held = held - core

    def _smallest(self, core: set[int]) -> set[int] | None:
        """A part of a contradiction that is none any more without any of its members; None where time was up."""
        for which in sorted(core):
            if which in core:
                self._hold(core - {which})
                without = self._contradiction()
                if without is None:
                    return None
                core = without or core
        return core

    def _contradiction(self) -> set[int] | None:
        """Intervals that cannot all hold, empty where all do; None where time was up."""
        if self._run() != highspy.HighsModelStatus.kOptimal:
            return None
        if self.solver.getInfo().objective_function_value < _NOTHING:
            return set()
        duals = np.array(self.solver.getSolution().row_dual[: len(self.intervals)])
        return {int(which) for which in np.flatnonzero(np.abs(duals) > _NOTHING)}

    def _run(self) -> highspy.HighsModelStatus:
        """How it ended. A basis that leads nowhere is forgotten once."""
        if self.touching.late():
            return highspy.HighsModelStatus.kTimeLimit
        self.solver.run()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kUnknown:
            self.solver.clearSolver()
            self.solver.run()
        return self.solver.getModelStatus()

    def _miss(self, most: float) -> None:
        """How far any interval may be missed, in yuan."""
        many = 2 * len(self.intervals)
        missing = np.arange(self.misses, self.misses + many, dtype=np.int32)
        self.solver.changeColsBounds(many, missing, np.zeros(many), np.full(many, most))

    def _hold(self, held: set[int]) -> None:
        """Hold these intervals and no other."""
        for which in held ^ self.held:
            held_ends = self._ends(*self.intervals[which])
            self.solver.changeRowBounds(which, *(held_ends if which in held else _ANYWHERE))
        self.held = set(held)

    def reach(self, wrong: Collection[int]) -> dict[Region, tuple[int | None, int | None]] | None:
        """The least and the greatest yuan each region let go of can have where all other intervals hold; None if they cannot."""
        held = set(range(len(self.intervals))) - set(wrong)
        if held != self.fitting and not self.fits(held):
            return None
        if not wrong:
            return {}
        self._hold(held)
        self._miss(0.0)
        found: dict[Region, tuple[int | None, int | None]] = {}
        for which in wrong:
            about = self.intervals[which][0]
            place = self.regions[about]
            ends = (self._extreme(place, 1.0), self._extreme(place, -1.0))
            low, high = (None if far is None else round(far + self.centre[about] / YUAN) for far in ends)
            found[about] = low, high
        return found

    def _ends(self, about: Region, low: int, high: int) -> tuple[float, float]:
        return (low - self.centre[about]) / YUAN, (high - self.centre[about]) / YUAN

    def _extreme(self, place: int, sense: float) -> float | None:
        self.solver.changeColCost(place, sense)
        solved = self._run() == highspy.HighsModelStatus.kOptimal
        found = self.solver.getSolution().col_value[place] if solved else None
        self.solver.changeColCost(place, 0.0)  # forgets the solution
        return found if found is None or abs(found) < _FAR / 2 else None

    def _sums(self, rows: Rows) -> None:
        for claim in self.claims:
            _add_sum(rows, claim, self.regions, self.centre)
