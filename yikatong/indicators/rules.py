"""Pure decisions about indicators: the life of a reporting period, scoring, and trees of targets.

Scores follow the rules in domain.md 8.4. They are computed in exact fractions, kept to four decimals and rounded to
two only where the form prints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

OPEN = State("open", "编报中", "open")
PREPARED = State("prepared", "已编报待审", "prepared")
LOCKED = State("locked", "已锁定", "locked")

PERIOD = Machine(
    name="period",
    zh="报告期间",
    states=(OPEN, PREPARED, LOCKED),
    firsts=(OPEN,),
    moves=(
        Move("prepare", (OPEN,), PREPARED),
        Move("reopen", (PREPARED,), OPEN),  # late events change what was prepared
        Move("lock", (PREPARED,), LOCKED),
    ),
)


def may_lock(prepared_by: str, locker: str) -> Refused | None:
    """Whoever prepared a period may not lock it."""
    if prepared_by == locker:
        return Refused(
            "period.same_person",
            "编报人不能审核锁定自己编报的期间，请由另一人办理。",
            "Whoever prepared the period may not lock it; another person must.",
        )
    return None


class Nature(StrEnum):
    """How a target is met. A rate of 100 % cannot be exceeded, so it counts as AT_LEAST."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EXACT = "="
    QUALITATIVE = "qualitative"
    GROWTH = "growth"
    DATE = "date"


TARGET_TOO_LOW = Fraction(130, 100)
FULL_POINTS = Decimal(90)  # of a tree's weights; the other 10 are for execution


@dataclass(frozen=True)
class Score:
    """Points to four decimals. `explain` asks for a written explanation; `target_too_low` says it was far exceeded."""

    points: Decimal
    met: bool
    target_too_low: bool = False
    explain: bool = False


def decimals(value: Fraction, places: int = 4) -> Decimal:
    """The fraction to `places` decimals, half away from zero (四舍五入)."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -places))


def on_form(points: Decimal) -> Decimal:
    """A score as the form prints it: two decimals, half up, from the four that are kept."""
    return decimals(Fraction(points), 2)


def met(nature: Nature, target: Fraction, actual: Fraction) -> bool:
    """Whether a figure reaches its target. ValueError for natures that are not figures."""
    if nature is Nature.AT_LEAST:
        return actual >= target
    if nature is Nature.AT_MOST:
        return actual <= target
    if nature is Nature.EXACT:
        return actual == target
    raise ValueError(f"a {nature.value} target is not a figure")


def score(
    nature: Nature, weight: Decimal, target: Fraction, actual: Fraction, *, partial: Fraction | None = None
) -> Score:
    """Points for a figure against its target; both in the same unit.

    Met gives the full weight. Missed gives weight x actual/target (>=) or weight x target/actual (<=, nothing at
    twice the target or more). An exact target is hit or missed; a miss earns only a documented `partial` share.
    Beyond 130 % of an at-least target the points are full and the target is called too low.
    """
    if target < 0 or actual < 0:
        raise ValueError("targets and figures are not negative")
    full = Fraction(weight)
    if met(nature, target, actual):
        far = nature is Nature.AT_LEAST and target > 0 and actual > target * TARGET_TOO_LOW
        return Score(decimals(full), met=True, target_too_low=far, explain=far)
    if nature is Nature.AT_LEAST:
        share = actual / target
    elif nature is Nature.AT_MOST:
        share = target / actual if actual < 2 * target else Fraction(0)
    else:
        share = partial or Fraction(0)
        if not 0 <= share < 1:
            raise ValueError("a partial share lies between 0 and 1")
    return Score(decimals(full * share), met=False, explain=True)


class Weighed(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def weight(self) -> Decimal | None: ...


@dataclass(frozen=True)
class TreeProblem:
    """Something about a table of targets that people should know; the table is used all the same."""

    code: str
    zh: str
    en: str


def tree_problems(targets: Iterable[Weighed], full: Decimal = FULL_POINTS) -> tuple[TreeProblem, ...]:
    """What does not add up in a table: weights that do not sum to `full`, absent weights, a code used twice."""
    rows = list(targets)
    codes = [row.code for row in rows]
    problems = [
        TreeProblem("target.twice", f"指标 {code} 重复出现", f"indicator {code} appears twice")
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    weights = [row.weight for row in rows if row.weight is not None]
    if not weights:
        problems.append(
            TreeProblem("weights.absent", "本表未设分值权重，不计分", "this table has no weights: not scored")
        )
        return tuple(problems)
    if len(weights) < len(rows):
        problems.append(
            TreeProblem("weights.partial", "部分指标没有分值权重", "some indicators have no weight")
        )
    total = sum(weights, Decimal(0))
    if total != full:
        total_text, full_text = f"{total.normalize():f}", f"{full.normalize():f}"
        problems.append(
            TreeProblem(
                "weights.sum",
                f"分值权重合计 {total_text} 分，应为 {full_text} 分",
                f"weights sum to {total_text}, not {full_text}",
            )
        )
    return tuple(problems)
