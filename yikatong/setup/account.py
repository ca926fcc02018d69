"""Under whose name the embedded PostgreSQL runs.

PostgreSQL refuses to run as root. For an ordinary user it runs as that user; for root it runs as a system account
of its own, which is made once, and which must be able to reach the server's programs and its data folder.
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yikatong.basics.refused import Refused

ACCOUNT = "pgserver"


@dataclass(frozen=True)
class Account:
    """The user the server runs as; `switch` is true where we are root and must change to it."""

    user: int
    group: int
    switch: bool


def server_account() -> Account | Refused:
    """The account to run the server under, made on the first call as root; a Refused where it cannot be made."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        made = _make_account()
        if isinstance(made, Refused):
            return made
        entry = made
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _make_account() -> pwd.struct_passwd | Refused:
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        ACCOUNT,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        # A container image without useradd: the account every system has serves as well.
        return pwd.getpwnam("nobody")
    try:
        return pwd.getpwnam(ACCOUNT)  # made now, or by another process in the same moment
    except KeyError:
        return Refused(
            "setup.account",
            f"PostgreSQL 不能以 root 身份运行，而系统账户 {ACCOUNT} 也没能建立（{done.stderr.strip()}）。"
            "请改用普通用户运行。",
            f"PostgreSQL does not run as root, and the system account {ACCOUNT} could not be made "
            f"({done.stderr.strip()}). Run this as an ordinary user.",
        )


def open_the_way(account: Account, *targets: Path) -> list[Path]:
    """Let the account walk to the targets: adds search permission (x, not r) to closed parent folders.

    Returns the folders that were changed, so that the caller can say so. Does nothing for an ordinary user.
    """
    changed: list[Path] = []
    if not account.switch:
        return changed
    for target in targets:
        for folder in target.resolve().parents:
            status = folder.stat()
            if status.st_uid == account.user or status.st_mode & stat.S_IXOTH:
                continue
            folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
            changed.append(folder)
    return changed
