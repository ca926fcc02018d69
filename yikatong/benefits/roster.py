"""Rosters (补贴清册): the columns each programme's has, and every row read by its cells alone. Pure.

Every row that is not empty is kept, whatever is wrong with it: what cannot be paid says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import fen_from_yuan, print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Due, Programme, Rates
from yikatong.residents.headings import Columns, Form, wrong_width
from yikatong.residents.numbers import FORMULA, Numbers, formula, tidied
from yikatong.residents.sheets import Limits, Sheet, open_sheet

BASIS_LENGTH = 20
_AMOUNT = ("金额（元）", "金额(元)", "发放金额", "发放金额（元）", "金额")
_PASSED_OVER = frozenset(
    {"序号", "备注", "镇（街道）", "乡镇", "村（社区）", "村组", "开户银行", "联系电话", "与户主关系"}
)
Said = dict[str, list[str]]
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
    """A roster opened for reading. `rows` are to be gone through once."""

    sheet: Sheet
    columns: Columns
    programme: Programme
    rates: Rates
    cap_fen: int
    today: date

    def rows(self) -> Iterator[RosterRow]:
        """Every row that is not empty, in the order of the file."""
        numbers = Numbers(self.today)
        due: DueOf = lru_cache(maxsize=100_000)(lambda basis: self.programme.due(basis, self.rates))
        for line, cells in self.sheet.rows:
            if not any(map(tidied, cells)):
                continue
            if len(cells) != self.columns.width:
                refused = wrong_width(len(cells), self.columns.width)
                yield RosterRow(line, "", "", "", "", "", 0, ("C01",), {"C01": [refused.zh, refused.en]})
                continue
            text = {column: cells[place] for column, place in self.columns.places.items()}
            yield self._row(line, text, numbers, due)

    def _row(self, line: int, text: dict[str, str], numbers: Numbers, due: DueOf) -> RosterRow:
        said: Said = {}
        number, shown = self._number(text["number"], numbers, said)
        name = self._name(text["name"], said)
        basis = self._plain(text.get("basis", ""), "basis", said)[:BASIS_LENGTH]
        fen = self._fen(text["amount"], said)
        if "C01" not in said:
            _compare(fen, due(basis), self.cap_fen, said)
        return RosterRow(line, number, shown, name, names.fold(name), basis, fen, tuple(said), said)

    def _number(self, cell: str, numbers: Numbers, said: Said) -> tuple[str, str]:
        read = numbers.read(cell, None)
        if isinstance(read, Refused):
            said["C02"] = [read.zh, read.en]
            return "", mask(Sensitive.IDENTITY_NUMBER, tidied(cell)[:30])
        return read.number, mask(Sensitive.IDENTITY_NUMBER, read.number)

    def _name(self, cell: str, said: Said) -> str:
        name = names.tidy(self._plain(cell, "name", said))
        refused = None if "C01" in said else names.name_problems(name)
        if refused is not None:
            self._wrong("name", refused, said)
        return name[:100]

    def _plain(self, cell: str, column: str, said: Said) -> str:
        text = tidied(cell)
        if text[:1] in FORMULA and text:
            self._wrong(column, formula(), said)
            return ""
        return text

    def _fen(self, cell: str, said: Said) -> int:
        text = tidied(cell)
        try:
            fen = fen_from_yuan(text)
        except ValueError:
            fen = 0
        if fen <= 0:
            self._wrong("amount", _no_amount(), said)
        return max(fen, 0)

    def _wrong(self, column: str, refused: Refused, said: Said) -> None:
        heading = self.columns.headings.get(column, "")
        said.setdefault("C01", [f"{heading} {refused.zh}".strip(), f"{heading} {refused.en}".strip()])


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
    return Roster(sheet, columns, programme, rates, cap_fen, today)


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
        "应为以元为单位、大于零的金额，最多两位小数。",
        "It must be an amount in yuan above nothing, with at most two decimals.",
    )


def declared_fen(text: str) -> int | Refused:
    """The sum that an envelope declares, typed in yuan. Refused: benefit.declared."""
    try:
        fen = fen_from_yuan(re.sub(r"\s", "", text))
    except ValueError:
        fen = 0
    if fen <= 0:
        return Refused(
            "benefit.declared",
            "请填写清册合计金额，以元为单位，最多两位小数。",
            "Enter the roster's sum in yuan, with at most two decimals.",
            at="declared",
        )
    return fen
