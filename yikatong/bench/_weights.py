"""What a stage took: seconds, CPU of this house's processes and of PostgreSQL, and the most memory meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil
from django.db import connection

MEBIBYTE = 1024 * 1024
LOOK_EVERY = 1.0  # seconds; a look goes through every process of the machine


@dataclass(frozen=True)
class Stage:
    """One stage: `rows` in `seconds`; CPU seconds of Python (its further processes with it) and of PostgreSQL."""

    name: str
    rows: int
    seconds: float
    python: float
    postgres: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0

    @property
    def cpu_each(self) -> float:
        """Microseconds of CPU for a row, of both."""
        return (self.python + self.postgres) / max(1, self.rows) * 1e6


class Scale:
    """Weighs stages. `memory` is the peak in MiB of Python with its further processes, and of PostgreSQL (what its
    processes have of their own, and what they share once)."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            server = psutil.Process(cursor.fetchone()[0]).parent()
        assert server is not None
        self._server, self._here = server, psutil.Process()
        self.stages: list[Stage] = []
        self.memory = [0.0, 0.0]
        self._looking = threading.Event()
        self._looked = 0.0

    @contextmanager
    def stage(self, name: str, rows: int) -> Iterator[None]:
        """Weigh what happens in the block."""
        before, begun = self._spent(), time.perf_counter()
        yield
        seconds = time.perf_counter() - begun
        python, postgres = (now - then for now, then in zip(self._spent(), before, strict=True))
        self.stages.append(Stage(name, rows, seconds, python, postgres))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the memory every now and then while the block runs."""
        self._looking.clear()
        looker = threading.Thread(target=self._look, daemon=True)
        looker.start()
        try:
            yield
        finally:
            self._looking.set()
            looker.join()

    def _spent(self) -> tuple[float, float]:
        """CPU seconds of this house's processes, without what looking at them took, and of PostgreSQL's."""
        begun = time.thread_time()
        house, server = (sum(map(_seconds, family)) for family in self._families())
        self._looked += time.thread_time() - begun
        return house - self._looked, server

    def _families(self) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """The processes of the house, and those of PostgreSQL, which the house may have started."""
        server = _family(self._server)
        theirs = {each.pid for each in server}
        return [each for each in _family(self._here) if each.pid not in theirs], server

    def _look(self) -> None:
        while not self._looking.wait(LOOK_EVERY):
            begun = time.thread_time()
            for place, family in enumerate(self._families()):
                self.memory[place] = max(self.memory[place], _held(family, shared_once=place == 1))
            self._looked += time.thread_time() - begun


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    """CPU seconds of a process, and of its children that ended."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _held(family: list[psutil.Process], *, shared_once: bool) -> float:
    own = shared = 0
    for each in family:
        with suppress(psutil.NoSuchProcess):
            memory = each.memory_info()
            own += memory.rss - memory.shared if shared_once else memory.rss
            shared = max(shared, memory.shared)
    return (own + (shared if shared_once else 0)) / MEBIBYTE
