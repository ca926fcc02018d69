"""Pure decisions about indicators: the life of a reporting period, when a target is met, and trees of targets."""

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


FULL_POINTS = Decimal(90)  # of a tree's weights; the other 10 are for execution


def decimals(value: Fraction, places: int = 4) -> Decimal:
    """The fraction to `places` decimals, half away from zero (四舍五入)."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -places))


def met(nature: Nature, target: Fraction, actual: Fraction) -> bool:
    """Whether a figure reaches its target. ValueError for natures that are not figures."""
    if nature is Nature.AT_LEAST:
        return actual >= target
    if nature is Nature.AT_MOST:
        return actual <= target
    if nature is Nature.EXACT:
        return actual == target
    raise ValueError(f"a {nature.value} target is not a figure")


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
