"""Amounts as printed: what a text says exactly, and how far rounding lets the true amount lie from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yikatong.disclosure.audit.region import Region

FEN = {"元": 100, "万元": 1_000_000}
"""Fen in one of the unit a table or sentence is printed in."""
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
ZERO_MARKS = ("-", "—", "–", "/")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed. `page` 0 where the file has no pages; table, row and column "" in running text."""

    file: str = ""
    page: int = 0
    line: int = 0
    table: str = ""
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number: what it is about, its value in fen, the step of its last digit in fen, and its unit.

    A blank cell of a row that has numbers is a zero of step 0: nothing was rounded away from it.
    """

    about: Region
    fen: int
    step: int
    text: str
    unit: str
    place: Place

    @property
    def low(self) -> int:
        """The least true amount that prints so: half a step below, as halves are rounded up (四舍五入)."""
        return self.fen - self.step // 2

    @property
    def high(self) -> int:
        """The greatest true amount that prints so: in whole yuan, or in fen where whole yuan are printed."""
        finest = 100 if self.step > 100 else 1
        return self.fen + max(0, self.step // 2 - finest)

    def of(self, about: Region) -> Printed:
        """The same number about another region."""
        return Printed(about, self.fen, self.step, self.text, self.unit, self.place)

    def meets(self, other: Printed) -> bool:
        """Whether rounding lets both be one amount."""
        return self.low <= other.high and other.low <= self.high

    def printed(self, yuan: int) -> str:
        """That amount as it would be printed here."""
        in_unit = Decimal(yuan) * 100 / FEN[self.unit]
        last = Decimal(self.step or FEN[self.unit] // 100) / FEN[self.unit]
        return f"{in_unit.quantize(last.normalize(), ROUND_HALF_UP):f}"


def is_amount(text: str) -> bool:
    """Whether a cell is a plain number, thousands separators allowed, or a mark that stands for zero."""
    return text in ZERO_MARKS or _AMOUNT.fullmatch(text) is not None


def read_amount(text: str, unit: str) -> tuple[int, int] | None:
    """(fen, step) of a printed number in that unit; None where it is none, or finer than a fen.

    `"173.41"` in 万元 -> (173410000, 10000); a blank or a mark for zero is (0, 0). 万元 are taken as printed to two decimals
    at least: 「24 万元」 leaves zeros out, it does not round.
    """
    plain = text.strip().replace(",", "")
    if not plain or plain in ZERO_MARKS:
        return 0, 0
    if not _AMOUNT.fullmatch(text.strip()):
        return None
    decimals = max(len(plain.partition(".")[2]), 2 if unit == "万元" else 0)
    fen, step = Decimal(plain) * FEN[unit], Decimal(FEN[unit]).scaleb(-decimals)
    if fen != int(fen):
        return None
    return int(fen), int(step)
