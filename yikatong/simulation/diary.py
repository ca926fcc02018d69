"""What will happen when: a heap of moments, read in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from yikatong.basics.workdays import WorkCalendar

CHINA = ZoneInfo("Asia/Shanghai")
# Share of a working day's business by hour (domain.md section 10).
HOURS = {8: 9, 9: 16, 10: 18, 11: 12, 12: 4, 14: 10, 15: 14, 16: 12, 17: 5}

Happening = Callable[[datetime], None]


@dataclass
class Diary:
    """Happenings to come. Nothing after `end` takes place."""

    random: Random
    calendar: WorkCalendar
    end: datetime
    _heap: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def at(self, moment: datetime, what: Happening) -> None:
        """Note a happening; what lies beyond the end is forgotten."""
        if moment < self.end:
            heapq.heappush(self._heap, (moment, next(self._order), what))

    def office_time(self, day: date) -> datetime:
        """A moment of that day, or of the next working day, in office hours."""
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        hour = self.random.choices(list(HOURS), weights=list(HOURS.values()))[0]
        minute = (
            self.random.randrange(30, 60) if hour == 8 else self.random.randrange(0, 30 if hour == 17 else 60)
        )
        return datetime.combine(day, time(hour, minute, self.random.randrange(60)), CHINA)

    def live(self, progress: Callable[[datetime], None]) -> None:
        """Let everything happen in order; happenings may note further ones."""
        while self._heap:
            moment, _, what = heapq.heappop(self._heap)
            what(moment)
            progress(moment)
