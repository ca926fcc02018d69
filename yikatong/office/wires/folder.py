"""A wire made of two folders: what we send stands in `out`, what comes in is laid into `in`.

Banks and provincial systems mostly exchange files over SFTP drop folders; mounting such a folder is all it takes.
Writes are atomic (written aside, forced to disk, renamed), and the same name is never written with other bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,118}")


class NameTaken(Exception):
    """Another file of this name with other bytes already stands there; somebody must look."""


class FolderWire:
    """One counterpart's pair of folders below `base`."""

    def __init__(self, base: Path, counterpart: str) -> None:
        self.out = base / counterpart / "out"
        self.inbox = base / counterpart / "in"
        self.done = base / counterpart / "done"
        self.refused = base / counterpart / "refused"

    def send(self, name: str, content: bytes) -> None:
        """Lay a file out for the counterpart. Sending the same bytes again under the same name is harmless."""
        if not SAFE.fullmatch(name):
            raise ValueError(f"not a safe file name: {name!r}")
        self.out.mkdir(parents=True, exist_ok=True)
        target = self.out / name
        if target.exists():
            if target.read_bytes() != content:
                raise NameTaken(name)
            return
        aside = self.out / f".{name}.part"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Files that have come in, oldest name first. Half-written ones (dot names) are not looked at."""
        if not self.inbox.exists():
            return
        for path in sorted(self.inbox.iterdir()):
            if path.is_file() and SAFE.fullmatch(path.name):
                yield path.name, path.read_bytes()

    def put_away(self, name: str) -> None:
        """Move a file that is safely stored out of the inbox."""
        self._move(name, self.done / name)

    def put_aside(self, name: str) -> None:
        """Move a file that could not be stored out of the inbox, beside any earlier one of its name."""
        number = 1
        while (target := self.refused / f"{name}.{number}").exists():
            number += 1
        self._move(name, target)

    def _move(self, name: str, target: Path) -> None:
        source = self.inbox / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
