"""An exported table as a workbook: the mark on a first sheet of its own and at the head and foot of every printed page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils import timezone

if TYPE_CHECKING:
    from yikatong.office.exports import Mark, Table


def render_xlsx(table: Table, mark: Mark) -> bytes:
    """The workbook's bytes. Every cell is text: nothing in it can be a formula."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(
        into, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": table.title, "author": mark.who, "comments": mark.text})
    plain = book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"})
    head = book.add_format(
        {"font_name": "宋体", "font_size": 10, "bold": True, "bg_color": "#EEF2F6", "border": 1}
    )
    large = book.add_format({"font_name": "宋体", "font_size": 16, "bold": True})
    first = book.add_worksheet("导出说明")
    first.set_column(0, 0, 16)
    first.set_column(1, 1, 70)
    first.write_string(0, 0, table.title, large)
    for row, (label, text) in enumerate(
        (
            ("导出编号", mark.number),
            ("导出人", mark.who),
            ("导出时间", f"{timezone.localtime(mark.at):%Y-%m-%d %H:%M:%S}"),
            ("用途", mark.purpose),
            ("行数", str(len(table.rows))),
            (
                "说明",
                "本文件仅限所填用途使用，不得转发；日志记有本文件的 SM3 摘要，可凭文件或编号追查导出人。",
            ),
        ),
        start=2,
    ):
        first.write_string(row, 0, label, head)
        first.write_string(row, 1, text, plain)
    page = book.add_worksheet("内容")
    for column, label in enumerate(table.columns):
        widest = max((len(row[column]) for row in table.rows[:200]), default=0)
        page.set_column(column, column, max(8, min(60, int(1.6 * max(widest, len(label))))))
        page.write_string(0, column, label, head)
    for number, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            page.write_string(number, column, cell, plain)
    page.freeze_panes(1, 0)
    for sheet in (first, page):
        # & begins a code in heads and feet
        said = mark.text.replace("&", "&&")[:240]
        sheet.set_header(f"&C&9&K999999{said}")
        sheet.set_footer(f"&L&9&K999999{said}&R&9&P / &N")
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    page.repeat_rows(0)
    book.close()
    return into.getvalue()
