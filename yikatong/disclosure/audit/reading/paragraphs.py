"""DOCX: paragraphs and tables in their order. A cell over several columns or rows has its text in the first."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document as Word
from docx.opc.exceptions import OpcError
from docx.table import Table
from lxml import etree

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Block, Cell, Document, Line
from yikatong.disclosure.audit.reading.heads import put_tables

_WIDEST = 200


def read_docx(file: str, content: bytes) -> Document | Refused:
    """The blocks of a DOCX. Refused: `audit.corrupt`, `audit.empty`."""
    try:
        word = docx.Document(io.BytesIO(content))
        blocks = _blocks(word)
    except (
        OpcError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, IndexError, TypeError,
        OSError,
    ):  # fmt: skip
        return Refused(
            "audit.corrupt",
            f"{file} 不是完好的 DOCX，请用文字处理软件打开后另存。",
            f"{file} is no sound DOCX. Open it and save it again.",
        )
    if not blocks:
        return Refused("audit.empty", f"{file} 没有文字。", f"{file} holds no text.")
    return Document(file, tuple(blocks))


def _blocks(word: Word) -> list[Block]:
    blocks: list[Block] = []
    number = 1
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            number = _put(blocks, item, number)
            continue
        for text in item.text.splitlines() or [""]:
            plain = " ".join(text.split())
            if plain:
                blocks.append(Line(plain, number))
            number += 1
    return blocks


def _put(blocks: list[Block], table: Table, number: int) -> int:
    """The table, then those within its cells; the number of the next line."""
    rows: list[list[Cell]] = []
    inner: list[Table] = []
    for row in table.rows:
        cells = [Cell("", number)] * row.grid_cols_before
        for tc in row._tr.tc_lst:
            text = ""
            if tc.vMerge != "continue":
                text = " ".join("".join(part.text or "" for part in tc.p_lst).split())
            span = max(1, min(tc.grid_span, _WIDEST))
            cells += [Cell(text, number), *[Cell("", number)] * (span - 1)]
            inner += [Table(each, table) for each in tc.tbl_lst]
        rows.append(cells)
        number += 1
    width = max(map(len, rows), default=0)
    put_tables(blocks, [(*row, *[Cell("", row[0].line)] * (width - len(row))) for row in rows if row])
    for each in inner:
        number = _put(blocks, each, number)
    return number
