"""A server of SFTP version 3 over its standard streams, for one folder: what the system's client is tried against.

Only what batches of the house use. Started by the client in the place of ssh: `sftp -S fake_sftp_server.py`.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Any

HOME = Path(os.environ["FAKE_SFTP_HOME"])
OK, EOF, NO_FILE, FAILURE = 0, 1, 2, 4
opened: dict[bytes, Any] = {}


def path_of(text: bytes) -> Path:
    return HOME / os.path.normpath("/" + text.decode()).lstrip("/")


def text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def cut(data: bytes) -> tuple[bytes, bytes]:
    size = struct.unpack(">I", data[:4])[0]
    return data[4 : 4 + size], data[4 + size :]


def reply(kind: int, body: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">IB", len(body) + 1, kind) + body)
    sys.stdout.buffer.flush()


def status(number: bytes, code: int) -> None:
    reply(101, number + struct.pack(">I", code) + text(b"") + text(b""))


def attributes(path: Path) -> bytes:
    found = path.stat()
    return struct.pack(">IQI", 0x1 | 0x4, found.st_size, found.st_mode)


def handle(number: bytes, thing: object) -> None:
    name = str(len(opened)).encode()
    opened[name] = thing
    reply(102, number + text(name))


def answer(kind: int, number: bytes, data: bytes) -> None:
    first, rest = cut(data)
    if kind == 3:  # open
        flags = struct.unpack(">I", rest[:4])[0]
        handle(number, path_of(first).open("wb" if flags & 0x2 else "rb"))
    elif kind == 4:  # close
        thing = opened.pop(first)
        if hasattr(thing, "close"):
            thing.close()
        status(number, OK)
    elif kind == 5:  # read
        place, size = struct.unpack(">QI", rest[:12])
        opened[first].seek(place)
        got = opened[first].read(size)
        reply(103, number + text(got)) if got else status(number, EOF)
    elif kind == 6:  # write
        opened[first].seek(struct.unpack(">Q", rest[:8])[0])
        opened[first].write(cut(rest[8:])[0])
        status(number, OK)
    elif kind in (7, 17):  # lstat, stat
        reply(105, number + attributes(path_of(first)))
    elif kind == 8:  # fstat
        reply(105, number + attributes(Path(opened[first].name)))
    elif kind in (9, 10):  # setstat, fsetstat
        status(number, OK)
    elif kind == 11:  # opendir
        handle(number, iter([sorted(path_of(first).iterdir())]))
    elif kind == 12:  # readdir
        names = next(opened[first], None)
        if not names:
            status(number, EOF)
            return
        body = b"".join(text(p.name.encode()) + text(p.name.encode()) + attributes(p) for p in names)
        reply(104, number + struct.pack(">I", len(names)) + body)
    elif kind == 14:  # mkdir
        path_of(first).mkdir()
        status(number, OK)
    elif kind == 16:  # realpath
        real = b"/" + str(path_of(first).relative_to(HOME)).removeprefix(".").encode()
        reply(104, number + struct.pack(">I", 1) + text(real) + text(real) + struct.pack(">I", 0))
    elif kind == 18:  # rename
        path_of(first).rename(path_of(cut(rest)[0]))
        status(number, OK)
    elif kind == 13:  # remove
        path_of(first).unlink()
        status(number, OK)
    else:
        status(number, 8)


changes = int(os.environ.get("FAKE_SFTP_CHANGES", "1000000"))


def may_change(kind: int, data: bytes) -> bool:
    """Whether the line still holds: so many changes of the folders are let through, then it breaks."""
    global changes
    if kind == 3 and not struct.unpack(">I", cut(data[4:])[1][:4])[0] & 0x2:  # opened to read
        return True
    changes -= 1
    return changes >= 0


def serve() -> None:
    while len(head := sys.stdin.buffer.read(5)) == 5:
        size, kind = struct.unpack(">IB", head)
        data = sys.stdin.buffer.read(size - 1)
        if kind == 1:
            reply(2, struct.pack(">I", 3))
            continue
        if kind in (3, 13, 14, 18) and not may_change(kind, data):
            return
        try:
            answer(kind, data[:4], data[4:])
        except FileNotFoundError:
            status(data[:4], NO_FILE)
        except OSError:
            status(data[:4], FAILURE)


if __name__ == "__main__":
    serve()
