"""Rows of a roster weighed: each read by its cells and laid out as the staging table takes it, by several hands if large."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from yikatong.basics.copied import escaped
from yikatong.basics.hands import Share
from yikatong.basics.masking import Sensitive
from yikatong.basics.sealing import lookups
from yikatong.benefits.roster import KEPT, Reader, Reading, Roster, RosterRow

SLICE = 5_000
COPY = "COPY roster (line, number_key, number_masked, name, folded, basis, fen, own, said) FROM STDIN"
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Scales:
    """What rows are weighed by, and the key of the index of numbers."""

    reading: Reading
    key: bytes


def weighed(roster: Roster, key: bytes, share: Share) -> Iterator[str]:
    """The rows of a roster as text for `COPY`, slice after slice, in the order of the file."""
    return share(Scales(roster.reading, key), _slices(roster.sheet.rows))


def begin(scales: Scales) -> Callable[[Rows], str]:
    """What weighs one slice after another."""
    lay_out = _Layout(scales.reading).lay_out

    def weigh(rows: Rows) -> str:
        laid_out = [each for row in rows if (each := lay_out(*row)) is not None]
        keys = lookups(scales.key, Sensitive.IDENTITY_NUMBER.value, [number for _, number, _ in laid_out])
        return "".join(
            [f"{line}\t\\\\x{key.hex()}\t{rest}" for (line, _, rest), key in zip(laid_out, keys, strict=True)]
        )

    return weigh


class _Layout:
    """Lays rows out as the staging table takes them: nearly all are plain (`Reader.plain_*`) and made of what is
    remembered; any other is read cell by cell, and says what is wrong."""

    def __init__(self, reading: Reading) -> None:
        self._reader = Reader(reading)
        places = reading.columns.places
        self._number, self._name, self._amount = (places[column] for column in ("number", "name", "amount"))
        self._basis, self._width = places.get("basis"), reading.columns.width
        self._named = lru_cache(maxsize=KEPT)(self._named_as)
        self._due = lru_cache(maxsize=KEPT)(self._due_as)

    def lay_out(self, line: int, cells: list[str]) -> tuple[int, str, str] | None:
        """Line, number, and all that stands behind the number's key; None of an empty row."""
        if len(cells) == self._width and self._reader.plain_number(number := cells[self._number]):
            named = self._named(cells[self._name])
            due = self._due("" if self._basis is None else cells[self._basis], cells[self._amount])
            if named and due:
                return line, number, f"{number[:4]}**********{number[14:]}\t{named}{due}"
        for row in self._reader.read([(line, cells)]):
            return line, row.number, _behind_the_key(row)
        return None

    def _named_as(self, cell: str) -> str:
        found = self._reader.plain_name(cell)
        return "" if found is None else f"{escaped(found[0])}\t{escaped(found[1])}\t"

    def _due_as(self, basis: str, amount: str) -> str:
        found = self._reader.plain_due(basis, amount)
        return "" if found is None else f"{escaped(found[0])}\t{found[1]}\t{{}}\t{{}}\n"


def _slices(rows: Iterable[tuple[int, list[str]]]) -> Iterator[Rows]:
    left = iter(rows)
    while some := list(islice(left, SLICE)):
        yield some


def _behind_the_key(row: RosterRow) -> str:
    own = "{" + ",".join(row.own) + "}"
    said = escaped(json.dumps(row.said, ensure_ascii=False)) if row.said else "{}"
    return (
        f"{escaped(row.number_masked)}\t{escaped(row.name)}\t{escaped(row.folded)}\t"
        f"{escaped(row.basis)}\t{row.fen}\t{own}\t{said}\n"
    )
