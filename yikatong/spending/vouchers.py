"""Vouchers from the accounting system: CSV or XLSX, one line per row; every cell that cannot be right is told. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yikatong.basics.characters import ascii_folded
from yikatong.basics.money import fen_from_yuan
from yikatong.basics.refused import Refused
from yikatong.residents.headings import Columns, Form, wrong_width
from yikatong.residents.numbers import FORMULA, formula, tidied
from yikatong.residents.roster import CellProblem
from yikatong.residents.sheets import Limits, open_sheet
from yikatong.spending.rules import CATEGORIES

FORM = Form(
    columns={
        "voucher": ("凭证号", "凭证编号"),
        "paid_on": ("日期", "记账日期", "支付日期"),
        "summary": ("摘要",),
        "category": ("支出类别",),
        "economic": ("部门经济科目编码", "经济科目编码"),
        "project": ("项目名称",),
        "tag": ("成本指标", "成本标签"),
        "amount": ("金额（元）", "金额(元)", "金额"),
    },
    required=("voucher", "paid_on", "summary", "category", "economic", "amount"),
    passed_over=frozenset({"序号", "备注", "部门经济科目名称"}),
    notes={
        "voucher": "必填。会计凭证号，一个凭证可有多行；一个凭证的各行在同一份清单里。",
        "paid_on": "必填。8位数字，如20250307。",
        "summary": "必填。最多60字，不写个人姓名和号码。",
        "category": "必填。人员、公用、项目之一。",
        "economic": "必填。5位部门预算支出经济分类款级编码，如30206。",
        "project": "支出类别为项目时必填，与预算的项目名称一致。",
        "tag": "可不填。这笔支出归属的成本指标编号，如ZC1。",
        "amount": "必填。以元为单位，最多两位小数；红字冲销写负数。",
    },
)
_SUMMARY, _PROJECT = 60, 120
_VOUCHER = re.compile(r"[0-9A-Za-z一-鿿][-0-9A-Za-z一-鿿]{0,19}")
_ECONOMIC = re.compile(r"3[0-9]{4}", re.ASCII)
_TAG = re.compile(r"([A-Z]{2}[0-9]{1,2})?", re.ASCII)
_EARLIEST = 2000


@dataclass(frozen=True)
class Line:
    """One line of a voucher; `place` counts the lines of its voucher from 1. `fen` may be negative (红字), never nothing."""

    row: int
    voucher: str
    place: int
    paid_on: date
    summary: str
    category: str
    economic: str
    project: str
    tag: str
    fen: int


@dataclass(frozen=True)
class Vouchers:
    """The lines of a file and the cells that are wrong; the lines are only to be used where no cell is."""

    lines: tuple[Line, ...]
    problems: tuple[CellProblem, ...]


def read_vouchers(content: bytes, limits: Limits, today: date) -> Vouchers | Refused:
    """All lines of a file of vouchers.

    Refused as a whole: file.* (`open_sheet`, `Form.find`), vouchers.empty. Of cells: row.width, cell.formula, voucher.*
    (number, day, summary, category, economic, project, tag, amount).
    """
    sheet = open_sheet(content, limits, FORM.fits)
    if isinstance(sheet, Refused):
        return sheet
    columns = FORM.find(sheet.headings)
    if isinstance(columns, Refused):
        return columns
    lines: list[Line] = []
    problems: list[CellProblem] = []
    seen: Counter[tuple[int, str]] = Counter()
    for row, cells in sheet.rows:
        if not any(map(tidied, cells)):
            continue
        if len(cells) != columns.width:
            problems.append(CellProblem(row, "", "", wrong_width(len(cells), columns.width)))
            continue
        text = {name: tidied(cells[place]) for name, place in columns.places.items()}
        wrong = list(_wrong(text, today))
        if wrong:
            problems += _told(row, text, columns, wrong)
            continue
        day = _day(text["paid_on"])
        assert day is not None
        seen[day.year, text["voucher"]] += 1
        lines.append(
            Line(
                row,
                text["voucher"],
                seen[day.year, text["voucher"]],
                day,
                text["summary"],
                text["category"],
                text["economic"],
                text.get("project", ""),
                text.get("tag", "").upper(),
                fen_from_yuan(text["amount"]),
            )
        )
    if not lines and not problems:
        return Refused("vouchers.empty", "文件里没有凭证行。", "There are no vouchers in the file.")
    return Vouchers(tuple(lines), tuple(problems))


def _told(
    row: int, text: dict[str, str], columns: Columns, wrong: Iterable[tuple[str, Refused]]
) -> Iterator[CellProblem]:
    for column, refused in wrong:
        yield CellProblem(row, columns.headings.get(column, ""), text.get(column, "")[:20], refused)


def _wrong(text: dict[str, str], today: date) -> Iterator[tuple[str, Refused]]:
    """(column, why) of each cell of a row that cannot be right."""
    for column, value in text.items():
        if value[:1] in FORMULA and not (column == "amount" and value[:1] in "+-"):
            yield column, formula()
            return
    if not _VOUCHER.fullmatch(text["voucher"]):
        yield "voucher", _no("number", "凭证号应为1至20位数字、字母或汉字。", "a number of 1 to 20 signs")
    day = _day(text["paid_on"])
    if day is None or day.year < _EARLIEST or day > today:
        yield (
            "paid_on",
            _no("day", "应为8位数字的日期，不晚于今天。", "a day of eight digits, not later than today"),
        )
    if not 0 < len(text["summary"]) <= _SUMMARY:
        yield (
            "summary",
            _no("summary", f"请写摘要，最多{_SUMMARY}字。", f"a summary of at most {_SUMMARY} signs"),
        )
    if text["category"] not in CATEGORIES:
        yield (
            "category",
            _no("category", f"应为{'、'.join(CATEGORIES)}之一。", f"one of {', '.join(CATEGORIES)}"),
        )
    if not _ECONOMIC.fullmatch(text["economic"]):
        yield "economic", _no("economic", "应为3开头的5位部门经济科目编码。", "five digits that begin with 3")
    project = text.get("project", "")
    if (text["category"] == "项目") is not bool(project) or len(project) > _PROJECT:
        yield (
            "project",
            _no("project", "项目支出要写项目名称，其他支出不写。", "a project for project money alone"),
        )
    if not _TAG.fullmatch(text.get("tag", "").upper()):
        yield "tag", _no("tag", "成本指标编号形如ZC1。", "a code like ZC1")
    if not _fen(text["amount"]):
        yield (
            "amount",
            _no("amount", "应为以元为单位、不为零的金额。", "an amount in yuan that is not nothing"),
        )


def _no(code: str, zh: str, en: str) -> Refused:
    return Refused(f"voucher.{code}", zh, f"It must be {en}.")


def _day(text: str) -> date | None:
    digits = re.sub("[-/.年月日]", "", ascii_folded(text))
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None


def _fen(text: str) -> int:
    try:
        return fen_from_yuan(text)
    except ValueError:
        return 0
