"""Pure: by when a batch is to be with its people (发放时限), as the programme's dated rule says it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from yikatong.basics.periods import Period
from yikatong.basics.workdays import WorkCalendar


@dataclass(frozen=True)
class Deadline:
    """A fixed `day` of the month that comes `months` after the period's first, or so many working days (`within`) after
    the roster came. `within` is 0 where the day is fixed."""

    months: int = 0
    day: int = 0
    within: int = 0

    def fixed(self, period: Period, calendar: WorkCalendar) -> date | None:
        """The day for this period, the last working day before it where it is none; None where it follows the roster."""
        if self.within:
            return None
        year, month = period.first_month
        months = year * 12 + month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        day = date(year, month, min(self.day, monthrange(year, month)[1]))
        while not calendar.is_working(day):
            day -= timedelta(days=1)
        return day

    def of_batch(
        self, period: Period, came_on: date, calendar: WorkCalendar, *, supplement_days: int, supplement: bool
    ) -> date:
        """By when a batch that came on this day is to be paid.

        A `supplement` is a later batch of a period that has one already: whoever is mended is not late by birth, and never
        due before those who came first.
        """
        first = self.fixed(period, calendar) or calendar.add(came_on, self.within)
        return max(first, calendar.add(came_on, supplement_days)) if supplement else first
