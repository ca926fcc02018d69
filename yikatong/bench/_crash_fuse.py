"""A fuse in a process: it burns down at every write, every commit and every send, and at its end it kills."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Any

from django.db import connections

from yikatong.bench._crash_server import kill_server

VICTIMS = ("itself", "postmaster", "server")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|CREATE|WITH)\b", re.IGNORECASE)
_WHAT = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM|TEMP TABLE)\s+\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Charge:
    """Whom to kill after so many points. A `length` of nought never burns down."""

    length: int = 0
    victim: str = "itself"


class Board:
    """What the processes of a run all see, and what outlives them: the server's number and the points of each."""

    def __init__(self) -> None:
        self._memory = mmap(-1, 24)

    def read(self, place: int) -> int:
        return int.from_bytes(self._memory[place * 8 : place * 8 + 8], "little")

    def write(self, place: int, value: int) -> None:
        self._memory[place * 8 : place * 8 + 8] = value.to_bytes(8, "little")


SERVER = 2
"""The place on the board of the server's number; before it those of the points of window and worker."""


class Fuse:
    """Lies in one process, whose points stand at `place` of the board. `notes` is a file that all add to."""

    def __init__(self, charge: Charge, board: Board, place: int, notes: Path) -> None:
        self._charge, self._board, self._place, self._notes = charge, board, place, notes
        self._count = 0
        self._wrote = False

    def lay(self) -> None:
        """From here on everything this process writes or sends is a point, just before it and just after."""
        connection: Any = connections["default"]
        connection.execute_wrappers.append(self._statement)
        commit = connection._commit

        def committed() -> None:
            if not self._wrote:
                commit()
                return
            self._wrote = False
            self._around("commit", commit)

        connection._commit = committed
        for owner, name in ((Path, "replace"), (Path, "touch"), (os, "fsync")):
            setattr(owner, name, self._sending(name, getattr(owner, name)))

    def point(self, where: str) -> None:
        self._count += 1
        self._board.write(self._place, self._count)
        if self._count != self._charge.length:
            return
        note(self._notes, f"{self._charge.victim}|{where}")
        if self._charge.victim == "itself":
            os.kill(os.getpid(), signal.SIGKILL)
        kill_server(self._board.read(SERVER), whole=self._charge.victim == "server")

    def _around(self, what: str, work: Callable[[], Any]) -> Any:
        self.point(f"before {what}")
        result = work()
        self.point(f"after {what}")
        return result

    def _statement(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if not _WRITES.match(text):
            return execute(sql, params, many, context)
        self._wrote = True
        found = _WHAT.search(text)
        what = " ".join(found.groups()).lower() if found else text.split()[0].lower()
        return self._around(what, lambda: execute(sql, params, many, context))

    def _sending(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def sent(*arguments: Any, **named: Any) -> Any:
            place = f"file {name}"
            if isinstance(arguments[0], Path):
                place += f" in {arguments[0].parent.name}"
            return self._around(place, lambda: work(*arguments, **named))

        return sent


def note(notes: Path, line: str) -> None:
    """Write a line down that outlives its writer."""
    with contextlib.closing(_Line(notes)) as file:
        file.write(f"{line}\n".encode())


class _Line:
    """A file that is only added to, in one write, without anything that a fuse counts."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, line: bytes) -> None:
        os.write(self._handle, line)

    def close(self) -> None:
        os.close(self._handle)
