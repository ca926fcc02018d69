"""A budget document as printed: headings, sentences, tables. Every amount in it knows what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from yikatong.disclosure.audit.region import Region


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell. `about` None where it holds words; `fen` is the exact amount, `text` what is printed of it; `measure` is the code of
    the indicator whose target it is."""

    text: str
    about: Region | None = None
    fen: int = 0
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence; one with `about` is an amount."""

    text: str
    about: Region | None = None
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: for each part of a whole its name, its amount and how many per cent it is, as printed; in its unit."""

    title: str
    unit: str
    bars: tuple[tuple[str, Slot, str], ...]

    @property
    def said(self) -> str:
        """What it shows, for those who have it read to them."""
        return f"{self.title}：" + "，".join(
            f"{name}{slot.text}{self.unit}，占{share}" for name, slot, share in self.bars
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A line of running text, and the chart under it."""

    spans: tuple[Span, ...]
    drawing: Drawing | None = None

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(span.text for span in self.spans)

    @property
    def items(self) -> frozenset[int]:
        """Which of its stretches begin an item of a list, 「…：1.…；2.…」: each stands in a line of its own."""
        return frozenset(
            place
            for place, (before, span) in enumerate(pairwise(self.spans), 1)
            if _ITEM.match(span.text) and before.text.endswith(("：", "；"))
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Its words, line by line."""
        ends = [0, *sorted(self.items), len(self.spans)]
        return tuple("".join(span.text for span in self.spans[here:to]) for here, to in pairwise(ends))

    @property
    def level(self) -> int:
        """1 for a heading 「一、…」 or 「2025年单位预算编制说明」, 2 for 「（一）…」, 0 for a sentence."""
        text = self.text
        if text.endswith(("。", "；", "：")):
            return 0
        return next((level for level, style in _HEADINGS if style.match(text)), 0)


_ITEM = re.compile(r"\d+\.(?!\d)")
_HEADINGS = (
    (1, re.compile("[一二三四五六七八九十]+、|20\\d\\d年[^，]*说明$")),
    (2, re.compile("（[一二三四五六七八九十]+）")),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A word of a table's head and the cells it spans: `across` columns, `down` rows."""

    text: str
    column: int
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: rows of the head as printed (blank where a word spans), rows of the body, all of one length."""

    number: str
    label: str
    title: str
    unit: str
    lead: tuple[str, ...]
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Slot, ...], ...]
    note: str
    empty: bool
    facts: tuple[tuple[Slot, ...], ...] = ()
    """Rows over the head of a sheet of targets: a word and what is told of it; the last cell spans what is left."""

    @property
    def amounts(self) -> list[Slot]:
        """Its amounts, row by row."""
        return [slot for row in (*self.facts, *self.rows) for slot in row if slot.about is not None]

    @property
    def heads(self) -> tuple[tuple[Head, ...], ...]:
        """The head's words by row with what they span. A blank belongs to the word over it where that reaches down, else to
        that on its left."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row, texts in enumerate(self.head):
            for column, text in enumerate(texts):
                over = owner.get((row - 1, column), (row, -1))
                left = owner.get((row, column - 1), (row, column))
                owner[row, column] = (row, column) if text else over if over[1] == column else left
        found: list[list[Head]] = [[] for _ in self.head]
        for row, column in sorted(set(owner.values())):
            held = [place for place, own in owner.items() if own == (row, column)]
            across, down = (
                max(place[side] for place in held) - own + 1 for side, own in ((1, column), (0, row))
            )
            found[row].append(Head(self.head[row][column], column, across, down))
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Asked:
    """Words the document takes from people: a reason by its key among the ledger's, or a fact by its name."""

    kind: str
    """reason | fact | goals: in which of the ledger's books it belongs."""
    key: str
    zh: str
    """What is asked for: 「基本支出增加的原因」."""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One unit's document of one year; `asked` are the words it takes from people, each once."""

    title: str
    family: str
    year: int
    unit: str
    unit_name: str
    words: tuple[Text, ...]
    tables: tuple[PrintedTable, ...]
    catalogue: tuple[tuple[str, str, str], ...]
    """For each table its label and title, 是 or 否 for whether it is empty, and the reason."""
    asked: tuple[Asked, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What people still have to supply, in their words."""
        return tuple(each.zh for each in self.asked if not each.given)
