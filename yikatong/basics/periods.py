"""Reporting periods: a year, a quarter or a month, in the centre's own days (Asia/Shanghai)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import total_ordering
from zoneinfo import ZoneInfo

from yikatong.basics.refused import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WRITTEN = re.compile(r"([0-9]{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
_QUARTERS_ZH = "一二三四"
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


@total_ordering
@dataclass(frozen=True)
class Period:
    """A year (`2025`), quarter (`2025Q3`) or month (`2025-03`).

    Ordered by first day; of two that begin together the longer one comes first, so a year precedes its
    quarters.
    """

    first_month: tuple[int, int]
    """Year and month (1-12) the period begins with."""
    length: int
    """Months: 12, 3 or 1."""

    def __post_init__(self) -> None:
        year, month = self.first_month
        if self.length not in (1, 3, 12) or not 1 <= month <= 12 or (month - 1) % self.length:
            raise ValueError(f"no such period: {self.length} months from {year}-{month}")
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError(f"years run from {_FIRST_YEAR} to {_LAST_YEAR}, not {year}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written as `2025`, `2025Q3` or `2025-03`; anything else is a ValueError."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a period: {text!r}")
        year = int(match[1])
        if match[2]:
            return cls((year, int(match[2]) * 3 - 2), 3)
        return cls((year, int(match[3])), 1) if match[3] else cls((year, 1), 12)

    @classmethod
    def year_of(cls, day: date) -> Period:
        return cls((day.year, 1), 12)

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        return cls((day.year, (day.month - 1) // 3 * 3 + 1), 3)

    @classmethod
    def month_of(cls, day: date) -> Period:
        return cls((day.year, day.month), 1)

    @property
    def start(self) -> date:
        return date(*self.first_month, 1)

    @property
    def end(self) -> date:
        """The first day after the period."""
        year, month = self.first_month
        years, months = divmod(month - 1 + self.length, 12)
        return date(year + years, months + 1, 1)

    @property
    def starts_at(self) -> datetime:
        """The first instant, aware."""
        return datetime.combine(self.start, time(), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the period, aware."""
        return datetime.combine(self.end, time(), SHANGHAI)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def label_zh(self) -> str:
        year, month = self.first_month
        if self.length == 12:
            return f"{year}年"
        return f"{year}年第{_QUARTERS_ZH[month // 3]}季度" if self.length == 3 else f"{year}年{month}月"

    def parent(self) -> Period | None:
        """The quarter of a month, the year of a quarter, None for a year."""
        if self.length == 12:
            return None
        return Period.quarter_of(self.start) if self.length == 1 else Period.year_of(self.start)

    def months(self) -> tuple[Period, ...]:
        """The months of the period in order (a month gives itself)."""
        year, month = self.first_month
        return tuple(Period((year, month + offset), 1) for offset in range(self.length))

    def __str__(self) -> str:
        year, month = self.first_month
        if self.length == 12:
            return f"{year}"
        return f"{year}Q{month // 3 + 1}" if self.length == 3 else f"{year}-{month:02d}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.first_month, -self.length) < (other.first_month, -other.length)


def read_period(text: str) -> Period | Refused:
    """The period a person typed or a link carries, or why it is none (`period.format`)."""
    try:
        return Period.parse(text.strip().upper())
    except ValueError:
        return Refused(
            "period.format",
            f"期间应写成 2025、2025Q3 或 2025-03 的样子，年份在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间，请更正。",
            f"Write a period as 2025, 2025Q3 or 2025-03, with a year from {_FIRST_YEAR} to {_LAST_YEAR}.",
        )
