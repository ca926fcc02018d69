"""银行文件约定: how one bank wants its files. Data, one TOML file a bank in `profiles/`. Pure.

    title = "…"                   # and title_en
    assumed = true                # or document = "…", what was agreed in writing
    [payments]                    # what we send, [enquiries] too; [answers] and [statements] are what comes back
    format = "fixed"              # a file of `formats/`
    encoding = "gb18030"          # utf-8, gb18030 or gbk
    end_of_line = "crlf"          # or "lf"
    separator = "|"               # where the format parts its columns by a sign
    amounts = "fen"               # or "yuan", with two decimals
    most_rows = 100000            # what one file may carry
    header = "=H:1 number:16 …"   # columns: a field, or `=` and fixed text, and its width in bytes where it has one
    rows = "…"
    trailer = "…"
    [answers.keys]                # words of the form that banks choose, by format
    [codes]                       # the bank's code for one payment = ours
    [file_codes]                  # the bank's code for the whole file = ours

A profile by which nobody could tell a cut-off answer from a whole one is not loaded (ValueError).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from yikatong.benefits.bankfiles.results import Result

FOLDER = Path(__file__).with_name("profiles")
ENCODINGS = ("utf-8", "gb18030", "gbk")
_ENDS = {"lf": b"\n", "crlf": b"\r\n"}
_OF_FILE = {"number", "on", "rows", "total", "digest"}
FIELDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("payments", "header"): frozenset(
        {*_OF_FILE, "programme_code", "programme_name", "payer_account", "payer_name"}
    ),
    ("enquiries", "header"): frozenset({"number", "on", "rows", "total", "payer_account"}),
    ("payments", "rows"): frozenset(
        {"sequence", "row_id", "name", "account", "bank_code", "amount", "memo", "id_tail"}
    ),
    ("payments", "trailer"): frozenset(_OF_FILE),
    ("answers", "header"): frozenset({*_OF_FILE, "code", "text"}),
    ("answers", "rows"): frozenset({"sequence", "row_id", "code", "text", "at", "serial", "amount"}),
    ("answers", "trailer"): frozenset(_OF_FILE),
}
"""What a column of each kind of line may hold. `digest` is the SM3, in hexadecimal, of all bytes after the header line
where it stands in the header, and of all bytes before the trailer line where it stands in the trailer."""

NUMBERS = frozenset({"sequence", "rows", "total", "amount"})
"""Columns of digits: in a fixed-width line they stand to the right, filled up with noughts."""


class Column(NamedTuple):
    """One column: what it holds, and its width in bytes (0 where the form has none). `constant` is text of the form."""

    field: str
    width: int
    constant: str


@dataclass(frozen=True)
class Form:
    """How files of one direction are written."""

    format: str
    encoding: str
    end_of_line: bytes
    separator: str
    in_yuan: bool
    most_rows: int
    header: tuple[Column, ...]
    rows: tuple[Column, ...]
    trailer: tuple[Column, ...]
    keys: Mapping[str, str]


@dataclass(frozen=True)
class Profile:
    """One bank's agreement. `most_bytes` is the largest file that is read at all."""

    name: str
    title: str
    title_en: str
    document: str
    assumed: bool
    payments: Form
    answers: Form
    statements: Form | None
    enquiries: Form | None
    codes: Mapping[str, Result]
    file_codes: Mapping[str, Result]
    most_bytes: int


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Every profile by its name; ValueError, naming the file, where one is not whole."""
    read = {
        path.stem: read_profile(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))
    }
    return MappingProxyType(read)


def read_profile(name: str, text: str) -> Profile:
    """A profile from its file's text; ValueError where it contradicts itself or leaves out what is needed."""
    book = tomllib.loads(text)
    if bool(book.get("document")) == bool(book.get("assumed")):
        raise ValueError(f"{name}: names its document, or says that it is assumed")
    codes = _codes(name, book.get("codes", {}))
    if Result.PAID not in codes.values():
        raise ValueError(f"{name}: no code says that a payment was paid")
    payments, answers = _form(name, "payments", book["payments"]), _form(name, "answers", book["answers"])
    _can_be_trusted(name, payments, answers)
    return Profile(
        name=name,
        title=book["title"],
        title_en=book["title_en"],
        document=book.get("document", ""),
        assumed=bool(book.get("assumed")),
        payments=payments,
        answers=answers,
        statements=_form(name, "statements", book["statements"]) if "statements" in book else None,
        enquiries=_form(name, "enquiries", book["enquiries"]) if "enquiries" in book else None,
        codes=codes,
        file_codes=_codes(name, book.get("file_codes", {})),
        most_bytes=int(book.get("most_bytes", 512 * 1024 * 1024)),
    )


