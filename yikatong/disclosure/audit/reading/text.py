"""Text and Markdown: tables with bars, tables of which the text kept whole rows, and running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple

from yikatong.disclosure.audit.document import Block, Cell, Document, Grid, Line, Loose
from yikatong.disclosure.audit.reading.flat import table_of_lines
from yikatong.disclosure.audit.reading.heads import TITLE, UNIT, around, join_codes

_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-*:?\s*)*\|?")


def read_text(file: str, text: str) -> Document:
    """The blocks of a text file, in order. A table in bars is a `Grid`; 「表N」 over bare lines is a `Grid` or `Loose`."""
    lines = [Line(line.strip(), number) for number, line in enumerate(text.splitlines(), 1)]
    blocks: list[Block] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.text.startswith("|"):
            until = place
            while until < len(lines) and (lines[until].text.startswith("|") or not lines[until].text):
                until += 1
            blocks.extend(_grids(lines[place:until], blocks))
            place = until
        elif _begins_table(lines, place):
            until = next((i for i in range(place + 1, len(lines)) if _begins_table(lines, i)), len(lines))
            blocks.append(_bare_table(lines[place:until]))
            place = until
        else:
            if line.text:
                blocks.append(line)
            place += 1
    return Document(file, tuple(blocks))


def _begins_table(lines: Sequence[Line], place: int) -> bool:
    """「表5」 alone, and soon after it the unit or, for sheets of targets, other lines before the next number."""
    if not lines[place].text.startswith("表") or not re.fullmatch(r"表\s*\d+", lines[place].text):
        return False
    following = [line.text for line in lines[place + 1 : place + 12] if line.text][:4]
    in_bars = any(text.startswith("|") for text in following)
    return not in_bars and not any(re.match(r"表\s*\d+", text) for text in following[:2])


# --- tables in bars --------------------------------------------------------------------------------------------------


def _grids(lines: Sequence[Line], blocks: list[Block]) -> list[Block]:
    """The grids of adjoining lines in bars: a blank line ends one, and one without a title goes on with the last."""
    found: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if line.text and not _RULE.fullmatch(line.text):
            cells = line.text.strip("|").split("|") if line.text != "|" else []
            rows.append(tuple(Cell(" ".join(cell.split()), line.number) for cell in cells))
    if not rows:
        return found
    heading = around(blocks, rows[0][0].line if rows[0] else 0)
    width = max(map(len, rows))
    even = tuple(
        row + tuple(Cell("", row[0].line if row else 0) for _ in range(width - len(row))) for row in rows
    )
    found.append(Grid(*astuple(heading), rows=tuple(join_codes(even))))
    return found


# --- tables without bars ---------------------------------------------------------------------------------------------


def _bare_table(lines: Sequence[Line]) -> Grid | Loose:
    """The lines from 「表5」 to the next: their title may stand before or after the rows."""
    unit, title, unit_line, title_line = "", "", 0, 0
    rest: list[Line] = []
    for line in lines[1:]:
        said = UNIT.fullmatch(line.text)
        if said:
            unit, unit_line = said.group(1), line.number
        elif not title and TITLE.fullmatch(line.text) and re.search("预算|决算|绩效|目标", line.text):
            title, title_line = line.text, line.number
        elif line.text:
            rest.append(line)
    return table_of_lines(
        Loose(title, lines[0].text, unit, lines[0].number, unit_line, title_line, lines=tuple(rest))
    )
