"""A stranger's file is read in a process of its own, which may have only so much memory and time."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Block, Cell, Document, Grid, Line, Loose

MEMORY = 1_500_000_000
"""Bytes of address space: PDFium and the sheets of a large workbook need a third of it."""
SECONDS = 30
"""Of computing: the same file has the same chance on a busy machine as on an idle one."""
_PATIENCE = 4
"""So many times as long is waited for it, as others compute too."""
_ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True, slots=True)
class Copy:
    """An annotated copy under a name of its own."""

    name: str
    content: bytes


def read_apart(file: str, content: bytes, seconds: int = SECONDS) -> Document | Refused:
    """As `read_document`, apart. Refused also: `audit.unreadable`, where the reader needed too much or broke.

    `seconds` are of computing.
    """
    done = _apart("read", file, content, seconds)
    try:
        return done if isinstance(done, Refused) else _from_json(file, json.loads(done))
    except ValueError:
        return _unreadable(file, seconds)


def annotate_apart(file: str, content: bytes, seconds: int = SECONDS) -> Copy | Refused:
    """As `annotate`, apart. Refused as by `read_apart`."""
    done = _apart("annotate", file, content, seconds)
    if isinstance(done, Refused):
        return done
    head, _, copy = done.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        return _unreadable(file, seconds)
    return Refused(*told["refused"]) if "refused" in told else Copy(told["name"], copy)


def _apart(task: str, file: str, content: bytes, seconds: int) -> bytes | Refused:
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, task, file, str(seconds)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds * _PATIENCE,
            check=True,
            cwd=_ROOT,
        )
    except subprocess.SubprocessError:
        return _unreadable(file, seconds)
    return done.stdout


def _unreadable(file: str, seconds: int) -> Refused:
    return Refused(
        "audit.unreadable",
        f"{file} 读取时超出时间或内存的限度（{seconds} 秒）。请另存为较小的 PDF、XLSX 或 DOCX 再试。",
        f"Reading {file} took too much time or memory ({seconds} s). Save a smaller PDF, XLSX or DOCX of it.",
    )


def _as_json(read: Document | Refused) -> dict[str, Any]:
    if isinstance(read, Refused):
        return {"refused": [read.code, read.zh, read.en]}
    blocks = [[type(block).__name__, asdict(block)] for block in read.blocks]
    return {"blocks": blocks, "pages": read.pages, "unread": read.unread}


def _from_json(file: str, told: dict[str, Any]) -> Document | Refused:
    if "refused" in told:
        return Refused(*told["refused"])
    blocks = tuple(_block(kind, fields) for kind, fields in told["blocks"])
    unread = tuple((page, zh, en) for page, zh, en in told["unread"])
    return Document(file, blocks, tuple(told["pages"]), unread)


def _block(kind: str, fields: dict[str, Any]) -> Block:
    if kind == "Line":
        return Line(**fields)
    if kind == "Grid":
        rows = tuple(tuple(Cell(**cell) for cell in row) for row in fields.pop("rows"))
        return Grid(rows=rows, **fields)
    return Loose(lines=tuple(Line(**line) for line in fields.pop("lines")), **fields)


def _work(task: str, file: str, seconds: int) -> None:
    """What the process does: first it takes its own means away, then it reads."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    if task == "read":
        from yikatong.disclosure.audit.reading import read_document

        json.dump(_as_json(read_document(file, content)), sys.stdout)
        return
    from yikatong.disclosure.audit.annotated import annotate

    copy = annotate(file, content)
    told = {"refused": [copy.code, copy.zh, copy.en]} if isinstance(copy, Refused) else {"name": copy.name}
    sys.stdout.buffer.write(
        json.dumps(told).encode() + b"\n" + (b"" if isinstance(copy, Refused) else copy.content)
    )


if __name__ == "__main__":
    _work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
