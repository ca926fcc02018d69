"""The embedded PostgreSQL: a real server in the data folder, started and stopped by the program itself.

The wheel brings PostgreSQL 18's programs; we run them ourselves rather than through the wheel's own starter, which
cannot have spaces in its path, takes any process with the old number for a live server, and leaves the server
running when its users were killed. Whoever holds the lock of the data folder owns the server and stops it; the lock
goes with its process, so a kill -9 leaves nothing to clean up by hand.
"""

from __future__ import annotations

import fcntl
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil
import psycopg
from psycopg import sql

from yikatong.basics.refused import Refused
from yikatong.setup.account import Account, open_the_way, server_account
from yikatong.setup.cluster import (
    DATABASE,
    SETTINGS,
    did_not_start,
    environment,
    identity,
    prepare,
    programs_here,
    socket_folder,
    url_of,
)
from yikatong.setup.places import writable
from yikatong.setup.tether import tether

OLDEST = 15  # the oldest server our SQL is written for (MERGE, NULLS NOT DISTINCT)
START_LIMIT = 120  # seconds; recovery after a crash can take a while, a healthy start takes one


@dataclass
class ServerHandle:
    """A running server. `url` serves Django and psycopg; `stop` ends it only where this process is to end it."""

    url: str
    folder: Path
    owned: bool
    opened: list[Path] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _adopted: psutil.Process | None = None
    _lock: IO[bytes] | None = None
    _users: IO[bytes] | None = None

    def alive(self) -> bool:
        """Whether the server that this process started is still up."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server (fast shutdown: open transactions are rolled back) and give the lock back.

        A shared server is stopped by the last of its users.
        """
        if self._users is not None:
            self._leave(self._users)
            return
        if self._process is not None and self.alive():
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)
        if self._adopted is not None and self._adopted.is_running():
            self._adopted.send_signal(signal.SIGINT)
            self._adopted.wait(timeout=60)
        if self._lock is not None:
            # Closing alone would leave it with whoever was forked off this process.
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            self._lock.close()
            self._lock = None

    def _leave(self, users: IO[bytes]) -> None:
        with (self.folder.parent / "pg.lock").open("rb+") as lock, users:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._users = None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._process is not None:
                    self._process.returncode = 0  # others still work with it: no longer ours to wait for
                return
            if (running := _running(self.folder)) is not None:
                running.send_signal(signal.SIGINT)
                if self._process is not None:
                    self._process.wait(timeout=60)
                else:
                    running.wait(timeout=60)


