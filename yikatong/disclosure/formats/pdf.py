"""A publication as PDF by typst: title page, catalogue, sentences, each table on pages of its own with its head on every one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from yikatong.disclosure.charts import svg_of
from yikatong.disclosure.formats import Format
from yikatong.disclosure.layout import layout_of
from yikatong.disclosure.publication import PrintedTable, Publication, Text
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
        "words": [_words(words) for words in publication.words],
        "tables": [_table(table) for table in publication.tables],
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"publication": json.dumps(told)},
        font_paths=_fonts(),
        pdf_standards="ua-1",
    )


def _words(words: Text) -> dict[str, Any]:
    told: dict[str, Any] = {"lines": words.lines, "level": words.level}
    if words.drawing is not None:
        drawing = words.drawing
        bars = [(name, slot.text, share) for name, slot, share in drawing.bars]
        told["chart"] = {
            "title": drawing.title,
            "unit": drawing.unit,
            "svg": svg_of(drawing),
            "said": drawing.said,
            "bars": bars,
        }
    return told


def _table(table: PrintedTable) -> dict[str, Any]:
    layout, width, over = layout_of(table), len(table.head[0]), len(table.facts)
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
            {"text": head.text, "x": head.column, "y": over + row, "across": head.across, "down": head.down}
            for row, heads in enumerate(table.heads)
            for head in heads
        ],
        "facts": [
            {
                "text": slot.text,
                "x": place,
                "y": row,
                "span": width - place if place == len(slots) - 1 else 1,
            }
            for row, slots in enumerate(table.facts)
            for place, slot in enumerate(slots)
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
