"""Working days: Monday to Friday, less public holidays, plus make-up days (调休上班日).

The State Council sets holidays and make-up days by a notice each year, so they come in from dated rows; this
module knows only how to count with them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Counts working days. A date that is both a holiday and a make-up day is a ValueError."""

    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    _lost: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _gained: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        both = self.holidays & self.makeup
        if both:
            raise ValueError(f"both holiday and make-up day: {min(both)}")
        # Only these change the plain Monday-to-Friday count, kept sorted so that counting is a search, not a
        # walk.
        object.__setattr__(self, "_lost", tuple(sorted(d for d in self.holidays if d.weekday() < 5)))
        object.__setattr__(self, "_gained", tuple(sorted(d for d in self.makeup if d.weekday() >= 5)))

    def is_working(self, day: date) -> bool:
        return day in self.makeup or (day.weekday() < 5 and day not in self.holidays)

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself is not counted, and count 0 gives it back.

        A time limit starts the day after the act (民法典 art. 201), so this is the last day of a limit of
        `count` working days. A negative count is a ValueError.
        """
        if count < 0:
            raise ValueError(f"a time limit cannot be negative: {count}")
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def between(self, earlier: date, later: date) -> int:
        """Working days elapsed: those after `earlier` up to and including `later`.

        So `between(day, add(day, n)) == n`. Negative when the dates are the other way round.
        """
        return self._until(later) - self._until(earlier)

    def _until(self, day: date) -> int:
        """Working days from 0001-01-01 (a Monday) to `day` inclusive."""
        weeks, rest = divmod(day.toordinal(), 7)
        weekdays = weeks * 5 + min(rest, 5)
        return weekdays - bisect_right(self._lost, day) + bisect_right(self._gained, day)
