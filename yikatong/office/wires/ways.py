"""Which way files go to a counterpart: a folder of this machine, or the counterpart's SFTP server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from yikatong.office.wires.folder import FolderWire
from yikatong.office.wires.sftp import Address, SftpWire


class Wire(Protocol):
    """Moves bytes under a name, each way. What fails raises OSError, and is tried again later under the same name."""

    def deliver(self, name: str, content: bytes, *, time: int = 1) -> None:
        """Lay a file out exactly once for each `time` it is to be sent, however often this is asked; other bytes under a
        name that still lies there are refused (`NameTaken`)."""
        ...

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each whole file that has come in."""
        ...

    def put_away(self, name: str) -> None:
        """Move a file that is safely stored out of the inbox."""
        ...

    def put_aside(self, name: str) -> None:
        """Move a file that could not be stored out of the inbox."""
        ...


@lru_cache(maxsize=4)
def addresses(said: str) -> dict[str, Address]:
    """Setting YK_SFTP: `pay-102=sftp://centre@bank/yikatong?key=/keys/102 pay-103=…`, parted by spaces. ValueError where
    one is no address."""
    return {
        name: Address.read(address) for name, _, address in (each.partition("=") for each in said.split())
    }


def wire_to(counterpart: str) -> Wire:
    """The wire of a counterpart: its server where YK_SFTP names one, else its pair of folders."""
    address = addresses(settings.SFTP).get(counterpart)
    return FolderWire(settings.WIRES_FOLDER, counterpart) if address is None else SftpWire(address)
