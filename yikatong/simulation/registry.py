"""The registry's side of the year: the police's list of one county in autumn, clerks who look into what differs, the
figures of each month, and a list of deaths that still waits for its second person when the year is over.

It draws from its own dice, so that the year of orders and cards is the same with it or without.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from yikatong.basics.ids import check_digit
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Actor, Door
from yikatong.office.queries import centre, regions
from yikatong.office.scope import EVERYWHERE
from yikatong.quality import queries, reading
from yikatong.quality.rules import Claim, Verdict
from yikatong.quality.services.counting import count_figures
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import receive_list
from yikatong.quality.services.verdicts import decide_difference, take_difference
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.people import Newcomer

SYSTEM = Actor.system("quality")
PER_THOUSAND = 12  # of each kind of disagreement in the police's list
SETTLED = 0.6  # share of differences the desk looks into before the year is over
PROOFS = ("电话核实本人", "户口簿原件", "派出所证明", "社区核实")
LIVES = "公民身份号码,姓名,户籍地区划,联系电话"
DEATHS = "证件号码,逝者姓名,出生日期,死亡日期"


@dataclass
class Registry:
    """Brings lists and looks into what they show."""

    random: Random
    diary: Diary
    crew: Crew
    people: list[Newcomer]

    def plan(self, year: int) -> None:
        """The year's lists and countings."""
        for month in range(1, 13):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            self.diary.at(datetime.combine(last, time(22, 40), CHINA), self._count)
        autumn = self._morning(date(year, 11, 10))
        self.diary.at(autumn, self._police)
        for week in range(1, 6):
            self.diary.at(self._morning(autumn.date() + timedelta(days=7 * week)), self._look_into)
        self.diary.at(self._morning(date(year, 12, 29)), self._civil_affairs)

    def _morning(self, day: date) -> datetime:
        """Ten o'clock of that day, or of the next working day."""
        while not self.diary.calendar.is_working(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(10, 5), CHINA)

    def _count(self, moment: datetime) -> None:
        do(count_figures, SYSTEM, Door.TASK, moment)

    def _police(self, moment: datetime) -> None:
        """A whole list of one county, with a few disagreements of every kind."""
        county = next(each.code for each in regions() if each.parent)
        elsewhere = [each.code for each in regions() if each.parent][1]
        lines = [LIVES]
        for person in self.people:
            if person.region != county:
                continue
            dice = self.random.randrange(1000) // PER_THOUSAND
            name, region, number = person.name, county, person.number
            if dice == 0:
                continue
            if dice == 1:
                name = name[:-1] + "燚"
            elif dice == 2:
                region = elsewhere
            elif dice == 3:
                number = _other_number(number)
            lines.append(f"{number},{name},{region},{person.phone}")
        self._compare(moment, "police", Claim.WHOLE, county, "\n".join(lines))

    def _civil_affairs(self, moment: datetime) -> None:
        """A month's cremations: some of our oldest, one of them under a wrong name."""
        home = centre()
        oldest = sorted(self.people, key=lambda person: person.birth_on)[: 3 + len(self.people) // 4_000]
        died = moment.date() - timedelta(days=20)
        lines = [DEATHS]
        for place, person in enumerate(oldest):
            name = person.name if place else person.name + "氏"
            lines.append(f"{person.number},{name},{person.birth_on:%Y%m%d},{died:%Y%m%d}")
        self._compare(moment, "civil", Claim.DEATHS, home.region if home else "", "\n".join(lines))

    def _compare(self, moment: datetime, source: str, claim: Claim, region: str, text: str) -> None:
        row = do(
            receive_list,
            self.crew.staff["desk"],
            Door.CONSOLE,
            moment,
            source=source,
            claim=claim,
            region=region,
            as_of=moment.date() - timedelta(days=1),
            name=f"{source}-{moment:%Y%m}.csv",
            content=text.encode(),
            scope=EVERYWHERE,
        )
        if isinstance(row, Refused):
            raise RuntimeError(row.zh)
        with clock.fixed(moment):
            statements = reading.read(row.number)
        if isinstance(statements, Refused):
            raise RuntimeError(statements.zh)
        at = moment + timedelta(minutes=1)
        do(judge_list, SYSTEM, Door.TASK, at, number=row.number, statements=statements)

    def _look_into(self, moment: datetime) -> None:
        """The desk takes some of the queue and settles it; what is left grows old."""
        desk = self.crew.staff["desk"]
        with clock.fixed(moment):
            waiting = queries.differences(EVERYWHERE, owner="-", source="police", limit=200)
        for row in waiting:
            if self.random.random() > SETTLED / 3:
                continue
            do(take_difference, desk, Door.CONSOLE, moment, row.id, scope=EVERYWHERE)
            verdict = self.random.choice((Verdict.KEEP, Verdict.REPORT))
            do(
                decide_difference,
                desk,
                Door.CONSOLE,
                moment + timedelta(minutes=self.random.randint(5, 50)),
                row.id,
                verdict=verdict,
                proof=self.random.choice(PROOFS),
                scope=EVERYWHERE,
            )


def _other_number(number: str) -> str:
    """The same person under another serial."""
    body = number[:14] + f"{(int(number[14:17]) + 502) % 1000:03d}"
    return body + check_digit(body)
