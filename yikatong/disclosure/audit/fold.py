"""Dimensions that a document leaves only one way to fill are folded away, so that more of its numbers are one fact.

A small unit lives from one fund and carries nothing over: its 一般公共预算支出 is then its 支出, whichever way a table or a
sentence says it. That is read off the document's own zeros, never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region, part

_FUNDS = (
    "一般公共预算",
    "政府性基金",
    "国有资本经营",
    "财政专户",
    "单位资金",
    "事业收入",
    "经营收入",
    "上级补助",
    "附属上缴",
    "其他收入",
)
_INCOME = ("flow", "收入")


def folding(cells: Iterable[Printed]) -> Callable[[Region], Region]:
    """What takes the dimensions that say nothing in this document out of a region."""
    known = list(cells)
    carried = _only(known, "carry", ("本年", "结转")) == "本年"
    # What was carried over may have come from another fund than the year's income.
    brought = any(cell.fen and ("carry", "结转") in cell.about for cell in known)
    fund = "" if brought else _only(known, "fund", _FUNDS)

    carry = {("carry", "本年")} if carried else set()
    funds = {("fund", fund)} if fund else set()
    if fund in _FUNDS[:3]:
        funds.add(("fund", "财政拨款"))
    both = carry | funds
    # 三公 and the like of which no fund is told are those of 一般公共预算, whatever fund the unit lives from.
    elsewhere = fund not in ("", _FUNDS[0])

    folded: dict[Region, Region] = {}
    same: dict[Region, Region] = {}

    def fold(about: Region) -> Region:
        known = folded.get(about)
        if known is None:
            # Last year's money may have come from other funds, so of a change the fund is told.
            told = part(about, "phase") or (elsewhere and part(about, "item"))
            known = about - (carry if told else both)
            folded[about] = known = same.setdefault(
                known, known
            )  # one object: those who look it up find it sooner
        return known

    return fold


def _only(cells: Sequence[Printed], dimension: str, members: Iterable[str]) -> str:
    """The one member whose income is not zero while at least one other is printed as zero; "" where it is not so."""
    amounts: dict[str, int] = {}
    for cell in cells:
        if _INCOME not in cell.about:
            continue
        member = part(cell.about, dimension)
        if member in members and not part(cell.about, "phase"):
            amounts[member] = max(amounts.get(member, 0), abs(cell.fen))
    some = [member for member, fen in amounts.items() if fen]
    return some[0] if len(some) == 1 and len(amounts) > 1 else ""
