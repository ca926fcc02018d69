"""HiGHS, as the audit uses it: a solver set up, rows gathered for it, and the cheapest set that touches all of some sets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import highspy
import numpy as np

SECONDS = 2.0
"""The time for one group, whatever is solved in it; a budget's tables take a hundredth of that."""
_MOST = 100
_LESS = 0.9 / _MOST
"""A doubt makes a cell a little cheaper to let go; all doubts together never as much as one cell costs."""


class Touching:
    """Sets that have a member of each of some contradictions, while these become more and more."""

    def __init__(self, costs: Sequence[int], doubts: Sequence[int]) -> None:
        self.costs, self.doubts = costs, doubts
        self._until = time.monotonic() + SECONDS
        self.least = 0
        """What the cheapest has cost: with more contradictions it does not cost less."""

    def late(self) -> bool:
        """Whether the time for this group is over."""
        return time.monotonic() > self._until

    def roughly(self, contradictions: Sequence[set[int]]) -> set[int]:
        """A cheap one without a member too many, taken one by one: each time what touches most for its cost, then what is
        doubted most."""
        left, found = list(contradictions), set[int]()
        while left:
            touched = Counter(which for each in left for which in each)
            most = max(
                touched,
                key=lambda which: (Fraction(touched[which], self.costs[which]), self.doubts[which], -which),
            )
            found.add(most)
            left = [each for each in left if most not in each]
        for which in sorted(found):
            if all(each & found - {which} for each in contradictions):
                found.remove(which)
        return found

    def fewest(self, contradictions: Sequence[set[int]]) -> set[int] | None:
        """The cheapest; of several, the one with the most doubts against it. None where time was up."""
        choices = sorted(set().union(*contradictions))
        if not choices:
            return set()
        at = {which: place for place, which in enumerate(choices)}
        many = len(choices)
        solver = new_solver()
        solver.setOptionValue("time_limit", max(self._until - time.monotonic(), 0.0))
        solver.addVars(many, np.zeros(many), np.ones(many))
        every = np.arange(many, dtype=np.int32)
        solver.changeColsCost(many, every, np.array([self._price(which, many) for which in choices]))
        solver.changeColsIntegrality(many, every, np.full(many, highspy.HighsVarType.kInteger))
        rows = Rows()
        solver.setOptionValue("mip_rel_gap", 0.0)
        for each in contradictions:
            rows.add(1.0, highspy.kHighsInf, *((at[which], 1.0) for which in sorted(each)))
        rows.add(self.least, highspy.kHighsInf, *((at[which], self.costs[which]) for which in choices))
        rows.into(solver)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = solver.getSolution().col_value
        found = {which for which in choices if values[at[which]] > 0.5}
        self.least = sum(self.costs[which] for which in found)
        return found

    def _price(self, which: int, among: int) -> float:
        return self.costs[which] - _LESS * max(-_MOST, min(self.doubts[which], _MOST)) / among


class Rows:
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


def new_solver() -> highspy.Highs:
    """HiGHS without output, on one thread, with SECONDS for all its runs."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", SECONDS)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")  # of so few rows it takes longer than it saves
    # In yuan: a fen decides between two printed digits, and no tolerance may be worth as much. A narrower one than
    # this leaves HiGHS without an answer where budgets of millions are printed to the yuan.
    solver.setOptionValue("primal_feasibility_tolerance", 1e-7)
    return solver
