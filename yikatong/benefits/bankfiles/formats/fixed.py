"""Text with one payment a line and columns of so many bytes. What does not fit is refused, never cut."""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.profiles import NUMBERS, Column, Form
from yikatong.benefits.bankfiles.records import Records
from yikatong.benefits.bankfiles.signs import encoded, printable

_NAMES = {
    "name": ("姓名", "the name"),
    "account": ("账号", "the account"),
    "memo": ("附言", "the memo"),
    "amount": ("金额", "the amount"),
    "payer_name": ("付款单位名称", "the payer's name"),
}


def pack(form: Form, columns: Sequence[Column], values: Sequence[str]) -> bytes | Refused:
    """One line without its end. Refused: line.too_long, and what `printable` and `encoded` refuse."""
    wrong = printable("".join(values))
    if wrong is not None:
        return wrong
    cells = []
    for column, value in zip(columns, values, strict=True):
        cell = encoded(value, form.encoding)
        if isinstance(cell, Refused):
            return cell
        if len(cell) > column.width:
            return _too_long(column, len(cell))
        cells.append(
            cell.rjust(column.width, b"0") if column.field in NUMBERS else cell.ljust(column.width, b" ")
        )
    return b"".join(cells)


def unpack(form: Form, columns: Sequence[Column], line: bytes) -> list[str] | Refused:
    """The fields of one line. Refused: line.width, line.encoding."""
    width = sum(column.width for column in columns)
    if len(line) != width:
        return Refused(
            "line.width",
            f"应长{width}字节，实际{len(line)}字节，这一行未采用，请向银行核实。",
            f"The line should have {width} bytes, it has {len(line)}; not taken, ask the bank.",
        )
    if line.isascii():
        return _cut_up(columns, line.decode("ascii"))
    values, start = [], 0
    for column in columns:
        cell = line[start : start + column.width]
        try:
            values.append(cell.decode(form.encoding).strip())
        except UnicodeDecodeError:
            return Refused(
                "line.encoding",
                f"第{start + 1}至{start + column.width}字节不是完整的{form.encoding}文字，这一行未采用，请向银行核实。",
                f"Bytes {start + 1} to {start + column.width} are not whole {form.encoding} text; not taken, ask the bank.",
            )
        start += column.width
    return values


def _cut_up(columns: Sequence[Column], line: str) -> list[str]:
    values, start = [], 0
    for column in columns:
        values.append(line[start : start + column.width].strip())
        start += column.width
    return values


def _too_long(column: Column, size: int) -> Refused:
    zh, en = _NAMES.get(column.field, (column.field, column.field))
    return Refused(
        "line.too_long",
        f"{zh}长{size}字节，银行栏位只有{column.width}字节，不截短送出；请与银行商定后处理。",
        f"The bank has {column.width} bytes for {en}, which takes {size}; it is not cut. Settle it with the bank.",
    )


RECORDS = Records(pack, unpack)
ENTRY = Format(
    "定长文本", "Fixed-width text", "txt", RECORDS.rows, RECORDS.framed, RECORDS.read, ask=RECORDS.ask
)
