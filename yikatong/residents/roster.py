"""Lists of people as CSV files: bytes in, judged rows out. Pure; nothing here knows the base library.

UTF-8 (with or without its mark) or GB 18030, comma-separated, first line the column names below. No bytes whatever
make it fail: what cannot be read is refused, with the place.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from yikatong.basics import names
from yikatong.basics.characters import INVISIBLE
from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.residents.rules import READERS, region_warnings

MOST_BYTES = 64 * 1024 * 1024
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("证件号码", "社会保障号码", "身份证号", "身份证号码", "公民身份号码"),
    "name": ("姓名",),
    "region": ("居住地区划", "区划代码", "行政区划代码"),
    "document_type": ("证件类型",),
    "phone": ("联系电话", "手机号码", "电话"),
    "address": ("联系地址", "住址", "地址"),
    "ethnicity": ("民族",),
}
"""Column -> the names it may have in the first line; the first three columns must be there."""
REQUIRED = ("number", "name", "region")
IGNORED = frozenset({"序号", "备注"})
_BY_NAME = {each: column for column, known in COLUMNS.items() for each in known}
_MASKED = {
    "number": Sensitive.IDENTITY_NUMBER,
    "name": Sensitive.NAME,
    "phone": Sensitive.PHONE,
    "address": Sensitive.ADDRESS,
}
_DOCUMENTS = {each.label_zh: each for each in DocumentType} | {"身份证": DocumentType.CITIZEN_ID}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell: `row` counts as a spreadsheet does (the column names are row 1)."""

    row: int
    column: str
    value_masked: str
    refused: Refused


@dataclass(frozen=True)
class RosterRow:
    """One person of the list, every cell read and found good."""

    row: int
    identity: Identity
    name: str
    region: str
    phone: str
    address: str
    ethnicity: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """A list that could be read: its good rows, its problems, and how many rows there were (empty ones not counted)."""

    rows: tuple[RosterRow, ...]
    problems: tuple[CellProblem, ...]
    count: int
    headings: dict[str, str]


def read_roster(content: bytes, today: date) -> Roster | Refused:
    """Read a list of people.

    Refused as a whole: file.unreadable (not text in either encoding, a quotation mark that never closes, a
    spreadsheet's own format), file.empty, file.column_missing, file.column_unknown, file.column_twice, file.too_big.
    By cell: cell.formula, row.width, row.repeated, document.unknown, and whatever a counter refuses.
    """
    table = _table(content)
    if isinstance(table, Refused):
        return table
    columns = _columns(table[0])
    if isinstance(columns, Refused):
        return columns
    headings = {column: table[0][place] for column, place in columns.items()}
    rows: list[RosterRow] = []
    problems: list[CellProblem] = []
    count = 0
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        count += 1
        if len(cells) != len(table[0]):
            problems.append(CellProblem(number, "", "", _width(len(cells), len(table[0]))))
            continue
        values = {column: cells[place] for column, place in columns.items()}
        read = _read_row(number, values, headings, today)
        if isinstance(read, RosterRow):
            rows.append(read)
        else:
            problems += read
    single, repeated = _apart(rows, headings["number"])
    problems = sorted([*problems, *repeated], key=lambda problem: problem.row)
    return Roster(tuple(single), tuple(problems), count, headings)


def masked(column: str, value: str) -> str:
    """A cell as a list of problems may show it."""
    kind = _MASKED.get(column)
    return mask(kind, value) if kind else value[:12]


def _table(content: bytes) -> list[list[str]] | Refused:
    if len(content) > MOST_BYTES:
        return Refused(
            "file.too_big", "文件超过64MB,请分成几个文件导入。", "The file is over 64 MB; import it in parts."
        )
    text = _text(content)
    if text is None:
        return _unreadable("不是 UTF-8 或 GB18030 文本", "it is no text in UTF-8 or GB 18030")
    found = []
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in lines:
            found.append([_cell(cell) for cell in cells])  # noqa: PERF401 - the line is told where it breaks off
    except csv.Error:
        return _unreadable(
            f"第{lines.line_num}行附近引号不配对", f"a quotation mark near line {lines.line_num} is odd"
        )
    if not found or not any(found[0]):
        return Refused("file.empty", "文件里没有内容。", "There is nothing in the file.")
    return found


