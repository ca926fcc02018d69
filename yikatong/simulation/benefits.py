"""What the city pays onto cards in its year: rosters every month, three approvals, the banks' answers, failures repaired.

Most months go through at once. In two the banks refuse some payments: their people are mended and paid by a later file,
and who cannot be found in time has their money returned. It draws from its own dice, so that the rest of the year is
the same with it or without. The banks are the played ones of `benefits/bankfiles`; they see nothing but files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from zlib import crc32

from django.conf import settings

from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.approved import approvable
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.bankfiles.simulator import Bank, Mood
from yikatong.benefits.banks import counterpart
from yikatong.benefits.programme import Due, Programme, Rates, programmes
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.rules import FAILED
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.approving import approve_batch, fund_batch, grant_funds, publish_batch
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import seal_files, send_file
from yikatong.benefits.services.statements import bring_statement
from yikatong.benefits.services.submitting import submit_roster
from yikatong.benefits.tasks import watch_waiting
from yikatong.benefits.terms import bank_profiles, terms_of
from yikatong.office import clock, post
from yikatong.office.act import Actor, Door
from yikatong.office.queries import centre
from yikatong.office.scope import Scope
from yikatong.office.wires.folder import FolderWire
from yikatong.simulation.asked_back import ask_two_back
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary
from yikatong.simulation.people import Newcomer

SYSTEM = Actor.system("benefits")
TROUBLED = {5: Mood.PROMPT, 10: Mood.PARTIAL}
"""The months in which banks refuse some payments, and how they tell."""
FAILING = (
    12  # payments of a thousand that a bank refuses in those months; in a small city at least one in twenty
)
OLD, SHARE = 60, 0.25  # who gets a pension of residents: one in four of those who are old enough
QUARTERLY = ("funeral", "skills")
SMALL = 2_000  # residents of a city that is lived in a moment
FEW = 2  # people who get any other benefit: enough to see it, and a year is lived in minutes
ENOUGH = range(6, 11)  # the months in which a small city pays any other benefit: all that is told is in them
LAND = 0.02  # share of residents who stand for a household with land
LAND_MONTH = 4
FORGOTTEN = (11, 3)  # a roster of this day is left lying
LATE_AT_NIGHT = ("survivors", 8)  # a roster that is approved at night
ARREARS = ("officials", 7)  # a month in which half as much again is paid
OPENING_FEN = 5_000_000_000  # on the payer's account at each bank, before the year
NOT_FOUND = 0.2  # share of those refused who do not come to have it mended
BASES = ("", "6", "3.50", "四级")


@dataclass
class Benefits:
    """The departments, the two approvers, the payer and the banks."""

    random: Random
    diary: Diary
    crew: Crew
    people: list[Newcomer]
    seed: int
    _banks: dict[str, Bank] = field(default_factory=dict)
    _stated: Counter[str] = field(default_factory=Counter)

    def plan(self, year: int) -> None:
        """Each month's rosters, on its fourth working day; what is paid yearly in spring."""
        for month in range(1, 13):
            day = self.diary.calendar.add(date(year, month, 1) - timedelta(days=1), 4)
            for place, programme in enumerate(programmes().values()):
                at = datetime.combine(day, time(9, 10), CHINA) + timedelta(minutes=2 * place)
                if self._paid_in(month, programme):
                    self.diary.at(at, partial(self._roster_due, programme=programme))
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            self.diary.at(datetime.combine(last, time(23, 10), CHINA), self._look_over)
        self.diary.at(datetime.combine(date(year, *FORGOTTEN), time(14), CHINA), self._forget)

    # --- who gets what ---------------------------------------------------------------------------------------------

    def _roster_due(self, moment: datetime, programme: Programme) -> None:
        of = Period.month_of if programme.cycle.months == 1 else Period.year_of
        self.bring(moment, programme, of(moment.date()), self._entitled(programme, moment))

    def _paid_in(self, month: int, programme: Programme) -> bool:
        """The benefits of social insurance every month, two things once a quarter, land in spring; it pays no others."""
        if programme.code in QUARTERLY:
            return month % 3 == 0
        if programme.code == "farmland":
            return month == LAND_MONTH
        return programme.insurance and (programme.code == "pension" or not self._small or month in ENOUGH)

    @property
    def _small(self) -> bool:
        return len(self.people) < SMALL

    def _entitled(self, programme: Programme, moment: datetime) -> list[Newcomer]:
        """The same people month after month, by a lot that is theirs; what is paid once goes to others each time."""
        on = moment.date()
        if programme.code == "pension":
            born = date(on.year - OLD, on.month, 1)
            return [
                each for each in self.people if each.birth_on < born and _lot(programme.code, each) < SHARE
            ]
        grown_up = [each for each in self.people if 1950 < each.birth_on.year < on.year - 20]
        if programme.code == "farmland":
            return [each for each in grown_up if _lot(programme.code, each) < LAND]
        drawn = f"{programme.code}{on.month if programme.code in QUARTERLY else ''}"
        few = 1 if self._small else FEW
        return sorted(grown_up, key=lambda each: _lot(drawn, each))[:few]

    def _look_over(self, moment: datetime) -> None:
        with clock.fixed(moment):
            watch_waiting()

    def _forget(self, moment: datetime) -> None:
        """A roster that is shown to the public, and then left lying until its day has passed."""
        skills = programmes()["skills"]
        batch = self.brought(moment, skills, Period.month_of(moment.date()), self._entitled(skills, moment))
        if batch is not None:
            self.publish(moment + timedelta(minutes=20), batch)

    def dawn(self, moment: datetime) -> None:
        """What lies on each desk on the first morning after the year."""
        of, before = (
            Period.month_of(moment.date()),
            Period.month_of(moment.date().replace(day=1) - timedelta(days=1)),
        )
        batches = {}
        for minute, (code, period) in enumerate(
            (("pension", of), ("retirement", of), ("officials", of), ("injury", of), ("skills", before))
        ):
            programme = programmes()[code]
            at = moment + timedelta(minutes=2 * minute)
            batches[code] = self.brought(at, programme, period, self._entitled(programme, moment))
        at = moment + timedelta(minutes=12)
        if (shown := batches["skills"]) is not None:
            self.publish(at, shown)
        for code in ("retirement", "officials", "injury"):
            batch = batches[code]
            if batch is None or not self.approve(at, batch.number) or code == "retirement":
                continue
            if self.fund(at + timedelta(minutes=1), batch.number) and code == "injury":
                self._refused(at + timedelta(minutes=22), batch.number)
        self._look_over(moment + timedelta(minutes=38))
        pension = self._entitled(programmes()["pension"], moment)
        died = date(*before.first_month, 1) - timedelta(days=3)
        ask_two_back(self.crew, pension, died, moment + timedelta(minutes=39))

    def _refused(self, moment: datetime, number: str) -> None:
        """A bank that pays nobody, so that there is somebody to mend."""
        for file in self.send(moment, number):
            self.answer(moment + timedelta(minutes=12), file, failing=1_000)

    # --- the way of a batch ----------------------------------------------------------------------------------------

    def bring(
        self, moment: datetime, programme: Programme, period: Period, who: list[Newcomer]
    ) -> BatchRow | None:
        """A roster of these people is brought and judged, and put in public view where its programme asks for that; the
        further steps follow on their days."""
        batch = self.brought(moment, programme, period, who)
        if batch is None:
            return None
        number, ready = batch.number, moment + timedelta(hours=2)
        if (programme.code, moment.month) == LATE_AT_NIGHT:
            ready = moment.replace(hour=21, minute=40)
        shown = self.publish(moment + timedelta(minutes=30), batch)
        if shown is not None and shown.public_until is not None:
            until = self.diary.calendar.add(shown.public_until, 1)
            ready = datetime.combine(until, time(9, 30), CHINA)
        self.diary.at(ready, lambda at: self._approve(at, number))
        return batch

    def brought(
        self, moment: datetime, programme: Programme, period: Period, who: list[Newcomer]
    ) -> BatchRow | None:
        """A roster of these people, judged."""
        if not who:
            return None
        with clock.fixed(moment):
            rates = terms_of(programme, period.start).rates
        rows = [(each, *_due(programme, rates, each)) for each in who]
        if (programme.code, period.first_month[1]) == ARREARS:
            rows = [(each, basis, fen * 3 // 2) for each, basis, fen in rows]
        batch = do(
            submit_roster,
            self.crew.staff["benefits"],
            Door.CONSOLE,
            moment,
            programme=programme.code,
            period=str(period),
            declared_rows=len(rows),
            declared_fen=sum(fen for *_, fen in rows),
            name=f"{programme.zh}{period}.csv",
            content=_roster(programme, rows),
            scope=city(),
        )
        assert not isinstance(batch, Refused), batch
        return do(judge_batch, SYSTEM, Door.TASK, moment + timedelta(minutes=1), batch.number)

    def publish(self, moment: datetime, batch: BatchRow) -> BatchRow | None:
        """Into public view, where its programme asks for that and somebody is payable."""
        with clock.fixed(moment):
            days = terms_of(batch.programme, moment.date()).publicity_days
        if not days:
            return None
        shown = do(
            publish_batch, self.crew.staff["benefits"], Door.CONSOLE, moment, batch.number, scope=city()
        )
        return None if isinstance(shown, Refused) else shown

    def _approve(self, moment: datetime, number: str) -> None:
        if self.approve(moment, number) and self.fund(moment + timedelta(hours=1), number):
            paid = datetime.combine(self.diary.calendar.add(moment.date(), 1), time(10, 20), CHINA)
            self.diary.at(paid, lambda at: self._pay(at, number))

    def approve(self, moment: datetime, number: str) -> bool:
        """业务审批 of what is payable; False where nobody is."""
        approved = do(
            approve_batch,
            self.crew.staff["department"],
            Door.CONSOLE,
            moment,
            number,
            digest=_digest(number),
            scope=city(),
        )
        return not isinstance(approved, Refused)

    def fund(self, moment: datetime, number: str) -> bool:
        """The treasury's money for it, and 财政审批."""
        batch = queries.batch(number, city())
        assert batch is not None
        do(
            grant_funds,
            self.crew.staff["payer"],
            Door.CONSOLE,
            moment,
            programme=batch.programme.code,
            fen=batch.approved_fen,
            paper=f"财拨〔{moment:%Y}〕{moment:%m%d}-{number[-3:]}号",
        )
        funded = do(
            fund_batch,
            self.crew.staff["finance"],
            Door.CONSOLE,
            moment + timedelta(minutes=20),
            number,
            digest=_digest(number),
            scope=city(),
        )
        return not isinstance(funded, Refused)

    def _pay(self, moment: datetime, number: str, *, again: bool = False) -> None:
        files = self.send(moment, number)
        back = datetime.combine(self.diary.calendar.add(moment.date(), 1), time(9, 5), CHINA)
        troubled = moment.month in TROUBLED and not again
        for file in files:
            self.diary.at(back, partial(self.answer, file=file, failing=self._failing if troubled else 0))
        if files and troubled:
            mended = self.diary.calendar.add(back.date(), 6)
            self.diary.at(datetime.combine(mended, time(11), CHINA), lambda at: self._mend(at, number))

    def send(self, moment: datetime, number: str) -> tuple[FileRow, ...]:
        """Files sealed and laid out for the banks."""
        payer = self.crew.staff["payer"]
        files = do(seal_files, payer, Door.CONSOLE, moment, number, scope=city())
        if isinstance(files, Refused):
            return ()
        for file in files:
            do(send_file, payer, Door.CONSOLE, moment + timedelta(minutes=10), file.number, scope=city())
        with clock.fixed(moment + timedelta(minutes=11)):
            post.send_files()
        return files

    # --- what the banks say ----------------------------------------------------------------------------------------

    @property
    def _failing(self) -> int:
        return FAILING if len(self.people) > 5_000 else 50

    def answer(self, moment: datetime, file: FileRow, *, failing: int) -> None:
        """The bank takes the file and answers; an answer in parts comes on two days. In the evening it states its account."""
        wire = FolderWire(settings.WIRES_FOLDER, counterpart(file.bank_code))
        sent = wire.out / file.name
        mood = TROUBLED.get(moment.month, Mood.PROMPT) if failing else Mood.PROMPT
        dice = Random(f"bank {self.seed} {file.number}")
        bank = self._bank(moment, file.bank_code)
        bank.failing = failing
        taken = bank.receive(sent.read_bytes(), moment.date(), dice, mood)
        self.diary.at(moment.replace(hour=17, minute=30), partial(self._states, code=file.bank_code))
        sent.unlink()
        first = taken.deliveries[0].after
        for delivery in taken.deliveries:
            come = partial(self._comes, wire=wire, name=delivery.name, content=delivery.content)
            if delivery.after == first:
                come(moment)
            else:
                self.diary.at(moment + delivery.after, come)

    def _comes(self, moment: datetime, wire: FolderWire, name: str, content: bytes) -> None:
        wire.inbox.mkdir(parents=True, exist_ok=True)
        (wire.inbox / name).write_bytes(content)
        with clock.fixed(moment):
            sources = [counterpart(code) for code in bank_profiles(moment.date())]
            post.collect_files(sources)
            waiting = post.waiting_files(*sources)
        for file in waiting:
            do(take_answer, SYSTEM, Door.TASK, moment, file)

    def _states(self, moment: datetime, code: str) -> None:
        """What moved on the payer's account since the bank's last statement."""
        bank, stated = self._banks[code], self._stated[code]
        (account,) = bank.accounts()
        self._stated[code] = bank.movements(account)
        if self._stated[code] == stated:
            return
        content = bank.statement(account, moment.date(), OPENING_FEN, after=stated)
        name = f"{code}-{moment:%Y%m%d}.txt"
        reconciler = self.crew.staff["reconciler"]
        do(bring_statement, reconciler, Door.CONSOLE, moment, bank_code=code, name=name, content=content)

    def _bank(self, moment: datetime, code: str) -> Bank:
        if code not in self._banks:
            self._banks[code] = Bank(profiles()[bank_profiles(moment.date())[code]])
        return self._banks[code]

    # --- who was not paid ------------------------------------------------------------------------------------------

    def _mend(self, moment: datetime, number: str) -> None:
        """Most of those refused have it mended and are paid by a further file; who is not found waits for the treasury."""
        batch = queries.batch(number, city())
        assert batch is not None
        refused = queries.payments(batch, 10_000, state=FAILED.code)
        mended = [row for row in refused if self.random.random() >= NOT_FOUND]
        for minute, row in enumerate(mended):
            self.repair(moment + timedelta(seconds=40 * minute), number, row.line)
        if mended:
            paid = datetime.combine(self.diary.calendar.add(moment.date(), 1), time(10, 40), CHINA)
            self.diary.at(paid, lambda at: self._pay(at, number, again=True))
        if len(refused) > len(mended):
            back = self.diary.office_time(moment.date() + timedelta(days=31))
            self.diary.at(back, lambda at: self._return(at, number))

    def repair(self, moment: datetime, number: str, line: int) -> None:
        """One person's account is in order again."""
        how = self.random.choice(("本人已到银行核实账户", "本人已激活金融账户", "户名已更正"))
        payer = self.crew.staff["payer"]
        do(repair_row, payer, Door.CONSOLE, moment, number, line=line, how=how, scope=city())

    def _return(self, moment: datetime, number: str) -> None:
        do(return_to_treasury, self.crew.staff["payer"], Door.CONSOLE, moment, number, scope=city())


def city() -> Scope:
    """The whole city."""
    home = centre()
    return Scope(region=home.region if home else "")


def _digest(number: str) -> str:
    batch = queries.batch(number, city())
    assert batch is not None
    return approvable(batch.id).digest.hex()


def _lot(what: str, person: Newcomer) -> float:
    """A person's own lot in something, from nothing to one: the same whenever it is asked."""
    return crc32(f"{what} {person.number}".encode()) / 2**32


def _due(programme: Programme, rates: Rates, person: Newcomer) -> tuple[str, int]:
    """A basis that the programme can read, and what this person gets for it, in fen: no two in five alike."""
    lot = int(person.number[14:17])
    for basis in BASES:
        due = programme.due(basis, rates)
        if isinstance(due, Due):
            return basis, min(due.most, due.least + lot % 73 * 130)
    raise LookupError(f"none of {BASES} is a basis of {programme.code}")


def _roster(programme: Programme, rows: list[tuple[Newcomer, str, int]]) -> bytes:
    head = [programme.names[0], programme.numbers[0], programme.basis[0], "金额（元）"]
    lines = [f"{each.name},{each.number},{basis},{print_yuan(fen)}" for each, basis, fen in rows]
    return "\n".join([",".join(head), *lines]).encode()
