"""PDF: lines and tables by where signs and rulings stand on the page, tables that go on over the page made one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Block, Cell, Document, Line
from yikatong.disclosure.audit.reading.columns import unruled
from yikatong.disclosure.audit.reading.heads import Row, put_table
from yikatong.disclosure.audit.reading.lattice import NEAR, Sheet, lattices, sheet_of
from yikatong.disclosure.audit.reading.pages import Page, read_again, read_page
from yikatong.disclosure.audit.reading.writing import Written, lines_of

MOST_PAGES = 500
_PAGE_NUMBER = re.compile(r"[-—–\s·]*第?\s*\d{1,4}\s*页?(?:\s*[/／，,共]+\s*\d{1,4}\s*页?)?[-—–\s·]*")
_FEW = 20
"""Signs on a page that is a picture: a stamp or a number, not its text."""

Item = Written | Sheet


@dataclass(slots=True)
class _Open:
    """A table whose page has ended: it may go on."""

    rows: list[Row]
    edges: tuple[int, ...]
    over: set[str]


def read_pdf(file: str, content: bytes) -> Document | Refused:
    """The blocks of a PDF. Refused: `audit.encrypted`, `audit.corrupt`, `audit.large`, `audit.empty`, `audit.scanned`."""
    try:
        pdf = pypdfium2.PdfDocument(content)
        number_of_pages = len(pdf)
    except pypdfium2.PdfiumError as error:
        return _closed(file, str(error))
    try:
        if number_of_pages > MOST_PAGES:
            return Refused(
                "audit.large",
                f"{file} 有 {number_of_pages} 页，超过 {MOST_PAGES} 页。请拆成单份公开文本再审。",
                f"{file} has {number_of_pages} pages, more than {MOST_PAGES}. Split it into single documents.",
            )
        return _document(file, content, pdf)
    except pypdfium2.PdfiumError:
        return _closed(file, "")
    finally:
        pdf.close()


def _closed(file: str, said: str) -> Refused:
    if "password" in said.lower():
        return Refused(
            "audit.encrypted",
            f"{file} 设有打开密码，请去掉密码后再审。",
            f"{file} opens with a password. Take it off and try again.",
        )
    return Refused(
        "audit.corrupt",
        f"{file} 不是完好的 PDF，请重新导出或重新下载。",
        f"{file} is no sound PDF. Export or download it again.",
    )


def _document(file: str, content: bytes, pdf: pypdfium2.PdfDocument) -> Document | Refused:
    unread: list[tuple[int, str, str]] = []
    pages: list[list[Item]] = []
    for number, drawn in enumerate(pdf, 1):
        page = read_page(drawn)
        if page.doubtful:
            page = _less_doubtful(page, read_again(content, number - 1, page))
        if page.doubtful:
            zh = f"第{number}页有 {page.doubtful} 个字没有文字编码（字体缺映射），该页未核对完整。"
            unread.append(
                (number, zh, f"On page {number}, {page.doubtful} signs have no meaning in the file.")
            )
        if page.pictures and len(page.glyphs) < _FEW:
            zh = f"第{number}页是扫描图片，没有文字，未核对。"
            unread.append((number, zh, f"Page {number} is a scanned picture without text; not compared."))
        pages.append(_items(page))
    _without_furniture(pages)
    if not any(pages):
        return _nothing(file, bool(unread))
    blocks, firsts = _blocks(pages)
    return Document(file, tuple(blocks), tuple(firsts), tuple(unread))


def _nothing(file: str, pictures: bool) -> Refused:
    if pictures:
        return Refused(
            "audit.scanned",
            f"{file} 全部是扫描图片，没有可核对的文字。请上传由文字处理软件导出的 PDF，或原始的 DOCX、XLSX。",
            f"{file} is scanned: it holds pictures and no text. Take a PDF exported from its DOCX or XLSX.",
        )
    return Refused("audit.empty", f"{file} 没有文字。", f"{file} holds no text.")


def _less_doubtful(first: Page, second: Page) -> Page:
    """The second reading where it knows every sign and no fewer of them, else the first with its doubts."""
    return second if not second.doubtful and len(second.glyphs) >= len(first.glyphs) else first


def _items(page: Page) -> list[Item]:
    """Lines and tables of a page from above."""
    held: list[Sheet] = []
    rest = page.glyphs
    for lattice in lattices(page.rulings):
        inside = [glyph for glyph in rest if lattice.holds(glyph)]
        if not inside:
            continue
        sheet = sheet_of(lattice, inside)
        if sum(1 for text in sheet.rows[0] if text) or len(sheet.rows) > 1:
            rest = [glyph for glyph in rest if not lattice.holds(glyph)]
            held.append(sheet)
    lines = lines_of(rest)
    items: list[Item] = [*held]
    taken = 0
    for begin, end, sheet in unruled(lines):
        items += [*lines[taken:begin], sheet]
        taken = end
    items += lines[taken:]
    return sorted(items, key=lambda each: each.top)


def _without_furniture(pages: Sequence[list[Item]]) -> None:
    """Take page numbers out, and lines that stand at the same height of most pages."""
    edges = Counter(
        (item.text, item.top // 300)
        for items in pages
        for item in {*items[:1], *items[-2:]}
        if isinstance(item, Written)
    )
    often = max(3, len(pages) * 2 // 3)
    for items in pages:
        for item in {*items[-2:], *items[:1]}:
            if not isinstance(item, Written):
                continue
            if _PAGE_NUMBER.fullmatch(item.text) or edges[item.text, item.top // 300] >= often:
                items.remove(item)


def _blocks(pages: Sequence[list[Item]]) -> tuple[list[Block], list[int]]:
    """The blocks in order, and the line each page begins with."""
    blocks: list[Block] = []
    firsts: list[int] = []
    number = 1
    going: _Open | None = None
    for items in pages:
        firsts.append(number)
        over: list[Line] = []
        for place, item in enumerate(items):
            if isinstance(item, Written):
                over.append(Line(item.text, number, len(firsts)))
                number += 1
                continue
            rows = [
                tuple(Cell(text, number + row, len(firsts)) for text in texts)
                for row, texts in enumerate(item.rows)
            ]
            number += len(rows)
            columns = _columns(going, item, over) if going is not None else None
            if going is not None and columns is not None:
                rows = [_spread(row, columns, len(going.rows[0])) for row in rows]
                going.rows += rows[_repeated(going.rows, rows) :]
            else:
                _put(blocks, going)
                blocks += over
                going = _Open(rows, item.edges, {line.text for line in over})
            over = []
            if place + 1 < len(items):
                _put(blocks, going)
                going = None
        if over:
            _put(blocks, going)
            going = None
            blocks += over
        number += not items
    _put(blocks, going)
    return blocks, firsts


def _columns(going: _Open, item: Sheet, over: Sequence[Line]) -> list[int] | None:
    """Which columns of the table before its own are, None where it is another.

    It goes on where nothing stands over it but what stood over its beginning too, perhaps with 续, and it has as many
    columns, or its edges are some of those before: a last row 「合计」 whose first cells are one.
    """
    said = {re.sub(r"[（(]?续表?[一二三四五六\d]*[）)]?", "", line.text).strip() for line in over}
    if not said <= going.over | {""}:
        return None
    if len(item.edges) == len(going.edges):
        return list(range(len(item.edges) - 1))
    found = []
    for edge in item.edges:
        nearest = min(range(len(going.edges)), key=lambda which: abs(going.edges[which] - edge))
        if abs(going.edges[nearest] - edge) > 2 * NEAR or nearest in found:
            return None
        found.append(nearest)
    return found[:-1]


def _spread(row: Row, columns: Sequence[int], width: int) -> Row:
    cells = [Cell("", row[0].line, row[0].page)] * width
    for column, cell in zip(columns, row, strict=True):
        cells[column] = cell
    return tuple(cells)


def _repeated(rows: Sequence[Row], further: Sequence[Row]) -> int:
    """How many rows of the head are printed again on the next page."""
    many = 0
    while many < min(len(rows), len(further)) and many < 6:
        if [cell.text for cell in rows[many]] != [cell.text for cell in further[many]]:
            break
        many += 1
    return many


def _put(blocks: list[Block], going: _Open | None) -> None:
    if going is not None:
        put_table(blocks, going.rows)