def _text(content: bytes) -> str | None:
    if b"\0" in content or content.startswith((b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff")):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _cell(cell: str) -> str:
    # Tabs and a leading apostrophe keep spreadsheets from rounding long numbers; they are no part of the value.
    return cell.translate(INVISIBLE).strip().removeprefix("'")


def _columns(first: list[str]) -> dict[str, int] | Refused:
    columns: dict[str, int] = {}
    for place, heading in enumerate(first):
        if heading in IGNORED or not heading:
            continue
        column = _BY_NAME.get(heading)
        if column is None:
            known = "、".join(each[0] for each in COLUMNS.values())
            return Refused(
                "file.column_unknown",
                f"不认识列“{heading[:20]}”,可用的列:{known}。",
                f"The column “{heading[:20]}” is unknown; known are {known}.",
            )
        if column in columns:
            return Refused(
                "file.column_twice",
                f"列“{COLUMNS[column][0]}”出现了两次,请删去一列。",
                f"The column “{COLUMNS[column][0]}” is there twice; delete one.",
            )
        columns[column] = place
    missing = "、".join(COLUMNS[column][0] for column in REQUIRED if column not in columns)
    if missing:
        return Refused(
            "file.column_missing",
            f"文件首行缺少列:{missing}。",
            f"The first line lacks the columns {missing}.",
        )
    return columns


def _read_row(
    row: int, values: dict[str, str], headings: dict[str, str], today: date
) -> RosterRow | list[CellProblem]:
    wrong: dict[str, Refused] = {
        column: _formula() for column, value in values.items() if value[:1] in _FORMULA
    }
    document = _DOCUMENTS.get(values.get("document_type", ""))
    if document is None and values.get("document_type"):
        wrong.setdefault("document_type", _document_unknown())
    identity = read_identity_number(values["number"], today, document)
    if isinstance(identity, Refused):
        wrong.setdefault("number", identity)
    refused = names.name_problems(values["name"])
    if refused is not None:
        wrong.setdefault("name", refused)
    read: dict[str, str] = {}
    for field, reader in READERS.items():
        value = reader(values.get(field, ""))
        if isinstance(value, str):
            read[field] = value
        else:
            wrong.setdefault(field, value)
    if wrong or isinstance(identity, Refused):
        return [CellProblem(row, headings[c], masked(c, values[c]), refused) for c, refused in wrong.items()]
    warnings = (*identity.warnings, *region_warnings(read["region"]))
    return RosterRow(row, identity, names.tidy(values["name"]), **read, warnings=warnings)


_FORMULA = frozenset("=+-@＝＋－＠")


def _formula() -> Refused:
    return Refused(
        "cell.formula",
        "单元格以 = + - @ 开头,可能是公式,不予导入,请改成文字。",
        "The cell begins with = + - or @ and may be a formula; it is not taken in. Make it plain text.",
    )


def _document_unknown() -> Refused:
    known = "、".join(_DOCUMENTS)
    return Refused("document.unknown", f"证件类型应为:{known}。", f"The document must be one of {known}.")


def _width(has: int, wants: int) -> Refused:
    return Refused(
        "row.width",
        f"本行有{has}格,应有{wants}格,请检查是否多了或少了逗号。",
        f"This row has {has} cells instead of {wants}; look for a comma too many or too few.",
    )


def _unreadable(zh: str, en: str) -> Refused:
    return Refused(
        "file.unreadable",
        f"文件无法读取:{zh}。请在表格软件中另存为 CSV(UTF-8)后再导入。",
        f"The file cannot be read: {en}. Save it as CSV (UTF-8) from the spreadsheet and try again.",
    )


def _apart(rows: list[RosterRow], heading: str) -> tuple[list[RosterRow], list[CellProblem]]:
    """Rows whose number stands alone, and a problem for every row whose number comes again.

    None of them is taken, whichever came first: the order of a list must not decide what is stored.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        places[row.identity.number].append(row.row)
    single = [row for row in rows if len(places[row.identity.number]) == 1]
    repeated = [
        CellProblem(
            row.row, heading, masked("number", row.identity.number), _again(places[row.identity.number])
        )
        for row in rows
        if len(places[row.identity.number]) > 1
    ]
    return single, repeated


def _again(places: list[int]) -> Refused:
    zh, en = "、".join(map(str, places[:5])), ", ".join(map(str, places[:5]))
    return Refused(
        "row.repeated",
        f"同一号码出现在第{zh}行,请只留一行。",
        f"The same number stands in rows {en}; keep one of them.",
    )
