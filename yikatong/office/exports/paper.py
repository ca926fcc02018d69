"""An exported table on paper: A4 across, the mark tiled over every page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typst
from django.conf import settings

if TYPE_CHECKING:
    from yikatong.office.exports import Mark, Table

TEMPLATE = Path(__file__).with_name("paper.typ")


@cache
def _fonts() -> typst.Fonts:
    # Reading the font files takes most of the time of a page; a process does it once.
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.FONTS_FOLDER])


def render_pdf(table: Table, mark: Mark) -> bytes:
    """The PDF's bytes."""
    contents = {
        "title": table.title,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "mark": mark.text,
        "number": mark.number,
    }
    return typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"table": json.dumps(contents)}, font_paths=_fonts()
    )
