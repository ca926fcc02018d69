"""Identity numbers of a list, read in pieces that come again and again; whatever is not plain goes the counter's way."""

from __future__ import annotations

import re
from datetime import date
from operator import mul
from typing import NamedTuple

from yikatong.basics.characters import INVISIBLE, ascii_folded
from yikatong.basics.ids import DocumentType, read_identity_number
from yikatong.basics.ids.identity import AREA_UNKNOWN, EARLIEST_BIRTH
from yikatong.basics.refused import Refused
from yikatong.basics.regions import ever_assigned

FORMULA = frozenset("=+-@＝＋－＠")


def tidied(cell: str) -> str:
    """A cell without what spreadsheets put around it: tabs and a leading apostrophe keep long numbers from rounding."""
    return cell.translate(INVISIBLE).strip().removeprefix("'")


def formula() -> Refused:
    """The answer to a cell that a spreadsheet might take for a formula."""
    return Refused(
        "cell.formula",
        "单元格以 = + - @ 开头，可能是公式，不予导入，请改成文字。",
        "The cell begins with = + - or @ and may be a formula; it is not taken in. Make it plain text.",
    )


class Seen(NamedTuple):
    """What a row needs to know of its number."""

    number: str
    sex: str
    birth: str
    warnings: tuple[str, ...]


_WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # ISO 7064 MOD 11-2, as `check_digit` computes it
_CHECKS = {(1 - value) % 11: "0123456789X"[value] for value in range(11)}
_EIGHTEEN = re.compile(r"[1-7][0-9]{16}[0-9X]", re.ASCII)
_ROUNDED = re.compile(r"\d([.．]\d+)?[Ee]\+?\d+")


class _Areas(dict[str, tuple[int, tuple[str, ...]]]):
    """Area code -> its share of the check, and the warnings it brings."""

    def __missing__(self, area: str) -> tuple[int, tuple[str, ...]]:
        found = self[area] = (_weighed(area, 0), () if ever_assigned(area) else (AREA_UNKNOWN,))
        return found


class _Days(dict[str, int | None]):
    """Day of birth -> its share of the check; None for a day on which nobody was born."""

    def __init__(self, today: date) -> None:
        self.today = today

    def __missing__(self, day: str) -> int | None:
        try:
            born = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        except ValueError:
            born = None
        lived = born is not None and EARLIEST_BIRTH <= born <= self.today
        found = self[day] = _weighed(day, 6) if lived else None
        return found


class Numbers:
    """Reads citizens' numbers in pieces (area, day of birth, serial), each of which comes again many times in a list."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.areas, self.days = _Areas(), _Days(today)
        self.serials = {f"{n:03d}": _weighed(f"{n:03d}", 14) for n in range(1000)}

    def read(self, cell: str, document: DocumentType | None) -> Seen | Refused:
        """A number as the counter reads it; or cell.formula, cell.rounded."""
        return self.plain(cell, document) or self._read_slowly(cell, document)

    def plain(self, cell: str, document: DocumentType | None) -> Seen | None:
        """A citizen's number that is good as it stands; None where only a closer look can tell."""
        if document in (None, DocumentType.CITIZEN_ID) and self.is_plain(cell):
            return Seen(cell, "1" if cell[16] in "13579" else "2", cell[6:14], self.areas[cell[:6]][1])
        return None

    def is_plain(self, cell: str) -> bool:
        """Whether a cell is a citizen's number that is good as it stands."""
        if _EIGHTEEN.fullmatch(cell) is None:
            return False
        day = self.days[cell[6:14]]
        if day is None:
            return False
        return _CHECKS[(self.areas[cell[:6]][0] + day + self.serials[cell[14:17]]) % 11] == cell[17]

    def _read_slowly(self, cell: str, document: DocumentType | None) -> Seen | Refused:
        text = tidied(cell)
        if text[:1] in FORMULA:
            return formula()
        if _ROUNDED.fullmatch(ascii_folded(text)):
            return _rounded()
        identity = read_identity_number(text, self.today, document)
        if isinstance(identity, Refused):
            return identity
        birth = f"{identity.birth_on:%Y%m%d}" if identity.birth_on else ""
        return Seen(identity.number, identity.sex if identity.sex != "9" else "", birth, identity.warnings)


def _weighed(digits: str, place: int) -> int:
    return sum(map(mul, map(int, digits), _WEIGHTS[place:]))


def _rounded() -> Refused:
    return Refused(
        "cell.rounded",
        "号码按数字保存，末几位已丢失。请把这一列设为文本格式，再照证件重新填写。",
        "The number was kept as a figure and has lost its last digits. Make the column text and enter it again.",
    )