def _codes(name: str, said: Mapping[str, str]) -> Mapping[str, Result]:
    try:
        return MappingProxyType({theirs: Result(ours) for theirs, ours in said.items()})
    except ValueError as wrong:
        raise ValueError(f"{name}: {wrong}") from wrong


def _form(name: str, direction: str, said: Mapping[str, Any]) -> Form:
    encoding = said.get("encoding", "utf-8")
    if encoding not in ENCODINGS:
        raise ValueError(f"{name}, {direction}: no encoding {encoding}")
    if said.get("amounts", "fen") not in ("fen", "yuan"):
        raise ValueError(f"{name}, {direction}: amounts are in fen or in yuan")
    lines = {
        kind: _columns(name, direction, kind, said.get(kind, "")) for kind in ("header", "rows", "trailer")
    }
    widths = said["format"] == "fixed"
    if any((column.width > 0) is not widths for columns in lines.values() for column in columns):
        raise ValueError(f"{name}, {direction}: columns have widths in a fixed form, and only there")
    return Form(
        format=said["format"],
        encoding=encoding,
        end_of_line=_ENDS[said.get("end_of_line", "lf")],
        separator=said.get("separator", "|"),
        in_yuan=said.get("amounts") == "yuan",
        most_rows=int(said.get("most_rows", 1_000_000)),
        header=lines["header"],
        rows=lines["rows"],
        trailer=lines["trailer"],
        keys=MappingProxyType(dict(said.get("keys", {}))),
    )


def _columns(name: str, direction: str, kind: str, said: str) -> tuple[Column, ...]:
    columns = []
    for word in said.split():
        field, _, width = word.partition(":")
        if not field.startswith("=") and field not in FIELDS.get((direction, kind), frozenset()):
            raise ValueError(f"{name}, {direction}, {kind}: no field {field}")
        columns.append(Column(field.lstrip("="), int(width or 0), field[1:] if field.startswith("=") else ""))
    return tuple(columns)


def _can_be_trusted(name: str, payments: Form, answers: Form) -> None:
    """Columns without which a payment could go astray or a lost line be missed."""
    if payments.rows and {"row_id", "name", "account", "amount"} - _held(payments.rows):
        raise ValueError(f"{name}: a payment has its row, name, account and amount")
    if not answers.rows:
        return
    if {"row_id", "code"} - _held(answers.rows) or "number" not in _held(answers.header):
        raise ValueError(f"{name}: an answer names its file, its rows and a code for each")
    if not {"rows", "digest"} & (_held(answers.header) | _held(answers.trailer)):
        raise ValueError(f"{name}: nothing would tell a cut-off answer from a whole one")
    if answers.trailer and not answers.trailer[0].constant:
        raise ValueError(f"{name}: a trailer begins with fixed text")
    if answers.trailer and answers.rows[0].constant == answers.trailer[0].constant:
        raise ValueError(f"{name}: nothing tells a row from the trailer")
    if "total" in _held(answers.header) | _held(answers.trailer) and "amount" not in _held(answers.rows):
        raise ValueError(f"{name}: a total needs amounts")


def _held(columns: tuple[Column, ...]) -> set[str]:
    return {each.field for each in columns if not each.constant}
