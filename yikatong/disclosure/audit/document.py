"""A document as a reader hands it over: lines of text and grids of cells in their order, each with its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text; `number` counts from 1 within the file, `page` from 1 (0 where a file has no pages)."""

    text: str
    number: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, spaces stripped, and the line it stands in. `printed` is set where it was put together: 「301 2」 for 30102."""

    text: str
    line: int
    page: int = 0
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Headed:
    """What stands around a table, as printed: `number` 「表5」, `unit` 「元」 or 「万元」, each "" where it is not printed.

    `line` is where it begins, its heading included; 0 where a line is not known.
    """

    title: str = ""
    number: str = ""
    unit: str = ""
    line: int = 0
    unit_line: int = 0
    title_line: int = 0

    @property
    def name(self) -> str:
        """How a person would call it."""
        return self.number or self.title


@dataclass(frozen=True, slots=True)
class Grid(Headed):
    """Rows of cells, all of the same length, head included."""

    rows: tuple[tuple[Cell, ...], ...] = field(kw_only=True)

    @property
    def printed(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        return chain.from_iterable(self.rows)


@dataclass(frozen=True, slots=True)
class Loose(Headed):
    """A table of which only lines came through (text without columns): what stands in it can be seen, not paired."""

    lines: tuple[Line, ...] = field(kw_only=True)

    @property
    def printed(self) -> Iterator[Cell]:
        """Every line, as one cell."""
        return (Cell(line.text, line.number, line.page) for line in self.lines)


Block = Line | Grid | Loose


@dataclass(frozen=True, slots=True)
class Document:
    """`file` is the name it came under.

    `pages` holds the line each page or sheet begins with, empty where the file has none; `unread` the pages of which
    nothing could be read, each with the reason in Chinese and English.
    """

    file: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()
    unread: tuple[tuple[int, str, str], ...] = ()

    def where(self, line: int) -> tuple[int, int]:
        """(page, line on that page), both from 1, of a line of the file; page 0 where there are none."""
        page = bisect_right(self.pages, line)
        return page, line - (self.pages[page - 1] - 1 if page else 0)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Each line of the file with its text, a table's rows with their cells apart."""
        for block in self.blocks:
            if isinstance(block, Line):
                yield block.number, block.text
            elif isinstance(block, Grid):
                for row in block.rows:
                    yield row[0].line, "  ".join(cell.text for cell in row if cell.text)
            else:
                for line in block.lines:
                    yield line.number, line.text

    @property
    def lines(self) -> list[Line]:
        """The running text outside its tables."""
        return [block for block in self.blocks if isinstance(block, Line)]

    @property
    def grids(self) -> list[Grid]:
        """The tables whose cells are known."""
        return [block for block in self.blocks if isinstance(block, Grid)]
