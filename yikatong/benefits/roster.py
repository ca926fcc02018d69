"""Rosters (补贴清册): the columns each programme's has, and every row read by its cells alone. Pure.

Every row that is not empty is kept, whatever is wrong with it: what cannot be paid says why. A sum below the others is no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import fen_from_yuan, print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Due, Programme, Rates, programmes
from yikatong.residents.headings import Columns, Form, wrong_width
from yikatong.residents.numbers import FORMULA, Numbers, formula, tidied
from yikatong.residents.sheets import Limits, Sheet, open_sheet

BASIS_LENGTH = 20
MOST_OF_ONE, MOST_FEN = 10**12, 10**15
"""Fen of one row, and of an envelope: what is more is a slip of the keyboard, and in sums more than a column holds."""
_AMOUNT = ("金额（元）", "金额(元)", "发放金额", "发放金额（元）", "金额")
_PASSED_OVER = frozenset(
    {"序号", "备注", "镇（街道）", "乡镇", "村（社区）", "村组", "开户银行", "联系电话", "与户主关系"}
)
TOTALS = frozenset({"合计", "总计", "共计", "小计"})
KEPT = 100_000
"""How many different cells of a column are remembered: names, amounts and bases come again and again."""
Said = dict[str, list[str]]
Wrong = list[str] | None
DueOf = Callable[[str], Due | Refused]


class RosterRow(NamedTuple):
    """One row as it stands in the file. `number` is empty where it cannot be read; `own` are the codes of what the row
    shows by itself (`checks.OF_THE_ROW`), `said` what each was found by, in Chinese and English."""

    line: int
    number: str
    number_masked: str
    name: str
    folded: str
    basis: str
    fen: int
    own: tuple[str, ...]
    said: Said


@dataclass(frozen=True)
class Roster:
    """A roster opened for reading. `sheet.rows` are to be gone through once, by a `Reader` of its `reading`."""

    sheet: Sheet
    reading: Reading


@dataclass(frozen=True)
class Reading:
    """What the rows of a roster are read by: where its columns stand, and what the programme (its code) pays."""

    columns: Columns
    programme: str
    rates: Rates
    cap_fen: int
    today: date


class Reader:
    """Reads rows of a roster, and remembers what comes again."""

    def __init__(self, reading: Reading) -> None:
        self.columns, self.cap_fen = reading.columns, reading.cap_fen
        self._numbers = Numbers(reading.today)
        self._name = lru_cache(maxsize=KEPT)(self._name_of)
        self._fen = lru_cache(maxsize=KEPT)(self._fen_of)
        self._basis = lru_cache(maxsize=KEPT)(self._basis_of)
        due = programmes()[reading.programme].due
        self._due: DueOf = lru_cache(maxsize=KEPT)(lambda basis: due(basis, reading.rates))

    def plain_number(self, cell: str) -> bool:
        """Whether a cell is a citizen's number as it stands."""
        return self._numbers.is_plain(cell)

    def plain_name(self, cell: str) -> tuple[str, str] | None:
        """A name as it is kept and as it is compared; None of a cell with anything wrong."""
        name, folded, wrong = self._name(cell)
        return (name, folded) if wrong is None else None

    def plain_due(self, basis_cell: str, amount: str) -> tuple[str, int] | None:
        """Basis and fen; None where anything is wrong with one of them, or with one for the other."""
        (basis, basis_wrong), (fen, fen_wrong) = self._basis(basis_cell), self._fen(amount)
        said: Said = {}
        if basis_wrong is None and fen_wrong is None:
            _compare(fen, self._due(basis), self.cap_fen, said)
            return None if said else (basis, fen)
        return None

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[RosterRow]:
        """Every row that is not empty, in the order of the file."""
        places, width = self.columns.places, self.columns.width
        number, name, amount = (places[column] for column in ("number", "name", "amount"))
        basis = places.get("basis")
        for line, cells in rows:
            if not any(map(tidied, cells)):
                continue
            if is_total(cells, places):
                continue
            if len(cells) > width and not any(map(tidied, cells[width:])):  # a comma at the end of the line
                cells = cells[:width]
            if len(cells) != width:
                refused = wrong_width(len(cells), width)
                yield RosterRow(line, "", "", "", "", "", 0, ("C01",), {"C01": [refused.zh, refused.en]})
                continue
            yield self._row(
                line, cells[number], cells[name], cells[amount], "" if basis is None else cells[basis]
            )

    def _row(self, line: int, number_cell: str, name_cell: str, amount: str, basis_cell: str) -> RosterRow:
        number, shown, number_wrong = self._number(number_cell)
        name, folded, name_wrong = self._name(name_cell)
        basis, basis_wrong = self._basis(basis_cell)
        fen, fen_wrong = self._fen(amount)
        wrong = name_wrong or basis_wrong or fen_wrong
        said: Said = {}
        if number_wrong is not None:
            said["C02"] = number_wrong
        if wrong is not None:
            said["C01"] = wrong
        else:
            _compare(fen, self._due(basis), self.cap_fen, said)
        return RosterRow(line, number, shown, name, folded, basis, fen, tuple(said), said)

    def _number(self, cell: str) -> tuple[str, str, list[str] | None]:
        read = self._numbers.read(cell, None)
        if isinstance(read, Refused):
            return "", mask(Sensitive.IDENTITY_NUMBER, tidied(cell)[:30]), [read.zh, read.en]
        return read.number, mask(Sensitive.IDENTITY_NUMBER, read.number), None

    def _name_of(self, cell: str) -> tuple[str, str, Wrong]:
        """The name as it is kept, as it is compared, and what is wrong with it."""
        if names.is_plain(cell):
            return cell, cell, None
        text, wrong = self._plain(cell, "name")
        name = names.tidy(text)
        if wrong is None and (refused := names.name_problems(name)) is not None:
            wrong = self._wrong("name", refused)
        return name[:100], names.fold(name[:100]), wrong

    def _basis_of(self, cell: str) -> tuple[str, Wrong]:
        text, wrong = self._plain(cell, "basis")
        return text[:BASIS_LENGTH], wrong

    def _plain(self, cell: str, column: str) -> tuple[str, Wrong]:
        text = tidied(cell)
        if text[:1] in FORMULA and text:
            return "", self._wrong(column, formula())
        return text, None

    def _fen_of(self, cell: str) -> tuple[int, Wrong]:
        try:
            fen = fen_from_yuan(tidied(cell))
        except ValueError:
            fen = 0
        return (fen, None) if 0 < fen <= MOST_OF_ONE else (0, self._wrong("amount", _no_amount()))

    def _wrong(self, column: str, refused: Refused) -> list[str]:
        heading = self.columns.headings.get(column, "")
        return [f"{heading} {refused.zh}".strip(), f"{heading} {refused.en}".strip()]


