"""A publication as DOCX, to be worked on further: heads that repeat over pages, each table on paper of its own direction."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor, Twips

from yikatong.disclosure.formats import Format
from yikatong.disclosure.layout import ACROSS, UPRIGHT, Layout, layout_of
from yikatong.disclosure.packing import packed, unpacked
from yikatong.disclosure.publication import Drawing, PrintedTable, Publication

_LONG, _SHORT = Mm(297), Mm(210)
_FONTS = {
    "Normal": "宋体",
    "Title": "黑体",
    "Heading 1": "黑体",
    "Heading 2": "黑体",
    "Header": "宋体",
    "Footer": "宋体",
}
_SIZES = {"Normal": Pt(21) // 2, "Title": Pt(22), "Heading 1": Pt(14), "Heading 2": Pt(12)}


def as_docx(publication: Publication) -> bytes:
    """The document; its time of making is left out."""
    document = docx.Document()
    _style(document)
    made = datetime(publication.year, 1, 1)  # noqa: DTZ001
    told = document.core_properties
    told.title, told.author, told.language = publication.title, publication.unit_name, "zh-CN"
    told.created = told.modified = made
    told.last_modified_by, told.comments = publication.unit_name, ""
    if publication.catalogue:  # a sheet by itself has no title page
        document.add_paragraph(publication.title, "Title").paragraph_format.space_before = Mm(80)
        _catalogue(document, publication)
    for place, words in enumerate(publication.words):
        for number, line in enumerate(words.lines):
            added = document.add_heading(line, words.level) if words.level else document.add_paragraph(line)
            added.paragraph_format.first_line_indent = None if words.level else Pt(21)
            added.paragraph_format.page_break_before = not place and not number
        if words.drawing is not None:
            _chart(document, words.drawing)
    for table in publication.tables:
        _table(document, table, begun=bool(publication.catalogue) or table is not publication.tables[0])
    document.add_paragraph()  # nothing may end with a table
    out = io.BytesIO()
    document.save(out)
    return packed(unpacked(out.getvalue()))


def _chart(document: Document, drawing: Drawing) -> None:
    """What a chart shows, as a table: a word processor draws it anew from that."""
    document.add_paragraph(drawing.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    widths = (2930, 1000, 1000)
    rows = [
        ("项目", f"金额（{drawing.unit}）", "占比"),
        *((name, slot.text, share) for name, slot, share in drawing.bars),
    ]
    _drawn(
        document,
        [
            _row(
                (
                    _cell(text, width, 95, "left" if width == widths[0] else "right", bold=not place)
                    for text, width in zip(texts, widths, strict=True)
                ),
                head=not place,
            )
            for place, texts in enumerate(rows)
        ],
        widths,
    )


def _style(document: Document) -> None:
    """Fonts that offices have, black headings, A4, the number of the page in the middle of its foot."""
    for name, font in _FONTS.items():
        style: Any = document.styles[name]
        style.font.name = font
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.font.color.rgb = RGBColor(0, 0, 0)
        if name in _SIZES:
            style.font.size = Length(_SIZES[name])
    title: Any = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.element.pPr.remove(title.element.pPr.find(qn("w:pBdr")))
    section = document.sections[0]
    section.different_first_page_header_footer = True
    _turn(section, across=False)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _turn(section: Any, *, across: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if across else (_SHORT, _LONG)
    section.left_margin = section.right_margin = Mm(15 if across else 18)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)


def _catalogue(document: Document, publication: Publication) -> None:
    document.add_heading("目录", 1).paragraph_format.page_break_before = True
    widths = (3000, 800, 1130)
    rows = [
        _row(
            _cell(text, width, 105, "left", bold=not place) for text, width in zip(texts, widths, strict=True)
        )
        for place, texts in enumerate((("报表", "是否空表", "公开空表理由"), *publication.catalogue))
    ]
    _drawn(document, rows, widths)


# --- tables


def _table(document: Document, table: PrintedTable, *, begun: bool) -> None:
    """The table on paper of its own; `begun` where something stands before it."""
    layout = layout_of(table)
    section = document.add_section(WD_SECTION.NEW_PAGE) if begun else document.sections[0]
    section.different_first_page_header_footer = False
    _turn(section, across=layout.across)
    if table.label:
        document.add_paragraph(table.label)
    document.add_heading(table.title, 1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in table.lead[:-1]:
        document.add_paragraph(line)
    over = document.add_paragraph(f"{''.join(table.lead[-1:])}\t单位：{table.unit}")
    over.paragraph_format.tab_stops.add_tab_stop(
        Twips(2 * (ACROSS if layout.across else UPRIGHT)), WD_TAB_ALIGNMENT.RIGHT
    )
    over.paragraph_format.space_after = Pt(2)
    _drawn(document, [*_facts(table, layout), *_heads(table, layout), *_body(table, layout)], layout.widths)
    if table.note:
        document.add_paragraph(table.note)


def _drawn(document: Document, rows: Sequence[str], widths: Sequence[int]) -> None:
    """Put a table of these rows at the end. Made as XML: python-docx walks the whole table for every cell it is asked for."""
    columns = "".join(f'<w:gridCol w:w="{width * 2}"/>' for width in widths)
    drawn = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:type="dxa" w:w="{sum(widths) * 2}"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )
    document.element.body.sectPr.addprevious(parse_xml(drawn))


def _row(cells: Iterable[str], *, head: bool = False) -> str:
    """A row that no end of a page tears; one of the head is printed again on every page."""
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, width: int, size: int, side: str, *, bold: bool = False, span: str = "") -> str:
    """A cell; `width` and `size` in tenths of a point, which the format counts in twentieths and in halves."""
    thick = "<w:b/>" if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width * 2}"/>{span}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:after="0"/><w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{thick}<w:sz w:val="{size // 5}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )


def _heads(table: PrintedTable, layout: Layout) -> Iterator[str]:
    """The rows of the head: a word that reaches down goes on in empty cells under it."""
    for row in range(len(table.head)):
        cells: dict[int, str] = {}
        for above, heads in enumerate(table.heads[: row + 1]):
            for head in heads:
                if above + head.down > row:
                    width = sum(layout.widths[head.column : head.column + head.across])
                    merged = (
                        f'<w:vMerge w:val="{"restart" if above == row else "continue"}"/>'
                        if head.down > 1
                        else ""
                    )
                    span = f'<w:gridSpan w:val="{head.across}"/>{merged}'
                    text = head.text if above == row else ""
                    cells[head.column] = _cell(text, width, layout.size, "center", bold=True, span=span)
        yield _row((cells[column] for column in sorted(cells)), head=True)


def _facts(table: PrintedTable, layout: Layout) -> Iterator[str]:
    """The rows over the head: the last cell spans what is left. They too are printed again: a word processor repeats only
    rows from the first on, and without them the head under them would stand on the first page alone."""
    for slots in table.facts:
        last = len(slots) - 1
        cells = (
            _cell(
                slot.text,
                sum(layout.widths[place:]) if place == last else layout.widths[place],
                layout.size,
                "left",
                bold=not place,
                span=f'<w:gridSpan w:val="{len(layout.widths) - last}"/>' if place == last else "",
            )
            for place, slot in enumerate(slots)
        )
        yield _row(cells, head=True)


def _body(table: PrintedTable, layout: Layout) -> Iterator[str]:
    for slots in table.rows:
        yield _row(
            _cell(slot.text, width, layout.size, "left" if slot.about is None else "right")
            for slot, width in zip(slots, layout.widths, strict=True)
        )


ENTRY = Format(
    "docx",
    "Word 文档",
    "Word document",
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    lambda publication, _: as_docx(publication),
    rank=3,
)
