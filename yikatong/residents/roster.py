"""Lists of people: which columns they have, and every cell of every row judged. Pure; the base library is not asked.

Two hundred thousand rows are judged in seconds: what comes again and again (regions, days of birth, kinds of document)
is judged once and remembered, a slice of rows is judged a column at a time, and what looks right at a glance is taken without
another look. Whatever does not goes the slow way, which is the counter's own, and comes back with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple

from yikatong.basics import names
from yikatong.basics.characters import ascii_folded
from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.residents.headings import Columns, Form, wrong_width
from yikatong.residents.numbers import FORMULA, Numbers, Seen, formula, tidied
from yikatong.residents.rules import ADDRESS_LENGTH, READERS, read_address, read_phone, region_warnings
from yikatong.residents.sheets import Limits, Sheet, open_sheet

FORM = Form(
    columns={
        "number": ("证件号码", "社会保障号码", "身份证号", "身份证号码", "公民身份号码"),
        "name": ("姓名",),
        "region": ("居住地区划", "区划代码", "行政区划代码"),
        "document_type": ("证件类型",),
        "sex": ("性别",),
        "birth": ("出生日期", "出生年月日"),
        "ethnicity": ("民族",),
        "phone": ("联系电话", "手机号码", "电话"),
        "address": ("联系地址", "住址", "地址"),
    },
    required=("number", "name", "region"),
    passed_over=frozenset({"序号", "备注", "单位名称"}),
    notes={
        "number": "必填。18位社会保障号码；外国人永久居留证、港澳台居民居住证照证件填写，护照须填证件类型。列为文本格式。",
        "name": "必填。与证件一致，间隔号照写。",
        "region": "必填。6位县（市、区）行政区划代码，如610402。",
        "document_type": "可不填。居民身份证、港澳台居民居住证、外国人永久居留身份证、护照。",
        "sex": "可不填。男或女；填了就与证件号码核对。",
        "birth": "可不填。8位数字，如19900307；填了就与证件号码核对。",
        "ethnicity": "可不填。民族代码，01至56，不详填97。",
        "phone": "可不填。11位手机号码，或带区号的固定电话。",
        "address": "可不填。一行写完，最多120字。",
    },
)
find_columns, fits = FORM.find, FORM.fits
_MASKED = {
    "number": Sensitive.IDENTITY_NUMBER,
    "name": Sensitive.NAME,
    "phone": Sensitive.PHONE,
    "address": Sensitive.ADDRESS,
}
_DOCUMENTS = {each.label_zh: each for each in DocumentType} | {"身份证": DocumentType.CITIZEN_ID, "": None}
_SEXES = {"": "", "男": "1", "女": "2", "1": "1", "2": "2"}
_SHOWN = 12
SLICE = 5_000
"""Rows that are judged together."""
_GLANCED = ("document_type", "sex", "birth", "name", "region", "phone", "address", "ethnicity")


class RosterRow(NamedTuple):
    """One person of the list, every cell read and found good. `warned`: somebody should look twice (`rules.WARNINGS`)."""

    row: int
    number: str
    document: DocumentType | None
    name: str
    region: str
    phone: str
    address: str
    ethnicity: str
    warned: bool


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell: `row` counts as a spreadsheet does (the column names are row 1), `column` is the
    heading as the file has it, empty where the whole row is meant."""

    row: int
    column: str
    value_masked: str
    refused: Refused


def masked(column: str, value: str) -> str:
    """A cell as a list of problems may show it."""
    kind = _MASKED.get(column)
    return mask(kind, value) if kind else value[:_SHOWN]


Read = Callable[[str], str | Refused]
Rows = list[tuple[int, list[str]]]
"""Rows of the file: the line as a spreadsheet counts, and its cells."""
Judged = list[tuple[int, "RosterRow | list[CellProblem]"]]
"""Rows as their cells were judged, each with its line."""


class _Remembered(dict[str, str | Refused]):
    """Judgements by what stands in the cell; what has not been seen is judged by `read`."""

    def __init__(self, read: Read) -> None:
        self.read = read

    def __missing__(self, cell: str) -> str | Refused:
        value = tidied(cell)
        found: str | Refused = formula() if value[:1] in FORMULA else self.read(value)
        self[cell] = found
        return found


