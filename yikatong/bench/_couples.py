"""Two records that may be one person's: asked for, merged by another, parted again, and then told as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench._desks import CLERK, FAR_CLERK, MANAGER, REVIEWER, Desk
from yikatong.bench._ground import START
from yikatong.bench._life import Life
from yikatong.bench._seen import Picture, picture
from yikatong.bench._sets import SetWork
from yikatong.cards.queries import cards_of, orders_of
from yikatong.cards.services.merging import approve_merge, ask_to_merge
from yikatong.office.act import Act
from yikatong.residents.queries import attributes, documents, former_names, person
from yikatong.residents.services import send_merge_back, tell_apart, undo_merge

_PAIR = """
INSERT INTO residents_duplicatepair (one_id, other_id, score, reasons, evidence, found_at, state, why, maker, maker_name, checker)
VALUES (least(%(one)s, %(other)s), greatest(%(one)s, %(other)s), 90, '[["phone.same", 20.0]]', '', %(at)s, 'open', '', '', '', '')
RETURNING id"""


@dataclass
class Couple:
    pair: int
    one: int
    other: int
    stands: str = "open"
    maker: str = ""
    second: int = 0
    asked_about: tuple[str, ...] = ()
    before: tuple[Picture, str] | None = None


class Couples:
    """Draws the steps of pairs; everybody is in one pair at a time."""

    def __init__(self, random: Random, lives: dict[int, Life]) -> None:
        self.random, self.lives = random, lives
        self.known: list[Couple] = []
        self.at: datetime = START

    def draw(self) -> SetWork | None:
        """The next step of some pair, right or wrong."""
        self.known = [each for each in self.known if {each.one, each.other} <= self.lives.keys()]
        if len(self.known) < 1 + len(self.lives) // 12:
            self._meet()
        if not self.known:
            return None
        couple, desk = (
            self.random.choice(self.known),
            self.random.choice((CLERK, MANAGER, REVIEWER, FAR_CLERK)),
        )
        steps = {
            "open": (self.ask, self.ask, self.ask, self.approve, self.apart),
            "asked": (self.approve, self.approve, self.approve, self.send_back, self.ask),
            "merged": (self.part, self.part, self.approve),
        }[couple.stands]
        return self.random.choice(steps)(couple, desk)

    def _meet(self) -> None:
        taken = {key for each in self.known for key in (each.one, each.other)}
        free = [life for key, life in self.lives.items() if key not in taken and life.survivor is None]
        if len(free) < 2:
            return
        one, other = self.random.sample(free, 2)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM residents_duplicatepair WHERE (one_id, other_id) = (%s, %s)", sorted((one.id, other.id))
            )  # fmt: skip
            if cursor.fetchone() is not None:
                return
            cursor.execute(_PAIR, {"one": one.id, "other": other.id, "at": self.at})
            self.known.append(Couple(cursor.fetchone()[0], one.id, other.id))

    def _particulars(self, couple: Couple) -> tuple[str, ...]:
        one, other = self.lives[couple.one], self.lives[couple.other]
        return (one.name, one.number, other.name, other.number)

    def _why(self) -> str:
        return " " if self.random.random() < 0.08 else "同一人两份档案"

    def _work(
        self, name: str, desk: Desk, allowed: bool, call: Callable[[Act], object], done: Callable[[], None]
    ) -> SetWork:
        def called(act: Act) -> object:
            result = call(act)
            if allowed and not isinstance(result, Refused):
                done()
            return result

        return SetWork(name, desk, _nothing, called, refused=not allowed)

    def ask(self, couple: Couple, desk: Desk) -> SetWork:
        stays, gives_way = self.random.sample((couple.one, couple.other), 2)
        second = self.lives[gives_way]
        why = self._why()
        allowed = couple.stands == "open" and bool(why.strip()) and not (second.held or second.open_order)

        def done() -> None:
            couple.stands, couple.maker, couple.second = "asked", desk.actor.code, gives_way
            couple.asked_about = self._particulars(couple)

        return self._work(
            "ask_to_merge", desk, allowed,
            lambda act: ask_to_merge(act, couple.pair, survivor=stays, why=why), done,
        )  # fmt: skip

    def approve(self, couple: Couple, desk: Desk) -> SetWork:
        second = self.lives.get(couple.second)
        allowed = couple.stands == "asked" and couple.maker != desk.actor.code and second is not None
        allowed = allowed and couple.asked_about == self._particulars(couple)
        allowed = allowed and second is not None and not (second.held or second.open_order)
        before = "" if second is None else says(second.id)

        def done() -> None:
            assert second is not None
            stays = couple.other if second.id == couple.one else couple.one
            couple.stands, couple.before = "merged", (picture(second), before)
            second.survivor = stays
            told = person(second.id)
            assert told is not None and told.id == stays, "a merged record is its survivor's"
            every = {row.id for row in orders_of(stays)}
            assert every == {row.id for row in orders_of(second.id)}, "orders are read of both"

        return self._work("approve_merge", desk, allowed, lambda act: approve_merge(act, couple.pair), done)

    def part(self, couple: Couple, desk: Desk) -> SetWork:
        why, second = self._why(), self.lives.get(couple.second)
        allowed = couple.stands == "merged" and bool(why.strip()) and couple.maker != desk.actor.code

        def done() -> None:
            assert second is not None and couple.before is not None
            couple.stands, second.survivor = "open", None
            # The bank's clock may have run on meanwhile; else it is told as it was before the two were one.
            if picture(second) == couple.before[0]:
                assert says(second.id) == couple.before[1], f"{says(second.id)} was {couple.before[1]}"

        return self._work(
            "undo_merge", desk, allowed, lambda act: undo_merge(act, couple.pair, why=why), done
        )

    def send_back(self, couple: Couple, desk: Desk) -> SetWork:
        why = self._why()

        def done() -> None:
            couple.stands = "open"

        return self._work(
            "send_merge_back", desk, bool(why.strip()), lambda act: send_merge_back(act, couple.pair, why=why), done
        )  # fmt: skip

    def apart(self, couple: Couple, desk: Desk) -> SetWork:
        why = self._why()
        return self._work(
            "tell_apart", desk, bool(why.strip()), lambda act: tell_apart(act, couple.pair, why=why),
            lambda: self.known.remove(couple),
        )  # fmt: skip


def says(resident: int) -> str:
    """Everything the house says of one person."""
    told = (person, attributes, documents, former_names, orders_of, cards_of)
    return repr([each(resident) for each in told])


def _nothing(life: Life) -> None:
    """Its own effect is written down when it is done."""
