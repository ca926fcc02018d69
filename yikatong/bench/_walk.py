"""Many lives at once through one house: every step foretold, done, and compared with what the tables say."""

from __future__ import annotations

import copy
import threading
import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench import (
    _card_deeds,
    _death_deeds,
    _fee_deeds,
    _laws,
    _order_deeds,
    _person_deeds,
    _post_deeds,
)
from yikatong.bench._couples import Couples
from yikatong.bench._desks import CLOCK, DESKS, Acting, Desk
from yikatong.bench._drawing import Deed, Drawing
from yikatong.bench._instant_sets import confirm, go_on
from yikatong.bench._life import Life
from yikatong.bench._people import Newcomers
from yikatong.bench._seen import Seen, picture, seen_now
from yikatong.bench._sets import SetDrawing, SetWork, drawn
from yikatong.bench._shelf import Shelf
from yikatong.bench._shelves import count_a_box, fill_slot
from yikatong.cards.services.after_death import follow_deaths
from yikatong.office.act import Act

SHORTEST, LONGEST = 6, 14
DRAWS = _order_deeds.DRAWS | _card_deeds.DRAWS | _death_deeds.DRAWS | _person_deeds.DRAWS | _post_deeds.DRAWS
DRAWS |= _fee_deeds.DRAWS
IN_ONE_ACT = 25


class Defect(Exception):
    """The house did something else than was foretold."""


@dataclass
class Tally:
    """What was tried: steps and histories, and for each service how often it was done and refused, by code."""

    histories: int = 0
    steps: int = 0
    moved: int = 0
    contended: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, result: object) -> None:
        if isinstance(result, Refused):
            self.refused[name] += 1
            self.codes[result.code] += 1
        else:
            self.done[name] += 1


