"""The file desk's side of the year: files to the province, the banks and the maker, their answers, the outlets' shelves.

The counterparts are the simulators of `office/wires`; they see nothing but files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.conf import settings

from yikatong.basics.refused import Refused
from yikatong.cards import queries as cards
from yikatong.cards import unit_lists
from yikatong.cards.rules import BANK_FAILED, MADE, MAKE_FAILED, PROBLEM, SUBMITTED, Mode
from yikatong.cards.services import apply, bank, batch, loss, making, match
from yikatong.cards.tasks import apply_file, counterparts
from yikatong.office import clock, post, rulebook
from yikatong.office.act import Actor, Door
from yikatong.office.scope import EVERYWHERE
from yikatong.office.wires.simulators import bank as banks
from yikatong.office.wires.simulators import maker, province
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.life import Life
from yikatong.simulation.shelves import Shelves

MAKER_FAILS = 0.01
SYSTEM = Actor.system("files")


@dataclass
class Desk:
    """Keeps cards moving: a round each evening, batches twice a week, boxes when the maker has answered."""

    random: Random
    seed: int
    diary: Diary
    crew: Crew
    life: Life
    shelves: Shelves
    when_shelves_fill: Callable[[datetime], None] = lambda moment: None

    def plan(self, first: date, days: int) -> None:
        """Every working day has its rounds; whoever waits for an instant card is seen to within the hour."""
        self.life.when_somebody_waits = lambda moment: self.diary.at(
            moment + timedelta(minutes=15), self._instant_round
        )
        for offset in range(days):
            day = first + timedelta(days=offset)
            self.diary.at(datetime.combine(day, time(6, 7), CHINA), self._release_expired)
            if not self.diary.calendar.is_working(day):
                continue
            self.diary.at(datetime.combine(day, time(17, 55), CHINA), self._mend)
            self.diary.at(datetime.combine(day, time(18, 10), CHINA), self._round)
            if day.weekday() in (1, 4):
                self.diary.at(datetime.combine(day, time(18, 30), CHINA), self._make_batch)

    def _release_expired(self, moment: datetime) -> None:
        do(loss.release_expired, Actor.system("clock"), Door.TASK, moment)

    def _round(self, moment: datetime) -> None:
        """The evening's files: yesterday's matched orders to their banks, today's applications to the province."""
        asked = do(bank.ask_accounts, SYSTEM, Door.TASK, moment)
        sent = do(match.send_to_match, SYSTEM, Door.TASK, moment)
        if asked or sent:
            self.exchange(moment + timedelta(minutes=2))

    def _instant_round(self, moment: datetime) -> None:
        """Orders whose holders wait: matched, opened, made and on the shelf within the hour."""
        new = cards.queue(SUBMITTED.code, EVERYWHERE, limit=1_000)
        if not any(order.mode is Mode.INSTANT for order in new):
            return
        do(match.send_to_match, SYSTEM, Door.TASK, moment)
        self.exchange(moment + timedelta(minutes=2))
        do(bank.ask_accounts, SYSTEM, Door.TASK, moment + timedelta(minutes=4))
        self.exchange(moment + timedelta(minutes=6))
        made = do(
            batch.assemble,
            self.crew.staff["desk"],
            Door.CONSOLE,
            moment + timedelta(minutes=8),
            mode=Mode.INSTANT,
        )
        if not isinstance(made, Refused):
            do(
                batch.release,
                self.crew.staff["reviewer"],
                Door.CONSOLE,
                moment + timedelta(minutes=10),
                made.number,
            )
            self.exchange(moment + timedelta(minutes=20), made.number)
            self._fill_shelves(moment + timedelta(minutes=25))

    def _make_batch(self, moment: datetime) -> None:
        made = do(batch.assemble, self.crew.staff["desk"], Door.CONSOLE, moment)
        if isinstance(made, Refused):
            return
        released = self.diary.office_time(moment.date() + timedelta(days=1))
        self.diary.at(released, lambda at: self._release(at, made.number))

    def _release(self, moment: datetime, number: str) -> None:
        if isinstance(do(batch.release, self.crew.staff["reviewer"], Door.CONSOLE, moment, number), Refused):
            return
        back = self.diary.calendar.add(moment.date(), self.random.randint(5, 11))
        self.diary.at(self.diary.office_time(back), lambda at: self.exchange(at, number))
        shelf = self.diary.calendar.add(back, self.random.randint(1, 3))
        self.diary.at(self.diary.office_time(shelf), self._fill_shelves)

    def exchange(self, moment: datetime, made: str = "", fails: float = MAKER_FAILS) -> None:
        """Queued files go out, counterparts answer, their answers come home; the maker answers for batch `made`."""
        folder, seed = settings.WIRES_FOLDER, self.seed
        with clock.fixed(moment):
            post.send_files()
            province.step(folder, seed=seed)
            for code in rulebook.ruling("card.banks", moment.date()).value:
                banks.step(folder, code, seed=seed)
            if made:
                maker.step(folder, seed=seed, failure_rate=fails, only=f"making-{made}.txt")
            post.collect_files(list(counterparts()))
            waiting = post.waiting_files(*counterparts())
        for file in waiting:
            do(apply_file, self.crew.staff["desk"], Door.CONSOLE, moment, file)

    def _fill_shelves(self, moment: datetime) -> None:
        """Each outlet receives its box; every holder will come when they come."""
        orders = cards.queue(MADE.code, EVERYWHERE, limit=10_000)
        self.shelves.take_in(moment, orders)
        self.when_shelves_fill(moment)
        for order in orders:
            if unit_lists.list_of_order(order.id):
                continue  # its unit collects it with the others
            if order.mode is Mode.INSTANT:
                self.shelves.made_here(moment, order)
                self.life.will_collect_now(order.number, moment)
            else:
                self.life.will_collect(order.number, moment.date())

    def _mend(self, moment: datetime) -> None:
        """Clerks mend what came back with problems; cards that could not be made are made again."""
        for state in (PROBLEM, BANK_FAILED):
            for order in cards.queue(state.code, EVERYWHERE, limit=1_000):
                if self.random.random() < 0.6:
                    do(apply.resubmit, self.crew.clerks[order.outlet], Door.CONSOLE, moment, order.number)
        for order in cards.queue(MAKE_FAILED.code, EVERYWHERE, limit=1_000):
            do(making.retry_making, self.crew.staff["desk"], Door.CONSOLE, moment, order.number)
