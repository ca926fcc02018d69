"""Ways to let things happen in a small centre on given days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from yikatong.basics.kinds import Kind
from yikatong.basics.periods import SHANGHAI
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.opening import open_centre

EDITOR = Actor("staff:901", "编报人")
REVIEWER = Actor("staff:902", "审核人")
QINDU, SANYUAN = "610402", "610422"


def moment(day: str, hour: int = 10) -> datetime:
    """An aware instant on that day."""
    return datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI)


class City:
    """Records facts as the card room does: `city.collected(7, "2025-03-01")`."""

    def record(self, kind: Kind, day: str, subject: str, *, hour: int = 10, **more: Any) -> None:
        more.setdefault("region", QINDU)
        more.setdefault("outlet", "61040201")
        with open_act(EDITOR, door=Door.CONSOLE, at=moment(day, hour)) as act:
            act.record(kind, subject=subject, **more)

    def collected(self, card: int, day: str, **more: Any) -> None:
        self.record(facts.COLLECTED, day, f"card:{card}", person=card, order_kind="new", **more)

    def error(self, card: int, day: str) -> None:
        self.record(facts.ERROR_CONFIRMED, day, f"card:{card}", person=card, what="姓名有误")

    def applied(self, order: int, day: str, promised: str, **more: Any) -> None:
        self.record(facts.APPLIED, day, f"order:{order}", person=order, promised_on=promised, **more)

    def stocked(self, order: int, applied: str, day: str, promised: str, **more: Any) -> None:
        days = (date.fromisoformat(day) - date.fromisoformat(applied)).days
        self.record(
            facts.STOCKED,
            day,
            f"order:{order}",
            person=order,
            days=days,
            applied_on=applied,
            promised_on=promised,
            **more,
        )

    def made(self, order: int, card: int, person: int, day: str) -> None:
        self.record(facts.MADE, day, f"order:{order}", person=person, card=card)

    def adopted(self, first: int, last: int, day: str) -> None:
        """Cards first..last, of the persons with the same numbers, as one set in 三原."""
        with open_act(EDITOR, door=Door.TASK, at=moment(day)) as act:
            act.record_rows(
                facts.ADOPTED,
                "SELECT 'card:' || n, n, %(region)s, '61042201', '{}'::jsonb "
                "FROM generate_series(%(first)s, %(last)s) AS n",
                {"first": first, "last": last, "region": SANYUAN},
            )

    def ended(self, card: int, day: str) -> None:
        self.record(facts.ENDED, day, f"card:{card}", person=card, reason="replaced")


def open_city(code: str = "xianyang") -> City:
    """A centre, open and empty."""
    with open_act(Actor.system("test"), door=Door.TASK, at=moment("2023-12-01")) as act:
        open_centre(act, code)
    return City()


def caller(actor: Actor) -> Callable[..., Any]:
    """`call(service, *arguments, at="2026-01-05")` opens an act of that actor for one call."""

    def call(service: Callable[..., Any], *arguments: Any, at: str = "2026-01-05") -> Any:
        with open_act(actor, door=Door.CONSOLE, at=moment(at)) as act:
            return service(act, *arguments)

    return call


T = TypeVar("T")


def granted(answer: T | Refused | None) -> T:
    """The answer, where a test expects one and not a no."""
    assert answer is not None and not isinstance(answer, Refused), answer
    return answer