class Walk:
    """`alive` lives walk at once; each ends after 6 to 14 deeds and another takes its place."""

    def __init__(self, seed: int, *, releasable: bool, start: datetime, alive: int = 600) -> None:
        self.random = Random(seed)
        self.lives: dict[int, Life] = {}
        self.ends: dict[int, int] = {}
        self.story: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=30))
        self.alive = alive
        self.newcomers = Newcomers(self.random)
        self.deeds = Drawing(self.random, DRAWS, self.newcomers.crowd, releasable=releasable)
        self.sets = SetDrawing(self.random, self.lives)
        self.couples = Couples(self.random, self.lives)
        self.shelf = Shelf(self.random, self.lives)
        self.tally = Tally()
        self.now = start
        self.extra: list[Callable[[datetime], None]] = []
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="desk")

    def walk(self, histories: int, *, look_every: int = 1_000) -> Tally:
        """Until so many histories are told; the laws are looked at on the way and at the end."""
        try:
            next_look = look_every
            while self.tally.histories < histories:
                self.top_up(min(self.alive, histories - self.tally.histories))
                self.turn()
                if self.tally.histories >= next_look:
                    self.laws()
                    print(
                        f"{self.tally.histories:,} histories, {self.tally.steps:,} deeds: no defect so far",
                        flush=True,
                    )
                    next_look += look_every
            self.laws()
        finally:
            self.go_home()
        return self.tally

    def go_home(self) -> None:
        """Close the connections of both desks."""
        door = threading.Barrier(2, timeout=60)

        def leave() -> None:
            door.wait()  # so that neither desk leaves twice
            connection.close()

        for each in [self.pool.submit(leave) for _ in range(2)]:
            each.result()
        self.pool.shutdown()

    def turn(self) -> None:
        """Some sets, some deeds one after another, some two at once; after each of them everybody is compared."""
        for work in drawn(self.random.sample(self._works(), 9)):
            self._tick()
            self._one_set(work)
            self.compare()
        for _ in range(1 + self.alive // 40):
            self._one_of_the_shelf()
        if differs := self.shelf.differs():
            raise Defect(f"blanks are not where they must be (foretold, found): {differs}")
        self._singly()
        self.compare()
        self._two_at_once()
        self._beside_a_set()
        for more in self.extra:
            self._tick()
            more(self.now)
        self._retire()

    def _works(self) -> list[Callable[[], SetWork | None]]:
        more = [self.couples.draw, lambda: go_on(self.sets), lambda: confirm(self.sets)] * 3
        shelves = [
            lambda: fill_slot(self.sets),
            lambda: count_a_box(self.sets),
            lambda: count_a_box(self.sets),
        ]
        return [*self.sets.works(), *more, *shelves]

    def _one_of_the_shelf(self) -> None:
        work = self.shelf.draw()
        self._tick(leap=False)
        with self._acting(work.desk) as act:
            result = self._asked(work.name, lambda: work.call(act))
        self.tally.steps += 1
        self.tally.note(work.name, result)
        if isinstance(result, Refused) is not (work.foretold is None):
            raise Defect(
                self._said(f"{work.name}: came {_short(result)}, foretold otherwise", desk=work.desk)
            )
        if work.foretold is not None:
            work.foretold(result)

    # --- time and people -----------------------------------------------------------------------------------------

    def _tick(self, *, leap: bool = True) -> None:
        long = leap and self.random.random() < 0.04
        self.now += timedelta(days=self.random.choice((2, 4, 8, 31))) if long else timedelta(minutes=7)
        self.deeds.at = self.sets.at = self.couples.at = self.now
        for life in self.lives.values():
            life.grow(self.now.date())

    def top_up(self, to: int) -> None:
        missing = to - len(self.lives)
        if missing < self.alive // 5 and self.lives:
            return
        self._tick()
        for life in self.newcomers.come(missing, self.now):
            self.lives[life.id] = life
            self.ends[life.id] = self.random.randint(SHORTEST, LONGEST)

    def _retire(self) -> None:
        for key in [key for key, life in self.lives.items() if self._over(life)]:
            order = self.lives[key].order
            if order is not None and order.mended:
                self.sets.mended.add(order.batch)
            del self.lives[key], self.ends[key]
            self.story.pop(key, None)
            self.tally.histories += 1

    def _over(self, life: Life) -> bool:
        """A record merged into another's has ended with it."""
        return life.steps >= self.ends[life.id] or (
            life.survivor is not None and life.survivor not in self.lives
        )

    def awake(self) -> list[Life]:
        """Everybody who can come to a desk: not the records merged into another's."""
        return [life for life in self.lives.values() if life.survivor is None]

    # --- one at a time -------------------------------------------------------------------------------------------

    def _one_set(self, work: SetWork) -> None:
        with self._acting(work.desk) as act:
            self._check_set(work, self._asked(work.name, lambda: work.call(act)))
        for life in self.lives.values():
            before = copy.copy(life.order)
            work.effect(life)
            if before != life.order:
                self.tally.moved += 1
                self.story[life.id].append(f"{self.now:%m-%d %H:%M} {work.name}")

    def _singly(self) -> None:
        awake = self.awake()
        chosen = self.random.sample(awake, max(1, len(awake) // 4))
        for first in range(0, len(chosen), IN_ONE_ACT):
            desk = self.random.choice(DESKS)
            self._tick()
            with self._acting(desk) as act:
                for life in chosen[first : first + IN_ONE_ACT]:
                    self._one_deed(act, life, desk)

    def _one_deed(self, act: Act, life: Life, desk: Desk) -> None:
        deed = self.deeds.deed(life, desk)
        before = life.twin()
        foretold = deed.foretold(life)
        result = self._asked(deed.name, lambda: deed.call(act), before)
        self._told(life, deed, desk, result)
        if foretold is isinstance(result, Refused):
            raise Defect(self._said(f"{deed.name}: foretold {foretold}, came {_short(result)}", before, desk))

    # --- two at once ---------------------------------------------------------------------------------------------

    def _two_at_once(self) -> None:
        """Pairs of deeds for one person from two connections: what comes must be what one order of them gives."""
        awake = self.awake()
        chosen = self.random.sample(awake, min(len(awake), max(1, self.alive // 60)))
        for life in chosen:
            self._tick()
            desks = self.random.choice(DESKS), self.random.choice(DESKS)
            pair = self.deeds.deed(life, desks[0]), self.deeds.deed(life, desks[1])
            line = threading.Barrier(2, timeout=30)
            going = [
                self.pool.submit(self._at_desk, desk, deed.call, line, deed.name)
                for desk, deed in zip(desks, pair, strict=True)
            ]
            results = [each.result() for each in going]
            for deed, desk, result in zip(pair, desks, results, strict=True):
                self._told(life, deed, desk, result, "at once: ")
            self.tally.contended += 1
            self._settle(life, pair, [not isinstance(result, Refused) for result in results])

    def _follow_deaths(self, people: Sequence[Life]) -> None:
        """What a death found in another desk's hands is left for the clock's next run; here it is."""
        with self._acting(CLOCK) as act:
            follow_deaths(act, [life.id for life in people])

    def _settle(self, life: Life, pair: tuple[Deed, Deed], came: list[bool]) -> None:
        self._follow_deaths([life])
        seen = seen_now([life.id])[life.id]
        tried = []
        for order in ((0, 1), (1, 0)):
            other = life.twin()
            told = [False, False]
            for which in order:
                told[which] = pair[which].foretold(other)
            other.follow_life()
            tried.append((told, picture(other)))
            if told == came and picture(other) == seen.picture:
                self.lives[life.id] = other
                seen.teach(other)
                return
        names = " and ".join(deed.name for deed in pair)
        raise Defect(self._said(f"{names} at once: {came}, {seen.picture}; foretold {tried}", life))

    def _beside_a_set(self) -> None:
        """One desk does a set while another serves the same people one by one, each in an act of its own."""
        works = [*drawn([self.random.choice(self.sets.works())])]
        if not works or not self.lives:
            return
        self._tick()
        work = works[0]
        awake = self.awake()
        people = self.random.sample(awake, min(len(awake), 6))
        served = [
            (life, desk, self.deeds.deed(life, desk))
            for life in people
            for desk in [self.random.choice(DESKS)]
        ]
        line = threading.Barrier(2, timeout=30)
        set_going = self.pool.submit(self._at_desk, work.desk, work.call, line, work.name)
        one_by_one = self.pool.submit(self._serve, served, line)
        done, results = set_going.result(), one_by_one.result()
        self._check_set(work, done, alone=False)
        skipped = isinstance(done, Refused)
        self._follow_deaths(people)
        seen = seen_now([*self.lives])
        for key, life in [*self.lives.items()]:
            deed = next((deed for one, _, deed in served if one.id == key), None)
            came = not isinstance(results[key], Refused) if key in results else None
            self.lives[key] = self._beside(
                life, work, deed, came, seen[key], may_skip=work.may_skip or skipped
            )
        for life, desk, deed in served:
            self._told(self.lives[life.id], deed, desk, results[life.id], f"beside {work.name}: ")
        self.tally.contended += len(served)

    def _beside(
        self, life: Life, work: SetWork, deed: Deed | None, came: bool | None, seen: Seen, *, may_skip: bool
    ) -> Life:
        tried = []
        for way in ("set deed", "deed set", "deed" if may_skip else "set deed"):
            other = life.twin()
            told: bool | None = None
            for step in way.split():
                if step == "set":
                    work.effect(other)
                elif deed is not None:
                    told = deed.foretold(other)
            if deed is not None:
                other.follow_life()
            tried.append((told, picture(other)))
            if told == came and picture(other) == seen.picture:
                seen.teach(other)
                return other
        name = deed.name if deed else "nothing"
        raise Defect(self._said(f"{name} beside {work.name}: {came}, {seen.picture}; foretold {tried}", life))

    def _serve(self, served: Sequence[tuple[Life, Desk, Deed]], line: threading.Barrier) -> dict[int, object]:
        line.wait()
        return {life.id: self._at_desk(desk, deed.call, None, deed.name) for life, desk, deed in served}

    def _at_desk(
        self, desk: Desk, call: Callable[[Act], object], line: threading.Barrier | None, name: str
    ) -> object:
        try:
            with self._acting(desk) as act:
                if line is not None:
                    line.wait()
                return call(act)
        except Exception as error:
            raise Defect(self._said(f"{name} at once: {traceback.format_exc()}")) from error

    # --- comparing -----------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Every life against its rows; what only the house can know (numbers) is learnt."""
        seen = seen_now([*self.lives])
        for key, life in self.lives.items():
            if picture(life) != seen[key].picture:
                raise Defect(self._said(f"foretold {picture(life)}, found {seen[key].picture}", life))
            seen[key].teach(life)

    def laws(self) -> None:
        broken = _laws.broken()
        if broken:
            raise Defect(f"laws that do not hold: {broken}")

    def _check_set(self, work: SetWork, result: object, *, alone: bool = True) -> None:
        self.tally.note(work.name, result)
        if alone and work.refused is not None and work.refused is not isinstance(result, Refused):
            raise Defect(self._said(f"{work.name}: foretold refused={work.refused}, came {_short(result)}"))

    def _acting(self, desk: Desk) -> Acting:
        return Acting(desk, self.now)

    def _asked(self, name: str, call: Callable[[], object], life: Life | None = None) -> object:
        try:
            return call()
        except Exception as error:
            raise Defect(self._said(f"{name}: {traceback.format_exc()}", life)) from error

    def _told(self, life: Life, deed: Deed, desk: Desk, result: object, how: str = "") -> None:
        life.steps += 1
        self.tally.steps += 1
        self.tally.note(deed.name, result)
        said = result.code if isinstance(result, Refused) else "done"
        self.story[life.id].append(f"{self.now:%m-%d %H:%M} {how}{deed.name} by {desk.actor.code}: {said}")

    def _said(self, what: str, life: Life | None = None, desk: Desk | None = None) -> str:
        lines = [what, *(self.story[life.id] if life else ()), repr(life or ""), repr(desk or "")]
        return "\n".join(lines)


def _short(result: object) -> str:
    return f"Refused {result.code}" if isinstance(result, Refused) else f"done ({type(result).__name__})"
