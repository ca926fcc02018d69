"""预算执行与双监控: the year's money beside what was posted of it, and how far the goals are beside how far the money is. Pure.

Goal and money are watched together (财预〔2018〕167号): where they drift apart by more than the rule's points, somebody looks why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from yikatong.disclosure.lines import BaseLine
from yikatong.indicators.board import Progress
from yikatong.spending.queries import Spent

HUNDRED = 100


@dataclass(frozen=True)
class Use:
    """What money is for: a category (人员、公用、项目), and of 项目 the project."""

    category: str
    project: str


@dataclass(frozen=True)
class Executed:
    """Budget and spending of one use in fen. `budget_fen` is the budget as adjusted: the first with what 调整 lines add or take."""

    use: Use
    first_fen: int
    budget_fen: int
    spent_fen: int

    @property
    def rate(self) -> Fraction | None:
        """Spent of the budget in per cent, exact; None where there is no budget."""
        return Fraction(HUNDRED * self.spent_fen, self.budget_fen) if self.budget_fen > 0 else None

    @property
    def left_fen(self) -> int:
        """What may still be spent; below nothing where more was spent than there is."""
        return self.budget_fen - self.spent_fen


@dataclass(frozen=True)
class Watched:
    """Money and goals of one table of targets, and by how many points they may differ. `drift` is None where there is no
    budget, or no goal that adds up has a figure yet."""

    table: str
    title: str
    money: Fraction | None
    goals: Progress
    allowed: int

    @property
    def drift(self) -> Fraction | None:
        """Money less goals, in points."""
        return None if self.money is None or self.goals.percent is None else self.money - self.goals.percent

    @property
    def apart(self) -> bool:
        """Whether they have drifted further apart than is allowed."""
        return self.drift is not None and abs(self.drift) > self.allowed


def executed(lines: Iterable[BaseLine], posted: Iterable[Spent]) -> tuple[Executed, ...]:
    """Each use of the budget with what was posted of it, in the order of the budget; what no budget knows comes last."""
    first: Counter[Use] = Counter()
    adjusted: Counter[Use] = Counter()
    for line in lines:
        use = Use(line.category, line.project)
        if line.phase == "年初":
            first[use] += line.fen
        elif line.phase == "调整":
            adjusted[use] += line.fen
    paid: Counter[Use] = Counter()
    for each in posted:
        paid[Use(each.category, each.project)] += each.fen
    uses = dict.fromkeys((*first, *adjusted, *paid))
    return tuple(Executed(use, first[use], first[use] + adjusted[use], paid[use]) for use in uses)


def altogether(rows: Iterable[Executed], category: str = "") -> Executed:
    """The sum of a category, or of everything."""
    chosen = [row for row in rows if not category or row.use.category == category]
    return Executed(
        Use(category, ""), sum(row.first_fen for row in chosen), sum(row.budget_fen for row in chosen),
        sum(row.spent_fen for row in chosen),
    )  # fmt: skip