def is_total(cells: list[str], places: Mapping[str, int]) -> bool:
    """Whether a row is the sum that spreadsheets end with, and nobody: no number, and 合计 where a name would be, or first."""
    number, name = (
        cells[places[column]] if places[column] < len(cells) else "" for column in ("number", "name")
    )
    return not tidied(number) and any(
        re.sub(r"[\s:：]", "", tidied(cell)) in TOTALS for cell in (name, cells[0])
    )


def form_of(programme: Programme) -> Form:
    """The columns of a programme's roster."""
    optional = programme.basis_note.startswith("可不填")
    return Form(
        columns={
            "name": programme.names,
            "number": programme.numbers,
            "basis": programme.basis,
            "amount": _AMOUNT,
        },
        required=("name", "number", "amount") if optional else ("name", "number", "basis", "amount"),
        passed_over=_PASSED_OVER | programme.more,
        notes={
            "name": "必填。与证件一致，间隔号照写。",
            "number": "必填。18位社会保障号码；列为文本格式。",
            "basis": programme.basis_note,
            "amount": "必填。以元为单位，最多两位小数。",
        },
    )


def open_roster(
    content: bytes, limits: Limits, programme: Programme, *, rates: Rates, cap_fen: int, today: date
) -> Roster | Refused:
    """Open a roster. Refused as a whole: what `open_sheet` and `Form.find` refuse (file.*)."""
    form = form_of(programme)
    sheet = open_sheet(content, limits, form.fits)
    if isinstance(sheet, Refused):
        return sheet
    columns = form.find(sheet.headings)
    if isinstance(columns, Refused):
        return columns
    return Roster(sheet, Reading(columns, programme.code, rates, cap_fen, today))


def _compare(fen: int, due: Due | Refused, cap_fen: int, said: Said) -> None:
    """C16 and C17: the amount against what is due for its basis, and against the cap."""
    if isinstance(due, Refused):
        said["C01"] = [due.zh, due.en]
        return
    least, most = due.least, due.most
    if not least <= fen <= most:
        text = print_yuan(least) if least == most else f"{print_yuan(least)}–{print_yuan(most)}"
        said["C16"] = [f"{text}元", f"{text} yuan"]
    if fen > cap_fen:
        said["C17"] = [f"{print_yuan(cap_fen)}元", f"{print_yuan(cap_fen)} yuan"]


def _no_amount() -> Refused:
    return Refused(
        "benefit.amount",
        f"应为以元为单位、大于零的金额，不超过{MOST_OF_ONE // 100}元，最多两位小数。",
        f"It must be an amount in yuan above nothing, of {MOST_OF_ONE // 100} at most, with two decimals at most.",
    )


def declared_fen(text: str) -> int | Refused:
    """A sum that is typed in yuan: what an envelope declares, what the treasury grants. Refused: benefit.declared."""
    try:
        fen = fen_from_yuan(re.sub(r"\s", "", text))
    except ValueError:
        fen = 0
    if not 0 < fen <= MOST_FEN:
        return Refused(
            "benefit.declared",
            f"请填写金额，以元为单位、大于零、不超过{MOST_FEN // 100}元，最多两位小数。",
            f"Enter a sum in yuan above nothing, of {MOST_FEN // 100} at most, with two decimals at most.",
            at="declared",
        )
    return fen
