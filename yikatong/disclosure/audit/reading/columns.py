"""Tables without rulings: amounts under each other make columns, and words fall into the column they stand over."""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.disclosure.audit.printed import is_amount
from yikatong.disclosure.audit.reading.lattice import Sheet
from yikatong.disclosure.audit.reading.writing import Piece, Written

_FEWEST = 3
"""Lines of amounts that make a table; fewer are running text with a wide gap."""
_HEAD = 3
_LEADERS = ("…", "....", "····")


def unruled(lines: Sequence[Written]) -> list[tuple[int, int, Sheet]]:
    """(first line, line after the last, table) of each run of lines that stand in columns."""
    found: list[tuple[int, int, Sheet]] = []
    place = 0
    while place < len(lines):
        if not _tabular(lines[place]):
            place += 1
            continue
        until, last = place + 1, place
        while until < len(lines) and until - last <= 2 and len(lines[until].pieces) < 20:
            if _tabular(lines[until]):
                last = until
            until += 1
        end = last + 1
        begin = place
        floor = found[-1][1] if found else 0
        while begin > floor and place - begin < _HEAD and len(lines[begin - 1].pieces) > 1:
            begin -= 1
        sheet = _sheet(lines[begin:end], place - begin)
        if sheet is not None:
            found.append((begin, end, sheet))
        place = end
    return found


def _tabular(line: Written) -> bool:
    if any(mark in line.text for mark in _LEADERS):
        return False
    return len(line.pieces) > 1 and any(is_amount(piece.text) for piece in line.pieces)


def _sheet(lines: Sequence[Written], head: int) -> Sheet | None:
    """None where the lines are too few, or a piece stands in two columns at once."""
    body = [line for line in lines[head:] if _tabular(line)]
    if len(body) < _FEWEST:
        return None
    columns: list[tuple[int, int]] = []
    for left, right in sorted((piece.left, piece.right) for line in body for piece in line.pieces):
        if columns and left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    if len(columns) < 2:
        return None
    rows = []
    for line in lines:
        cells = [""] * len(columns)
        for piece in line.pieces:
            column = _column(columns, piece)
            if line in body and cells[column]:
                return None
            cells[column] += piece.text
        rows.append(tuple(cells))
    edges = (*(left for left, _ in columns), columns[-1][1])
    return Sheet(edges, lines[0].top, lines[-1].bottom, tuple(rows))


def _column(columns: Sequence[tuple[int, int]], piece: Piece) -> int:
    """The first column it stands over, else the nearest."""
    for which, (left, right) in enumerate(columns):
        if piece.left <= right and left <= piece.right:
            return which
    middle = (piece.left + piece.right) // 2
    return min(range(len(columns)), key=lambda which: abs(sum(columns[which]) // 2 - middle))
