"""Files of rows: CSV or XLSX bytes in, a heading and rows of text out. Pure; nothing here knows what the columns mean.

CSV is UTF-8 (with or without its mark) or GB 18030. No bytes whatever make it fail: what cannot be read is refused,
with the place. A workbook is looked through before it is opened: how much it unpacks to is counted, not believed, and
a cell far outside the table (which would make any reader lay out the empty cells between) is refused.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from struct import unpack
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from yikatong.basics.refused import Refused

MEBIBYTE = 1024 * 1024
_STEP = MEBIBYTE
_OVERLAP = 64
_FAR = re.compile(rb"r=\s{0,8}[\"'](?:[A-Za-z]{3}|[B-Zb-z][A-Za-z][0-9]|[A-Za-z]*(?:[3-9][0-9]{5}|[0-9]{7}))")
"""A reference beyond column AZ or row 299,999: so many cells are the most that are ever laid out."""
_NOT_PLAIN = re.compile(rb"r=(?![\"']A?[A-Z]?[12]?[0-9]{0,5}(?:[\"']|\Z)|\Z)")
"""Anything but the plain reference of a cell that is near, as nearly all are: looked for first, in less than half the
time."""
_BLANKS = (b" ", b"\t", b"\n", b"\r")
_FAR_SPACED = re.compile(rb"\sr\s+=")
"""No program writes a reference so; looked for only where a space before a sign of equality stands anywhere."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be (rules `import.*`): bytes as sent, bytes unpacked, their ratio, parts, and rows."""

    megabytes: int
    unpacked_megabytes: int
    ratio: int
    parts: int
    rows: int


@dataclass(frozen=True)
class Sheet:
    """A table of texts: `headings` as they stand in the file, `count` rows below them (empty ones included), and
    `rows` to be gone through once: (row as a spreadsheet counts it, cells). Rows of a CSV file may be of any width.

    `raw` are the rows that `rows` comes from, where their cells are not texts yet."""

    headings: tuple[str, ...]
    count: int
    rows: Iterator[tuple[int, list[str]]]
    raw: Iterator[object] | None = None

    def pass_over(self, count: int) -> None:
        """Go past so many rows; nobody asks what stands in them."""
        deque(islice(self.raw or self.rows, count), maxlen=0)


def open_sheet(
    content: bytes, limits: Limits, fits: Callable[[list[str]], bool], *, looked_through: bool = False
) -> Sheet | Refused:
    """The table of a file. Of a workbook with several sheets the first whose headings fit, or the only one that does.

    `looked_through`: somebody else does that (`look_through`), and nothing of the table is used before they have.
    Refused: file.empty, file.too_big, file.too_many_rows, file.unreadable, file.merged, file.unpacks_too_far,
    file.far_cell.
    """
    refused = first_look(content, limits) if looked_through else look_through(content, limits)
    if refused is not None:
        return refused
    if _is_zip(content):
        return _open_workbook(content, limits, fits)
    return _open_csv(content, limits)


def look_through(content: bytes, limits: Limits) -> Refused | None:
    """What is wrong with a file before it is opened: on the face of it, and in a workbook how far it unpacks and where its
    cells are."""
    refused = first_look(content, limits)
    return _look_through(content, limits) if refused is None and _is_zip(content) else refused


def first_look(content: bytes, limits: Limits) -> Refused | None:
    """What is wrong with a file on the face of it, without reading it through; quick, also with a large one."""
    if not content.strip():
        return _empty()
    if len(content) > limits.megabytes * MEBIBYTE:
        return Refused(
            "file.too_big",
            f"文件超过{limits.megabytes}MB，请分成几个文件导入。",
            f"The file is over {limits.megabytes} MB; import it in parts.",
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _unreadable(
            "是旧版表格（.xls）或加了密码的表格", "it is a workbook of the old kind (.xls) or has a password"
        )
    if _is_zip(content):
        directory = _directory(content)
        return directory if isinstance(directory, Refused) else _too_far(directory, len(content), limits)
    return None


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


# --- CSV --------------------------------------------------------------------------------------------------------


def _open_csv(content: bytes, limits: Limits) -> Sheet | Refused:
    text = _decoded(content)
    if text is None:
        return _unreadable("不是 UTF-8 或 GB18030 文本", "it is no text in UTF-8 or GB 18030")
    # Gone through once before anything is taken: an odd quotation mark swallows rows and shows only at its end.
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    count = -1
    try:
        for _ in lines:
            count += 1
    except csv.Error:
        return _unreadable(
            f"第{lines.line_num}行附近引号不配对", f"a quotation mark near line {lines.line_num} is odd"
        )
    if count > limits.rows:
        return _too_many(count, limits)
    rows = enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1)
    _, headings = next(rows, (0, []))  # of a byte order mark alone there is no row at all
    if not any(headings):
        return _empty()
    return Sheet(tuple(headings), count, rows)