class Judge:
    """Judges rows one by one. Rows whose number comes again are good rows here: that shows only once all are read."""

    def __init__(self, columns: Columns, today: date) -> None:
        self.columns, self.today = columns, today
        remembered = {
            "region": READERS["region"],
            "ethnicity": READERS["ethnicity"],
            "document_type": _document,
            "sex": _sex,
            "birth": _birth,
        }
        reads: dict[str, Read] = {name: _Remembered(read).__getitem__ for name, read in remembered.items()}
        reads |= {"name": _name, "phone": phone_cell, "address": _address}
        self.reads = [(name, columns.places[name], reads[name]) for name in reads if name in columns.places]
        self.number_at = columns.places["number"]
        self.numbers = Numbers(today)
        self.warned = _Remembered(lambda code: "1" if region_warnings(code) else "")

    def judge_all(self, rows: Rows) -> Judged:
        """Every row that is not empty as `judge` judges it, many times as fast where most are good."""
        good = {row.row: row for row in self._glance(rows)}
        judged = ((line, good.get(line) or self.judge(line, cells)) for line, cells in rows)
        return [(line, found) for line, found in judged if found is not None]

    def _glance(self, rows: Rows) -> Iterator[RosterRow]:
        """The rows that are good at a glance, judged a column at a time; of the others nothing is said."""
        straight = [each for each in rows if len(each[1]) == self.columns.width]
        if not straight:
            return
        cells = list(zip(*(each for _, each in straight), strict=True))
        said: dict[str, list[Any]] = {
            column: list(map(read, cells[place])) for column, place, read in self.reads
        }
        wrong = {
            place
            for values in said.values()
            if set(map(type, values)) != {str}
            for place, value in enumerate(values)
            if type(value) is not str
        }
        texts = [said.get(column) or [""] * len(straight) for column in _GLANCED]
        found = zip(straight, cells[self.number_at], *texts, strict=True)
        for place, ((line, _), cell, document, sex, birth, name, region, *rest) in enumerate(found):
            if place in wrong:
                continue
            known = _DOCUMENTS[document]
            number = self.numbers.plain(cell, known)
            if number and sex in ("", number.sex) and birth in ("", number.birth):
                warned = bool(number.warnings or self.warned[region])
                phone, address, ethnicity = rest
                yield RosterRow(line, cell, known, name, region, phone, address, ethnicity, warned)

    def judge(self, row: int, cells: list[str]) -> RosterRow | list[CellProblem] | None:
        """The row read, or all that is wrong with it; None for an empty row.

        Problems: cell.formula, cell.rounded, row.width, document.unknown, sex.unknown, sex.differs, birth.format,
        birth.differs, and whatever a counter refuses of number, name, region, phone, address and ethnicity.
        """
        if len(cells) != self.columns.width:
            if not any(cells):
                return None
            return [CellProblem(row, "", "", wrong_width(len(cells), self.columns.width))]
        said: dict[str, str] = {}
        wrong: dict[str, Refused] | None = None
        for column, place, read in self.reads:
            value = read(cells[place])
            if isinstance(value, str):
                said[column] = value
            else:
                wrong = {**(wrong or {}), column: value}
        document = _DOCUMENTS[said.get("document_type", "")]
        number = self.numbers.read(cells[self.number_at], document)
        if isinstance(number, Refused):
            wrong = {"number": number, **(wrong or {})}
        elif said.get("sex") or said.get("birth"):
            wrong = _contradictions(number, said, wrong)
        if wrong:
            return self._problems(row, cells, wrong)
        assert not isinstance(number, Refused)
        region = said["region"]
        return RosterRow(
            row,
            number.number,
            document,
            said["name"],
            region,
            said.get("phone", ""),
            said.get("address", ""),
            said.get("ethnicity", ""),
            bool(number.warnings or self.warned[region]),
        )

    def _problems(self, row: int, cells: list[str], wrong: dict[str, Refused]) -> list[CellProblem] | None:
        if not any(map(tidied, cells)):
            return None
        headings, places = self.columns.headings, self.columns.places
        return [
            CellProblem(row, headings[column], masked(column, tidied(cells[places[column]])), refused)
            for column, refused in wrong.items()
        ]


