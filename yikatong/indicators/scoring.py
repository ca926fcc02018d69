"""Points: of figures against their targets, of what people judge, of spending. Exact fractions; four decimals are kept.

The rules are those of domain practice (评分): the thresholds are dated rules of the centre (`evaluation.*`), taken in as `Marks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yikatong.basics.refused import Refused
from yikatong.indicators.rules import Nature, decimals, met

RULES = ("evaluation.marks", "evaluation.judgements", "evaluation.grades")


@dataclass(frozen=True)
class Marks:
    """Thresholds in per cent.

    `target_too_low`: beyond it of an at-least target that target is called too low. `nothing_from`: from it of an at-most
    target on there are no points. `equal`: what no growth earns of its weight. `explain_below`: spending under it needs a
    reason. `judgements` and `grades` hold the lower end of each, the best first.
    """

    target_too_low: int
    nothing_from: int
    equal: int
    explain_below: int
    judgements: tuple[tuple[str, int], ...]
    grades: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, marks: Mapping[str, Any], judgements: Mapping[str, Any], grades: Mapping[str, Any]) -> Marks:
        """From the values of the three rules."""
        ends = [
            tuple(sorted(((name, int(end)) for name, end in each.items()), key=lambda pair: -pair[1]))
            for each in (judgements, grades)
        ]
        return cls(**{name: int(value) for name, value in marks.items()}, judgements=ends[0], grades=ends[1])


@dataclass(frozen=True)
class Score:
    """Points to four decimals. `explain` asks for a written explanation; `target_too_low` says it was far exceeded."""

    points: Decimal
    met: bool
    target_too_low: bool = False
    explain: bool = False


def on_form(points: Decimal) -> Decimal:
    """A score as the form prints it: two decimals, half up, from the four that are kept."""
    return decimals(Fraction(points), 2)


def score(
    nature: Nature,
    weight: Decimal,
    target: Fraction,
    actual: Fraction,
    marks: Marks,
    *,
    partial: Fraction | None = None,
) -> Score:
    """Points for a figure against its target; both in the same unit.

    Met gives the full weight. Missed gives weight x actual/target (>=) or weight x target/actual (<=, nothing from
    `nothing_from` of the target on). An exact target is hit or missed; a miss earns only a documented `partial` share.
    """
    if target < 0 or actual < 0:
        raise ValueError("targets and figures are not negative")
    full = Fraction(weight)
    if met(nature, target, actual):
        far = nature is Nature.AT_LEAST and target > 0 and 100 * actual > target * marks.target_too_low
        return Score(decimals(full), met=True, target_too_low=far, explain=far)
    if nature is Nature.AT_LEAST:
        share = actual / target
    elif nature is Nature.AT_MOST:
        share = target / actual if 100 * actual < marks.nothing_from * target else Fraction(0)
    else:
        share = partial or Fraction(0)
        if not 0 <= share < 1:
            raise ValueError("a partial share lies between 0 and 1")
    return Score(decimals(full * share), met=False, explain=True)


def growth(weight: Decimal, last: Fraction, this: Fraction, marks: Marks) -> Score:
    """Points for what is to grow year by year: full where it did, `equal` where it stayed, that times this/last where it fell."""
    if last < 0 or this < 0:
        raise ValueError("figures are not negative")
    if this > last:
        return Score(decimals(Fraction(weight)), met=True)
    share = Fraction(marks.equal, 100) * (this / last if last else 1)
    return Score(decimals(Fraction(weight) * share), met=False, explain=True)


def judged(weight: Decimal, percent: int, marks: Marks) -> tuple[Score, str]:
    """Points for what an evaluator judged at so many per cent, and the name of that judgement. ValueError beyond 0 to 100."""
    if not 0 <= percent <= 100:
        raise ValueError("a judgement lies between 0 and 100")
    name = next(name for name, end in marks.judgements if percent >= end)
    reached = name == marks.judgements[0][0]
    return Score(decimals(Fraction(weight) * percent / 100), met=reached, explain=not reached), name


def execution(points: int, executed_fen: int, adjusted_fen: int, marks: Marks) -> Score | Refused:
    """Points for spending: `points` x executed/adjusted, full beyond. Refused: `evaluation.no_budget` without any budget."""
    if adjusted_fen <= 0:
        return Refused(
            "evaluation.no_budget",
            "调整后预算数为零，不能计算执行率，请核对预算数。",
            "The adjusted budget is nothing: there is no rate of it. Check the amount.",
            at="adjusted",
        )
    rate = Fraction(executed_fen, adjusted_fen)
    explain = rate * 100 < marks.explain_below
    return Score(decimals(points * min(Fraction(1), rate)), met=not explain, explain=explain)


def grade(points: Decimal, marks: Marks) -> str:
    """The grade of a whole score of 100: 优 from 90, 良 from 80, 中 from 60, else 差, or as the centre's rule says."""
    return next(name for name, end in marks.grades if points >= end)
