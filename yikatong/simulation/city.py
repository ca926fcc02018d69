"""The demo city: opened, peopled, lived in for one year, its figures reviewed and locked.

The same options give the same city. What is shown at the end is read back from the journal and the indicators, as
anyone could read it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from yikatong.basics.ids import luhn_digit
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.basics.regions import counties_of, region
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
from yikatong.disclosure.services import load_budget
from yikatong.indicators import services as reporting
from yikatong.office import jobs, journal, opening, places, rulebook
from yikatong.office.act import Actor, Door
from yikatong.office.appointments import admit_partner
from yikatong.residents import services as registry
from yikatong.residents.rules import age_on
from yikatong.residents.tasks import compare_everybody_new
from yikatong.simulation.account import account
from yikatong.simulation.benefits import Benefits
from yikatong.simulation.books import Books
from yikatong.simulation.budgets import Budgets
from yikatong.simulation.crew import Crew, acting, appoint_crew, do
from yikatong.simulation.desk import Desk
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.life import Life
from yikatong.simulation.monday import Monday, Waves
from yikatong.simulation.people import Crowd, Newcomer
from yikatong.simulation.registry import Registry
from yikatong.simulation.shelves import Shelves
from yikatong.simulation.units import Units

BANKS = ("102", "103", "104", "105", "402")
HOLDERS = 0.975  # share of residents who hold a card when the year begins
OPENER = Actor.system("demo")
COMPARED_AT_ONCE = 50_000
Progress = Callable[[str, int, int], None]
Result = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What a city is made from."""

    centre: str = "xianyang"
    residents: int = 20_000
    seed: int = 1


def live(options: Options, progress: Progress) -> Result:
    """Open the centre in this empty database, let its city live one year, and return what came of it."""
    random = Random(options.seed)
    progress("开办中心", 0, 1)
    year = opening.target_year(options.centre)
    begin = datetime(year, 1, 1, 0, 5, tzinfo=CHINA)
    with acting(OPENER, Door.TASK, begin) as act:
        centre = opening.open_centre(act, options.centre, demo=True)
        if isinstance(centre, Refused):
            raise RuntimeError(centre.zh)
        crew = appoint_crew(act, centre.region)
        reporting.load_targets(act, options.centre)
        load_budget(act, options.centre)
    progress("开办中心", 1, 1)
    counties = tuple(county.code for county in counties_of(centre.region))
    crowd = Crowd(random, centre.region, counties, begin.date())
    settled = _settle(options, crowd, centre.region, counties, random, begin, progress)
    example = _example(settled, begin.date())
    desk, benefits = _year(year, options.centre, settled, crowd, crew, random, options.seed, progress)
    _close_the_year(year, crew, progress)
    monday = datetime.combine(_first_working_day(date(year + 1, 1, 5)), time(9), CHINA)
    Monday(crew, desk, settled.people, monday - timedelta(minutes=40)).dawn()
    benefits.dawn(monday - timedelta(minutes=40))
    Budgets(desk.diary, crew).draft(monday - timedelta(minutes=30))
    key = _admit_partner(crew, monday)
    with acting(OPENER, Door.TASK, monday) as act:
        opening.let_demo_go_on(act, {**asdict(options), "example": example, "partner_key": key})
        if options.residents <= COMPARED_AT_ONCE:  # a larger city looks for duplicates in its first night
            jobs.poke(compare_everybody_new)
    journal.seal(whole=True)
    return account()


def existing() -> Result | None:
    """What came of the city that already lives in this database; None where there is none, or it never finished."""
    return account() if opening.demo_options() is not None else None


STREETS = ("人民路", "渭阳", "文汇路", "西兰路", "中山", "新兴", "东风路")


def _address(person: Newcomer) -> str:
    """An address as a counter would write it, down to a made-up house; one in thirty never gave theirs."""
    lot = int(person.number[14:17])
    county = region(person.region)
    return f"{county.name}{STREETS[lot % 7]}街道{lot}号" if county and lot % 30 else ""


@dataclass(frozen=True)
class Settled:
    """Who lives here on the first day: everyone, and the numbers of those who hold a card and who do not."""

    people: list[Newcomer]
    holders: list[str]
    without: list[str]


