"""Steps that many lives take at once: files out and home, batches, boxes, and the timed work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from random import Random

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench._desks import CLERK, CLOCK, DESKS, FILES, MANAGER, OUTLETS, REVIEWER, Desk
from yikatong.bench._ground import START
from yikatong.bench._life import Life
from yikatong.bench._pieces import Application, ten_years_from
from yikatong.cards.files import matching, opening, returns
from yikatong.cards.files.answer import Answer
from yikatong.cards.rules import Mode
from yikatong.cards.services import batch as batches
from yikatong.cards.services import retained
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.loss import release_expired
from yikatong.cards.services.making import take_return_file
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.stock import receive_box
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.post import ReceivedFile
from yikatong.office.wires.simulators.bank import account


@dataclass(frozen=True)
class SetWork:
    """`effect` is what it means for each life; with `may_skip` a life that somebody else works on is left for later, and
    with `refused` None nobody knows whether there is anything to do.
    """

    name: str
    desk: Desk
    effect: Callable[[Life], None]
    call: Callable[[Act], object]
    refused: bool | None = False
    may_skip: bool = False


class SetDrawing:
    """Draws the work of a whole desk; `lives` are all whom the house knows."""

    def __init__(self, random: Random, lives: dict[int, Life]) -> None:
        self.random, self.lives = random, lives
        self.at = START
        self._serial = count(1)
        self.mended: set[str] = set()
        """Batches in which somebody's particulars changed whose history has ended."""

    def works(self) -> list[Callable[[], SetWork | None]]:
        """Every kind of set work, each drawn only when its turn comes: what it finds depends on those before."""
        return [
            self.send, self.match_answer, self.match_answer, self.ask, self.account_answer, self.account_answer,
            self.assemble, self.assemble, self.release, self.release, self.dissolve, self.returned, self.returned,
            self.box, self.box, self.run_out, self.uncollected, self.deaths,
        ]  # fmt: skip

    def orders(self, *states: str) -> list[tuple[Life, Application]]:
        return [
            (life, life.order) for life in self.lives.values() if life.order and life.order.stands in states
        ]

    # --- out -----------------------------------------------------------------------------------------------------

    def send(self) -> SetWork:
        def effect(life: Life) -> None:
            order = life.order
            if order is not None and not order.frozen and life.move(self.at, ("submitted",), "checking"):
                order.asked = True

        return SetWork("send_to_match", FILES, effect, send_to_match)

    def ask(self) -> SetWork:
        def effect(life: Life) -> None:
            order = life.order
            if order is not None and order.stands == "bank_opening" and not order.frozen:
                order.asked = True

        return SetWork("ask_accounts", FILES, effect, ask_accounts)

    def assemble(self) -> SetWork:
        mode = self.random.choice(("batch", "batch", "instant"))
        desk = self.random.choice((CLERK, MANAGER))

        def waits(life: Life) -> bool:
            order = life.order
            return (
                order is not None
                and order.stands == "ready"
                and order.mode == mode
                and not (order.frozen or order.stopped)
            )

        def effect(life: Life) -> None:
            if waits(life):
                life.move(self.at, ("ready",), "batched")

        # Whether orders of those whose history has ended wait too is not remembered.
        refused = None if not any(map(waits, self.lives.values())) else False
        return SetWork(
            "assemble",
            desk,
            effect,
            lambda act: batches.assemble(act, mode=Mode(mode)),
            refused=refused,
            may_skip=True,
        )

    def release(self) -> SetWork | None:
        return self._batch("release", "making", batches.release)

    def dissolve(self) -> SetWork | None:
        return self._batch("dissolve", "ready", batches.dissolve) if self.random.random() < 0.2 else None

    def _batch(self, name: str, to: str, service: Callable[[Act, str], object]) -> SetWork | None:
        desk = self.random.choice((CLERK, MANAGER, REVIEWER))
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, assembled_by, state FROM cards_batch ORDER BY id DESC LIMIT 12")
            known = cursor.fetchall()
        if not known:
            return None
        waiting = [row for row in known if row[2] == "assembled"]
        number, by, state = self.random.choice(waiting if waiting and self.random.random() < 0.9 else known)
        mended = number in self.mended or any(
            life.order.mended for life in self.lives.values() if life.order and life.order.batch == number
        )
        refused = state != "assembled" or (name == "release" and (mended or by == desk.actor.code))

        def effect(life: Life) -> None:
            if not refused and life.order is not None and life.order.batch == number:
                life.move(self.at, ("batched",), to)

        return SetWork(name, desk, effect, lambda act: service(act, number), refused=refused)

    # --- home ----------------------------------------------------------------------------------------------------

    def match_answer(self) -> SetWork | None:
        return self._answer("take_match_answer", "checking", ("bank_opening", "problem"))

    def account_answer(self) -> SetWork | None:
        return self._answer("take_account_answer", "bank_opening", ("ready", "bank_failed"))

    def _answer(self, name: str, state: str, ways: tuple[str, str]) -> SetWork | None:
        groups: dict[str, list[tuple[Life, Application]]] = defaultdict(list)
        for life, order in self.orders(state):
            if order.asked_in:
                groups[order.asked_in].append((life, order))
        if not groups:
            return None
        asked, group = self.random.choice(sorted(groups.items()))
        rows, said = [], {}
        for life, order in group:
            dice = self.random.random()
            if dice < 0.08:
                continue  # an answer that does not come yet
            good = dice > 0.25
            matched = name == "take_match_answer"
            value = (
                (f"W{next(self._serial):08d}" if matched else account(order.bank, order.number))
                if good
                else ""
            )
            row = Answer(order.number, life.number, "0" if good else "2", "通过" if good else "不符", value)
            rows.append(row)
            if 0.25 < dice < 0.30:  # it says two things of one order, and is believed in neither
                rows.append(row._replace(result="1", text="另一说法", value=""))
                continue
            if dice < 0.10:
                rows.append(row)  # the same thing twice is said once
            said[life.id] = (order.number, good, value, life.number)
        rows.append(Answer("S999999999", "610499199003070011", "1", "查无此人", ""))
        self.random.shuffle(rows)

        def effect(life: Life) -> None:
            number, good, value, holder = said.get(life.id, ("", False, "", ""))
            order = life.order
            if order is None or order.number != number or order.asked_in != asked or not order.asked:
                return
            if life.number != holder:
                return  # the number was corrected meanwhile: the answer is about somebody else's
            if life.move(self.at, (state,), ways[0] if good else ways[1]) and good and state == "checking":
                order.card_no = value

        layout = matching.ANSWERS if state == "checking" else opening.ANSWERS
        content = layout.write(f"A{next(self._serial)}", self.at.date(), rows, answers=asked)
        take = take_match_answer if state == "checking" else take_account_answer
        sender = "province" if state == "checking" else f"bank-{group[0][1].bank}"
        return self._file(name, sender, content, effect, take)

    def returned(self) -> SetWork | None:
        groups: dict[str, list[tuple[Life, Application]]] = defaultdict(list)
        for life, order in self.orders("making"):
            groups[order.batch].append((life, order))
        if not groups:
            return None
        number, group = self.random.choice(sorted(groups.items()))
        rows, said = [], {}
        for life, order in group:
            dice = self.random.random()
            if dice < 0.08:
                continue
            good = dice > 0.22
            rows.append(self._made(life, order, good))
            said[life.id] = (good, life.number)

        def effect(life: Life) -> None:
            if life.id not in said or life.order is None or life.order.batch != number:
                return
            good, holder = said[life.id]
            if life.number != holder:
                return
            if good:
                life.born(self.at)
            else:
                life.move(self.at, ("making",), "make_failed")

        content = returns.RETURNS.write(f"R{next(self._serial)}", self.at.date(), rows, answers=number)
        return self._file("take_return_file", "maker", content, effect, take_return_file)

    def _made(self, life: Life, order: Application, good: bool) -> returns.ReturnRow:
        serial = next(self._serial)
        return returns.ReturnRow(
            str(serial), order.card_no, life.number, life.name, f"{self.at:%Y%m%d}", f"{ten_years_from(self.at.date()):%Y%m%d}",
            f"{order.region}D156000005{serial:016X}", f"0081544C44866104{serial:010X}", order.bank,
            account(order.bank, order.number), "", f"001-{serial % 1000:03d}", "" if good else "制卡",
            "" if good else "芯片写入失败",
        )  # fmt: skip

    def _file(
        self, name: str, sender: str, content: bytes, effect: Callable[[Life], None],
        take: Callable[[Act, ReceivedFile], object],
    ) -> SetWork:  # fmt: skip
        torn = self.random.random() < 0.05
        file = post.store_received(
            sender, f"walk-{next(self._serial)}.txt", content[:-9] if torn else content, self.at
        )
        assert not isinstance(file, Refused), file
        return SetWork(name, FILES, _nothing if torn else effect, lambda act: take(act, file), refused=torn)

    # --- shelves and clocks --------------------------------------------------------------------------------------

    def box(self) -> SetWork:
        outlet, desk = self.random.choice([*OUTLETS]), self.random.choice(DESKS)
        here = desk.reaches(OUTLETS[outlet][0], outlet)

        def effect(life: Life) -> None:
            if here and life.order is not None and life.order.outlet == outlet:
                life.move(self.at, ("made",), "at_outlet")

        return SetWork(
            "receive_box",
            desk,
            effect,
            lambda act: receive_box(act, outlet_code=outlet, scope=desk.scope),
            refused=not here,
        )

    def run_out(self) -> SetWork:
        return SetWork(
            "release_expired", CLOCK, lambda life: life.run_out(self.at), release_expired, may_skip=True
        )

    def uncollected(self) -> SetWork:
        def effect(life: Life) -> None:
            life.remind(self.at)
            life.close_stopped(self.at)
            life.suggest_destruction(self.at)

        def call(act: Act) -> object:
            return (
                retained.remind_uncollected(act),
                retained.close_stopped(act),
                retained.suggest_destruction(act),
            )

        return SetWork("look_after_uncollected", CLOCK, effect, call, may_skip=True)

    def deaths(self) -> SetWork:
        return SetWork("follow_deaths", CLOCK, Life.follow_life, follow_deaths, may_skip=True)


def _nothing(life: Life) -> None:
    """A file that did not come in whole changes nothing."""


def drawn(works: Iterable[Callable[[], SetWork | None]]) -> Iterable[SetWork]:
    """The works that found something to do, each drawn when the one before it is done."""
    for work in works:
        found = work()
        if found is not None:
            yield found
