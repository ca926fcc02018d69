"""Lists of other authorities: bytes in, judged rows out. Pure; nothing here knows the base library.

CSV (UTF-8 with or without its mark, GB 18030) or XLSX (its first sheet). What cannot be read is refused with its place;
a row that cannot be understood is a problem of that row and keeps nobody else's from being compared.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import python_calamine

from yikatong.basics import names
from yikatong.basics.characters import INVISIBLE, ascii_folded
from yikatong.basics.ids import read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.quality.rules import Claim
from yikatong.quality.source import Source
from yikatong.residents.rules import read_phone, read_region

MOST_BYTES = 64 * 1024 * 1024
_MASKED = {
    "number": Sensitive.IDENTITY_NUMBER,
    "name": Sensitive.NAME,
    "phone": Sensitive.PHONE,
}
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Statement:
    """What a list says of one person; `row` counts as a spreadsheet does. Empty and None: it says nothing."""

    row: int
    number: str
    name: str
    birth_on: date | None
    region: str
    phone: str
    status: str
    happened_on: date | None


@dataclass(frozen=True)
class RowProblem:
    """A cell that could not be understood; `shown` is masked."""

    row: int
    column: str
    shown: str
    refused: Refused


@dataclass(frozen=True)
class Statements:
    """A list that could be read: its good rows, its problems, and how many rows there were."""

    rows: tuple[Statement, ...]
    problems: tuple[RowProblem, ...]
    count: int


def read_statements(
    content: bytes, source: Source, claim: Claim, today: date, progress: Progress = lambda done, of: None
) -> Statements | Refused:
    """Read a list of this source.

    Refused as a whole: file.too_big, file.unreadable, file.empty, file.column_missing, file.column_twice. By row: what
    a number or name is refused for, day.format, status.unknown, row.repeated (every row of a number that comes twice).
    """
    table = cells(content)
    if isinstance(table, Refused):
        return table
    columns = _columns(table[0], source, claim)
    if isinstance(columns, Refused):
        return columns
    headings = {column: table[0][place] for column, place in columns.items()}
    rows: list[Statement] = []
    problems: list[RowProblem] = []
    count = 0
    for line, row in enumerate(table[1:], start=2):
        if not any(row):
            continue
        count += 1
        values = {column: row[place] if place < len(row) else "" for column, place in columns.items()}
        read = _read_row(line, values, headings, source, today)
        if isinstance(read, Statement):
            rows.append(read)
        else:
            problems.append(read)
        if count % 5_000 == 0:
            progress(count, len(table) - 1)
    times = Counter(each.number for each in rows)
    problems += [
        RowProblem(each.row, headings["number"], mask(Sensitive.IDENTITY_NUMBER, each.number), _repeated())
        for each in rows
        if times[each.number] > 1
    ]
    single = tuple(each for each in rows if times[each.number] == 1)
    return Statements(single, tuple(sorted(problems, key=lambda each: each.row)), count)


def cells(content: bytes) -> list[list[str]] | Refused:
    """The cells of a CSV or XLSX file as tidied texts. Refused: file.too_big, file.unreadable, file.empty."""
    if len(content) > MOST_BYTES:
        return Refused(
            "file.too_big", "文件超过64MB，请分成几个文件。", "The file is over 64 MB; divide it.", at="file"
        )
    found = _workbook(content) if content.startswith(b"PK") else _text(content)
    if isinstance(found, Refused):
        return found
    if not found or not any(found[0]):
        return Refused("file.empty", "文件里没有内容。", "There is nothing in the file.", at="file")
    return found


def _workbook(content: bytes) -> list[list[str]] | Refused:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError):
        return _unreadable("不是有效的 XLSX 工作簿", "it is no valid XLSX workbook")
    return [[_plain(cell) for cell in row] for row in sheet]


def _plain(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _tidied(str(cell))


def _text(content: bytes) -> list[list[str]] | Refused:
    if b"\0" in content:
        return _unreadable("不是文本或 XLSX", "it is neither text nor XLSX")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return _unreadable("不是 UTF-8 或 GB18030 文本", "it is no text in UTF-8 or GB 18030")
    try:
        return [list(map(_tidied, row)) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return _unreadable("引号不配对", "a quotation mark is odd")


def _tidied(cell: str) -> str:
    # A leading apostrophe keeps spreadsheets from rounding long numbers; it is no part of the value.
    return cell.translate(INVISIBLE).strip().removeprefix("'")


def _columns(first: Iterable[str], source: Source, claim: Claim) -> dict[str, int] | Refused:
    known = {heading: column for column, headings in source.columns.items() for heading in headings}
    columns: dict[str, int] = {}
    for place, heading in enumerate(first):
        column = known.get(heading)
        if column is None:
            continue
        if column in columns:
            return Refused(
                "file.column_twice",
                f"列“{heading}”与前面一列说的是同一项，请只留一列。",
                f"The column “{heading}” says the same as one before it; keep one.",
                at="file",
            )
        columns[column] = place
    missing = "、".join(source.columns[each][0] for each in source.needs(claim) if each not in columns)
    if missing:
        return Refused(
            "file.column_missing",
            f"文件首行缺少列：{missing}。",
            f"The first line lacks the columns {missing}.",
            at="file",
        )
    return columns


def _read_row(
    line: int, values: dict[str, str], headings: dict[str, str], source: Source, today: date
) -> Statement | RowProblem:
    def problem(column: str, refused: Refused) -> RowProblem:
        kind = _MASKED.get(column)
        shown = mask(kind, values[column]) if kind else values[column][:12]
        return RowProblem(line, headings[column], shown, refused)

    identity = read_identity_number(values["number"], today)
    if isinstance(identity, Refused):
        return problem("number", identity)
    refused = names.name_problems(values["name"])
    if refused is not None:
        return problem("name", refused)
    days: dict[str, date | None] = {}
    for column in ("birth_on", "happened_on"):
        day = _day(values.get(column, ""))
        if isinstance(day, Refused):
            return problem(column, day)
        days[column] = day
    word = values.get("status", "")
    if word and word not in source.statuses:
        return problem("status", _status_unknown(source))
    # A region or phone that cannot be read says nothing: the list is compared, not taken in.
    region, phone = read_region(values.get("region", "")), read_phone(values.get("phone", ""))
    return Statement(
        row=line,
        number=identity.number,
        name=names.tidy(values["name"]),
        birth_on=days["birth_on"] or identity.birth_on,
        region=region if isinstance(region, str) else "",
        phone=phone if isinstance(phone, str) else "",
        status=source.statuses.get(word, ""),
        happened_on=days["happened_on"],
    )


def _day(text: str) -> date | Refused | None:
    if not text:
        return None
    found = _DAY.fullmatch(ascii_folded(text) if " " not in text else text)
    if found is not None:
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    return Refused(
        "day.format",
        "日期应写作 2025-03-01 或 20250301，请更正。",
        "A day is written 2025-03-01 or 20250301; correct it.",
    )


def _status_unknown(source: Source) -> Refused:
    known = "、".join(source.statuses)
    return Refused("status.unknown", f"状态应为：{known}。", f"The status must be one of {known}.")


def _repeated() -> Refused:
    return Refused(
        "row.repeated",
        "同一号码在名单中出现多次，均未采用，请向来源单位核实。",
        "This number is in the list several times; none of these rows was used.",
    )


def _unreadable(zh: str, en: str) -> Refused:
    return Refused(
        "file.unreadable",
        f"文件无法读取：{zh}。请另存为 CSV（UTF-8）或 XLSX 后再提交。",
        f"The file cannot be read: {en}. Save it as CSV (UTF-8) or XLSX.",
        at="file",
    )
