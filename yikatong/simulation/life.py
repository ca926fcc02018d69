"""What residents do in the course of a year: apply, collect, lose, find and replace their cards, look and ask.

Every happening is one act through the same service a clerk's page or the portal calls. Shares are per resident and
year; they are this city's temper, not facts about any real one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from yikatong.basics.refused import Refused
from yikatong.cards import album
from yikatong.cards import queries as cards
from yikatong.cards.agents import Agent, Role
from yikatong.cards.rows import CardRow
from yikatong.cards.rules import AT_OUTLET, NORMAL, Mode, OrderKind
from yikatong.cards.services import apply, errors, hand_over, loss, reissue
from yikatong.cards.services.fees import register_fee
from yikatong.cards.services.photo import take_photo
from yikatong.cards.services.proof import Proof
from yikatong.cards.standing import ExchangeReason
from yikatong.office.act import Act, Actor, Door
from yikatong.office.places import OutletRow
from yikatong.residents import queries as residents
from yikatong.residents import services as registry
from yikatong.simulation import portraits
from yikatong.simulation.crew import Crew, acting, do
from yikatong.simulation.diary import Diary
from yikatong.simulation.people import Crowd, Newcomer

NEWBORN, MOVED_IN, WITHOUT_CARD = 0.0035, 0.0015, 0.0015  # apply for a first card
LOST, DAMAGED = 0.0055, 0.0025
FOUND_AGAIN, LET_RUN_OUT = 0.35, 0.08  # of those who report a temporary loss
NEVER_COMES = 0.02  # leaves the card at the outlet
WRONG_CARD = 0.01  # a confirmed issuing error
LOOKS = 0.004
INSTANT = 0.5  # of applications at an outlet that makes cards on the spot


@dataclass
class Life:
    """The residents' side of the year."""

    random: Random
    diary: Diary
    crew: Crew
    crowd: Crowd
    outlets: list[OutletRow]
    holders: list[str]  # by number
    without: list[str]
    parents: list[str]
    when_somebody_waits: Callable[[datetime], None] = lambda moment: None

    def plan(self, first: date, days: int, people: int) -> None:
        """Spread the year's happenings over its days."""
        for share, what in (
            (NEWBORN, self._newborn),
            (MOVED_IN, self._moves_in),
            (LOST, self._loses),
            (DAMAGED, self._damages),
            (LOOKS, self._looks),
        ):
            for _ in range(round(share * people)):
                day = first + timedelta(days=self.random.randrange(days))
                self.diary.at(self.diary.office_time(day), what)
        for _ in range(round(WITHOUT_CARD * people)):
            day = first + timedelta(days=self.random.randrange(days))
            self.diary.at(self.diary.office_time(day), self._applies_at_last)

    # --- a first card ------------------------------------------------------------------------------------------

    def _newborn(self, moment: datetime) -> None:
        guardian = residents.person_by_number(self.random.choice(self.parents))
        if guardian is not None:
            child = self.crowd.newborn(moment.date())
            self._register_and_apply(
                moment,
                child,
                registry.GuardianInput(
                    name=guardian.name,
                    number=guardian.number,
                    relation="父母",
                    phone=guardian.phone,
                    proof="出生医学证明",
                ),
            )

    def _moves_in(self, moment: datetime) -> None:
        self._register_and_apply(moment, self.crowd.adult(), None)

    def _register_and_apply(
        self, moment: datetime, newcomer: Newcomer, guardian: registry.GuardianInput | None
    ) -> None:
        outlet = self._outlet_in(newcomer.region)
        with acting(self.crew.clerks[outlet.code], Door.CONSOLE, moment, "窗口申领") as act:
            person = registry.register(
                act,
                number=newcomer.number,
                name=newcomer.name,
                region=newcomer.region,
                phone=newcomer.phone,
                guardian=guardian,
            )
            if not isinstance(person, Refused):
                photograph(act, person, "window")
                apply.apply_for_card(
                    act,
                    resident_id=person.id,
                    kind=OrderKind.NEW,
                    mode=self._mode(outlet, moment),
                    outlet_code=outlet.code,
                    bank_code=self._bank(outlet),
                    channel="window",
                )

    def _applies_at_last(self, moment: datetime) -> None:
        if not self.without:
            return
        person = residents.person_by_number(self.without.pop(self.random.randrange(len(self.without))))
        if person is None:
            return
        outlet = self._outlet_in(person.region)
        online = self.random.random() < 0.4
        actor = Actor.resident(person.id, person.name) if online else self.crew.clerks[outlet.code]
        with acting(actor, Door.PORTAL if online else Door.CONSOLE, moment, "申领") as act:
            photograph(act, person, "web" if online else "window")
            apply.apply_for_card(
                act,
                resident_id=person.id,
                kind=OrderKind.NEW,
                mode=Mode.BATCH if online else self._mode(outlet, moment),
                outlet_code=outlet.code,
                bank_code=self._bank(outlet),
                channel="web" if online else "window",
            )

    # --- losing and replacing ----------------------------------------------------------------------------------

    def _loses(self, moment: datetime) -> None:
        """A holder misses the card: by phone or in the portal first, or straight to the window."""
        card = self._some_card()
        if card is None:
            return
        dice = self.random.random()
        if dice < 0.3:
            self._replaces(moment, card.resident_id)
            return
        person = residents.person(card.resident_id)
        if person is None:
            return
        by_phone = dice < 0.7
        actor = self.crew.staff["hotline"] if by_phone else Actor.resident(person.id, person.name)
        door, channel = (Door.HOTLINE, "hotline") if by_phone else (Door.PORTAL, "web")
        done = do(loss.report_temporary_loss, actor, door, moment, card_no=card.card_no, channel=channel)
        if isinstance(done, Refused):
            return
        later = moment + timedelta(days=self.random.randint(1, 5))
        dice = self.random.random()
        if dice < FOUND_AGAIN:
            self.diary.at(later, lambda at: self._finds_again(at, card.card_no, person.id, person.name))
        elif dice > LET_RUN_OUT + FOUND_AGAIN:
            self.diary.at(
                self.diary.office_time(later.date()), lambda at: self._replaces(at, card.resident_id)
            )

    def _finds_again(self, moment: datetime, card_no: str, person: int, name: str) -> None:
        do(
            loss.release_temporary_loss,
            Actor.resident(person, name),
            Door.PORTAL,
            moment,
            card_no=card_no,
            how="本人找到",
            by=_guardian(residents.person(person)),
        )

    def _replaces(self, moment: datetime, resident: int) -> None:
        card, person = cards.valid_card_of(resident), residents.person(resident)
        if card is None or person is None:
            return
        outlet = self._outlet_in(person.region)
        clerk = self.crew.clerks[outlet.code]
        do(photograph, clerk, Door.CONSOLE, moment, person, "window")
        do(
            reissue.reissue,
            clerk,
            Door.CONSOLE,
            moment,
            card_no=card.card_no,
            outlet_code=outlet.code,
            mode=self._mode(outlet, moment),
            bank_code=self._bank(outlet),
            channel="window",
            by=_guardian(person),
        )

    def _damages(self, moment: datetime) -> None:
        card = self._some_card()
        person = residents.person(card.resident_id) if card else None
        if card is None or person is None:
            return
        outlet = self._outlet_in(person.region)
        clerk = self.crew.clerks[outlet.code]
        exchange_damaged(
            clerk,
            moment,
            person,
            card,
            outlet,
            self._mode(outlet, moment),
            self._bank(outlet),
            _guardian(person),
        )

    # --- the card comes home -----------------------------------------------------------------------------------

    def will_collect(self, number: str, day: date) -> None:
        """The holder has the message that the card is there."""
        if self.random.random() >= NEVER_COMES:
            wait = min(60, int(self.random.expovariate(1 / 5)) + 1)
            self.diary.at(
                self.diary.office_time(day + timedelta(days=wait)),
                lambda moment: self._collects(moment, number),
            )

    def will_collect_now(self, number: str, moment: datetime) -> None:
        """The holder waits at the outlet while the card is made."""
        self.diary.at(
            moment + timedelta(minutes=self.random.randint(3, 20)), lambda at: self._collects(at, number)
        )

    def _collects(self, moment: datetime, number: str) -> None:
        order = cards.order(number)
        if order is None or order.state != AT_OUTLET:
            return
        person = residents.person(order.resident_id)
        if person is None:
            return
        clerk = self.crew.clerks[order.outlet]
        guardian = person.guardians[0] if person.guardians else None
        if order.fee_fen:
            operator = self.crew.operator_for(order.outlet, order.bank_code)
            do(register_fee, operator, Door.CONSOLE, moment, order_number=number, receipt=f"P{number}")
        with acting(clerk, Door.CONSOLE, moment, "领卡") as act:
            by = Agent(Role.GUARDIAN, guardian.name, guardian.number) if guardian else None
            card = hand_over.hand_over(
                act,
                order_number=number,
                shown_name=person.name,
                by=by,
                proof=Proof(signature=portraits.signature(), photo=portraits.portrait()),
            )
            if isinstance(card, Refused):
                return
            hand_over.enable(act, card_no=card.card_no, by=by)
        self.holders.append(person.number)
        if self.random.random() < 0.8:
            do(
                hand_over.record_bank_activation,
                self.crew.operator_for(order.outlet, order.bank_code),
                Door.CONSOLE,
                moment + timedelta(minutes=9),
                card_no=card.card_no,
                by=by,
            )
        if self.random.random() < WRONG_CARD:
            day = moment.date() + timedelta(days=self.random.randint(1, 40))
            self.diary.at(self.diary.office_time(day), lambda at: self._finds_error(at, card.card_no))

    def _finds_error(self, moment: datetime, card_no: str) -> None:
        do(
            errors.confirm_error,
            self.crew.staff["manager"],
            Door.CONSOLE,
            moment,
            card_no=card_no,
            what="卡面姓名有误",
        )

    def _looks(self, moment: datetime) -> None:
        clerk = self.random.choice(list(self.crew.clerks.values()))
        with acting(clerk, Door.CONSOLE, moment, "业务咨询") as act:
            person = residents.person_by_number(self.random.choice(self.holders))
            if person is not None:
                registry.look(act, person.id, purpose="业务咨询")

    # --- small choices -----------------------------------------------------------------------------------------

    def _some_card(self) -> CardRow | None:
        person = residents.person_by_number(self.random.choice(self.holders))
        card = cards.valid_card_of(person.id) if person else None
        return card if card is not None and card.state == NORMAL else None

    def _outlet_in(self, region: str) -> OutletRow:
        near = [outlet for outlet in self.outlets if outlet.region == region]
        return self.random.choice(near or self.outlets)

    def _mode(self, outlet: OutletRow, moment: datetime) -> Mode:
        if outlet.instant and self.random.random() < INSTANT:
            self.when_somebody_waits(moment)
            return Mode.INSTANT
        return Mode.BATCH

    def _bank(self, outlet: OutletRow) -> str:
        return outlet.bank_code or self.random.choice(("102", "103", "104", "105", "402"))


def photograph(act: Act, person: residents.Person, channel: str) -> None:
    """Whoever is old enough for a photo and has none here is photographed before they apply."""
    if album.needs_photo(person.birth_on, act.today) and album.photo_of(person.id) is None:
        take_photo(act, resident_id=person.id, original=portraits.portrait(), channel=channel)


def exchange_damaged(
    clerk: Actor,
    moment: datetime,
    person: residents.Person,
    card: CardRow,
    outlet: OutletRow,
    mode: Mode,
    bank_code: str,
    by: Agent | None = None,
) -> None:
    """A damaged card is given in at a window for a new one; `by` is who comes for a child."""
    do(photograph, clerk, Door.CONSOLE, moment, person, "window")
    do(
        reissue.exchange,
        clerk,
        Door.CONSOLE,
        moment,
        card_no=card.card_no,
        reason=ExchangeReason.DAMAGED,
        outlet_code=outlet.code,
        mode=mode,
        bank_code=bank_code,
        channel="window",
        by=by,
    )


def _guardian(person: residents.Person | None) -> Agent | None:
    """Who comes for a child: the guardian on file."""
    first = person.guardians[0] if person is not None and person.guardians else None
    return Agent(Role.GUARDIAN, first.name, first.number) if first else None
