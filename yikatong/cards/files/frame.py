"""The frame of every file we exchange about cards: what a torn, shortened or altered file cannot get through.

Lines end in LF, fields are parted by `|`, text is UTF-8:

    H|<kind>|<file number>|<yyyymmdd>|<rows>|<number this file answers>
    C|<column>|<column>...
    D|<field>|<field>...            one line a row
    T|<rows>|<SM3 of every byte before this line, hex>

`|`, the backslash and line ends inside a field are written `\\p`, `\\\\`, `\\n` and `\\r`. The count says how much of
a file is missing, the digest that nothing in it was altered; the last LF says that its trailer came whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused

Row = TypeVar("Row", bound=NamedTuple)
FIRST_ROW_LINE = 3
_ESCAPES = {"\\": "\\\\", "|": "\\p", "\n": "\\n", "\r": "\\r"}
_PLAIN = {escape[1]: character for character, escape in _ESCAPES.items()}
_TO_ESCAPE = re.compile(r"[\\|\n\r]")
_ESCAPED = re.compile(r"\\(.?)")
_NUMBER = re.compile(r"[0-9A-Za-z]{1,12}")


@dataclass(frozen=True)
class Parsed(Generic[Row]):
    """A file that came in whole. `answers` is the number of the file it answers, empty where it asks."""

    number: str
    on: date
    answers: str
    rows: list[Row]


@dataclass(frozen=True)
class Layout(Generic[Row]):
    """One kind of file: `row` is a NamedTuple of texts, `columns` are its fields as the counterpart reads them."""

    kind: str
    row: type[Row]
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.columns) != len(self.row._fields):
            raise ValueError(f"{self.kind}: {len(self.columns)} columns for {len(self.row._fields)} fields")

    def write(self, number: str, on: date, rows: Iterable[Sequence[str]], *, answers: str = "") -> bytes:
        """The file's bytes. The number is 1-12 letters and digits."""
        if not _NUMBER.fullmatch(number):
            raise ValueError(f"not a file number: {number!r}")
        width = len(self.columns)
        lines = [_line("D", row) for row in rows]
        head = [
            _line("H", (self.kind, number, f"{on:%Y%m%d}", str(len(lines)), answers)),
            _line("C", self.columns),
        ]
        if any(line.count("|") != width for line in lines):
            raise ValueError(f"{self.kind}: every row has {width} fields")
        body = "".join(f"{line}\n" for line in (*head, *lines)).encode()
        return body + f"T|{len(lines)}|{sm3(body).hex()}\n".encode()

    def read(self, content: bytes) -> Parsed[Row] | Refused:
        """What a file says. Refused, with the place: file.empty, file.encoding, file.truncated, file.control,
        file.header, file.kind, file.columns, file.count, file.row.
        """
        text = _whole(content)
        if isinstance(text, Refused):
            return text
        lines = text.split("\n")
        head = self._head(lines)
        if isinstance(head, Refused):
            return head
        number, on, answers, count = head
        body = lines[2:]
        if len(body) != count:
            return _refused(
                "file.count",
                f"文件头写明{count}行，实际{len(body)}行，请对方重新导出。",
                f"The header announces {count} rows, there are {len(body)}; ask the sender to export it again.",
            )
        width, rows = len(self.columns), []
        make = self.row._make
        for line_number, line in enumerate(body, start=FIRST_ROW_LINE):
            fields = line.split("|")
            if fields[0] != "D" or len(fields) != width + 1:
                return _bad_row(line_number, width, len(fields) - 1)
            rows.append(make(map(_plain, fields[1:]) if "\\" in line else fields[1:]))
        return Parsed(number, on, answers, rows)

    def _head(self, lines: list[str]) -> tuple[str, date, str, int] | Refused:
        fields = [_plain(field) for field in lines[0].split("|")]
        if len(fields) != 6 or fields[0] != "H" or not _NUMBER.fullmatch(fields[2]) or not _digits(fields[4]):
            return _header()
        _, kind, number, day, count, answers = fields
        if kind != self.kind:
            return _refused(
                "file.kind",
                f"这是 {kind[:30]} 文件，此处应为 {self.kind} 文件。",
                f"This is a {kind[:30]} file; a {self.kind} file belongs here.",
            )
        on = read_day(day)
        if on is None:
            return _header()
        if lines[1:2] != [_line("C", self.columns)]:
            return _refused(
                "file.columns",
                "文件第2行的栏目与约定不符，请对方按约定的格式导出。",
                "The columns on line 2 are not the agreed ones; ask the sender to export in the agreed format.",
                "2",
            )
        return number, on, answers, int(count)


def read_day(text: str) -> date | None:
    """A date written yyyymmdd, None for anything else."""
    if len(text) != 8 or not _digits(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _whole(content: bytes) -> str | Refused:
    """The text before the trailer, once the trailer has vouched for it."""
    if not content.strip():
        return _refused("file.empty", "文件是空的。", "The file is empty.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return _refused(
            "file.encoding",
            f"文件第{line}行（第{wrong.start + 1}字节）不是 UTF-8 编码，无法读取。",
            f"Line {line} (byte {wrong.start + 1}) is not UTF-8; the file cannot be read.",
            str(line),
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return _refused(
            "file.encoding",
            f"文件第{line}行含空字符，不是文本文件。",
            f"Line {line} holds a null character: not a text file.",
            str(line),
        )
    if not text.startswith("H|"):
        return _header()
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    trailer = content[start:]
    fields = trailer.decode("utf-8").rstrip("\n").split("|")
    if not trailer.endswith(b"\n") or len(fields) != 3 or fields[0] != "T" or not _digits(fields[1]):
        lines = content.count(b"\n")
        return _refused(
            "file.truncated",
            f"文件不完整：到第{lines}行为止，没有结尾行，请对方重传。",
            f"The file is cut off after line {lines}, its trailer is missing; ask the sender to send it again.",
            str(lines),
        )
    rows = content.count(b"\n") - FIRST_ROW_LINE
    if int(fields[1]) != rows:
        return _refused(
            "file.count",
            f"文件结尾写明{fields[1]}行，实际{rows}行，请对方重新导出。",
            f"The trailer announces {fields[1]} rows, there are {rows}; ask the sender to export it again.",
        )
    if sm3(content[:start]).hex() != fields[2]:
        return _refused(
            "file.control",
            "文件内容与结尾行的校验值不符，传输中可能被改动，请对方重传。",
            "The content does not fit the check value in the trailer; ask the sender to send it again.",
        )
    return content[:start].decode("utf-8")[:-1]


def _line(mark: str, fields: Sequence[str]) -> str:
    line = "|".join((mark, *fields))
    if line.count("|") == len(fields) and "\\" not in line and "\n" not in line and "\r" not in line:
        return line
    return "|".join((mark, *(_TO_ESCAPE.sub(lambda met: _ESCAPES[met[0]], field) for field in fields)))


def _plain(field: str) -> str:
    return _ESCAPED.sub(lambda met: _PLAIN.get(met[1], met[0]), field)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _refused(code: str, zh: str, en: str, place: str = "") -> Refused:
    return Refused(code, zh, en, at=place)


def _header() -> Refused:
    return _refused(
        "file.header",
        "文件第1行不是约定的文件头，无法识别。",
        "Line 1 is not the agreed header; the file is not known.",
        "1",
    )


def _bad_row(line: int, width: int, found: int) -> Refused:
    return _refused(
        "file.row",
        f"文件第{line}行应有{width}栏，实际{found}栏，请对方重新导出。",
        f"Line {line} should have {width} fields and has {found}; ask the sender to export it again.",
        str(line),
    )
