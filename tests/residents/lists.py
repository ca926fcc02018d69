"""Lists as tests make them: texts and workbooks, uploaded by one, approved by another, worked on by the house."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from xlsxwriter import Workbook

from tests.residents.people import MORNING, acting, number_of
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Actor
from yikatong.office.scope import Scope
from yikatong.residents import services, tasks
from yikatong.residents.lists import ListLine, ListRow, lines, one_list
from yikatong.residents.roster import CellProblem, Judge, RosterRow, find_columns, fits
from yikatong.residents.rules import Outcome, Trust
from yikatong.residents.sheets import Limits, open_sheet

TODAY = date(2025, 3, 10)
CITY = Scope("610400")
MAKER = Actor("staff:1", "王经办", "610400")
CHECKER = Actor("staff:2", "李审核", "610400")
LIMITS = Limits(megabytes=64, unpacked_megabytes=1024, ratio=100, parts=1000, rows=250_000)
HEAD = "证件号码,姓名,居住地区划,联系电话,联系地址,民族"
GOOD = [f"{number_of(i)},林小满,610402,1380000000{i},秦都区,01" for i in range(4)]


def text_file(*lines_: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\n".join([head, *lines_]).encode(encoding)


def workbook(rows: list[list[Any]], **options: Any) -> bytes:
    """An XLSX of these rows; `merge` merges a range, `before` is a first sheet of its own."""
    held = io.BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        for number, table in enumerate([options["before"], rows] if "before" in options else [rows]):
            sheet = book.add_worksheet()
            for row, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write(row, column, cell)
            if "merge" in options and number == 0:
                sheet.merge_range(options["merge"], "名单")
    return held.getvalue()


def read(content: bytes) -> tuple[list[RosterRow], list[CellProblem]] | Refused:
    """A file judged by its cells alone."""
    sheet = open_sheet(content, LIMITS, fits)
    if isinstance(sheet, Refused):
        return sheet
    columns = find_columns(sheet.headings)
    if isinstance(columns, Refused):
        return columns
    judge = Judge(columns, TODAY)
    found = [judge.judge(line, cells) for line, cells in sheet.rows]
    good = [each for each in found if isinstance(each, RosterRow)]
    return good, [problem for each in found if isinstance(each, list) for problem in each]


def uploaded(
    content: bytes,
    trust: Trust = Trust.PROVINCE,
    *,
    only_good: bool = False,
    scope: Scope = CITY,
    actor: Actor = MAKER,
) -> ListRow | Refused:
    with acting(actor=actor) as act:
        return services.upload_list(
            act,
            name="名单.csv",
            content=content,
            source="省平台",
            trust=trust,
            only_good=only_good,
            scope=scope,
        )


def work() -> None:
    """The house does what waits."""
    with clock.fixed(MORNING):
        tasks.work_through_lists()


def judged(*lines_: str, content: bytes | None = None, **how: Any) -> ListRow:
    """A list that was uploaded and judged."""
    row = uploaded(text_file(*lines_) if content is None else content, **how)
    assert isinstance(row, ListRow), row
    work()
    return now(row)


def now(row: ListRow) -> ListRow:
    found = one_list(row.id, CITY)
    assert found is not None
    return found


def approved(row: ListRow, actor: Actor = CHECKER) -> ListRow | Refused:
    with acting(actor=actor) as act:
        return services.approve_list(act, row.id, judgement=row.judgement, scope=CITY)


def taken(*lines_: str, content: bytes | None = None, **how: Any) -> ListRow:
    """A list that was uploaded, judged, approved and taken in."""
    row = judged(*lines_, content=content, **how)
    answer = approved(row)
    assert isinstance(answer, ListRow), answer
    work()
    return now(row)


def counts(row: ListRow) -> dict[str, int]:
    return {outcome.value: row.count(outcome) for outcome in Outcome if row.count(outcome)}


def bad(row: ListRow) -> list[ListLine]:
    return list(lines(row.id, [each for each in Outcome if not each.good]))
