"""Schools and employers in the demo city: a firm's list in spring, a school's in September, one that still waits for its
approver when the year is over. Their agents collect what has come; one school is slow.

Like the registry it draws from its own dice. Whoever is on a list has no card yet and is in the base library; pupils'
guardians are written down and their photos taken before the list is brought, as a school does on one morning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from yikatong.basics.ids import unit_check_character
from yikatong.basics.refused import Refused
from yikatong.cards import unit_lists
from yikatong.cards.services.apply_by_list import bring_list, take_list
from yikatong.cards.services.hand_over import enable
from yikatong.cards.services.hand_over_list import UnitAgent, hand_over_list
from yikatong.cards.services.proof import Proof
from yikatong.cards.services.units import register_unit
from yikatong.cards.stages import Stage
from yikatong.cards.unit_lists import ListRow
from yikatong.office import places
from yikatong.office.act import Act, Door
from yikatong.office.places import OutletRow
from yikatong.office.scope import EVERYWHERE
from yikatong.residents import queries as residents
from yikatong.residents import services as registry
from yikatong.residents.rules import age_on
from yikatong.simulation import portraits
from yikatong.simulation.crew import Crew, acting, do
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.life import photograph
from yikatong.simulation.people import Newcomer

MOST = 60  # people on one list
ENABLED = 0.8  # of those who were given their card by the unit, within two weeks


@dataclass(frozen=True)
class Wish:
    """One list of the year: who brings it when, of which ages; whether it is approved, and how soon it is collected."""

    month: int
    day: int
    name: str
    kind: str
    youngest: int
    oldest: int
    divisions: tuple[str, ...]
    approved: bool = True
    collects_after: tuple[int, int] = (1, 3)


CLASSES = ("一年级1班", "一年级2班", "二年级1班", "三年级1班")
WISHES = (
    Wish(3, 17, "纺织有限公司", "employer", 20, 55, ("一车间", "二车间", "办公室")),
    Wish(9, 9, "第一小学", "school", 6, 15, CLASSES),
    Wish(11, 3, "职业中学", "school", 15, 19, ("数控班", "护理班"), collects_after=(60, 60)),
    Wish(12, 30, "物业服务有限公司", "employer", 20, 58, ("保洁部", "工程部"), approved=False),
)


@dataclass
class Units:
    """Brings lists, and sends agents when their cards are there."""

    random: Random
    diary: Diary
    crew: Crew
    people: list[Newcomer]
    without: list[str]
    awaited: dict[str, Wish] = field(default_factory=dict)

    def plan(self, year: int) -> None:
        """The year's lists."""
        for serial, wish in enumerate(WISHES, start=1):
            self.diary.at(
                self._morning(date(year, wish.month, wish.day)),
                partial(self._bring, serial=serial, wish=wish),
            )

    def _morning(self, day: date) -> datetime:
        while not self.diary.calendar.is_working(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(9, 40), CHINA)

    def _bring(self, moment: datetime, serial: int, wish: Wish) -> None:
        """A unit goes on the register, its people are made ready, its list is brought and taken by another."""
        chosen = self._who(moment.date(), wish)
        if not chosen:
            return
        outlet = self._outlet_in(chosen[0].region)
        clerk = self.crew.clerks[outlet.code]
        with acting(clerk, Door.CONSOLE, moment, "集体申领") as act:
            for each in chosen:
                self._make_ready(act, each, moment.date())
            first = f"{'12' if wish.kind == 'school' else '91'}{outlet.region[:4]}99{serial:09d}"
            unit = register_unit(
                act,
                code=first + unit_check_character(first),
                name=f"{outlet.name[:2]}{wish.name}",
                kind=wish.kind,
                region=outlet.region,
                contact=self._name(),
                phone=f"12{self.random.randrange(10**9):09d}",
                scope=EVERYWHERE,
            )
            if isinstance(unit, Refused):
                raise RuntimeError(unit.zh)
            row = bring_list(
                act,
                unit_code=unit.code,
                name=f"{wish.name}.csv",
                content=self._file(chosen, wish),
                outlet_code=outlet.code,
                bank_code=outlet.bank_code or "102",
                only_good=True,
                scope=EVERYWHERE,
            )
        if isinstance(row, Refused):
            raise RuntimeError(row.zh)
        if wish.approved:
            self._approve(moment + timedelta(hours=2), row, wish)

    def _approve(self, moment: datetime, row: ListRow, wish: Wish) -> None:
        manager = self.crew.staff["manager"]
        taken = do(
            take_list, manager, Door.CONSOLE, moment, row.number, judgement=row.judgement, scope=EVERYWHERE
        )
        if not isinstance(taken, Refused) and taken.taken:
            self.awaited[row.number] = wish

    def _who(self, day: date, wish: Wish) -> list[Newcomer]:
        """People of these ages and of one county who have no card yet: of the county where there are most."""
        lacking = set(self.without)
        by_county: dict[str, list[Newcomer]] = {}
        for each in self.people:
            if each.number in lacking and wish.youngest <= age_on(each.birth_on, day) <= wish.oldest:
                by_county.setdefault(each.region, []).append(each)
        return max(by_county.values(), key=len, default=[])[:MOST]

    def _make_ready(self, act: Act, each: Newcomer, today: date) -> None:
        person = residents.person_by_number(each.number)
        if person is None:
            return
        if age_on(each.birth_on, today) < 16 and not person.guardians:
            parent = self._parent(each)
            registry.add_guardian(
                act,
                person.id,
                guardian=registry.GuardianInput(
                    name=parent.name,
                    number=parent.number,
                    relation="父母",
                    phone=parent.phone,
                    proof="居民户口簿",
                ),
            )
        photograph(act, person, "window")

    def _parent(self, child: Newcomer) -> Newcomer:
        near = [each for each in self.people if 22 <= child.birth_on.year - each.birth_on.year <= 45]
        return self.random.choice(near or self.people)

    def _file(self, chosen: list[Newcomer], wish: Wish) -> bytes:
        rows = [f"{each.number},{each.name},{self.random.choice(wish.divisions)}" for each in chosen]
        return "\n".join(("社会保障号码,姓名,班级/部门", *rows)).encode()

    def _outlet_in(self, region: str) -> OutletRow:
        outlets = places.outlets()
        return next((each for each in outlets if each.region == region), outlets[0])

    def _name(self) -> str:
        return self.random.choice(self.people).name

    # --- the cards come ------------------------------------------------------------------------------------------

    def shelves_fill(self, moment: datetime) -> None:
        """Whoever is awaited and has cards on a shelf comes for them, sooner or later."""
        for number, wish in list(self.awaited.items()):
            row = unit_lists.application_list(number)
            if row is None or not row.at_outlet:
                continue
            del self.awaited[number]
            day = self.diary.calendar.add(moment.date(), self.random.randint(*wish.collects_after))
            at = self.diary.office_time(day)
            self.diary.at(at, partial(self._collect, number=number))

    def _collect(self, moment: datetime, number: str) -> None:
        row = unit_lists.application_list(number)
        if row is None:
            return
        agents = tuple(
            UnitAgent(each.name, each.number) for each in self.random.sample(self._grown_up(moment), 2)
        )
        orders = [
            each.order
            for each in unit_lists.people_of_list(row.id, Stage.AT_OUTLET, limit=MOST)
            if each.order
        ]
        handed = do(
            hand_over_list,
            self.crew.clerks[row.outlet],
            Door.CONSOLE,
            moment,
            number,
            letter=f"{moment:%Y}年第{self.random.randint(1, 60)}号",
            agents=agents,
            proof=Proof(signature=portraits.signature(), photo=portraits.portrait()),
            scope=EVERYWHERE,
        )
        if isinstance(handed, Refused):
            return
        for order in orders:
            if self.random.random() < ENABLED:
                later = self.diary.office_time(moment.date() + timedelta(days=self.random.randint(1, 14)))
                self.diary.at(later, partial(self._enable, outlet=row.outlet, card_no=order.card_no))

    def _enable(self, moment: datetime, outlet: str, card_no: str) -> None:
        do(enable, self.crew.clerks[outlet], Door.CONSOLE, moment, card_no=card_no)

    def _grown_up(self, moment: datetime) -> list[Newcomer]:
        return [each for each in self.people if 25 <= age_on(each.birth_on, moment.date()) < 60]
