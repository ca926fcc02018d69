"""A small year: cards made ready and handed over in two counties and two quarters, and the figures of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.cards.facts import COLLECTED, STOCKED
from yikatong.disclosure.services import load_budget
from yikatong.indicators.services import fill, load_targets, lock, prepare
from yikatong.office import clock, journal
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.opening import open_centre

CHINA = ZoneInfo("Asia/Shanghai")
AFTER = datetime(2026, 1, 9, 9, 0, tzinfo=CHINA)
YEAR = Period.parse("2025")
PLACES = (("610402", "61040201"), ("610422", "61042201"))


@contextmanager
def a_small_year() -> Iterator[None]:
    """Six cards in 2025: the longest wait is 40 days in the first quarter and 12 in the second."""
    with clock.fixed(AFTER):
        with _acting("test") as act:
            open_centre(act, "xianyang", demo=True)
            for loaded in (load_targets(act, "xianyang"), load_budget(act, "xianyang")):
                assert not isinstance(loaded, Refused)
        for number, day, days in (
            (1, date(2025, 2, 3), 40),
            (2, date(2025, 2, 4), 20),
            (3, date(2025, 3, 5), 10),
            (4, date(2025, 5, 6), 12),
            (5, date(2025, 5, 7), 11),
            (6, date(2025, 6, 8), 9),
        ):
            _card(number, day, days)
        journal.seal()
        with _acting("editor") as act:
            for period in (YEAR, Period.parse("2025Q1"), Period.parse("2025Q2")):
                assert not isinstance(fill(act, period), Refused)
        yield


def lock_the_year() -> None:
    """Prepared by one, locked by another."""
    with _acting("editor") as act:
        assert not isinstance(prepare(act, YEAR), Refused)
    with _acting("reviewer") as act:
        assert not isinstance(lock(act, YEAR), Refused)


def _card(number: int, day: date, days: int) -> None:
    region, outlet = PLACES[number % 2]
    at = datetime.combine(day, datetime.min.time(), CHINA) + timedelta(hours=10)
    applied = day - timedelta(days=days)
    with open_act(Actor.system("test"), door=Door.TASK, at=at) as act:
        act.record(
            STOCKED,
            subject=f"order:{number}",
            person=number,
            region=region,
            outlet=outlet,
            days=days,
            applied_on=str(applied),
            promised_on=str(applied + timedelta(days=30)),
            outlet_name="网点",
        )
        act.record(
            COLLECTED,
            subject=f"card:{number}",
            person=number,
            region=region,
            outlet=outlet,
            order=number,
            order_kind="new",
            receiver="甲",
            receiver_role="holder",
        )


@contextmanager
def _acting(who: str) -> Iterator[Act]:
    with open_act(Actor(f"staff:{who}", who), door=Door.CONSOLE) as act:
        yield act
