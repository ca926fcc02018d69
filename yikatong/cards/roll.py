"""The file a school or an employer brings: its columns, and every cell of every row judged. Pure; nobody is asked.

A list names people, the class or department they are in, and where they are reached: who they are is in the base
library, and a list of applications changes nothing there but the phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.residents.headings import Columns, Form, wrong_width
from yikatong.residents.numbers import FORMULA, Numbers, formula, tidied
from yikatong.residents.roster import phone_cell
from yikatong.residents.sheets import Limits, Sheet, open_sheet

DIVISION_LENGTH = 40
FORM = Form(
    columns={
        "number": ("社会保障号码", "证件号码", "身份证号", "身份证号码", "公民身份号码"),
        "name": ("姓名",),
        "division": ("班级", "部门", "班级/部门", "年级班级"),
        "phone": ("手机号码", "手机", "联系电话", "电话"),
    },
    required=("number", "name"),
    passed_over=frozenset({"序号", "备注", "单位名称", "学号", "工号", "性别"}),
    notes={
        "number": "必填。18位社会保障号码；其他证件照证件填写。列为文本格式。",
        "name": "必填。与证件一致，间隔号照写。",
        "division": f"可不填。班级或部门，最多{DIVISION_LENGTH}字；领卡交接单按它排列。",
        "phone": "可不填。11位手机号码，或带区号的固定电话；本人没有登记的，批准受理时补登；多人共用的号码不登记。",
    },
)


class RollRow(NamedTuple):
    """A row whose cells are good: the number as it is kept, the name folded for comparing."""

    line: int
    number: str
    folded: str
    division: str
    phone: str = ""


class Told(NamedTuple):
    """What is wrong with a cell, as it is kept and shown: the heading, the value masked, the code and the sentences."""

    column: str
    shown: str
    code: str
    zh: str
    en: str


class BadRow(NamedTuple):
    """A row that cannot be read."""

    line: int
    problems: tuple[Told, ...]


@dataclass(frozen=True)
class Roll:
    """A list as it was read: good and bad rows in the order of the file, and the columns that were passed over."""

    rows: tuple[RollRow | BadRow, ...]
    passed_over: tuple[str, ...]


def read_roll(content: bytes, limits: Limits, today: date) -> Roll | Refused:
    """Read a unit's list. Refused as a whole: what `open_sheet` refuses, file.columns, file.empty.

    By row: cell.formula, cell.rounded, row.width, division.long, and what a counter refuses of a number, name or phone.
    """
    opened = open_roll(content, limits)
    if isinstance(opened, Refused):
        return opened
    sheet, columns = opened
    rows = tuple(_rows(sheet, columns, today))
    if not rows:
        return Refused("file.empty", "文件里没有人。", "There is nobody in the file.")
    return Roll(rows, columns.passed_over)


def open_roll(content: bytes, limits: Limits) -> tuple[Sheet, Columns] | Refused:
    """The table of a unit's list and where its columns stand; refused as above."""
    sheet = open_sheet(content, limits, FORM.fits)
    if isinstance(sheet, Refused):
        return sheet
    columns = FORM.find(sheet.headings)
    return columns if isinstance(columns, Refused) else (sheet, columns)


def told(column: str, shown: str, refused: Refused) -> Told:
    """A problem as it is kept."""
    return Told(column, shown, refused.code, refused.zh, refused.en)


def _rows(sheet: Sheet, columns: Columns, today: date) -> Iterator[RollRow | BadRow]:
    numbers = Numbers(today)
    for line, cells in sheet.rows:
        if not any(map(tidied, cells)):
            continue
        if len(cells) != columns.width:
            yield BadRow(line, (told("", "", wrong_width(len(cells), columns.width)),))
        else:
            yield _read(line, cells, columns, numbers)


def _read(line: int, cells: list[str], columns: Columns, numbers: Numbers) -> RollRow | BadRow:
    places, headings = columns.places, columns.headings
    seen = numbers.read(cells[places["number"]], None)
    name = _name(cells[places["name"]])
    division = _division(cells[places["division"]]) if "division" in places else ""
    phone = phone_cell(cells[places["phone"]]) if "phone" in places else ""
    if not (
        isinstance(seen, Refused)
        or isinstance(name, Refused)
        or isinstance(division, Refused)
        or isinstance(phone, Refused)
    ):
        return RollRow(line, seen.number, names.fold(name), division, phone)
    said = (("number", seen), ("name", name), ("division", division), ("phone", phone))
    return BadRow(
        line,
        tuple(
            told(headings[column], _masked(column, cells[places[column]]), value)
            for column, value in said
            if isinstance(value, Refused)
        ),
    )


def _name(cell: str) -> str | Refused:
    text = tidied(cell)
    if text[:1] in FORMULA:
        return formula()
    refused = names.name_problems(text)
    return names.tidy(text) if refused is None else refused


def _division(cell: str) -> str | Refused:
    text = tidied(cell)
    if text[:1] in FORMULA:
        return formula()
    if len(text) > DIVISION_LENGTH or not text.isprintable():
        return Refused(
            "division.long",
            f"班级或部门最多{DIVISION_LENGTH}字，写在一行，请简写。",
            f"A class or department has at most {DIVISION_LENGTH} characters on one line; shorten it.",
        )
    return text


_MASKED = {"number": Sensitive.IDENTITY_NUMBER, "name": Sensitive.NAME, "phone": Sensitive.PHONE}


def _masked(column: str, cell: str) -> str:
    value, kind = tidied(cell), _MASKED.get(column)
    return mask(kind, value) if kind else value[:12]
