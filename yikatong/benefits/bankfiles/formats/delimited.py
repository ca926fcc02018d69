"""Text with one payment a line, its columns parted by a sign. The sign and line ends have no way into a field."""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.profiles import Column, Form
from yikatong.benefits.bankfiles.records import Records
from yikatong.benefits.bankfiles.signs import encoded, printable


def pack(form: Form, columns: Sequence[Column], values: Sequence[str]) -> bytes | Refused:
    """One line without its end. Refused: line.separator, and what `printable` and `encoded` refuse."""
    text = form.separator.join(values)
    if text.count(form.separator) != len(columns) - 1:
        return Refused(
            "line.separator",
            f"有一栏含有分隔符“{form.separator}”，银行会错栏，请改写后再发。",
            f"A field holds the separator “{form.separator}”; the bank would read it as two. Write it otherwise.",
        )
    wrong = printable(text)
    return encoded(text, form.encoding) if wrong is None else wrong


def unpack(form: Form, columns: Sequence[Column], line: bytes) -> list[str] | Refused:
    """The fields of one line. Refused: line.encoding, line.width."""
    try:
        values = line.decode(form.encoding).split(form.separator)
    except UnicodeDecodeError as wrong:
        return Refused(
            "line.encoding",
            f"第{wrong.start + 1}字节不是{form.encoding}编码，这一行无法读取。",
            f"Byte {wrong.start + 1} is not {form.encoding}; the line cannot be read.",
        )
    if len(values) != len(columns):
        return Refused(
            "line.width",
            f"应有{len(columns)}栏，实际{len(values)}栏，这一行未采用，请向银行核实。",
            f"There should be {len(columns)} fields, there are {len(values)}; not taken, ask the bank.",
        )
    return [value.strip() for value in values]


RECORDS = Records(pack, unpack)
ENTRY = Format(
    "分隔文本", "Delimited text", "txt", RECORDS.rows, RECORDS.framed, RECORDS.read, ask=RECORDS.ask
)
