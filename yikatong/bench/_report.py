"""How a measurement is said: the machine, the sizes, and a table."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import TypeVar

from django.db import connection
from rich.console import Console
from rich.table import Table

T = TypeVar("T")
console = Console(width=110)


def machine() -> str:
    """What this ran on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {server}"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print one table below the machine's line."""
    console.print(machine())
    shown = Table(title=title, title_justify="left")
    for head in heads:
        shown.add_column(head, justify="left" if head == heads[0] else "right")
    for row in rows:
        shown.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    console.print(shown)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


@contextmanager
def stage(name: str, rows: list[tuple[str, float]]) -> Iterator[None]:
    """Time one stage into `rows`."""
    begun = time.perf_counter()
    yield
    rows.append((name, time.perf_counter() - begun))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> tuple[str, str]:
    """p50 and p99, printed."""
    return f"{median(values) * 1000:.1f}", f"{percentile(values, 0.99) * 1000:.1f}"
