"""Sums, repeated facts and the balance: what no rounding explains is an error, what it explains is told as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial, floor

from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.feasible import Fault
from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.view import View

_GROUNDS = {
    "sum.rows": ("各行之和", "its rows"),
    "sum.columns": ("各列之和", "its columns"),
    "sum.parts": ("各组成部分之和", "its parts"),
    "sum.list": ("所列各项之和", "the items listed"),
    "sum.change": ("上年数与增减额之和", "last year and the change"),
    "sum.sources": ("本年收入与上年结转之和", "this year's income and what was carried over"),
    "balance": ("支出", "expenditure"),
}
UNLIKELY = Fraction(1, 100)
"""Below this chance a difference that rounding could explain is said to be a wild coincidence."""


def look(view: View) -> Iterator[Finding]:
    """The fewest cells that must be wrong, and every sum that only rounding explains."""
    undecided = {id(cell) for group in view.verdict.undecided for cell in group}
    blamed = undecided | {id(fault.cell) for fault in view.verdict.faults}
    broken = {
        id(cell): claim
        for claim in reversed(view.claims)
        if abs(claim.off) > claim.slack
        for cell in claim.cells
    }
    for fault in view.verdict.faults:
        yield _fault(view, fault, broken.get(id(fault.cell)))
    told = set()
    for claim in view.claims:
        if (
            claim.off
            and not _exactly_rounded(claim)
            and abs(claim.off) <= claim.slack
            and not any(id(cell) in blamed for cell in claim.cells)
        ):
            # The same parts may make up the same total as rows, as columns and as parts by name: told once.
            cause = (claim.total.place, frozenset(part.about for part in claim.parts if part.fen))
            if cause not in told:
                told.add(cause)
                yield _rounding(claim)


def _exactly_rounded(claim: Claim) -> bool:
    """One amount told in two units, or parts told more finely than their total, which is their sum as it is rounded."""
    if len(claim.parts) == 1 and claim.parts[0].step != claim.total.step:
        return True
    finer = all(part.step < claim.total.step for part in claim.parts)
    return finer and claim.total.low <= sum(part.fen for part in claim.parts) <= claim.total.high


def _fault(view: View, fault: Fault, broken: Claim | None) -> Finding:
    cell = fault.cell
    low, high = ("" if end is None else cell.printed(end) for end in (fault.low, fault.high))
    expected = low if low == high else f"{low}–{high}" if low and high else ""
    same = [
        other
        for other in view.cells
        if other.about == cell.about and other.fen != cell.fen and other is not cell
    ]
    if broken is not None:
        shown, cells, rule = _sum(broken), broken.cells, broken.rule
        zh = f"{_where(cell)}印为 {cell.text}，与{_GROUNDS[rule][0]}不符，四舍五入不能解释。"
        en = f"{cell.text} does not agree with {_GROUNDS[rule][1]}; no rounding explains it."
    else:
        rule, cells = "same.fact", (cell, *same)
        shown = "；".join(f"{_where(other)}{other.text}" for other in same[:4])
        zh = f"{_where(cell)}印为 {cell.text}，同一事项别处印为 {'、'.join(sorted({each.text for each in same})) or expected}。"
        en = f"One fact is printed in two ways: {cell.text} here, {expected} elsewhere."
    fix = f"核对后改为 {expected}。" if expected else "核对原始数据。"
    if fault.rivals:
        zh += f"也可能是{_named(fault.rivals)}有误，文件本身不能断定。"
        en += f" One of {len(fault.rivals)} other numbers may be the wrong one instead."
    return Finding(
        rule, Grade.ERROR, cell.place, cell.text, expected, shown, cells, zh, en, fix, rivals=fault.rivals
    )


def _named(rivals: Sequence[Printed]) -> str:
    told = "、".join(f"{_where(each)}{each.text or '空白'}" for each in rivals[:_NAMED])
    return told if len(rivals) <= _NAMED else f"{told}等 {len(rivals)} 个数之一"


_NAMED = 3
"""So many are named in a sentence; the report holds all."""


def _rounding(claim: Claim) -> Finding:
    chance = chance_of(claim)
    total = claim.total
    wild = f"（偶然发生的概率约 {_percent(chance)}，建议核对）" if chance < UNLIKELY else ""
    return Finding(
        claim.rule,
        Grade.ROUNDING,
        total.place,
        total.text,
        total.text,
        _sum(claim),
        claim.cells,
        f"{_where(total)}{total.text} 与{_GROUNDS[claim.rule][0]}相差一两个末位，四舍五入可以解释{wild}。",
        f"The difference of the last digits is explained by rounding, with a chance of {_percent(chance)}.",
        "无须更正；可在表下注明尾差由四舍五入产生。"
        if not wild
        else "核对原始数据；确为尾差的注明四舍五入。",
    )


def chance_of(claim: Claim) -> Fraction:
    """How likely rounding alone makes the printed parts differ from the printed total by so much, or more.

    The errors of n parts of one step, each uniform within half a step, sum to at least k - 1/2 steps: Irwin–Hall.
    """
    steps = [part.step for part in claim.parts if part.step]
    if not steps or len(set(steps)) > 1:
        return Fraction(1)
    return _chance(len(steps), Fraction(abs(claim.off), steps[0]))


@lru_cache(maxsize=1_000)
def _chance(n: int, k: Fraction) -> Fraction:
    edge = n * Fraction(1, 2) + k - Fraction(1, 2)
    if edge >= n:
        return Fraction(0)
    below = sum((-1) ** j * comb(n, j) * (edge - j) ** n for j in range(floor(edge) + 1))
    return min(Fraction(1), 2 * (1 - Fraction(below, factorial(n))))


def _percent(chance: Fraction) -> str:
    return f"{Decimal(100 * chance.numerator) / chance.denominator:.2f}%"


def _sum(claim: Claim) -> str:
    parts = [part for part in claim.parts if part.fen] or list(claim.parts[:1])
    terms = " + ".join(f"({part.printed(part.fen // 100)})" if part.fen < 0 else part.text for part in parts)
    return f"{terms} = {_total(parts)} ≠ {claim.total.text}"


def _total(parts: Sequence[Printed]) -> str:
    fen = sum(part.fen for part in parts)
    return parts[0].printed(fen // 100) if parts else "0"


def _where(cell: Printed) -> str:
    place = cell.place
    return f"{place.table}“{place.row}”" if place.table else f"第{place.line}行"
