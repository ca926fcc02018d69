"""Base lines from the bureau's own sheets: CSV or XLSX, one line per row; every cell that cannot be right is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yikatong.basics.money import fen_from_yuan
from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.subjects import dimension_of
from yikatong.disclosure.lines import CARRIES, CATEGORIES, FUNDS, PHASES, PURCHASES, BaseLine
from yikatong.residents.sheets import Limits, Sheet, open_sheet, place_of

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
_LIMITS = Limits(megabytes=20, unpacked_megabytes=200, ratio=200, parts=2_000, rows=100_000)
"""How large a sheet of base lines may be: a unit's year has some hundreds, a province's department some ten thousands."""
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
    sheet = _open(file, content)
    if isinstance(sheet, Refused):
        return Intake((), (sheet,))
    places = _places(sheet.headings)
    missing = _missing(places)
    if missing:
        return Intake((), (_heading(missing),))
    lines: list[BaseLine] = []
    refused: list[Refused] = []
    for number, cells in sheet.rows:
        row = [cell.strip() for cell in cells]
        if any(row):
            line = _line(row, number, places, refused)
            if line is not None:
                lines.append(line)
    if not lines and not refused:
        refused.append(_empty(file))
    return Intake(tuple(lines), tuple(refused))


def _open(file: str, content: bytes) -> Sheet | Refused:
    """The table of the file, which must be of the kind its name says."""
    name = file.lower()
    if not name.endswith((".csv", ".xlsx")):
        return _format(file)
    if content and name.endswith(".xlsx") != content.startswith(b"PK\x03\x04"):
        return _format(file)
    opened = open_sheet(content, _LIMITS, lambda heads: not _missing(_places(heads)))
    if isinstance(opened, Sheet):
        return opened
    return _empty(file) if opened.code == "file.empty" else _format(file, opened)


def _places(head: Sequence[str]) -> dict[str, int]:
    names = {heading: name for name, heading in HEADINGS.items()} | {name: name for name in HEADINGS}
    return {names[word.strip()]: place for place, word in enumerate(head) if word.strip() in names}


def _missing(places: dict[str, int]) -> list[str]:
    return [HEADINGS[name] for name in HEADINGS if name not in places and name not in _OPTIONAL]


def _line(row: Sequence[str], number: int, places: dict[str, int], refused: list[Refused]) -> BaseLine | None:
    text = {
        name: (row[places[name]] if name in places and places[name] < len(row) else "")
        or _USUAL.get(name, "")
        for name in HEADINGS
    }
    found = list(_wrong(text))
    for name, code, zh, en in found:
        at = place_of(number - 1, places.get(name, 0))
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


def _heading(missing: Sequence[str]) -> Refused:
    names = "、".join(missing)
    return Refused("lines.heading", f"第一行缺少列：{names}。", f"The first row lacks: {names}.")


def _empty(file: str) -> Refused:
    return Refused("lines.empty", f"{file} 没有数据行。", f"{file} holds no rows.")


def _format(file: str, why: Refused | None = None) -> Refused:
    zh, en = f"{file} 不是可读的 CSV 或 XLSX 文件。", f"{file} is no readable CSV or XLSX file."
    if why is not None:
        zh, en = f"{zh}{why.zh}", f"{en} {why.en}"
    return Refused("lines.format", zh, en)
