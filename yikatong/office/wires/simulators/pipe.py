"""The exchange format as a counterpart's own program reads and writes it.

Written apart from the house's reader on purpose: two readings of one format find what one reading takes for granted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from yikatong.basics.crypto import sm3
from yikatong.office.wires.folder import FolderWire

_MARKS = {"\\": "\\\\", "|": "\\p", "\n": "\\n", "\r": "\\r"}
_SPECIAL = re.compile(r"[\\|\n\r]")
_SIGNS = {mark: sign for sign, mark in _MARKS.items()}


@dataclass(frozen=True)
class Paper:
    """A file taken apart: its rows as dictionaries by column name."""

    kind: str
    number: str
    day: str
    rows: list[dict[str, str]]


def take_apart(content: bytes) -> Paper:
    """Read one of the house's files; ValueError where its trailer does not vouch for it."""
    body, _, trailer = content.rstrip(b"\n").rpartition(b"\n")
    mark, count, digest = trailer.decode().split("|")
    lines = body.decode().split("\n")
    if mark != "T" or int(count) != len(lines) - 2 or sm3(body + b"\n").hex() != digest:
        raise ValueError("this file did not arrive whole")
    _, kind, number, day, _, _ = lines[0].split("|")
    columns = lines[1].split("|")[1:]
    rows = [dict(zip(columns, _fields(line), strict=True)) for line in lines[2:]]
    return Paper(kind, number, day, rows)


def put_together(
    kind: str, number: str, day: str, columns: Iterable[str], rows: Iterable[Iterable[str]], *, answers: str
) -> bytes:
    """Write an answer."""
    lines = ["|".join(("D", *map(_marked, row))) for row in rows]
    top = ["|".join(("H", kind, number, day, str(len(lines)), answers)), "|".join(("C", *columns))]
    body = "".join(line + "\n" for line in top + lines).encode()
    return body + f"T|{len(lines)}|{sm3(body).hex()}\n".encode()


def answer_all(
    base: Path,
    counterpart: str,
    answer: Callable[[str, bytes], Iterable[tuple[str, bytes]]],
    *,
    only: str = "*.txt",
) -> int:
    """Answer each file that lies in the counterpart's `out` and take it away into `taken`; returns how many.

    `only` is a file name or pattern: a counterpart need not answer everything at once.

    `answer` gives the names and bytes of one or more answers. They are laid down before the question is taken away, so
    a stop in between only makes the same answers again.
    """
    wire = FolderWire(base, counterpart)
    taken = base / counterpart / "taken"
    count = 0
    for path in sorted(wire.out.glob(only)) if wire.out.exists() else []:
        for name, content in answer(path.name, path.read_bytes()):
            wire.inbox.mkdir(parents=True, exist_ok=True)
            aside = wire.inbox / f".{name}.part"
            aside.write_bytes(content)
            aside.replace(wire.inbox / name)
        taken.mkdir(parents=True, exist_ok=True)
        path.replace(taken / path.name)
        count += 1
    return count


def _fields(line: str) -> list[str]:
    fields = line.split("|")[1:]
    if "\\" in line:
        return [re.sub(r"\\.", lambda met: _SIGNS[met[0]], field) for field in fields]
    return fields


def _marked(field: str) -> str:
    return _SPECIAL.sub(lambda met: _MARKS[met[0]], field)
