"""Shows how far the demo city's year has got: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from yikatong.cli.speak import notes

QUIET = 5.0  # seconds between two lines where there is no terminal


class Progress:
    """Called as `progress(label, done, total)`, as often as one likes; labels are shown as they come."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=notes, disable=not notes.is_terminal)
        self._tasks: dict[str, object] = {}
        self._said = 0.0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, label: str, done: int, total: int) -> None:
        if not notes.is_terminal:
            now = time.monotonic()
            if label not in self._tasks or done >= total or now - self._said > QUIET:
                notes.print(f"{label} {done:,}/{total:,}")
                self._said = now
            self._tasks[label] = None
            return
        if label not in self._tasks:
            self._tasks[label] = self._bars.add_task(label, total=total)
        self._bars.update(self._tasks[label], completed=done, total=total)  # type: ignore[arg-type]
