"""Every bit of text of a document with the place of each of its characters: what rules of wording look through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.document import Cell, Document, Grid, Line, Loose
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.prose import Sentence

_AMOUNT = re.compile(r"-?\d[\d,]{0,11}(?:\.\d*)?", re.ASCII)
"""No words, and half of all cells; a time stamp is longer."""


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text; `spots[i]` is (page, line) of its i-th character. A cell that is an amount has none.

    `kind`: sentence, title, cell, line (of a table without columns, spaces kept), flow (all lines of such a table as one).
    `head` is true for the cells of a table's first two rows.
    """

    kind: str
    text: str
    spots: tuple[tuple[int, int], ...]
    table: str = ""
    head: bool = False

    def place(self, at: int, file: str) -> Place:
        """The place of its `at`-th character."""
        page, line = self.spots[min(at, len(self.spots) - 1)]
        return Place(file, page, line, self.table)


def texts_of(document: Document, sentences: Sequence[Sentence]) -> Iterator[Text]:
    """All texts: the sentences first, then the tables in order."""
    for sentence in sentences:
        yield Text("sentence", sentence.text, sentence.spots)
    for block in document.blocks:
        if isinstance(block, Line):
            continue
        if block.title:
            line = block.title_line or block.line
            yield Text("title", block.title, ((0, line),) * len(block.title), block.name)
        if isinstance(block, Grid):
            for number, row in enumerate(block.rows):
                yield from _cells(block, row, head=number < 2)
        else:
            yield from _lines(block)


def _cells(grid: Grid, row: Sequence[Cell], *, head: bool) -> Iterator[Text]:
    said = set()
    for cell in row:
        if cell.text and cell.text not in said and not _AMOUNT.fullmatch(cell.text):
            said.add(cell.text)
            yield Text("cell", cell.text, ((cell.page, cell.line),) * len(cell.text), grid.name, head)


def _lines(loose: Loose) -> Iterator[Text]:
    flow: list[str] = []
    spots: list[tuple[int, int]] = []
    for line in loose.lines:
        yield Text("line", line.text, ((line.page, line.number),) * len(line.text), loose.name)
        plain = "".join(line.text.split())
        flow.append(plain)
        spots += [(line.page, line.number)] * len(plain)
    if flow:
        yield Text("flow", "".join(flow), tuple(spots), loose.name)
