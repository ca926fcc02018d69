"""Base lines: the only figures a budget document is made of. Whatever a table or a sentence prints is a sum of them.

A line is money with its source (fund, this year's or carried over) and its use (function, economic classes, category,
project), so that income and expenditure are two views of the same lines and balance by themselves. A region (`audit/
region.py`) says which lines a printed number is about; the audit reads regions out of documents, here they are summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yikatong.disclosure.aims import Goals
from yikatong.disclosure.audit.region import EVERYTHING, Region, joined, lies_under, part, region

CATEGORIES = ("人员", "公用", "项目", "上缴上级", "经营支出", "补助附属", "结转下年")
FUNDS = (
    "一般公共预算", "政府性基金", "国有资本经营", "财政专户", "事业收入", "经营收入", "上级补助", "附属上缴", "其他收入",
    "单位资金",
)  # fmt: skip
PHASES = ("年初", "调整", "执行", "上年")
CARRIES = ("本年", "结转")
PURCHASES = ("", "采购货物", "采购工程", "采购服务")
_ITEMS = {
    "30212": "出国",
    "30217": "接待",
    "31013": "购车",
    "30231": "车辆运行",
    "30215": "会议",
    "30216": "培训",
}
"""Departmental economic classes that the tables of 三公、会议、培训 are about."""


@dataclass(frozen=True, slots=True)
class BaseLine:
    """One line. Codes: function 7 digits, department economic 5, government economic 3 or 5; `fen` may be negative.

    Last year's lines may leave codes empty: where only its totals are known, only totals can be compared.
    """

    year: int
    unit: str
    function: str
    economic: str
    government: str
    category: str
    fund: str
    fen: int
    project: str = ""
    carry: str = "本年"
    phase: str = "年初"
    purchase: str = ""

    def lies_in(self, where: Region) -> bool:
        """Whether its money is part of what that region is about; `flow`, `phase` and `end` do not tell lines apart."""
        left = self.category == "结转下年" and part(where, "flow") == "支出" and not part(where, "end")
        if left and part(where, "category") != "结转下年":
            return False  # what is left at the end of the year was not spent
        return all(self._fits(dimension, member) for dimension, member in where)

    def _fits(self, dimension: str, member: str) -> bool:
        if dimension in ("flow", "phase", "end"):
            return True
        if dimension == "item":
            return any(_within("item", own, member) for own in self.items)
        own = getattr(self, dimension)
        return bool(own) and _within(dimension, own, member)

    @property
    def items(self) -> tuple[str, ...]:
        """What else it counts as: travel abroad, receptions, cars, meetings, training, purchases; in an office, its running."""
        if self.category == "结转下年":
            return ()
        running = "机关运行" if (self.fund, self.category) == ("一般公共预算", "公用") else ""
        return tuple(filter(None, (_ITEMS.get(self.economic, ""), self.purchase, running)))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The base lines of one unit's year and what is told beside them.

    `reasons` are people's words by what they explain (a member of a region, or 总体); `facts` are counts that are no
    money (staff, cars) by name. `unit_name` and `parent_name` as printed.
    """

    year: int
    unit: str
    unit_name: str
    parent: str
    parent_name: str
    lines: tuple[BaseLine, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    administrative: bool = False
    """Whether it is an office, or managed as one (参公): only such a unit has 机关运行经费."""
    phase: str = "年初"
    """Of which phase its amounts are where a region names none: 年初 of a budget, 执行 of a final account."""
    goals: tuple[Goals, ...] | None = None
    """None where nobody was asked for them: the document then has no sheets of targets."""

    def fen(self, where: Region) -> int:
        """The exact amount of a region in fen: of the ledger's phase, or as its own says (上年, 增减, 年初, 调整)."""
        if part(where, "item") == "机关运行" and not self.administrative:
            return 0
        phase = part(where, "phase")
        if phase == "增减":
            return self._sum(where, self.phase) - self._sum(where, "上年")
        return self._sum(where, phase or self.phase)

    def _sum(self, where: Region, phase: str) -> int:
        return sum(line.fen for line in self.lines if self.is_of(line, phase) and line.lies_in(where))

    def is_of(self, line: BaseLine, phase: str) -> bool:
        """Whether a line counts in that phase: 调整 is the budget as adjusted, a final account's 上年 what was spent then."""
        if phase == "调整":
            return line.phase in ("年初", "调整")
        if "执行" in (phase, self.phase) and phase in ("执行", "上年"):
            return line.phase == "执行" and line.year == self.year - (phase == "上年")
        return line.phase == phase

    def last_year(self, where: Region) -> int:
        """The region's amount last year."""
        return self.fen(joined(where, region(phase="上年")))

    def members(self, dimension: str, where: Region = EVERYTHING, *, before: bool = False) -> tuple[str, ...]:
        """Every member that this year's lines of a region name in that dimension, in order; `before`: or last year's."""
        found = {
            str(getattr(line, dimension))
            for line in self.lines
            if line.fen
            and (self.is_of(line, self.phase) or (before and self.is_of(line, "上年")))
            and line.lies_in(where)
        }
        return tuple(sorted(found - {""}))

    def pairs(self, where: Region) -> tuple[tuple[str, str], ...]:
        """Departmental and governmental economic classes as this year's lines of a region pair them, in order."""
        return tuple(
            sorted(
                {
                    (line.economic, line.government)
                    for line in self.lines
                    if self.is_of(line, self.phase) and line.fen and line.lies_in(where)
                }
            )
        )


def _within(dimension: str, member: str, whole: str) -> bool:
    return member == whole or lies_under(dimension, member, whole)


def above(codes: Iterable[str], lengths: tuple[int, ...]) -> tuple[str, ...]:
    """The codes and all that they lie under, as far as those have one of these lengths, in the order of a table."""
    return tuple(sorted({code[:length] for code in codes for length in lengths if len(code) >= length}))


def levels(code: str, lengths: tuple[int, ...]) -> tuple[str, ...]:
    """The code by its levels, blank below its own: 20805 -> ("208", "05", "")."""
    begins = (0, *lengths)
    return tuple(code[begin:end] for begin, end in zip(begins, lengths, strict=False))
