"""Spreadsheets: each visible sheet a page, values as their formats print them, formulas by the values last computed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import python_calamine as calamine

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Block, Cell, Document, Grid
from yikatong.disclosure.audit.reading.formats import Format, Formats, formats_of
from yikatong.disclosure.audit.reading.heads import put_tables

MOST_CELLS = 1_000_000
_FINEST = 6
"""Decimals of a number without a format: a fen in 万元. What a binary number has beyond is no one's amount."""


def read_sheets(file: str, content: bytes, *, styled: bool = False) -> Document | Refused:
    """The tables of a workbook; `styled` where its formats can be read. Refused: `audit.large`, `.corrupt`, `.encrypted`, `.empty`."""
    formats = formats_of(content) if styled else {}
    if formats is None:
        return corrupt(file)
    wide = next((name for name, each in formats.items() if each.rows * each.columns > MOST_CELLS), "")
    if wide:
        return Refused(
            "audit.large",
            f"{file} 的工作表“{wide}”范围超过 {MOST_CELLS} 格。请删去表外的内容和格式后另存。",
            f"Sheet {wide} of {file} spans more than {MOST_CELLS} cells. Delete what lies outside its tables.",
        )
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return _document(file, book, formats)
    except calamine.PasswordError:
        return Refused(
            "audit.encrypted",
            f"{file} 设有打开密码，请去掉密码后再审。",
            f"{file} opens with a password. Take it off and try again.",
        )
    except (calamine.CalamineError, OSError, ValueError):
        return corrupt(file)


def corrupt(file: str) -> Refused:
    """A file that cannot be unpacked or understood."""
    return Refused(
        "audit.corrupt",
        f"{file} 已损坏或不完整，请重新导出或重新下载。",
        f"{file} is damaged or incomplete. Export or download it again.",
    )


def _document(
    file: str, book: calamine.CalamineWorkbook, formats: Mapping[str, Formats]
) -> Document | Refused:
    blocks: list[Block] = []
    firsts: list[int] = []
    unread: list[tuple[int, str, str]] = []
    number = 1
    for page, about in enumerate(book.sheets_metadata, 1):
        firsts.append(number)
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            number += 1
            continue
        if about.visible is not calamine.SheetVisibleEnum.Visible:
            zh = f"工作表“{about.name}”是隐藏的，不是公开内容，未核对。"
            unread.append((page, zh, f"Sheet {about.name} is hidden, not published; not compared."))
            number += 1
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            return corrupt(file)
        rows = _rows(
            sheet.to_python(skip_empty_area=False), formats.get(about.name, Formats()).formats, number, page
        )
        _put_sheet(blocks, about.name, rows)
        number += max(1, len(rows))
    if not blocks:
        return Refused("audit.empty", f"{file} 的工作表都是空的。", f"The sheets of {file} are empty.")
    return Document(file, tuple(blocks), tuple(firsts), tuple(unread))


def _put_sheet(blocks: list[Block], name: str, rows: Sequence[tuple[Cell, ...]]) -> None:
    """Its tables; one without a title has the name of its sheet for it."""
    own: list[Block] = []
    put_tables(own, rows)
    for block in own:
        if isinstance(block, Grid) and not block.title and not name.lower().startswith("sheet"):
            block = replace(block, title=name)
        blocks.append(block)


def _rows(
    rows: Sequence[Sequence[Any]], formats: Mapping[tuple[int, int], Format], first: int, page: int
) -> list[tuple[Cell, ...]]:
    return [
        tuple(Cell(text, first + row, page) for text in texts)
        for row, texts in enumerate(shown(rows, formats))
    ]


def shown(rows: Sequence[Sequence[Any]], formats: Mapping[tuple[int, int], Format]) -> list[list[str]]:
    """The values of a sheet as their formats print them."""
    return [
        [_printed(value, formats.get((row, column), Format())) for column, value in enumerate(values)]
        for row, values in enumerate(rows)
    ]


def _printed(value: Any, form: Format) -> str:
    """A value as its format prints it."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if not isinstance(value, int | float):
        return " ".join(str(value).split())
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return ""
    if exact == 0 and form.zero is not None:
        return form.zero
    if form.percent:
        exact *= 100
    if form.decimals is None:
        shown = f"{exact.quantize(Decimal(1).scaleb(-_FINEST), ROUND_HALF_UP).normalize() + 0:f}"
    else:
        shown = f"{exact.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP):f}"
    return shown + ("%" if form.percent else "")
