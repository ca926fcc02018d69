"""元 or 万元: the unit a table is printed in is what makes its numbers agree with the sentences, not what its head says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.document import Grid
from yikatong.disclosure.audit.fold import folding
from yikatong.disclosure.audit.printed import FEN, Printed, read_amount
from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.tables import Table, read_table, turn

UNITS = ("万元", "元")


@dataclass(frozen=True, slots=True)
class Unit:
    """`said` as the head has it ("" for none), `used` as its numbers have it, `votes` numbers that show it.

    `beyond` is set where none does, but in the unit that is said the greatest of them, as printed there, cannot be.
    """

    said: str
    used: str
    votes: int
    beyond: str = ""


def units_of(
    grids: Sequence[Grid], file: str, spoken: Sequence[Printed]
) -> tuple[dict[int, Unit], dict[int, Table]]:
    """The unit of each grid and the table it is in that unit, by the line the grid begins in.

    It is the one in which most of its amounts agree with those of the running text, whose unit stands with each number,
    or of a table already decided; where nothing agrees, the one most tables have.
    """
    tables = {grid.line: read_table(grid, file, UNITS[0]) for grid in grids}
    fold = folding([*spoken, *(cell for table in tables.values() for cell in table.amounts.values())])
    known: dict[Region, set[int]] = defaultdict(set)
    for cell in spoken:
        known[fold(cell.about)].add(cell.fen)
    amounts = {
        line: [(fold(cell.about), cell.fen) for cell in table.amounts.values()]
        for line, table in tables.items()
    }
    found: dict[int, Unit] = {}
    while True:
        decided = 0
        for grid in grids:
            if grid.line in found:
                continue
            votes = {unit: _votes(known, amounts[grid.line], _PARTS[unit]) for unit in UNITS}
            best = max(UNITS, key=lambda unit: votes[unit])
            if votes[best] > min(votes.values()):
                found[grid.line] = Unit(grid.unit, best, votes[best])
                for about, fen in amounts[grid.line]:
                    known[about].add(fen // _PARTS[best])
                decided += 1
        if not decided:
            break
    found |= _by_digits(grids, amounts, found, {fen for fens in known.values() for fen in fens})
    found |= _by_size(tables, found, max((fen for fens in known.values() for fen in fens), default=0))
    used = Counter(unit.used for unit in found.values())
    usual = used.most_common(1)[0][0] if used else ""
    honest = all(unit.said in ("", unit.used) for unit in found.values())
    for grid in grids:
        # Where no label has been proved wrong, a table is in the unit it says.
        own = (grid.unit or usual) if honest else (usual or grid.unit)
        found.setdefault(grid.line, Unit(grid.unit, own or UNITS[0], 0))
        if found[grid.line].used != UNITS[0]:
            turn(tables[grid.line], found[grid.line].used)
    return found, tables


_PARTS = {unit: FEN["万元"] // FEN[unit] for unit in UNITS}
"""How many of a unit make one 万元: tables are first read as if they were in that."""


def _votes(known: Mapping[Region, set[int]], amounts: Sequence[tuple[Region, int]], parts: int) -> int:
    """How many of the cells have, within a hundredth, an amount known of the same region: a wrong one shows its unit too."""
    return sum(
        1
        for about, fen in amounts
        if fen and any(abs(fen // parts - other) * 100 <= abs(other) for other in known.get(about, ()))
    )


def _by_digits(
    grids: Sequence[Grid],
    amounts: Mapping[int, Sequence[tuple[Region, int]]],
    found: Mapping[int, Unit],
    known: set[int],
) -> dict[int, Unit]:
    """The unit of tables that tell of nothing told elsewhere, by amounts that come again to the last digit in another table."""
    told: dict[int, Unit] = {}
    seen = {_hundredths(fen) for fen in known if _hundredths(fen) >= _TELLING}
    for grid in grids:
        if grid.line in found:
            continue
        own = {fen for _, fen in amounts[grid.line] if _hundredths(fen) >= _TELLING}
        votes = {unit: sum(1 for fen in own if _hundredths(fen // _PARTS[unit]) in seen) for unit in UNITS}
        best = max(UNITS, key=lambda unit: votes[unit])
        if votes[best] > min(votes.values()) and votes[best] >= min(2, len(own)):
            told[grid.line] = Unit(grid.unit, best, votes[best])
            seen |= {_hundredths(fen // _PARTS[best]) for fen in own}
    return told


def _by_size(tables: Mapping[int, Table], found: Mapping[int, Unit], whole: int) -> dict[int, Unit]:
    """Labels that cannot be, in fen of the `whole` the document tells of: a table of more than a hundred times all of it,

    and one of a few yuan with fen in a budget of millions, where no table in yuan has fen.
    """
    if any(_with_fen(tables[line]) for line, unit in found.items() if unit.used == "元"):
        return {}
    told: dict[int, Unit] = {}
    for line, table in tables.items():
        most = max(table.amounts.values(), key=lambda cell: cell.fen, default=None)
        said = table.grid.unit
        if line in found or most is None or not most.fen or not said:
            continue
        few = most.fen < FEW * FEN["万元"] and most.fen <= whole and whole >= MUCH
        if said == "元" and few and _with_fen(table):
            told[line] = Unit(said, "万元", 0, most.text)
        if said == "万元" and most.fen > 100 * whole and most.fen // _PARTS["元"] <= whole:
            told[line] = Unit(said, "元", 0, most.text)
    return told


FEW, MUCH = 10_000, 100_000_000
"""Yuan, and fen: who has a million does not budget less than ten thousand yuan to the fen."""


def _with_fen(table: Table) -> bool:
    """Whether at least half of its amounts would have fen, were they in yuan."""
    amounts = [cell for cell in table.amounts.values() if cell.fen]
    shown = [cell for cell in amounts if cell.text.partition(".")[2].strip("0")]
    return bool(shown) and 2 * len(shown) >= len(amounts)


def _hundredths(fen: int) -> int:
    """Hundredths of 万元, which is how most tables are printed."""
    return (fen + 5_000) // 10_000


_TELLING = 1_000
"""Amounts of fewer digits come again by chance."""


def unit_of(said: str, total: str, known: Collection[int]) -> Unit:
    """The unit of a table of which only its total is understood, given the fen known of the same thing."""
    votes = dict.fromkeys(UNITS, 0)
    for unit in UNITS:
        read = read_amount(total, unit)
        if read is not None and read[0]:
            votes[unit] = sum(1 for fen in known if abs(read[0] - fen) * 100 <= abs(fen))
    best = max(UNITS, key=lambda unit: votes[unit])
    return Unit(said, best if votes[best] else said, votes[best])
