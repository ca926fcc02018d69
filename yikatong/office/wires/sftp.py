"""A wire over SFTP: the counterpart's server holds the two folders, and the system's own `sftp` client moves the files.

Keys, known hosts and ciphers are thereby what the machine's OpenSSH says, and no library of ours. A server that is not
known is refused; no password is ever asked for. What a broken line leaves undone is done again: a file is
made ready aside and moved out, once.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yikatong.basics.crypto import sm3
from yikatong.office.wires.folder import SAFE, NameTaken

SECONDS = 300
"""How long one exchange with a server may take; then it is tried again later."""
_OPTIONS = ("-q", "-oBatchMode=yes", "-oStrictHostKeyChecking=yes", "-oConnectTimeout=20", "-b", "-")


class NotConnected(OSError):
    """The server could not be reached, or did not do what it was asked."""


@dataclass(frozen=True)
class Address:
    """Where a counterpart's folders stand: `sftp://user@host:port/folder?key=/path/to/private/key`."""

    user: str
    host: str
    port: int
    folder: str
    key: str

    @classmethod
    def read(cls, text: str) -> Address:
        """An address from its text; ValueError where it is none."""
        parts = urlsplit(text)
        if parts.scheme != "sftp" or not parts.hostname or not parts.username or parts.password:
            raise ValueError("an address is sftp://user@host[:port]/folder[?key=path], and has no password")
        key = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair).get("key", "")
        return cls(
            parts.username,
            parts.hostname,
            parts.port or 22,
            unquote(parts.path).rstrip("/").removeprefix("/") or ".",
            unquote(key),
        )


class SftpWire:
    """One counterpart's pair of folders on its server. `client` is the command that speaks SFTP."""

    def __init__(self, address: Address, client: Sequence[str] = ("sftp",)) -> None:
        self._address, self._client = address, tuple(client)

    def deliver(self, name: str, content: bytes, *, time: int = 1) -> None:
        """Lay a file out exactly once for each `time` it is to be sent, however often this is asked (as `FolderWire` does).

        It is made ready on the server, whole and marked so; the move out of there is the delivery. What was made ready and
        is there no longer has been delivered, though the line broke before we heard of it.
        """
        if not SAFE.fullmatch(name):
            raise ValueError(f"not a safe file name: {name!r}")
        sending = f"{name}.{time}.{sm3(content).hex()[:16]}"
        waiting, mark = _quoted("leaving", sending), f"{sending}.ready"
        with tempfile.TemporaryDirectory() as folder:
            there, ours, nothing = (Path(folder) / each for each in ("there", "ours", "nothing"))
            said = self._run(
                "-mkdir out",
                "-mkdir leaving",
                "-ls -1 leaving",
                f"-get {_quoted('out', name)} {_quoted(there)}",
            )
            ready = {line.strip().rpartition("/")[2] for line in said.splitlines()}
            if mark in ready and sending not in ready:
                return
            lies_there = there.exists()
            if lies_there and there.read_bytes() != content:
                raise NameTaken(name)
            made = []
            if mark not in ready:
                ours.write_bytes(content)
                nothing.touch()
                aside = _quoted("leaving", f".{sending}.part")
                made = [
                    f"put {_quoted(ours)} {aside}",
                    f"-rm {waiting}",
                    f"rename {aside} {waiting}",
                    f"put {_quoted(nothing)} {_quoted('leaving', mark)}",
                ]
            self._run(*made, f"rm {waiting}" if lies_there else f"rename {waiting} {_quoted('out', name)}")

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Files that have come in, oldest name first. Half-written ones (dot names) are not looked at."""
        with tempfile.TemporaryDirectory() as folder:
            self._run(f"-get in/* {_quoted(folder)}/")
            for path in sorted(Path(folder).iterdir()):
                if path.is_file() and SAFE.fullmatch(path.name):
                    yield path.name, path.read_bytes()

    def put_away(self, name: str) -> None:
        """Move a file that is safely stored out of the inbox."""
        self._move(name, "done", name)

    def put_aside(self, name: str) -> None:
        """Move a file that could not be stored out of the inbox, beside any earlier one of its name."""
        there = self._run("-mkdir refused", "-ls -1 refused").split()
        taken = {line.rpartition("/")[2] for line in there}
        number = next(n for n in range(1, len(taken) + 2) if f"{name}.{n}" not in taken)
        self._move(name, "refused", f"{name}.{number}")

    def _move(self, name: str, folder: str, target: str) -> None:
        self._run(f"-mkdir {folder}", f"rename {_quoted('in', name)} {_quoted(folder, target)}")

    def _run(self, *commands: str) -> str:
        """Have these done, one after another; a command that begins with `-` may fail. NotConnected where any other does."""
        address = self._address
        options = [*_OPTIONS, "-P", str(address.port), *(["-i", address.key] if address.key else [])]
        batch = "\n".join([f"cd {_quoted(address.folder)}", *commands, ""])
        try:
            done = subprocess.run(
                [*self._client, *options, f"{address.user}@{address.host}"],
                input=batch.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise NotConnected(f"{address.host} did not answer in {SECONDS} seconds") from late
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise NotConnected(f"{address.host}: {said[-1] if said else f'ended with {done.returncode}'}")
        return done.stdout.decode("utf-8", "replace")


def _quoted(*parts: object) -> str:
    path = "/".join(map(str, parts))
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
