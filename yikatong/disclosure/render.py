"""A filled sheet as an HTML fragment and as an XLSX workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.template.loader import render_to_string

from yikatong.disclosure.sheet import Sheet, SheetLine

COLUMNS = (("一级指标", 12), ("二级指标", 18), ("三级指标", 40), ("指标值", 14), ("实际值", 16))
SCORED = (("分值权重", 10), ("得分", 10))
REMARK = ("说明", 44)


def render_html(sheet: Sheet, of_measure: Callable[[str], str] | None = None) -> str:
    """The sheet as an HTML fragment (no <html>): headings, funds, goals, indicators, notes.

    `of_measure` gives by its code where a figure is told; without it figures are no links.
    """
    lines = [(line, of_measure(line.code) if of_measure and line.actual else "") for line in sheet.lines]
    return render_to_string("disclosure/sheet.html", {"sheet": sheet, "lines": lines})


def render_xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook of one worksheet; figures, weights and scores are numbers, all else is text.

    Text that begins with = + - @ stays text. The same sheet gives the same bytes.
    """
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        # A moment of making inside would make two prints of one sheet differ.
        made = datetime.combine(date(sheet.year, 1, 1), time())
        book.set_properties({"title": sheet.title, "author": sheet.unit_name, "created": made})
        _Page(book, sheet).draw()
    return buffer.getvalue()


class _Page:
    """Draws one sheet from top to bottom; `row` is where the pen stands."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.sheet = sheet
        self.page = book.add_worksheet(sheet.title[:31])
        self.row = 0
        self.columns = (*COLUMNS, *(SCORED if sheet.weights else ()), REMARK)
        cell = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        self.cell = book.add_format(cell)
        self.head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EDEDED"})
        self.quiet = book.add_format({**cell, "italic": True, "font_color": "#595959"})
        self.rate = book.add_format({**cell, "num_format": '0.00##"%"'})
        self.points = book.add_format({**cell, "num_format": "0.00"})
        self.title = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center"})
        self.plain = book.add_format(
            {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"}
        )

    def draw(self) -> None:
        last = len(self.columns) - 1
        for column, (_, width) in enumerate(self.columns):
            self.page.set_column(column, column, width)
        self.page.merge_range(0, 0, 0, last, self.sheet.title, self.title)
        self.page.merge_range(
            1, 0, 1, last, f"（{self.sheet.year}年度）  单位：{self.sheet.unit}", self.plain
        )
        self.row = 2
        self._facts()
        top = self.row
        for column, (label, _) in enumerate(self.columns):
            self.page.write_string(top, column, label, self.head)
        self.row += 1
        for line in self.sheet.lines:
            self._line(line)
        if self.sheet.weights:
            self._sums()
        for number, note in enumerate(self.sheet.notes, start=1):
            self.page.merge_range(self.row, 0, self.row, last, f"注{number}：{note}", self.plain)
            self.row += 1
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(top)

    def _facts(self) -> None:
        sheet = self.sheet
        for label, text in (
            ("项目名称", sheet.project),
            ("主管部门", sheet.department),
            ("实施单位", sheet.unit_name),
            ("数据状态", sheet.state + (f"，SM3 {sheet.digest}" if sheet.digest else "")),
            *((fund.label, fund.amount) for fund in sheet.funds),
            *sheet.goals,
        ):
            self.page.merge_range(self.row, 0, self.row, 1, label, self.head)
            self.page.merge_range(self.row, 2, self.row, len(self.columns) - 1, text, self.cell)
            self.row += 1

    def _line(self, line: SheetLine) -> None:
        for column, (text, span) in enumerate(
            ((line.level1, line.level1_span), (line.level2, line.level2_span))
        ):
            if span > 1:
                self.page.merge_range(self.row, column, self.row + span - 1, column, text, self.cell)
            elif span == 1:
                self.page.write_string(self.row, column, text, self.cell)
        self.page.write_string(self.row, 2, line.label, self.cell)
        self.page.write_string(self.row, 3, line.target, self.cell)
        if line.actual:
            self._number(4, line.actual, self.rate if line.unit == "%" else self.cell)
        else:
            self.page.write_string(self.row, 4, line.without, self.quiet)
        if self.sheet.weights:
            self._number(5, line.weight, self.cell)
            self._number(6, line.score, self.points)
        self.page.write_string(self.row, len(self.columns) - 1, line.remark, self.cell)
        self.row += 1

    def _sums(self) -> None:
        self.page.merge_range(self.row, 0, self.row, 4, "合计（得分为已计量部分）", self.head)
        self._number(5, self.sheet.weight_total, self.cell)
        self._number(6, self.sheet.score_total, self.points)
        self.page.write_string(self.row, 7, "", self.cell)
        self.row += 1

    def _number(self, column: int, text: str, style: Any) -> None:
        if text:
            self.page.write_number(self.row, column, Decimal(text), style)
        else:
            self.page.write_blank(self.row, column, None, style)
