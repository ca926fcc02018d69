"""A wire made of two folders: what we send stands in `out`, what comes in is laid into `in`.

Banks and provincial systems mostly exchange files over SFTP drop folders; mounting such a folder is all it takes.
Writes are atomic (written aside, forced to disk, renamed), and the same name is never written with other bytes.
Who dies while sending does not know whether the counterpart has taken the file meanwhile; `deliver` does.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yikatong.basics.crypto import sm3

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,118}")


class NameTaken(Exception):
    """Another file of this name with other bytes already stands there; somebody must look."""


class FolderWire:
    """One counterpart's pair of folders below `base`."""

    def __init__(self, base: Path, counterpart: str) -> None:
        self.out = base / counterpart / "out"
        self.leaving = base / counterpart / "leaving"
        self.inbox = base / counterpart / "in"
        self.done = base / counterpart / "done"
        self.refused = base / counterpart / "refused"

    def send(self, name: str, content: bytes) -> None:
        """Lay a file out for the counterpart. Sending the same bytes again under the same name is harmless as long as the
        first still lies there; one that was taken away is laid out anew (see `deliver`)."""
        if not self._lies_there(name, content):
            _write(self.out / name, content)

    def deliver(self, name: str, content: bytes, *, time: int = 1) -> None:
        """Lay a file out exactly once for each `time` it is to be sent, however often this is asked.

        Also where a process dies in the middle and the counterpart takes the file away before the next one asks: a file
        is first made ready, whole and marked so, and the move out of there, which is one, is the delivery. What was made
        ready and is there no longer has been delivered.
        """
        sending = f"{name}.{time}.{sm3(content).hex()[:16]}"
        waiting, mark = self.leaving / sending, self.leaving / f"{sending}.ready"
        with self._alone():
            if mark.exists() and not waiting.exists():
                return
            lies_there = self._lies_there(name, content)
            if not mark.exists():
                _write(waiting, content)
                mark.touch()
                _to_disk(self.leaving)
            if lies_there:
                waiting.unlink()
            else:
                waiting.replace(self.out / name)
                _to_disk(self.out)
            _to_disk(self.leaving)

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

    def _lies_there(self, name: str, content: bytes) -> bool:
        """Whether the counterpart has yet to take this very file; NameTaken where another of its name lies there."""
        if not SAFE.fullmatch(name):
            raise ValueError(f"not a safe file name: {name!r}")
        self.out.mkdir(parents=True, exist_ok=True)
        target = self.out / name
        if not target.exists():
            return False
        if target.read_bytes() != content:
            raise NameTaken(name)
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time delivers. The row in the database is locked as well, but goes on without us when the
        database dies before we do."""
        self.leaving.mkdir(parents=True, exist_ok=True)
        with (self.leaving / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _move(self, name: str, target: Path) -> None:
        source = self.inbox / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


def _write(target: Path, content: bytes) -> None:
    aside = target.with_name(f".{target.name}.part")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)


def _to_disk(folder: Path) -> None:
    """Force the names in a folder to disk: without it a move survives a killed process, but not a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
