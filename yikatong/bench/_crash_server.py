"""A PostgreSQL of a crash run's own: filled from a dump, a new database for each run, killed at any moment, up again.

`fsync` is off: a killed process loses nothing that it has handed to the kernel, only a power cut would, and that is not
what is tried here. All else is as in the house, `synchronous_commit` above all: a commit that was told is in the log.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from yikatong.basics.refused import Refused
from yikatong.setup.cluster import environment, programs_here, url_of
from yikatong.setup.postgres import ServerHandle, embedded

SETTINGS = {"fsync": "off", "autovacuum": "off", "shared_buffers": "64MB"}
PLAIN, RUN = "plain", "run"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs."""
    found = programs_here()
    if isinstance(found, Refused):
        raise SystemExit(found.en)
    return str(found / name)


def dump(url: str, to: Path) -> None:
    """Write the whole of a database down."""
    command = [program("pg_dump"), "--no-owner", f"--file={to}", f"--dbname={url}"]
    subprocess.run(command, check=True, env=environment())


def url(folder: Path, database: str = RUN) -> str:
    """Where the database of this folder's server is found."""
    return url_of(folder.resolve() / "pg", database)


class Server:
    """The server of one folder. It goes with this process, whatever happens to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._handle = self._started()

    def fill(self, dumped: Path) -> None:
        """Make the database that every run begins with."""
        self._do(f"CREATE DATABASE {PLAIN} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        command = [program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", f"--file={dumped}"]
        told = subprocess.run(
            [*command, f"--dbname={url(self.folder, PLAIN)}"],
            check=True,
            env=environment(),
            capture_output=True,
        )
        del told

    def fresh(self) -> None:
        """A new database for a run."""
        self._do(f"DROP DATABASE IF EXISTS {RUN} WITH (FORCE)")
        self._do(f"CREATE DATABASE {RUN} TEMPLATE {PLAIN} STRATEGY FILE_COPY")

    @property
    def pid(self) -> int:
        """The number of the first of its processes, the postmaster."""
        assert self._handle._process is not None
        return self._handle._process.pid

    def alive(self) -> bool:
        return self._handle.alive()

    def steady(self) -> None:
        """Up and answering, also where it was killed only just now, so that it does not count as dead yet."""
        while True:
            try:
                self._do("SELECT 1")
            except psycopg.OperationalError:
                if not self.alive():
                    self.revive()
                time.sleep(0.01)
            else:
                return

    def revive(self) -> float:
        """Start it again after a kill; returns the seconds until it answered."""
        begun = time.monotonic()
        self._handle.stop()
        self._handle = self._started()
        return time.monotonic() - begun

    def let_go(self) -> None:
        """To be called first in a process that was forked off: the lock of the folder is not for it to hold."""
        assert self._handle._lock is not None
        self._handle._lock.close()

    def stop(self) -> None:
        self._handle.stop()

    def _started(self) -> ServerHandle:
        found = embedded(self.folder, SETTINGS)
        if isinstance(found, Refused):
            raise SystemExit(found.en)
        return found

    def _do(self, statement: str) -> None:
        with psycopg.connect(url(self.folder, "postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def kill_server(pid: int, *, whole: bool) -> None:
    """Kill the postmaster (-9); `whole`: and every one of its sessions, in the middle of whatever they do."""
    sessions = []
    with contextlib.suppress(psutil.Error):
        sessions = psutil.Process(pid).children() if whole else []
    for number in (pid, *(each.pid for each in sessions)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
