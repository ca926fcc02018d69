"""Base lines from the bureau's own sheets: CSV or XLSX, one line per row; every cell that cannot be right is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from yikatong.basics.money import fen_from_yuan
from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.subjects import dimension_of
from yikatong.disclosure.lines import CARRIES, CATEGORIES, FUNDS, PHASES, PURCHASES, BaseLine

HEADINGS = {
    "fiscal_year": "年度",
    "agency_code": "单位编码",
    "exp_func_code": "功能科目编码",
    "dep_bgt_eco_code": "部门经济科目编码",
    "gov_bgt_eco_code": "政府经济科目编码",
    "exp_category": "支出类别",
    "pro_name": "项目名称",
    "fund_type": "资金性质",
    "phase": "阶段",
    "carry": "本年或结转",
    "purchase": "政府采购",
    "amount": "金额（元）",
}
"""Field names of 预算管理一体化 systems where they have one, and the headings people write."""
_OPTIONAL = ("pro_name", "phase", "carry", "purchase")
_USUAL = {"phase": "年初", "carry": "本年"}


@dataclass(frozen=True, slots=True)
class Intake:
    """The lines of a sheet, and the cells refused; lines are only to be used where nothing was refused."""

    lines: tuple[BaseLine, ...]
    refused: tuple[Refused, ...]


def read_lines(file: str, content: bytes) -> Intake:
    """The base lines of a CSV (UTF-8 or GB18030) or XLSX file; `at` of a refusal is the cell (C5).

    Refused: `lines.format`, `lines.heading`, `lines.empty`; of cells `lines.year`, `lines.code`, `lines.member`, `lines.amount`.
    """
    rows = _rows(file, content)
    if isinstance(rows, Refused):
        return Intake((), (rows,))
    if not rows:
        return Intake((), (Refused("lines.empty", f"{file} 没有数据行。", f"{file} holds no rows."),))
    places = _places(rows[0])
    missing = [HEADINGS[name] for name in HEADINGS if name not in places and name not in _OPTIONAL]
    if missing:
        return Intake((), (_heading(missing),))
    lines: list[BaseLine] = []
    refused: list[Refused] = []
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            line = _line(row, number, places, refused)
            if line is not None:
                lines.append(line)
    if not lines and not refused:
        refused.append(Refused("lines.empty", f"{file} 没有数据行。", f"{file} holds no rows."))
    return Intake(tuple(lines), tuple(refused))


def _rows(file: str, content: bytes) -> list[list[str]] | Refused:
    if file.lower().endswith(".xlsx"):
        try:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        except CalamineError:
            return _format(file)
        return [[_cell(value) for value in row] for row in sheet.to_python()]
    if not file.lower().endswith(".csv"):
        return _format(file)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
    return _format(file)


def _cell(value: object) -> str:
    """Whole numbers come from a workbook as 402015.0."""
    text = str(value).strip()
    return text.removesuffix(".0")


def _places(head: Sequence[str]) -> dict[str, int]:
    names = {heading: name for name, heading in HEADINGS.items()} | {name: name for name in HEADINGS}
    return {names[word]: place for place, word in enumerate(head) if word in names}


def _line(row: Sequence[str], number: int, places: dict[str, int], refused: list[Refused]) -> BaseLine | None:
    text = {
        name: (row[places[name]] if name in places and places[name] < len(row) else "")
        or _USUAL.get(name, "")
        for name in HEADINGS
    }
    found = list(_wrong(text))
    for name, code, zh, en in found:
        at = f"{_letters(places.get(name, 0))}{number}"
        refused.append(Refused(code, f"{at}（{HEADINGS[name]}）：{zh}", f"{at} ({name}): {en}", at=at))
    if found:
        return None
    return BaseLine(
        int(text["fiscal_year"]), text["agency_code"], text["exp_func_code"], text["dep_bgt_eco_code"],
        text["gov_bgt_eco_code"], text["exp_category"], text["fund_type"], fen_from_yuan(text["amount"]),
        text["pro_name"], text["carry"], text["phase"], text["purchase"],
    )  # fmt: skip


def _wrong(text: dict[str, str]) -> Iterable[tuple[str, str, str, str]]:
    """(field, code, zh, en) of each cell that cannot be right; last year's lines may leave subject codes empty."""
    if not (text["fiscal_year"].isdigit() and len(text["fiscal_year"]) == 4):
        yield "fiscal_year", "lines.year", "应为四位年份，如 2025。", "a year of four digits."
    for name, dimension, lengths in (
        ("exp_func_code", "function", (7,)), ("dep_bgt_eco_code", "economic", (5,)),
        ("gov_bgt_eco_code", "government", (3, 5)),
    ):  # fmt: skip
        code = text[name]
        if not code and text["phase"] == "上年":
            continue
        if dimension_of(code) != dimension or len(code) not in lengths:
            digits = "或".join(map(str, lengths))
            yield name, "lines.code", f"“{code}”不是 {digits} 位科目编码。", f"no code of {digits} digits."
    for name, members in (
        ("exp_category", CATEGORIES), ("fund_type", FUNDS), ("phase", PHASES), ("carry", CARRIES),
        ("purchase", PURCHASES),
    ):  # fmt: skip
        if text[name] not in members:
            listed = "、".join(filter(None, members))
            yield name, "lines.member", f"“{text[name]}”应为其中之一：{listed}。", f"one of: {listed}."
    if not _reads(fen_from_yuan, text["amount"]):
        yield "amount", "lines.amount", f"“{text['amount']}”不是以元为单位的金额。", "no amount in yuan."


def _reads(reader: Callable[[str], int], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _heading(missing: Sequence[str]) -> Refused:
    names = "、".join(missing)
    return Refused("lines.heading", f"第一行缺少列：{names}。", f"The first row lacks: {names}.")


def _format(file: str) -> Refused:
    return Refused(
        "lines.format", f"{file} 不是可读的 CSV 或 XLSX 文件。", f"{file} is no readable CSV or XLSX file."
    )
