"""What stands around a table: its number, title and unit over it, notes under it, and codes split over columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple

from yikatong.disclosure.audit.document import Block, Cell, Grid, Headed, Line
from yikatong.disclosure.audit.printed import is_amount

UNIT = re.compile(r"(?:金额)?单位[：:]\s*(?:人民币)?\s*(万元|元)")
TITLE = re.compile(r"\S.{2,60}表(?:（[^）]*）|\([^)]*\))?")
_NUMBER = re.compile(
    r"(?:(?:部门|单位)?(?:预算|决算)?公?开?表\s*[\d\-—一二三四五六七八九十]+|(?:预算|决算)?公开\s*\d\d\s*表)"
)
_NUMBERED = re.compile(rf"({_NUMBER.pattern})[\s：:、.]*({TITLE.pattern})")
_MAKER = re.compile(
    r"(?:编制)?(?:单位|部门)(?:名称)?[（(：:]|填报|[（(](?![\d一二三四五六七八九十]{1,3}[）)])"
)
_NOTE = re.compile(r"(?:注|备注|说明|填表说明)\s*[：:]|本表为空")
_LOOK_BACK = 5
_LEVELS = ("类", "款", "项")

Row = tuple[Cell, ...]


def around(blocks: list[Block], first_row: int) -> Headed:
    """What stands over a table whose rows begin in that line; taken out of the running text."""
    title = number = unit = ""
    first = taken = unit_line = title_line = 0
    for block in reversed(blocks[-_LOOK_BACK:]):
        if not isinstance(block, Line):
            break
        said = UNIT.search(block.text)
        if said and not unit:
            unit, unit_line = said.group(1), block.number
        elif _NUMBER.fullmatch(block.text) and not number:
            number = block.text
        elif (both := _NUMBERED.fullmatch(block.text)) and not number and not title:
            number, title, title_line = both.group(1), both.group(2), block.number
        elif TITLE.fullmatch(block.text) and not title and not number:
            title, title_line = block.text, block.number
        elif not (_MAKER.match(block.text) and len(block.text) < 40):
            break
        taken, first = taken + 1, block.number
    del blocks[len(blocks) - taken :]
    return Headed(title, number, unit, first or first_row, unit_line, title_line)


def begins_anew(line: str) -> bool:
    """Whether a line under a table says that the next one is another: a title, a number or a unit."""
    return bool(
        UNIT.search(line) or _NUMBER.fullmatch(line) or TITLE.fullmatch(line) or _NUMBERED.fullmatch(line)
    )


def put_tables(blocks: list[Block], rows: Sequence[Row]) -> None:
    """Append the tables of a sheet: a title, a number or a unit below the rows of one begins the next."""
    begin = 0
    for number, row in enumerate(rows):
        if number and any(cell.text for cell in row) and _is_heading(row):
            above = next((each for each in reversed(rows[:number]) if any(cell.text for cell in each)), None)
            if above is not None and not _is_heading(above):
                put_table(blocks, rows[begin:number])
                begin = number
    put_table(blocks, rows[begin:])


def put_table(blocks: list[Block], rows: Sequence[Row]) -> None:
    """Append the table of these rows (all of one length), with the lines that stand in its first and last rows."""
    kept = [row for row in rows if any(cell.text for cell in row)]
    while kept and _is_heading(kept[0]):
        blocks.append(_line(kept.pop(0)))
    notes: list[Block] = []
    while kept and _NOTE.match(" ".join(_texts(kept[-1]))) and len(_texts(kept[-1])) == 1:
        notes.insert(0, _line(kept.pop()))
    kept = _without_empty_columns(kept)
    if kept and len(kept[0]) > 1 and any(len(_texts(row)) > 1 for row in kept):
        heading = around(blocks, kept[0][0].line)
        blocks.append(Grid(*astuple(heading), rows=tuple(join_codes(kept))))
    else:
        blocks.extend(_line(row) for row in kept)
    blocks.extend(notes)


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row if cell.text]


def _line(row: Row) -> Line:
    return Line("  ".join(_texts(row)), row[0].line, row[0].page)


def _is_heading(row: Row) -> bool:
    """A title, a number, or the line with the unit, which a sheet keeps in its first rows."""
    texts = _texts(row)
    if any(is_amount(text) for text in texts):
        return False
    if any(UNIT.search(text) for text in texts):
        return True
    plain = texts[0]
    return len(texts) == 1 and bool(
        _NUMBER.fullmatch(plain)
        or _NUMBERED.fullmatch(plain)
        or (TITLE.fullmatch(plain) and len(plain) > 6)
        or _MAKER.match(plain)
    )


def _without_empty_columns(rows: Sequence[Row]) -> list[Row]:
    """A column without a word in it is a spacer of the layout."""
    if not rows:
        return []
    used = [column for column in range(len(rows[0])) if any(row[column].text for row in rows)]
    return [tuple(row[column] for column in used) for row in rows]


# --- codes printed as 类 | 款 | 项 ------------------------------------------------------------------------------------


def join_codes(rows: Sequence[Row]) -> list[Row]:
    """The rows with 201 | 06 | 01 under 类 | 款 | 项 joined to 2010601, in one column headed by what stands over them.

    A part left blank is the one above it; one of a single digit is taken with its zero.
    """
    found = _levels(rows)
    if found is None:
        return list(rows)
    height, start, many = found
    joined: list[Row] = []
    last = [""] * many
    for number, row in enumerate(rows):
        cells = row[start : start + many]
        said = ""
        if number < height:
            words = [cell.text for cell in cells if cell.text and cell.text not in _LEVELS]
            text = "".join(words)
        else:
            parts = ["".join(cell.text.split()) for cell in cells]
            text = _code(parts, last)
            said = " ".join(part for part in parts if part)
        joined.append(
            (*row[:start], Cell(text, row[start].line, row[start].page, said), *row[start + many :])
        )
    return [row for number, row in enumerate(joined) if number >= height or _texts(row)]


def _levels(rows: Sequence[Row]) -> tuple[int, int, int] | None:
    """(row under the head, first column, how many) of 类 | 款 | 项, or of 类 | 款."""
    for number, row in enumerate(rows[:6]):
        texts = ["".join(cell.text.split()) for cell in row]
        for column, text in enumerate(texts):
            if text == "类" and texts[column + 1 : column + 2] == ["款"]:
                many = 3 if texts[column + 2 : column + 3] == ["项"] else 2
                return number + 1, column, many
    return None


def _code(parts: list[str], last: list[str]) -> str:
    if not all(part.isdigit() for part in parts if part) or not any(parts):
        return "".join(parts)
    if len(parts[0]) > 3:
        return "".join(parts)  # printed in full in the first column
    deepest = max(place for place, part in enumerate(parts) if part)
    for place, part in enumerate(parts):
        last[place] = (part.zfill(2) if place else part) or (last[place] if place < deepest else "")
    return "".join(last[: deepest + 1])
