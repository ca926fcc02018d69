"""Ruled tables: rulings that cross make a lattice, its meshes are cells, and signs fall into them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.printed import is_amount
from yikatong.disclosure.audit.reading.pages import Glyph, Ruling
from yikatong.disclosure.audit.reading.writing import Written, joined, lines_of

NEAR = 250
"""Rulings no further apart are one, and those that miss each other by no more do cross."""
_OUTSIDE = 1500
"""Rulings that run on so far past the last one across them leave the outer side of a table open."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on a page: the edges of its columns, where it lies, and its rows of texts."""

    edges: tuple[int, ...]
    top: int
    bottom: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Crossing rulings: the edges of columns and rows, and between which meshes a ruling is drawn."""

    across: tuple[int, ...]
    down: tuple[int, ...]
    home: dict[tuple[int, int], tuple[int, int]]
    """The upper left mesh of the cell each (row, column) belongs to."""

    def holds(self, glyph: Glyph) -> bool:
        """Whether the middle of a sign lies in it."""
        x, y = (glyph.left + glyph.right) // 2, (glyph.top + glyph.bottom) // 2
        return self.across[0] <= x <= self.across[-1] and self.down[0] <= y <= self.down[-1]


def lattices(rulings: Iterable[Ruling]) -> list[Lattice]:
    """Every lattice of a page with more than one mesh, from above."""
    found = []
    for group in _crossing(_merged(rulings)):
        lattice = _lattice(group)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda each: each.down[0])


def _merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Rulings drawn piece by piece, or double, as one."""
    merged: list[Ruling] = []
    for across in (True, False):
        same = sorted((each for each in rulings if each.across is across), key=lambda each: each.at)
        while same:
            line = [same.pop(0)]
            while same and same[0].at - line[-1].at <= NEAR:
                line.append(same.pop(0))
            at = sum(each.at for each in line) // len(line)
            line.sort(key=lambda each: each.begin)
            begin, end = line[0].begin, line[0].end
            for each in line[1:]:
                if each.begin - end > NEAR:
                    merged.append(Ruling(across, at, begin, end))
                    begin, end = each.begin, each.end
                else:
                    end = max(end, each.end)
            merged.append(Ruling(across, at, begin, end))
    return merged


def _crossing(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """The rulings in groups that hang together."""
    home = list(range(len(rulings)))

    def root(which: int) -> int:
        while home[which] != which:
            which = home[which]
        return which

    downs = [which for which, each in enumerate(rulings) if not each.across]
    for one, level in enumerate(rulings):
        if not level.across:
            continue
        for other in downs:
            down = rulings[other]
            if (
                level.begin - NEAR <= down.at <= level.end + NEAR
                and down.begin - NEAR <= level.at <= down.end + NEAR
            ):
                home[root(other)] = root(one)
    groups: dict[int, list[Ruling]] = defaultdict(list)
    for which, each in enumerate(rulings):
        groups[root(which)].append(each)
    return list(groups.values())


def _lattice(rulings: Sequence[Ruling]) -> Lattice | None:
    across = _edges(
        [each.at for each in rulings if not each.across], [each for each in rulings if each.across]
    )
    down = _edges([each.at for each in rulings if each.across], [each for each in rulings if not each.across])
    if len(across) < 2 or len(down) < 2 or len(across) + len(down) < 5:
        return None
    levels: dict[int, list[Ruling]] = defaultdict(list)
    uprights: dict[int, list[Ruling]] = defaultdict(list)
    for each in rulings:
        (levels if each.across else uprights)[_nearest(down if each.across else across, each.at)].append(each)
    home: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(down) - 1):
        for column in range(len(across) - 1):
            x, y = (across[column] + across[column + 1]) // 2, (down[row] + down[row + 1]) // 2
            up = home.get((row - 1, column)) if not _drawn(levels[row], x) else None
            left = home.get((row, column - 1)) if not _drawn(uprights[column], y) else None
            home[row, column] = up or left or (row, column)
    return Lattice(across, down, home)


def _edges(drawn: Sequence[int], others: Sequence[Ruling]) -> tuple[int, ...]:
    """Where rulings lie, and the open side where those across them run on."""
    found: list[int] = []
    for at in sorted(drawn):
        if not found or at - found[-1] > NEAR:
            found.append(at)
    if found and others:
        first, last = min(each.begin for each in others), max(each.end for each in others)
        if found[0] - first > _OUTSIDE:
            found.insert(0, first)
        if last - found[-1] > _OUTSIDE:
            found.append(last)
    return tuple(found)


def _nearest(edges: Sequence[int], at: int) -> int:
    return min(range(len(edges)), key=lambda which: abs(edges[which] - at))


def _drawn(rulings: Sequence[Ruling], at: int) -> bool:
    return any(each.begin <= at <= each.end for each in rulings)


# --- what stands in it ---------------------------------------------------------------------------------------------------


def sheet_of(lattice: Lattice, glyphs: Iterable[Glyph]) -> Sheet:
    """The rows of texts of a lattice; a cell over several meshes has its text in the first, upper left."""
    held: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        column = bisect_right(lattice.across, (glyph.left + glyph.right) // 2) - 1
        row = bisect_right(lattice.down, (glyph.top + glyph.bottom) // 2) - 1
        column, row = min(column, len(lattice.across) - 2), min(row, len(lattice.down) - 2)
        held[lattice.home[row, column]].append(glyph)
    written = {mesh: lines_of(signs) for mesh, signs in held.items()}
    rows: list[tuple[str, ...]] = []
    for row in range(len(lattice.down) - 1):
        band = [written.get((row, column), []) for column in range(len(lattice.across) - 1)]
        rows.extend(_rows(band))
    return Sheet(lattice.across, lattice.down[0], lattice.down[-1], tuple(rows))


def _rows(band: Sequence[list[Written]]) -> list[tuple[str, ...]]:
    """One row; or several, where rows are not ruled off and a column holds amounts under each other."""
    stacked = [cell for cell in band if len(cell) > 1 and all(is_amount(line.text) for line in cell)]
    if not stacked:
        return [tuple(joined(cell) for cell in band)]
    levels: list[int] = []
    for middle in sorted(line.middle for cell in stacked for line in cell):
        if not levels or middle - levels[-1] > NEAR:
            levels.append(middle)
    cells: list[list[list[Written]]] = [[[] for _ in band] for _ in levels]
    for column, cell in enumerate(band):
        for line in cell:
            level = min(range(len(levels)), key=lambda which: abs(levels[which] - line.middle))
            cells[level][column].append(line)
    return [tuple(joined(cell) for cell in row) for row in cells]
