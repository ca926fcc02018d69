"""The one place that reads the clock.

A demo city lives in its own year: after its simulated year its clock goes on from there, so that queues and
promised dates stay true while people try it. The offset is a row (`Centre.clock_offset`), zero everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


@cache
def offset() -> timedelta:
    """How far this city's clock is from the machine's. Read once per process."""
    from yikatong.office.models import Centre

    centre = Centre.objects.first()
    return centre.clock_offset if centre else timedelta(0)


def machine_now() -> datetime:
    """The machine's own time, whatever year the city lives in: for idle sessions and for setting the city's clock."""
    return timezone.now()


def now() -> datetime:
    """The city's time, aware."""
    return _fixed.get() or machine_now() + offset()


def today() -> date:
    """The city's date in Asia/Shanghai."""
    return timezone.localtime(now()).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware): for tests and for the simulated city."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
