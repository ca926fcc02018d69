"""Pages as they are drawn: signs with their place and straight rulings. Lengths are whole hundredths of a point.

Two programs read them: PDFium, quick, for every page; pdfminer for a page on which the first met signs without a meaning.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

THIN = 300
"""What is drawn no wider than this is a ruling."""
_RENAMED = {"\x02": "-", "￾": "-", "\u00ad": "-"}


class Glyph(NamedTuple):
    """A sign and its box, from the upper left corner of the page."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


class Ruling(NamedTuple):
    """A straight line across the page or down it: where it lies, and from where to where."""

    across: bool
    at: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page; `doubtful` counts the signs whose meaning the file does not tell.

    `quarters` is how many quarter turns to the right made its text run from left to right.
    """

    width: int
    height: int
    glyphs: list[Glyph]
    rulings: list[Ruling]
    pictures: int = 0
    doubtful: int = 0
    quarters: int = 0


def read_page(page: pypdfium2.PdfPage) -> Page:
    """A page by PDFium."""
    left, bottom, right, top = (round(length * 100) for length in page.get_mediabox())
    width, height = right - left, top - bottom
    text = page.get_textpage()
    glyphs, doubtful = [], 0
    turned: dict[int, int] = {}
    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    for index in range(pdfium.FPDFText_CountChars(text.raw)):
        sign = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
        sign = _RENAMED.get(sign, sign)
        if sign.isspace() or not pdfium.FPDFText_GetLooseCharBox(text.raw, index, at):
            continue
        if is_doubtful(sign):
            doubtful += 1
            continue
        glyphs.append(
            Glyph(
                sign,
                round(box.left * 100) - left,
                top - round(box.top * 100),
                round(box.right * 100) - left,
                top - round(box.bottom * 100),
            )
        )
        if index % 16 == 0:
            quarter = round(pdfium.FPDFText_GetCharAngle(text.raw, index) * 7 / 11) % 4  # 7/11 is 2/π
            turned[quarter] = turned.get(quarter, 0) + 1
    rulings, pictures = _drawn(page, left, top)
    read = Page(width, height, glyphs, rulings, pictures, doubtful)
    quarters = max(turned, key=lambda each: turned[each]) if turned else 0
    return replace(upright(read, quarters), quarters=quarters)


def is_doubtful(sign: str) -> bool:
    """A sign without a meaning of its own: a font that does not say what its shapes are."""
    return sign in "\0�" or "\ue000" <= sign <= "\uf8ff" or sign < " "


def upright(page: Page, quarters: int) -> Page:
    """The page after so many quarter turns to the right, so that its text runs from left to right."""
    for _ in range(quarters):
        height = page.height
        page = Page(
            height,
            page.width,
            [
                Glyph(text, height - bottom, left, height - top, right)
                for text, left, top, right, bottom in page.glyphs
            ],
            [
                Ruling(False, height - at, begin, end)
                if across
                else Ruling(True, at, height - end, height - begin)
                for across, at, begin, end in page.rulings
            ],
            page.pictures,
            page.doubtful,
        )
    return page


# --- rulings ---------------------------------------------------------------------------------------------------------


def _drawn(page: pypdfium2.PdfPage, left: int, top: int) -> tuple[list[Ruling], int]:
    """The rulings of a page, and how many pictures it has."""
    rulings: list[Ruling] = []
    pictures = 0
    for drawn in _objects(page):
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif drawn.type == pdfium.FPDF_PAGEOBJ_PATH:
            rulings.extend(_of_path(drawn, left, top))
    return rulings, pictures


def _objects(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfObject]:
    """Paths and pictures; objects for each of thousands of pieces of text would cost more than reading the text."""
    raw = [
        pdfium.FPDFPage_GetObject(page.raw, index) for index in range(pdfium.FPDFPage_CountObjects(page.raw))
    ]
    kinds = [pdfium.FPDFPageObj_GetType(each) for each in raw]
    if pdfium.FPDF_PAGEOBJ_FORM in kinds:  # drawings within drawings, each with its own scale
        yield from page.get_objects(max_depth=4)
        return
    for each, kind in zip(raw, kinds, strict=True):
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            yield pypdfium2.PdfObject(each, page, page.pdf)


def _of_path(drawn: Any, left: int, top: int) -> Iterator[Ruling]:
    if pdfium.FPDFPath_CountSegments(drawn.raw) <= 5:
        low_left, low, right, high = (round(length * 100) for length in drawn.get_bounds())
        yield from _of_box(low_left - left, top - high, right - left, top - low)
        return
    before: tuple[int, int] | None = None
    for across, down, begins in _points(drawn):
        point = (across - left, top - down)
        if before is not None and not begins:
            x, y = sorted((before[0], point[0])), sorted((before[1], point[1]))
            if y[1] - y[0] <= THIN or x[1] - x[0] <= THIN:
                yield from _of_box(x[0], y[0], x[1], y[1])
        before = point


def _of_box(left: int, top: int, right: int, bottom: int) -> Iterator[Ruling]:
    """A thin box is a ruling; of another the four sides are."""
    if bottom - top <= THIN:
        if right - left > THIN:
            yield Ruling(True, (top + bottom) // 2, left, right)
    elif right - left <= THIN:
        yield Ruling(False, (left + right) // 2, top, bottom)
    else:
        yield Ruling(True, top, left, right)
        yield Ruling(True, bottom, left, right)
        yield Ruling(False, left, top, bottom)
        yield Ruling(False, right, top, bottom)


def _points(drawn: Any) -> Iterator[tuple[int, int, bool]]:
    """The corners of a path on the page, and whether the pen was lifted before each."""
    matrix = drawn.get_matrix()
    across, down = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(drawn.raw)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn.raw, index)
        if pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(across), ctypes.byref(down)):
            x, y = matrix.on_point(across.value, down.value)
            lifted = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO
            yield round(x * 100), round(y * 100), lifted


# --- the second reader ---------------------------------------------------------------------------------------------------


def read_again(content: bytes, number: int, first: Page) -> Page:
    """The page `number` (from 0) with the signs as pdfminer reads them; what it cannot tell either stays doubtful."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTChar
    from pdfminer.psexceptions import PSException

    glyphs, doubtful = [], 0
    try:
        waiting: list[Any] = list(extract_pages(io.BytesIO(content), page_numbers=[number]))
    except (PSException, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, struct.error):
        return first  # a damaged file, of which PDFium made more
    height = round(waiting[0].height * 100) if waiting else 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTChar):
            text = item.get_text()
            if text.startswith("(cid:") or any(is_doubtful(sign) for sign in text):
                doubtful += 1
            elif not text.isspace():
                left, bottom, right, top = (round(length * 100) for length in item.bbox)
                glyphs.append(Glyph(text, left, height - top, right, height - bottom))
        elif hasattr(item, "__iter__"):
            waiting.extend(item)
    return Page(first.width, first.height, glyphs, first.rulings, first.pictures, doubtful)
