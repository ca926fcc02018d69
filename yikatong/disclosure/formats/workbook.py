"""A publication as XLSX: one sheet for each table, amounts as numbers with the digits that are printed."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import xlsxwriter

from yikatong.disclosure.formats import Format
from yikatong.disclosure.publication import PrintedTable, Publication, Slot


def as_xlsx(publication: Publication) -> bytes:
    """The workbook; text never becomes a formula, and its time of making is left out."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": publication.title, "created": datetime(publication.year, 1, 1)})  # noqa: DTZ001
        words = book.add_format({"border": 1, "text_wrap": True})
        digits = {
            (places, thousands): book.add_format({"border": 1, "num_format": form})
            for thousands, whole in ((False, "0"), (True, "#,##0"))
            for places, form in ((0, whole), (2, f"{whole}.00"))
        }
        bold = book.add_format({"bold": True})
        for table in publication.tables:
            page = book.add_worksheet(_sheet_name(table))
            page.write_string(0, 0, table.title, bold)
            page.write_string(1, 0, "  ".join((*table.lead, f"单位：{table.unit}")))
            top = 2 + len(table.facts)
            for place, row in enumerate(table.head, top):
                for column, text in enumerate(row):
                    page.write_string(place, column, text, words)
            top += len(table.head)
            for begin, rows in ((2, table.facts), (top, table.rows)):
                for place, slots in enumerate(rows, begin):
                    for column, slot in enumerate(slots):
                        if _is_number(slot):
                            places = len(slot.text.partition(".")[2])
                            style = digits[places, "," in slot.text]
                            page.write_number(place, column, Decimal(slot.text.replace(",", "")), style)
                        else:
                            page.write_string(place, column, slot.text, words)
            if table.note:
                page.write_string(top + len(table.rows), 0, table.note)
    return out.getvalue()


def _sheet_name(table: PrintedTable) -> str:
    """「表3」; a sheet without a number has its title, of which Excel takes 31 signs."""
    return f"表{table.number}" if table.number[:1].isdigit() else table.number[:31]


def _is_number(slot: Slot) -> bool:
    return slot.about is not None and slot.text not in ("", "-")


ENTRY = Format(
    "xlsx",
    "Excel 工作簿",
    "Excel workbook",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    lambda publication, _: as_xlsx(publication),
    rank=4,
)