def embedded(
    data_dir: Path, settings: Mapping[str, str] | None = None, *, shared: bool = False
) -> ServerHandle | Refused:
    """The server of this data folder, started where it is not running, with the database `yikatong` in it.

    `settings` overrides lines of SETTINGS. A process that finds the server owned by another one becomes its guest.
    A `shared` server belongs to nobody: it outlives the process that started it and goes with its last user (tests
    and checks of several terminals share one).
    Refused: a folder that cannot be written, no server programs for this machine, a data folder of another
    PostgreSQL version, a server that does not come up (with the last lines of its log).
    """
    programs = programs_here()
    account = server_account()
    base = writable(data_dir)
    for met in (programs, account, base):
        if isinstance(met, Refused):
            return met
    assert isinstance(programs, Path) and isinstance(account, Account) and isinstance(base, Path)
    folder = base.resolve() / "pg"
    opened = open_the_way(account, folder, programs / "postgres")
    lock = (base / "pg.lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if shared else fcntl.LOCK_NB))
    except BlockingIOError:
        lock.close()
        return _as_guest(folder)
    if shared:
        with lock:
            return _share(programs, account, folder, {**SETTINGS, **(settings or {})})
    made = prepare(programs, account, folder, {**SETTINGS, **(settings or {})})
    if isinstance(made, Refused):
        lock.close()
        return made
    handle = ServerHandle(url_of(folder, DATABASE), folder, owned=True, opened=opened, _lock=lock)
    refused = _bring_up(handle, programs, account, tied=True)
    if refused is not None:
        handle.stop()
        return refused
    _ensure_database(folder)
    return handle


def _share(
    programs: Path, account: Account, folder: Path, settings: Mapping[str, str]
) -> ServerHandle | Refused:
    users = (folder.parent / "pg.users").open("wb")
    fcntl.flock(users, fcntl.LOCK_SH)
    handle = ServerHandle(url_of(folder, DATABASE), folder, owned=False, _users=users)
    if _running(folder) is None and (refused := prepare(programs, account, folder, settings)) is not None:
        users.close()
        return refused
    refused = _bring_up(handle, programs, account, tied=False)
    if refused is not None:
        users.close()
        return refused
    _ensure_database(folder)
    return handle


def require_postgres(url: str) -> Refused | None:
    """Refuse a database that does not answer or whose server is older than 15."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as trouble:
        why = str(trouble).strip().splitlines()[-1]
        return Refused(
            "setup.database",
            f"连不上 DATABASE_URL 所指的数据库（{why}）。请检查地址、账户和口令，并确认服务器已启动。",
            f"The database in DATABASE_URL does not answer ({why}). Check address, user and password, "
            "and that the server is running.",
        )
    if version < OLDEST * 10_000:
        return Refused(
            "setup.database_version",
            f"数据库是 PostgreSQL {version // 10_000}，需要 {OLDEST} 或更新的版本。请升级数据库服务器。",
            f"The database is PostgreSQL {version // 10_000}; {OLDEST} or newer is needed. Upgrade the server.",
        )
    return None


def _bring_up(handle: ServerHandle, programs: Path, account: Account, *, tied: bool) -> Refused | None:
    """Adopt the server that a killed owner left behind, else start one."""
    handle._adopted = _running(handle.folder)
    if handle._adopted is not None:
        answered = _wait(handle.folder, handle._adopted.is_running)
        if answered is None or handle._adopted.is_running():
            return answered
        handle._adopted = None  # it was already on its way out
    until = time.monotonic() + 20
    while True:
        handle._process = _start(programs, account, handle.folder, tied=tied)
        refused = _wait(handle.folder, handle.alive)
        # Sessions of a server killed a moment ago may still be leaving; PostgreSQL waits for them, so do we.
        if refused is None or "shared memory block" not in refused.en or time.monotonic() > until:
            return refused
        time.sleep(0.5)


def _start(programs: Path, account: Account, folder: Path, *, tied: bool) -> subprocess.Popen[bytes]:
    # PostgreSQL judges an old number itself, but takes any process of its own user for a live server, a dead one
    # that nobody has buried included. The caller knows that none of them serves this folder. (A number without a
    # process stays: it guards the shared memory.)
    if _process_named_in(folder) is not None:
        (folder / "postmaster.pid").unlink()
        (socket_folder(folder) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for the command, which then stops the server in its own order
            preexec_fn=tether(signal.SIGINT) if tied else None,
            **identity(account),
        )


def _running(folder: Path) -> psutil.Process | None:
    """The live server of this folder, if the number in its file really is one."""
    process = _process_named_in(folder)
    try:
        if process is not None and process.name() == "postgres" and str(folder) in process.cmdline():
            return process
    except psutil.Error:
        return None
    return None


def _process_named_in(folder: Path) -> psutil.Process | None:
    try:
        return psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (OSError, ValueError, psutil.Error):
        return None


def _wait(folder: Path, alive: Callable[[], bool]) -> Refused | None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until and alive():
        try:
            psycopg.connect(url_of(folder, "postgres"), connect_timeout=5).close()
            return None
        except psycopg.OperationalError:
            time.sleep(0.05)
    log = folder / "server.log"
    return did_not_start(log.read_text(errors="replace") if log.exists() else "")


def _as_guest(folder: Path) -> ServerHandle | Refused:
    refused = _wait(folder, lambda: True)
    if refused is not None:
        return refused
    until = time.monotonic() + 30  # its owner may still be making the database
    while time.monotonic() < until:
        try:
            psycopg.connect(url_of(folder, DATABASE), connect_timeout=5).close()
            return ServerHandle(url_of(folder, DATABASE), folder, owned=False)
        except psycopg.OperationalError:
            time.sleep(0.1)
    return did_not_start("")


def _ensure_database(folder: Path) -> None:
    with psycopg.connect(url_of(folder, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
            connection.execute(statement.format(sql.Identifier(DATABASE)))


def held(data_dir: Path) -> bool:
    """Whether another process owns the server of this data folder just now."""
    try:
        lock = (data_dir / "pg.lock").open("rb+")
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