def _settle(
    options: Options,
    crowd: Crowd,
    region: str,
    counties: tuple[str, ...],
    random: Random,
    begin: datetime,
    progress: Progress,
) -> Settled:
    """Register the residents by set, enter their count as the population, and take over the cards they hold."""
    progress("人员入库", 0, options.residents)
    people = list(crowd.people(options.residents))
    source = f"演示城市人口（种子 {options.seed}）"
    with acting(OPENER, Door.TASK, begin + timedelta(minutes=5)) as act:
        rows = (registry.NewPerson(p.number, p.name, p.region, p.phone, _address(p)) for p in people)
        registry.load_people(act, rows, "演示城市人员")
        opening.count_population(act, region=region, residents=len(people), source=source)
        for county in counties:
            count = sum(person.region == county for person in people)
            opening.count_population(act, region=county, residents=count, source=source)
    progress("人员入库", options.residents, options.residents)
    holders = [person for person in people if random.random() < HOLDERS]
    progress("存量卡入库", 0, len(holders))
    with acting(OPENER, Door.TASK, begin + timedelta(minutes=20)) as act:
        adopt_cards(act, source="存量卡", rows=_existing_cards(holders, random, begin.date()))
    progress("存量卡入库", len(holders), len(holders))
    held = {person.number for person in holders}
    return Settled(people, [p.number for p in holders], [p.number for p in people if p.number not in held])


def _existing_cards(holders: list[Newcomer], random: Random, today: date) -> list[ExistingCard]:
    outlets = {outlet.region: outlet.code for outlet in places.outlets()}
    cards = []
    for number, person in enumerate(holders, start=1):
        issued = max(person.birth_on, today - timedelta(days=random.randrange(30, 9 * 365)))
        pan = f"622000{number:012d}"
        cards.append(
            ExistingCard(
                person.number,
                f"A{number:08d}",
                person.region,
                outlets[person.region],
                random.choice(BANKS),
                pan + luhn_digit(pan),
                issued,
                issued + timedelta(days=3652),
            )
        )
    return cards


def _year(
    year: int,
    centre: str,
    settled: Settled,
    crowd: Crowd,
    crew: Crew,
    random: Random,
    seed: int,
    progress: Progress,
) -> tuple[Desk, Benefits]:
    """One year, happening by happening; the file desk and the payments as they stand then."""
    first, end = date(year, 1, 2), datetime(year + 1, 1, 1, tzinfo=CHINA)
    days = (end.date() - first).days
    diary = Diary(random, rulebook.work_calendar(), end)
    parents = [p.number for p in settled.people if 22 <= age_on(p.birth_on, first) < 45]
    life = Life(random, diary, crew, crowd, list(places.outlets()), settled.holders, settled.without, parents)
    life.plan(first, days, len(settled.people))
    shelves = Shelves(Random(f"shelves {seed}"), diary, crew, len(settled.people))
    shelves.plan(year)
    desk = Desk(random, seed, diary, crew, life, shelves)
    desk.plan(first, days)
    units = Units(Random(f"units {seed}"), diary, crew, settled.people, settled.without)
    units.plan(year)
    desk.when_shelves_fill = units.shelves_fill
    Waves(diary, crew, settled.people).plan(year)
    Registry(Random(f"registry {seed}"), diary, crew, settled.people).plan(year)
    benefits = Benefits(Random(f"benefits {seed}"), diary, crew, settled.people, seed)
    benefits.plan(year)
    Budgets(diary, crew).plan(year)
    Books(Random(f"books {seed}"), diary, crew, centre).plan(year)
    diary.live(lambda moment: progress("城市生活", (moment.date() - first).days, days))
    progress("城市生活", days, days)
    return desk, benefits


def _example(settled: Settled, today: date) -> str:
    """A grown-up with a card, for whoever tries the residents' window."""
    held = set(settled.holders)
    return next(p.number for p in settled.people if p.number in held and 25 <= age_on(p.birth_on, today) < 60)


def _close_the_year(year: int, crew: Crew, progress: Progress) -> None:
    """Each quarter and the year are prepared by the editor and locked by the director; the last quarter still waits
    for them, so that whoever tries the demo can lock it."""
    periods = [Period.parse(text) for text in (f"{year}Q1", f"{year}Q2", f"{year}Q3", str(year), f"{year}Q4")]
    moment = datetime.combine(_first_working_day(date(year + 1, 1, 2)), time(10), CHINA)
    for done, period in enumerate(periods):
        progress("计算指标", done, len(periods))
        steps = [(reporting.prepare, "editor", 0), (reporting.lock, "director", 30)]
        for service, who, later in steps[:1] if period is periods[-1] else steps:
            outcome = do(service, crew.staff[who], Door.CONSOLE, moment + timedelta(minutes=later), period)
            if isinstance(outcome, Refused):
                raise RuntimeError(outcome.zh)
        moment += timedelta(hours=1)
    progress("计算指标", len(periods), len(periods))


def _admit_partner(crew: Crew, moment: datetime) -> str:
    with acting(crew.staff["security"], Door.CONSOLE, moment) as act:
        _, key = admit_partner(
            act,
            code="library",
            name="市图书馆",
            purposes=["holds_card", "social_use"],
            expires_on=moment.date() + timedelta(days=3650),
        )
    return key


def _first_working_day(day: date) -> date:
    calendar = rulebook.work_calendar()
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day
