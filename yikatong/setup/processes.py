"""Keeps a handful of child processes going together: all up, or all down."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from yikatong.basics.refused import Refused
from yikatong.setup.tether import tether

PATIENCE = 15  # seconds that a child has to finish what it is doing


@dataclass(frozen=True)
class Child:
    """One process: what it is called in sentences, and its command."""

    name: str
    command: Sequence[str]


def port_is_free(host: str, port: int) -> Refused | None:
    """Refuse a port that somebody already listens on, or that we may not open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            if trouble.errno == errno.EADDRINUSE:
                return Refused(
                    "setup.port",
                    f"端口 {port} 已被占用（也许演示已经在运行：http://{host}:{port}）。请用 --port 换一个，"
                    f"例如 --port {port + 1}。",
                    f"Port {port} is taken (perhaps a demo is running already: http://{host}:{port}). "
                    f"Choose another, for example --port {port + 1}.",
                )
            return Refused(
                "setup.port",
                f"不能在 {host} 的端口 {port} 上提供服务（{trouble.strerror}）。请用 --port 换一个。",
                f"Cannot serve at port {port} of {host} ({trouble.strerror}). Choose another by --port.",
            )
    return None


def answers(host: str, port: int, *, within: float, unless: Callable[[], bool] = lambda: False) -> bool:
    """Whether somebody listens there before the seconds are over; gives up at once where `unless` becomes true."""
    until = time.monotonic() + within
    while time.monotonic() < until and not unless():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(0.1)
    return False


class Company:
    """The children of one command. They are started in order and stopped in order."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self.children = children
        self.environment = dict(environment)
        self.running: list[tuple[Child, subprocess.Popen[bytes]]] = []
        self.told = 0  # how many times a signal asked us to stop

    def start(self) -> None:
        """Start all of them, apart from the terminal's Ctrl-C, and tied to this process's life."""
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, self._hear)
        for child in self.children:
            process = subprocess.Popen(
                child.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=tether(signal.SIGTERM),
            )
            self.running.append((child, process))

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.told += 1

    def stay(self) -> str | None:
        """Wait until we are asked to stop (None), or a child ends by itself (its name); then stop the others."""
        ended = None
        while not self.told and (ended := self.ended()) is None:
            time.sleep(0.1)
        self.stop()
        return ended

    def ended(self) -> str | None:
        """The name of a child that ended by itself."""
        return next((child.name for child, process in self.running if process.poll() is not None), None)

    def leaving(self) -> bool:
        """Whether it is over: we were asked to stop, or a child ended."""
        return self.told > 0 or self.ended() is not None

    def stop(self) -> None:
        """Ask every child to finish; after PATIENCE seconds, or a second Ctrl-C, end it."""
        before = self.told
        for _, process in self.running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + PATIENCE
        while any(process.poll() is None for _, process in self.running):
            if time.monotonic() > until or self.told > max(before, 1):
                for _, process in self.running:
                    process.kill()
            time.sleep(0.05)
