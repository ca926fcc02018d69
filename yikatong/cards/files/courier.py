"""寄递回单: the courier's list of what became of our parcels, a workbook or a CSV file. Pure: cells in, rows out.

Every courier has its own words for the same three ends; which word means which is a dated rule (`card.post_words`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.posting import CAME_BACK, DELIVERED, LOST
from yikatong.residents.headings import Columns, Form
from yikatong.residents.numbers import FORMULA, tidied
from yikatong.residents.sheets import Limits, open_sheet

SAID_LENGTH = 50
FORM = Form(
    columns={
        "waybill": ("运单号", "邮件号", "快递单号"),
        "result": ("结果", "投递结果", "状态"),
        "on": ("日期", "投递日期", "签收日期"),
        "signed_by": ("签收人",),
        "note": ("原因", "未妥投原因", "退回原因"),
    },
    required=("waybill", "result", "on"),
    passed_over=frozenset({"序号", "备注", "寄递企业", "收件人", "寄件日期"}),
    notes={
        "waybill": "必填。与交寄时登记的运单号一致，列为文本格式。",
        "result": "必填。签收、退回或遗失，写法见约定。",
        "on": "必填。签收、退回或确认遗失的日期，如 2025-03-10。",
        "signed_by": f"签收的必填，最多{SAID_LENGTH}字。",
        "note": f"退回、遗失的必填，最多{SAID_LENGTH}字。",
    },
)
ENDS: tuple[State, ...] = (DELIVERED, CAME_BACK, LOST)
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)


class Word(NamedTuple):
    """What the courier says of one parcel. `end` is None and `wrong` says why where the row cannot be believed.

    `said` is who signed for it, or why it did not arrive; `on` the day on which that was.
    """

    line: int
    waybill: str
    end: State | None
    on: date | None
    said: str
    wrong: str


@dataclass(frozen=True)
class CourierList:
    """The rows of a courier's list, in the order of the file."""

    words: tuple[Word, ...]


def read_courier_list(
    content: bytes, limits: Limits, words: Mapping[str, Sequence[str]]
) -> CourierList | Refused:
    """Read a courier's list; `words` are those it writes for each end (rule `card.post_words`).

    Refused as a whole: what `open_sheet` refuses, file.columns, file.empty. By row (`Word.wrong`): row.width,
    cell.formula, row.parcel_result, row.parcel_day, row.parcel_said.
    """
    sheet = open_sheet(content, limits, FORM.fits)
    if isinstance(sheet, Refused):
        return sheet
    columns = FORM.find(sheet.headings)
    if isinstance(columns, Refused):
        return columns
    ends = {word: end for end in ENDS for word in words.get(end.code, ())}
    read = tuple(
        _word(line, cells, columns, ends) for line, cells in sheet.rows if any(tidied(each) for each in cells)
    )
    return CourierList(read) if read else Refused("file.empty", "文件里没有邮件。", "The file is empty.")


def _word(line: int, cells: list[str], columns: Columns, ends: Mapping[str, State]) -> Word:
    if len(cells) != columns.width:
        return Word(line, "", None, None, "", "row.width")
    row = dict(_cells(cells, columns))
    waybill = row["waybill"].upper()
    if any(value[:1] in FORMULA for value in row.values() if value):
        return Word(line, waybill, None, None, "", "cell.formula")
    end, on = ends.get(row["result"]), read_courier_day(row["on"])
    said = (row.get("signed_by", "") if end is DELIVERED else row.get("note", ""))[:SAID_LENGTH]
    if end is None:
        return Word(line, waybill, None, on, "", "row.parcel_result")
    wrong = "row.parcel_day" if on is None else "" if said else "row.parcel_said"
    return Word(line, waybill, end, on, said, wrong)


def _cells(cells: list[str], columns: Columns) -> Iterator[tuple[str, str]]:
    for column, place in columns.places.items():
        yield column, " ".join(tidied(cells[place]).split())


def read_courier_day(text: str) -> date | None:
    """A day as couriers write it, with or without the time: 2025-03-10, 2025/3/10, 20250310, 2025年3月10日."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(*map(int, found.groups())).date()  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
