"""Comments in an XLSX, at the cell that prints what was found. What the workbook holds besides is left as it is."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence

import python_calamine as calamine
from lxml import etree

from yikatong.disclosure.audit.annotated import AUTHOR, Remark
from yikatong.disclosure.audit.reading.formats import MAIN, Formats, formats_of, parts_of, place_of, tree
from yikatong.disclosure.audit.reading.sheets import shown

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="note" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{}</xml>"""
_SHAPE = """<v:shape id="_x0000_s{id}" type="#note" style="position:absolute;width:260pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""


def annotate_xlsx(content: bytes, remarks: Sequence[Remark]) -> bytes:
    """The workbook with a comment in each cell of a remark."""
    cells: dict[int, dict[tuple[int, int], list[str]]] = defaultdict(lambda: defaultdict(list))
    formats = formats_of(content) or {}
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows: dict[int, list[list[str]]] = {}
        names = book.sheet_names
        for each in remarks:
            if each.page not in rows:
                name = names[each.page - 1]
                rows[each.page] = _texts(book, name, formats.get(name, Formats()))
            cells[each.page][_cell(rows[each.page], each)].append(each.said)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
        sheets = parts_of(packed)
        for page, those in cells.items():
            _comment(parts, tree(packed, sheets[names[page - 1]]), sheets[names[page - 1]], page, those)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return held.getvalue()


def _texts(book: calamine.CalamineWorkbook, name: str, formats: Formats) -> list[list[str]]:
    return shown(book.get_sheet_by_name(name).to_python(skip_empty_area=False), formats.formats)


def _cell(rows: Sequence[Sequence[str]], remark: Remark) -> tuple[int, int]:
    """(row, column) from 0: the cell that prints it, one that holds it, else the first that prints anything."""
    row = remark.line - 1
    texts = rows[row] if row < len(rows) else []
    for fits in (
        lambda text: text == remark.printed,
        lambda text: bool(remark.printed) and remark.printed in text,
        bool,
    ):
        for column, text in enumerate(texts):
            if fits(text):
                return row, column
    return row, 0


def _comment(
    parts: dict[str, bytes],
    sheet: etree._Element,
    part: str,
    page: int,
    cells: Mapping[tuple[int, int], Sequence[str]],
) -> None:
    """Write the comments of a sheet beside those it has: its links, its drawing of the notes, and the types of both."""
    links_part = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
    links = (
        etree.fromstring(parts[links_part])
        if links_part in parts
        else etree.Element(f"{{{_LINKS}}}Relationships", nsmap={None: _LINKS})
    )
    comments = _linked(links, part, "comments", f"/xl/comments-audit-{page}.xml")
    drawing = _linked(links, part, "vmlDrawing", f"/xl/drawings/audit-{page}.vml")
    known = etree.fromstring(parts[comments]) if comments in parts else _no_comments()
    listed = _told(known, cells)
    shapes = "".join(
        _SHAPE.format(id=1025 + count, row=place[0], column=place[1])
        for count, each in enumerate(listed)
        if (place := place_of(each.get("ref", ""))) is not None
    )
    parts[comments] = _bytes(known)
    parts[drawing] = _VML.format(shapes).encode()
    parts[links_part] = _bytes(links)
    parts[part] = _bytes(_with_drawing(sheet, links))
    parts["[Content_Types].xml"] = _typed(parts["[Content_Types].xml"], comments)


def _told(known: etree._Element, cells: Mapping[tuple[int, int], Sequence[str]]) -> etree._Element:
    """All comments of a sheet with ours: in a cell that has one already, under it."""
    authors, listed = known.find(f"{MAIN}authors"), known.find(f"{MAIN}commentList")
    assert authors is not None
    assert listed is not None
    etree.SubElement(authors, f"{MAIN}author").text = AUTHOR
    there = {each.get("ref"): each for each in listed}
    for (row, column), said in sorted(cells.items()):
        ref = f"{_letters(column)}{row + 1}"
        one = there.get(ref)
        if one is None:
            one = etree.SubElement(listed, f"{MAIN}comment", ref=ref, authorId=str(len(authors) - 1))
        text = one.find(f"{MAIN}text")
        if text is None:
            text = etree.SubElement(one, f"{MAIN}text")
        run = etree.SubElement(etree.SubElement(text, f"{MAIN}r"), f"{MAIN}t")
        run.text = "\n\n".join(said)
    return listed


def _linked(links: etree._Element, part: str, kind: str, wanted: str) -> str:
    """The part a sheet links to as its comments or their drawing; linked now where there is none."""
    for each in links:
        if each.get("Type", "").endswith(f"/{kind}"):
            target = each.get("Target", "")
            joined = (
                target if target.startswith("/") else posixpath.join("/", posixpath.dirname(part), target)
            )
            return posixpath.normpath(joined).lstrip("/")
    etree.SubElement(
        links, f"{{{_LINKS}}}Relationship", Id=f"audit{kind}", Type=f"{_OFFICE}/{kind}", Target=wanted
    )
    return wanted.lstrip("/")


def _with_drawing(sheet: etree._Element, links: etree._Element) -> etree._Element:
    if sheet.find(f"{MAIN}legacyDrawing") is None:
        link = next(each.get("Id", "") for each in links if each.get("Type", "").endswith("/vmlDrawing"))
        drawing = etree.Element(f"{MAIN}legacyDrawing", {f"{{{_OFFICE}}}id": link})
        after = next((each for each in sheet if etree.QName(each).localname in _AFTER), None)
        if after is None:
            sheet.append(drawing)
        else:
            after.addprevious(drawing)
    return sheet


def _typed(types: bytes, comments: str) -> bytes:
    root = etree.fromstring(types)
    if not any(each.get("Extension") == "vml" for each in root):
        root.insert(0, etree.Element(f"{{{_TYPES}}}Default", Extension="vml", ContentType=_DRAWING))
    if not any(each.get("PartName") == f"/{comments}" for each in root):
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{comments}", ContentType=_COMMENTS)
    return _bytes(root)


def _no_comments() -> etree._Element:
    root = etree.Element(f"{MAIN}comments", nsmap={None: MAIN.strip("{}")})
    etree.SubElement(root, f"{MAIN}authors")
    etree.SubElement(root, f"{MAIN}commentList")
    return root


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