def _decoded(content: bytes) -> str | None:
    if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


# --- XLSX -------------------------------------------------------------------------------------------------------


def _open_workbook(content: bytes, limits: Limits, fits: Callable[[list[str]], bool]) -> Sheet | Refused:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = _chosen(book, fits)
    except (CalamineError, OSError, ValueError) as broken:
        return _unreadable(
            f"表格已损坏（{str(broken)[:60]}）", f"the workbook is damaged ({str(broken)[:60]})"
        )
    if sheet is None or sheet.start is None:
        return _empty()
    if sheet.merged_cell_ranges:
        return _merged(sheet.merged_cell_ranges)
    if sheet.height - 1 > limits.rows:
        return _too_many(sheet.height - 1, limits)
    raw = _raw(sheet)
    rows = _texts(raw)
    _, headings = next(rows)
    return Sheet(tuple(headings), sheet.height - 1, rows, raw)


def _chosen(book: CalamineWorkbook, fits: Callable[[list[str]], bool]) -> CalamineSheet | None:
    """The first sheet if its headings fit, else the only one whose do, else the first that holds anything."""
    found: list[CalamineSheet] = []
    filled: list[CalamineSheet] = []
    for place, each in enumerate(book.sheets_metadata):
        if each.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        if sheet.start is None:
            continue
        filled.append(sheet)
        if fits(next(_texts(_raw(sheet)))[1]):
            found.append(sheet)
            if len(filled) == 1:
                return sheet
    return found[0] if len(found) == 1 else next(iter(filled), None)