@dataclass(frozen=True)
class Reading:
    """A list opened for reading: its table, to be gone through once, and where its columns stand."""

    sheet: Sheet
    columns: Columns

    def slices(self, size: int) -> Iterator[Rows]:
        """All rows as they stand in the file, so many at a time."""
        rows = iter(self.sheet.rows)
        return iter(lambda: list(islice(rows, size)), [])

    def rows(self, today: date) -> Iterator[tuple[int, RosterRow | list[CellProblem]]]:
        """Every row that is not empty, judged by its cells alone."""
        return chain.from_iterable(map(Judge(self.columns, today).judge_all, self.slices(SLICE)))


def read_list(content: bytes, limits: Limits, *, looked_through: bool = False) -> Reading | Refused:
    """The list in a file. Refused: what `open_sheet` and `find_columns` refuse."""
    sheet = open_sheet(content, limits, fits, looked_through=looked_through)
    if isinstance(sheet, Refused):
        return sheet
    columns = find_columns(sheet.headings)
    return columns if isinstance(columns, Refused) else Reading(sheet, columns)


# --- cells --------------------------------------------------------------------------------------------------------

_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{1,16}")
_PLAIN_PHONE = re.compile("1[0-9]{10}", re.ASCII)


def _name(cell: str) -> str | Refused:
    if _PLAIN_NAME.fullmatch(cell):
        return cell
    text = tidied(cell)
    if text[:1] in FORMULA:
        return formula()
    refused = names.name_problems(text)
    return names.tidy(text) if refused is None else refused


def phone_cell(cell: str) -> str | Refused:
    """A phone as a list writes it; empty stays empty. Refused: cell.formula, phone.format."""
    if not cell or _PLAIN_PHONE.fullmatch(cell):
        return cell
    text = tidied(cell)
    if text[:1] in FORMULA and not ascii_folded(text).startswith("+86"):
        return formula()
    return read_phone(text)


def _address(cell: str) -> str | Refused:
    if not cell:
        return cell
    if len(cell) <= ADDRESS_LENGTH and cell.isprintable() and not (cell[0] in _TO_STRIP or cell[-1] == " "):
        return cell
    text = tidied(cell)
    return formula() if text[:1] in FORMULA else read_address(text)


_TO_STRIP = FORMULA | {" ", "'"}


def _document(text: str) -> str | Refused:
    if text in _DOCUMENTS:
        return text
    known = "、".join(filter(None, _DOCUMENTS))
    return Refused("document.unknown", f"证件类型应为：{known}。", f"The document must be one of {known}.")


def _sex(text: str) -> str | Refused:
    found = _SEXES.get(ascii_folded(text))
    if found is None:
        return Refused("sex.unknown", "性别应为“男”或“女”。", "The sex is 男 (male) or 女 (female).")
    return found


def _birth(text: str) -> str | Refused:
    if len(text) == 8 and text.isdecimal() and text.isascii():
        return text
    digits = re.sub("[-/.年月日]", "", ascii_folded(text))
    if re.fullmatch(r"(\d{8})?", digits, re.ASCII):
        return digits
    return Refused(
        "birth.format",
        "出生日期应为8位数字，如19900307。",
        "The day of birth is eight digits, such as 19900307.",
    )


def _contradictions(
    number: Seen, said: dict[str, str], wrong: dict[str, Refused] | None
) -> dict[str, Refused] | None:
    """What the list says of sex and birth against what the number says; a number that says nothing contradicts nothing."""
    found = wrong or {}
    for column, has, zh, en in (
        ("sex", number.sex, "性别", "sex"),
        ("birth", number.birth, "出生日期", "day of birth"),
    ):
        if has and said.get(column) and said[column] != has:
            found[column] = Refused(
                f"{column}.differs",
                f"{zh}与证件号码中的不一致，请对照证件核对是哪一项填错。",
                f"The {en} differs from what the identity number says; compare both with the document.",
            )
    return found


# --- what is said -------------------------------------------------------------------------------------------------


def identity_of(row: RosterRow, today: date) -> Identity:
    """What the number of a good row says. A broken promise (ValueError) where the row was never good."""
    identity = read_identity_number(row.number, today, row.document)
    if isinstance(identity, Refused):
        raise ValueError(f"row {row.row}: {identity.en}")
    return identity
