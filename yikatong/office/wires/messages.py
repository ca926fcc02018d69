"""The short-message gateway's port. Here it is a folder of one file a message; a city puts its own behind it."""

from __future__ import annotations

from pathlib import Path

from yikatong.office.wires.folder import FolderWire


class FolderGateway:
    """Lays each message out as `<id>.txt`: number on the first line, text below."""

    def __init__(self, base: Path) -> None:
        self._wire = FolderWire(base, "sms")

    def send(self, number: int, to: str, text: str) -> None:
        """Hand one message over; handing the same one over twice is harmless."""
        self._wire.send(f"{number:010d}.txt", f"{to}\n{text}\n".encode())
