"""How a table stands on a page of A4: upright or across, in which size of type, with which columns. Whole numbers only.

Widths of texts are hundredths of an em (a Chinese sign is 100), lengths on paper tenths of a point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yikatong.disclosure.publication import PrintedTable

UPRIGHT, ACROSS = 4930, 7570
"""The width between the margins."""
_HIGH, _LOW = 6600, 4130
"""The height left for a table under its title, upright and across."""
_CHOICES = ((False, 95), (True, 95), (True, 85), (True, 75), (True, 65), (True, 58), (True, 50))
_PADDING = 80
"""Beside the text of a cell, both sides together."""
_NAME, _WORDS = 1100, 2600
"""A name is broken into lines before it is narrower than the first; nothing asks for more than the second."""
_SIGN, _LEADING = 74, 42
"""The height of a line of type and what is between two lines, in hundredths of an em."""
_TIGHTER = ((100, 45), (100, 32), (97, 25), (93, 24), (88, 22), (85, 20))
"""Ways to set a table: per cent of its size, and the gap over and under a row. The first that fits one page is taken."""
_HEAD, _LINES = 300, 4
"""A word of the head is broken into lines of at least three signs, and into no more than four lines."""
_HEAD_LINES = 2
"""How many lines a row of the head is taken to have."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`across` for a page turned on its side, size of type, gap over and under a row (of an em), width of each column."""

    across: bool
    size: int
    gap: int
    widths: tuple[int, ...]


def width_of(text: str) -> int:
    """How wide a text is: Latin letters, digits and points are little more than half as wide as a Chinese sign."""
    return sum(58 if sign < "\u0100" else 100 for sign in text)


def layout_of(table: PrintedTable) -> Layout:
    """The first layout, from upright in 9.5 points to across in 5, in which no amount is broken and no name squeezed."""
    least, most = _wanted(table)
    for across, size in _CHOICES:
        room = ACROSS if across else UPRIGHT
        if sum(least) * size <= room * 100:
            break
    widths = _shared(room, [width * size // 100 for width in least], most)
    for share, gap in _TIGHTER:
        if _height(table, widths, size * share // 100, gap) <= (_LOW if across else _HIGH):
            return Layout(across, size * share // 100, gap, widths)
    return Layout(across, size, _TIGHTER[0][1], widths)


def _height(table: PrintedTable, widths: Sequence[int], size: int, gap: int) -> int:
    """How high the table is."""
    lines = [_HEAD_LINES] * (len(table.head) + len(table.facts))
    for row in table.rows:
        lines.append(
            max(
                -(-width_of(slot.text) * size // (width * 100 - _PADDING * size) or -1)
                for slot, width in zip(row, widths, strict=True)
            )
        )
    return sum((each * (_SIGN + _LEADING) - _LEADING + 2 * gap) * size // 100 for each in lines)


def _wanted(table: PrintedTable) -> tuple[list[int], list[int]]:
    """What each column needs, and what it would like."""
    least, most = [], []
    for column in range(len(table.head[0])):
        words = list(_words(table, column))
        told = [width_of(row[column].text) for row in table.facts if column < len(row) - 1]
        names = [width_of(row[column].text) for row in table.rows if row[column].about is None] + told
        amounts = [width_of(row[column].text) for row in table.rows if row[column].about is not None]
        codes = [width_of(row[column].text) for row in table.rows if row[column].text.strip().isascii()]
        needed = [max(min(word, _HEAD), word // _LINES) for word in words]
        least.append(max([*amounts, *codes, *(min(name, _NAME) for name in names), *needed, 200]) + _PADDING)
        most.append(
            max([*amounts, *(min(each, _WORDS) for each in (*names, *words)), least[-1] - _PADDING])
            + _PADDING
        )
    return least, most


def _words(table: PrintedTable, column: int) -> Iterator[int]:
    """How wide the words are that stand over this column alone."""
    for heads in table.heads:
        for head in heads:
            if head.column == column and head.across == 1:
                yield width_of(head.text)


def _shared(room: int, least: Sequence[int], most: Sequence[int]) -> tuple[int, ...]:
    """The room shared out: what each needs, the rest as each would like."""
    spare = room - sum(least)
    if spare < 0:
        return tuple(width * room // sum(least) for width in least)
    whole = sum(most)
    return tuple(width + spare * wish // whole for width, wish in zip(least, most, strict=True))
