"""Lists of other authorities: bytes in, judged rows out. Pure; nothing here knows the base library.

The files are read as all files of rows are (`residents/sheets.py`). What cannot be read is refused with its place; a row
that cannot be understood is a problem of that row and keeps nobody else's from being compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from yikatong.basics import names
from yikatong.basics.characters import ascii_folded
from yikatong.basics.ids import read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.quality.rules import Claim
from yikatong.quality.source import Source
from yikatong.residents.numbers import tidied
from yikatong.residents.rules import read_phone, read_region
from yikatong.residents.sheets import Limits, open_sheet

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
    content: bytes,
    source: Source,
    claim: Claim,
    today: date,
    limits: Limits,
    progress: Progress = lambda done, of: None,
) -> Statements | Refused:
    """Read a list of this source.

    Refused as a whole: what `open_sheet` refuses (file.*), file.column_missing, file.column_twice. By row: what
    a number or name is refused for, day.format, status.unknown, row.repeated (every row of a number that comes twice).
    """
    sheet = open_sheet(content, limits, lambda first: not isinstance(_columns(first, source, claim), Refused))
    if isinstance(sheet, Refused):
        return sheet
    columns = _columns(sheet.headings, source, claim)
    if isinstance(columns, Refused):
        return columns
    headings = {column: tidied(sheet.headings[place]) for column, place in columns.items()}
    rows: list[Statement] = []
    problems: list[RowProblem] = []
    count = 0
    for line, row in sheet.rows:
        if not any(map(tidied, row)):
            continue
        count += 1
        values = {column: tidied(row[place]) if place < len(row) else "" for column, place in columns.items()}
        read = _read_row(line, values, headings, source, today)
        if isinstance(read, Statement):
            rows.append(read)
        else:
            problems.append(read)
        if count % 5_000 == 0:
            progress(count, sheet.count)
    times = Counter(each.number for each in rows)
    problems += [
        RowProblem(each.row, headings["number"], mask(Sensitive.IDENTITY_NUMBER, each.number), _repeated())
        for each in rows
        if times[each.number] > 1
    ]
    single = tuple(each for each in rows if times[each.number] == 1)
    return Statements(single, tuple(sorted(problems, key=lambda each: each.row)), count)


def _columns(first: Iterable[str], source: Source, claim: Claim) -> dict[str, int] | Refused:
    known = {heading: column for column, headings in source.columns.items() for heading in headings}
    columns: dict[str, int] = {}
    for place, heading in enumerate(map(tidied, first)):
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
