"""The newest seal's number and chain value, appended to a file outside the database.

Who can change rows in the database cannot change this file, if the two are in different hands. One line a sealing:
`number chain`, the chain value in hexadecimal.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings

HEAD = re.compile(rb"([0-9]{1,18}) ([0-9a-f]{64})")
TAIL = 4_096  # bytes looked at for the newest head: some fifty lines


def write_head(number: int, chain: bytes) -> None:
    """Append the head and force it to disk. A line that a crash has torn is ended first, and stays behind."""
    path: Path = settings.JOURNAL_HEAD
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{number} {chain.hex()}\n".encode()
    if not (_tail(path) or b"\n").endswith(b"\n"):
        line = b"\n" + line
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def newest_head() -> int:
    """The newest number among the last heads that were written; 0 where there is none."""
    return max((number for number, _ in _heads(_tail(settings.JOURNAL_HEAD))), default=0)


def read_heads() -> dict[int, set[bytes]]:
    """Every chain value ever written, by number; torn lines are skipped.

    More than one value for a number means that the database's chain was once another.
    """
    found: dict[int, set[bytes]] = defaultdict(set)
    if settings.JOURNAL_HEAD.exists():
        for number, chain in _heads(settings.JOURNAL_HEAD.read_bytes()):
            found[number].add(chain)
    return dict(found)


def _heads(text: bytes) -> list[tuple[int, bytes]]:
    matches = (HEAD.fullmatch(line) for line in text.split(b"\n"))
    return [(int(match[1]), bytes.fromhex(match[2].decode())) for match in matches if match]


def _tail(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        return file.read()
