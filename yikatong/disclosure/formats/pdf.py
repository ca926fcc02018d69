"""A publication as PDF by typst: title page, catalogue, sentences, each table on pages of its own with its head on every one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from yikatong.disclosure.formats import Format
from yikatong.disclosure.layout import layout_of
from yikatong.disclosure.publication import PrintedTable, Publication
from yikatong.setup.assets import FONTS

TEMPLATE = Path(__file__).with_name("publication.typ")


@cache
def _fonts() -> typst.Fonts:
    # Reading the font files takes most of the time of a page; a process does it once.
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def as_pdf(publication: Publication) -> bytes:
    """The document on A4, tagged and titled for those who have it read to them."""
    told = {
        "title": publication.title,
        "unit_name": publication.unit_name,
        "year": publication.year,
        "catalogue": publication.catalogue,
        "words": [{"text": words.text, "level": words.level} for words in publication.words],
        "tables": [_table(table) for table in publication.tables],
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"publication": json.dumps(told)},
        font_paths=_fonts(),
        pdf_standards="ua-1",
    )


def _table(table: PrintedTable) -> dict[str, Any]:
    layout = layout_of(table)
    return {
        "label": table.label,
        "title": table.title,
        "unit": table.unit,
        "lead": table.lead,
        "note": table.note,
        "across": layout.across,
        "size": layout.size,
        "gap": layout.gap,
        "widths": layout.widths,
        "heads": [
            {"text": head.text, "x": head.column, "y": row, "across": head.across, "down": head.down}
            for row, heads in enumerate(table.heads)
            for head in heads
        ],
        "rows": [
            [{"text": slot.text, "amount": slot.about is not None} for slot in row] for row in table.rows
        ],
    }


ENTRY = Format(
    "pdf",
    "PDF 文件",
    "PDF",
    "pdf",
    "application/pdf",
    lambda publication, _: as_pdf(publication),
    rank=2,
)