def _raw(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    start = sheet.start
    assert start is not None
    # All rows from the very first are given, and empty ones above the table are none of it.
    return islice(enumerate(sheet.iter_rows(), start=1), start[0], None)


def _texts(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[str]]]:
    for row, cells in rows:
        yield row, [cell if type(cell) is str else _text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell that is no text, as people would have written it. Numbers from 10^15 have lost digits and show it."""
    if isinstance(cell, float):
        if not cell.is_integer():
            return str(cell)
        return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.5E}"
    if isinstance(cell, date):  # also a date with a time
        return f"{cell:%Y%m%d}"
    return str(cell)


# --- before a workbook is opened ----------------------------------------------------------------------------------


def _directory(content: bytes) -> list[ZipInfo] | Refused:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        return _damaged()
    if not any(part.filename.replace("\\", "/").lstrip("/") == "xl/workbook.xml" for part in parts):
        return _unreadable("不是 XLSX 表格", "it is no XLSX workbook")
    if any(part.flag_bits & 1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        return _unreadable(
            "表格加了密码或用了少见的压缩方式", "it has a password or an unusual kind of packing"
        )
    return parts


def _too_far(parts: list[ZipInfo], size: int, limits: Limits) -> Refused | None:
    unpacked = sum(part.file_size for part in parts)
    most = min(limits.unpacked_megabytes * MEBIBYTE, max(size * limits.ratio, MEBIBYTE))
    if unpacked > most or len(parts) > limits.parts:
        return Refused(
            "file.unpacks_too_far",
            f"压缩包解开后过大（有{len(parts)}个部分、{unpacked // MEBIBYTE}MB），疑似压缩炸弹，不予读取。"
            "请把名单复制到新的表格中再上传。",
            f"The file unpacks to {len(parts)} parts and {unpacked // MEBIBYTE} MB and may be a zip bomb; it was not "
            "opened. Copy the list into a new workbook.",
        )
    return None


def _look_through(content: bytes, limits: Limits) -> Refused | None:
    """Unpack every part once without keeping it: does it end where the directory says, and where are its cells?"""
    directory = _directory(content)
    if isinstance(directory, Refused):
        return directory
    refused = _too_far(directory, len(content), limits)
    if refused is not None:
        return refused
    for part in directory:
        tail, size = b"", 0
        try:
            for piece in _ahead(_unpacked(content, part)):
                size += len(piece)
                if size > part.file_size:
                    return _damaged()
                if _reaches_far(tail + piece):
                    return _far_cell()
                tail = piece[-_OVERLAP:]
        except (zlib.error, EOFError):
            return _damaged()
    return None


def _reaches_far(text: bytes) -> bool:
    # What comes before the name tells an attribute from a name space (xmlns:r="http…").
    if _NOT_PLAIN.search(text) and any(
        text[match.start() - 1 : match.start()].isspace() for match in _FAR.finditer(text)
    ):
        return True
    # A blank that does not occur at all is by far the quickest to look for.
    return (
        any(each in text and each + b"=" in text for each in _BLANKS) and _FAR_SPACED.search(text) is not None
    )


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each unpacked while the one before it is looked at."""
    with ThreadPoolExecutor(1) as other:
        coming = other.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = other.submit(next, pieces, None)
            yield piece


def _unpacked(content: bytes, part: ZipInfo) -> Iterator[bytes]:
    head = content[part.header_offset : part.header_offset + 30]
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise EOFError
    name, extra = unpack("<HH", head[26:30])
    begin = part.header_offset + 30 + name + extra
    packed = content[begin : begin + part.compress_size]
    if part.compress_type == ZIP_STORED:
        yield packed
        return
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = memoryview(packed)
    while not unpacking.eof:
        given = rest[: _STEP // 8]  # what is not used at once is copied each time, so only a little is given
        piece = unpacking.decompress(given, _STEP)
        rest = rest[len(given) - len(unpacking.unconsumed_tail) :]
        if piece:
            yield piece
        elif not rest:
            raise EOFError


# --- what is said -------------------------------------------------------------------------------------------------


def place_of(row: int, column: int) -> str:
    """A cell's place as a spreadsheet writes it (counted from 0): (0, 0) is A1, (9, 27) is AB10."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _merged(ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> Refused:
    places = [f"{place_of(*begin)}:{place_of(*end)}" for begin, end in ranges[:10]]
    more = len(ranges) - len(places)
    zh = "、".join(places) + (f"等{len(ranges)}处" if more else "")
    en = ", ".join(places) + (f" and {more} more" if more else "")
    return Refused(
        "file.merged",
        f"表格中有合并单元格（{zh}），无法判断内容属于哪一行。请取消合并、删去标题行，使第一行就是列名。",
        f"There are merged cells ({en}), so that a row's content is in doubt. Unmerge them and let the first row be "
        "the column names.",
    )


def _far_cell() -> Refused:
    return Refused(
        "file.far_cell",
        "表格在AZ列以右或30万行以下还有内容，请删去多余的行列（或把名单复制到新的表格中）再上传。",
        "There is something right of column AZ or below row 300,000; delete it, or copy the list into a new workbook.",
    )


def _too_many(count: int, limits: Limits) -> Refused:
    return Refused(
        "file.too_many_rows",
        f"文件有{count}行，一次最多{limits.rows}行，请分成几个文件导入。",
        f"The file has {count} rows, at most {limits.rows} are taken at once; import it in parts.",
    )


def _empty() -> Refused:
    return Refused("file.empty", "文件里没有内容。", "There is nothing in the file.")


def _damaged() -> Refused:
    return _unreadable("压缩包已损坏", "the package is damaged")


def _unreadable(zh: str, en: str) -> Refused:
    return Refused(
        "file.unreadable",
        f"文件无法读取：{zh}。请在表格软件中另存为 XLSX 或 CSV（UTF-8）后再上传。",
        f"The file cannot be read: {en}. Save it as XLSX or CSV (UTF-8) from the spreadsheet and try again.",
    )
