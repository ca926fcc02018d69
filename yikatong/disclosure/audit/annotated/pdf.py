"""Highlights in a PDF, each with its finding as a note, over the signs that print what was found."""

from __future__ import annotations

import ctypes
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
from rapidfuzz import fuzz

from yikatong.disclosure.audit.annotated import AUTHOR, Remark
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.pages import Glyph, Page, read_page, upright

_COLOURS = {
    Grade.ERROR: (255, 90, 80),
    Grade.ROUNDING: (120, 170, 255),
    Grade.FORMAT: (180, 180, 180),
    Grade.TYPO: (255, 210, 80),
}
_CORNER = (3000, 3000, 6000, 4500)
"""Where a note stands whose words were not found again on their page, in hundredths of a point from its upper left."""


def annotate_pdf(content: bytes, remarks: Sequence[Remark]) -> bytes:
    """The PDF with a highlight for each remark."""
    by_page: dict[int, list[Remark]] = defaultdict(list)
    for each in remarks:
        by_page[each.page].append(each)
    pdf = pypdfium2.PdfDocument(content)
    try:
        for number, those in by_page.items():
            page = pdf[number - 1]
            read = read_page(page)
            for each in those:
                signs = _signs(read, each)
                _highlight(
                    page, upright(replace(read, glyphs=signs, rulings=[]), -read.quarters % 4).glyphs, each
                )
        held = io.BytesIO()
        pdf.save(held)
        return held.getvalue()
    finally:
        pdf.close()


def _signs(page: Page, remark: Remark) -> list[Glyph]:
    """The signs of what is printed, in the line most like the remark's; else those of the line's first words."""
    text = "".join(glyph.text for glyph in page.glyphs)
    context = "".join(remark.context.split())
    for words in ("".join(remark.printed.split()), context[:8]):
        begins = [found.start() for found in re.finditer(re.escape(words), text)] if words else []
        if begins:
            best = max(begins, key=lambda at: fuzz.ratio(context, _line(page, page.glyphs[at])))
            return page.glyphs[best : best + len(words)]
    return [Glyph("", *_CORNER)]


def _line(page: Page, sign: Glyph) -> str:
    middle = (sign.top + sign.bottom) // 2
    beside = [glyph for glyph in page.glyphs if glyph.top <= middle <= glyph.bottom]
    return "".join(glyph.text for glyph in sorted(beside, key=lambda glyph: glyph.left))


def _highlight(page: pypdfium2.PdfPage, signs: Sequence[Glyph], remark: Remark) -> None:
    """One annotation over all its signs; those beside each other share a box."""
    left, _, _, top = page.get_mediabox()
    note = pdfium.FPDFPage_CreateAnnot(page.raw, pdfium.FPDF_ANNOT_HIGHLIGHT)
    boxes = [
        (left + sign.left / 100, top - sign.top / 100, left + sign.right / 100, top - sign.bottom / 100)
        for sign in signs
    ]
    for x1, y1, x2, y2 in _runs(boxes):
        quad = pdfium.FS_QUADPOINTSF(x1, y1, x2, y1, x1, y2, x2, y2)
        pdfium.FPDFAnnot_AppendAttachmentPoints(note, ctypes.byref(quad))
    x1, y1 = min(box[0] for box in boxes), max(box[1] for box in boxes)
    x2, y2 = max(box[2] for box in boxes), min(box[3] for box in boxes)
    pdfium.FPDFAnnot_SetRect(note, ctypes.byref(pdfium.FS_RECTF(x1, y1, x2, y2)))
    pdfium.FPDFAnnot_SetColor(note, pdfium.FPDFANNOT_COLORTYPE_Color, *_COLOURS[remark.grade], 110)
    for key, text in ((b"Contents", remark.said), (b"T", AUTHOR)):
        wide = (text + "\0").encode("utf-16-le")
        held = ctypes.create_string_buffer(wide, len(wide))
        pdfium.FPDFAnnot_SetStringValue(note, key, ctypes.cast(held, pdfium.FPDF_WIDESTRING))
    pdfium.FPDFPage_CloseAnnot(note)


def _runs(
    boxes: Sequence[tuple[float, float, float, float]],
) -> list[tuple[float, float, float, float]]:
    runs: list[tuple[float, float, float, float]] = []
    for x1, y1, x2, y2 in boxes:
        if runs and abs(runs[-1][1] - y1) < 3 and x2 >= runs[-1][0]:
            last = runs.pop()
            runs.append((min(last[0], x1), max(last[1], y1), max(last[2], x2), min(last[3], y2)))
        else:
            runs.append((x1, y1, x2, y2))
    return runs
