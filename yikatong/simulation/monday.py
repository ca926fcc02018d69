"""The first morning after the demo city's year: what a newcomer finds on the desks, so that every page can be tried.

A few examples of each thing that waits for somebody, made through the same services. Nothing here belongs to the year
whose figures are shown. Most of it lies at the first outlet, whose clerk has a password. Where the city is too small
for an example it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Concatenate

from yikatong.basics.ids import check_digit
from yikatong.basics.refused import Refused
from yikatong.cards import queries as cards
from yikatong.cards import shelving, unit_lists
from yikatong.cards.blanks import PaperKind
from yikatong.cards.pending import open_cases
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.rules import AT_OUTLET, CLOSED, MAKING, NORMAL, Mode
from yikatong.cards.services import cases, instant, lock, pin, posting, reissue
from yikatong.cards.services.after_death import freeze
from yikatong.cards.standing import ExchangeReason
from yikatong.office import clock, places, rulebook
from yikatong.office.act import Act, Actor, Door
from yikatong.office.places import OutletRow
from yikatong.office.queries import centre
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.office.wires import gateway
from yikatong.residents import queries as residents
from yikatong.residents import services as registry
from yikatong.residents import tasks as lists
from yikatong.residents.corrections import Why
from yikatong.residents.rules import Trust, age_on
from yikatong.simulation.crew import Crew, P, R, do
from yikatong.simulation.desk import Desk
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.life import exchange_damaged, photograph
from yikatong.simulation.people import Newcomer

MAKER_FAILS = 0.08  # of the one batch that comes back this morning, so that something is to be made again
WAVE, OUTLETS = 9, 4  # people in a wave, and the first outlets they come to
ROSTER = "证件号码,姓名,区划代码,手机号码,住址"


@dataclass
class Monday:
    """Makes the examples, minute by minute before the doors open at nine."""

    crew: Crew
    desk: Desk
    people: list[Newcomer]
    now: datetime

    def dawn(self) -> None:
        """Everything, in an order in which one thing does not take another's people."""
        first = places.outlets()[0]
        self.clerk = self.crew.clerks[first.code]
        self.manager = self.crew.staff["manager"]
        self.outlet = first
        self.holders = self._holders()
        for step in (
            self._boxes,
            self._parcels,
            self._instant,
            self._blanks,
            self._deaths,
            self._pins,
            self._corrections,
            self._look_alikes,
            self._lists,
        ):
            step()
            self.now += timedelta(minutes=3)

    def _do(
        self,
        service: Callable[Concatenate[Act, P], R],
        actor: Actor,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        return do(service, actor, Door.CONSOLE, self.now, *args, **kwargs)

    def _holders(self) -> Iterator[tuple[residents.Person, CardRow]]:
        """Grown-ups of the first outlet's county with a card in use and nothing else going on, one after the other."""
        today = self.now.date()
        for each in self.people:
            if each.region != self.outlet.region or not 25 <= age_on(each.birth_on, today) < 60:
                continue
            person = residents.person_by_number(each.number)
            card = cards.valid_card_of(person.id) if person else None
            if person and card and card.state == NORMAL and self._at_rest(person.id):
                yield person, card

    def _at_rest(self, resident: int) -> bool:
        return all(order.state in CLOSED for order in cards.orders_of(resident))

    # --- boxes, parcels, cards made while their holder waits --------------------------------------------------------

    def _boxes(self) -> None:
        """The maker's oldest batch comes back: one box is counted wrongly, one put away, the others wait."""
        making = cards.queue(MAKING.code, EVERYWHERE, limit=1, mode=Mode.BATCH)
        if not making:
            return
        self.desk.exchange(self.now, making[0].batch, MAKER_FAILS)
        free = {(row.outlet, row.code): row.free for row in shelving.slots(EVERYWHERE)}
        awaited = sorted(shelving.boxes_awaited(EVERYWHERE), key=lambda box: -box.cards)
        for box, found in zip(awaited[1:], (-1, 0), strict=False):
            self.desk.shelves.take_in_box(self.now, box, free, found)

    def _parcels(self) -> None:
        """Of four cards that their holders want by post one waits, one is on its way, one came and one came back."""
        there = cards.queue(AT_OUTLET.code, EVERYWHERE, limit=200, mode=Mode.BATCH)
        free = [order for order in there if not order.frozen_at and not unit_lists.list_of_order(order.id)]
        wanted = [order for order in reversed(free) if self._wishes(order)][:4]
        with clock.fixed(self.now):
            company = rulebook.ruling("card.post_companies", self.now.date()).value[0]
        for serial, order in enumerate(wanted[1:], start=1):
            waybill = f"YK{self.now:%y%m%d}{serial:03d}"
            clerk = self.crew.clerks[order.outlet]
            self._do(posting.hand_to_courier, clerk, order.number, company=company, waybill=waybill)
            if serial == 2:
                self._do(
                    posting.confirm_delivered, clerk, waybill=waybill, signed_by="本人", on=self.now.date()
                )
            elif serial == 3:
                self._do(posting.bring_back, clerk, waybill=waybill, note="地址不详，电话未接")

    def _wishes(self, order: OrderRow) -> bool:
        person = residents.person(order.resident_id)
        if person is None or person.guardians or not person.phone:
            return False
        done = self._do(
            posting.wish_post,
            self.crew.clerks[order.outlet],
            order.number,
            name=person.name,
            phone=person.phone,
            address=person.address or f"{order.outlet_name}旁1号",
        )
        return not isinstance(done, Refused)

    def _instant(self) -> None:
        """Three holders of damaged cards wait: one just asked, one for the second person, one for the card itself."""
        waiting = [number for number in (self._asks() for _ in range(3)) if number]
        if len(waiting) < 3:
            return
        for step in range(3):  # to the police, to the bank, into a batch of one
            if step:
                self.desk.exchange(self.now)
            for number in waiting[:2]:
                self._do(instant.go_on, self.clerk, number)
        made = self._do(instant.confirm, self.manager, waiting[0])
        if not isinstance(made, Refused):
            self.desk.exchange(self.now, made.batch)

    def _asks(self) -> str:
        person, card = next(self.holders, (None, None))
        if person is None or card is None:
            return ""
        self._do(photograph, self.clerk, person, "window")
        order = self._do(
            reissue.exchange,
            self.clerk,
            card_no=card.card_no,
            reason=ExchangeReason.DAMAGED,
            outlet_code=self.outlet.code,
            mode=Mode.INSTANT,
            bank_code=self.outlet.bank_code or card.bank_code,
            channel="window",
        )
        return "" if isinstance(order, Refused) else order.number

    def _blanks(self) -> None:
        """A delivery and a transfer wait to be counted; one count waits for its second person, one does not fit."""
        makers = [each for each in places.outlets() if each.instant]
        total = self.desk.shelves.delivered
        self.desk.shelves.move(
            self.now,
            PaperKind.DELIVERY,
            total + 1,
            total + 500,
            target=makers[0],
            note="供卡商送货单0105",
            confirmed=False,
        )
        if len(makers) > 2:
            self.desk.shelves.move(
                self.now,
                PaperKind.TRANSFER,
                total - 49,
                total,
                makers[0],
                makers[1],
                confirmed=False,
            )
            self.desk.shelves.count(self.now, makers[1].code, second=False)
            self.desk.shelves.count(self.now, makers[2].code, found=-1)

    # --- what waits for a second person -----------------------------------------------------------------------------

    def _deaths(self) -> None:
        """Two holders died: of one card the end is suggested, of the other it is proposed."""
        for proposed in (True, False):
            person, card = next(self.holders, (None, None))
            if person is None or card is None:
                return
            on = self.now.date() - timedelta(days=9)
            self._do(registry.record_death, self.clerk, person.id, on=on, source="死亡医学证明")
            self._do(freeze, self.clerk, person.id)
            case = next((each for each in open_cases(EVERYWHERE) if each.card_no == card.card_no), None)
            if proposed and case is not None:
                self._do(cases.propose_case, self.clerk, case.id, paper="死亡医学证明，火化证明")

    def _pins(self) -> None:
        """One card locked itself; of another the gateway did not say whether its PIN was set back."""
        person, card = next(self.holders, (None, None))
        if person and card:
            self._do(lock.report_locked, self.clerk, card_no=card.card_no, where="药店终端")
        person, card = next(self.holders, (None, None))
        if person and card:
            asked = self._do(pin.reset_pin, self.clerk, card_no=card.card_no)
            if not isinstance(asked, Refused):
                self._do(pin.settle, self.clerk, request_id=asked.request_id, answer=gateway.no_answer())

    def _corrections(self) -> None:
        """Somebody changed their name; the paper was seen, the second person has not looked yet."""
        person, _card = next(self.holders, (None, None))
        if person:
            name = person.name[0] + "知远"
            self._do(
                registry.correct_name,
                self.clerk,
                person.id,
                name=name,
                why=Why.CHANGED,
                proof="户口簿变更页",
            )

    def _look_alikes(self) -> None:
        """Three people were entered a second time by a township, under a serial that is not theirs."""
        on_file = (residents.person_by_number(each.number) for each in self.people)
        known = list(islice(filter(None, on_file), 3))
        again = [
            registry.NewPerson(number, each.name, each.region, each.phone, each.address)
            for each in known
            if residents.person_by_number(number := _other_serial(each.number)) is None
        ]
        self._do(registry.load_people, self.crew.staff["desk"], again, "乡镇补录名单")
        numbers = [*(each.number for each in known), *(each.number for each in again)]
        for number in numbers:
            person = residents.person_by_number(number)
            if person is not None:
                self._do(registry.find_duplicates_of, self.clerk, person.id)

    def _lists(self) -> None:
        """A township's list of newcomers, judged, waits to be approved; a few of its rows are wrong."""
        rows = [ROSTER]
        rows += [
            f"{_other_serial(each.number, 71)},{each.name[0]}新民,{each.region},,"
            for each in self.people[:12]
        ]
        rows[3] = rows[3].replace(",", "9,", 1)
        rows[7] = rows[7].replace(self.people[6].region, "999999")
        self._do(
            registry.upload_list,
            self.crew.staff["desk"],
            name="街道新迁入人员.csv",
            content="\n".join(rows).encode(),
            source="街道便民服务中心",
            trust=Trust.UNIT,
            only_good=True,
            scope=self._city(),
        )
        with clock.fixed(self.now):
            lists.work_through_lists()

    def _city(self) -> Scope:
        home = centre()
        return Scope(region=home.region if home else "")


@dataclass
class Waves:
    """Damaged cards exchanged in two waves before the year ends, so that even a small city has some in the making and
    on shelves on its first Monday."""

    diary: Diary
    crew: Crew
    people: list[Newcomer]

    def plan(self, year: int) -> None:
        """Who comes when: others than those of Monday morning, who are taken from the front."""
        places_of = {place.region: place for place in reversed(places.outlets()[:OUTLETS])}
        grown_up = [each for each in reversed(self.people) if 25 <= year - each.birth_on.year < 60]
        near = [each for each in grown_up if each.region in places_of]
        for wave, day in enumerate((date(year, 12, 4), date(year, 12, 19))):
            morning = datetime.combine(self.diary.calendar.add(day, 1), time(9, 10), CHINA)
            for place, who in enumerate(near[wave * WAVE : (wave + 1) * WAVE]):
                comes = partial(self._comes, who=who, outlet=places_of[who.region])
                self.diary.at(morning + timedelta(minutes=11 * place), comes)

    def _comes(self, moment: datetime, who: Newcomer, outlet: OutletRow) -> None:
        person = residents.person_by_number(who.number)
        card = cards.valid_card_of(person.id) if person else None
        if person is None or card is None:
            return
        clerk = self.crew.clerks[outlet.code]
        bank = outlet.bank_code or card.bank_code
        exchange_damaged(clerk, moment, person, card, outlet, Mode.BATCH, bank)


def _other_serial(number: str, further: int = 2) -> str:
    """A number of the same place and day under another serial, of the same sex."""
    body = number[:14] + f"{(int(number[14:17]) + 2 * further) % 1000:03d}"
    return body + check_digit(body)
