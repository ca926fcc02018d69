"""Behind a printed amount: what it is about in words, and the base lines that sum to it to the fen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.subjects import name_of
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.publication import Publication, Slot, Span

DIMENSIONS = {
    "phase": "阶段",
    "flow": "收支",
    "fund": "资金性质",
    "carry": "本年或结转",
    "function": "功能科目",
    "economic": "部门经济科目",
    "government": "政府经济科目",
    "category": "支出类别",
    "item": "专门事项",
    "project": "项目",
}
"""What a region may say, in the order in which people say it."""
_N = r"([1-9][0-9]{0,4})"
_PLACE = re.compile(
    f"(?P<part>[tf])(?P<table>{_N})-(?P<row>{_N})-(?P<column>{_N})|(?P<of>[pc])(?P<line>{_N})-(?P<stretch>{_N})",
    re.ASCII,
)
FIRST, LAST, GROWN = "年初", "上年", "增减"


@dataclass(frozen=True, slots=True)
class Behind:
    """An amount with all that is behind it. `taken` are its lines, each with 1 or -1: a change is this year's less last year's."""

    text: str
    fen: int
    said: tuple[tuple[str, str], ...]
    taken: tuple[tuple[int, BaseLine], ...]

    @property
    def total(self) -> int:
        """What the lines sum to, in fen."""
        return sum(sign * line.fen for sign, line in self.taken)


def amount_at(publication: Publication, place: str) -> Slot | Span | None:
    """The amount at a place: `t3-2-4` is table 3, row 2, column 4; `f3-2-4` the same in what stands over the head of a sheet; `p5-2`
    line 5 of the text, stretch 2; `c5-2` bar 2 of the chart under it; all from 1."""
    read = _PLACE.fullmatch(place)
    if read is None:
        return None
    found: Slot | Span
    try:
        if read["table"]:
            table, row, column = (int(read[name]) - 1 for name in ("table", "row", "column"))
            whole = publication.tables[table]
            found = (whole.rows if read["part"] == "t" else whole.facts)[row][column]
        else:
            words, place_in = publication.words[int(read["line"]) - 1], int(read["stretch"]) - 1
            bars = words.drawing.bars if words.drawing else ()
            found = words.spans[place_in] if read["of"] == "p" else bars[place_in][1]
    except IndexError:
        return None
    return found if found.about is not None else None


def behind(ledger: Ledger, amount: Slot | Span) -> Behind:
    """The lines of an amount, this year's before last year's, in their order."""
    about = amount.about
    assert about is not None
    return Behind(
        amount.text, amount.fen, said(about, ledger.year, ledger.phase), tuple(_taken(ledger, about))
    )


def said(about: Region, year: int, phase: str = FIRST) -> tuple[tuple[str, str], ...]:
    """A region as (what, which) in words: 功能科目, 2080108 信息化建设. `phase` is that of the ledger."""
    members = dict(about)
    members.setdefault("phase", phase)
    return tuple(
        (name, _member(dimension, members[dimension], year))
        for dimension, name in DIMENSIONS.items()
        if dimension in members
    )


def _member(dimension: str, member: str, year: int) -> str:
    if dimension in ("function", "economic", "government"):
        return f"{member} {name_of(member, year)}".strip()
    if dimension == "phase":
        return {
            FIRST: f"{year}年年初预算",
            "调整": f"{year}年全年预算",
            "执行": f"{year}年决算",
            LAST: f"{year - 1}年（上年）",
            GROWN: "本年比上年增减",
        }.get(member, member)
    return member


def _taken(ledger: Ledger, about: Region) -> Iterator[tuple[int, BaseLine]]:
    phase = dict(about).get("phase", ledger.phase)
    wanted = ((1, ledger.phase), (-1, LAST)) if phase == GROWN else ((1, phase),)
    for sign, each in wanted:
        for line in ledger.lines:
            if ledger.is_of(line, each) and line.lies_in(about):
                yield sign, line
