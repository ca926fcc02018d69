"""The small city of the crash runs, and what its departments bring: drawn from the seed, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from zlib import crc32

from django.db import connection

from yikatong.basics.ids import luhn_digit
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.bench import _ground as ground
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
from yikatong.office.act import Door, open_act
from yikatong.simulation.diary import CHINA

PEOPLE = 120
BANKS = ("102", "103", "402")
START = datetime(2025, 3, 10, 9, tzinfo=CHINA)
MOU_FEN = 7500
"""What a mu of farmland is paid with."""
# Only what a run could not wait for: view by the public, and a month until money goes back.
_HURRY = """
UPDATE office_rule SET value = '0' WHERE code LIKE 'benefit.%.publicity_days';
UPDATE office_rule SET value = '1' WHERE code LIKE 'benefit.%.treasury_days';
UPDATE office_rule SET value = '{"any": [0, 150]}' WHERE code = 'benefit.pension.ages';
"""


class Holder(NamedTuple):
    """Somebody of the city; `bank` is empty where they hold no card."""

    number: str
    name: str
    bank: str


@dataclass(frozen=True)
class Envelope:
    """What a department brings: the roster, and who of it is to be paid how much (number -> fen).

    `loses` is somebody of it whose card is lost once the money is there: what follows from it is not foretold.
    """

    programme: str
    period: str
    head: str
    lines: tuple[str, ...]
    fen: int
    due: dict[str, int]
    loses: str = ""

    @property
    def content(self) -> bytes:
        return "\n".join([self.head, *self.lines]).encode()

    @property
    def key(self) -> tuple[str, str, int, int]:
        """How its batch is known again: programme, period, declared rows and fen."""
        return (self.programme, self.period, len(self.lines), self.fen)


def build() -> list[Holder]:
    """An empty database with the centre open and its people; everybody there is."""
    ground.empty()
    return settle()


def settle() -> list[Holder]:
    """Bring people into an open centre and give most of them a card; everybody there is."""
    ground.people(PEOPLE, adults=True)
    with connection.cursor() as cursor:
        cursor.execute(_HURRY)
    rows = _numbers()
    cards = list(_cards(rows))
    with open_act(ground.BENCH, door=Door.TASK, at=ground.START + timedelta(hours=1)) as act:
        adopted = adopt_cards(act, source="bench", rows=cards)
    if isinstance(adopted, Refused) or adopted.refused:
        raise SystemExit("the cards of the bench's city were not taken over")
    banks = {card.number: card.bank_code for card in cards}
    return [Holder(number, name, banks.get(number, "")) for number, name, _ in rows]


def envelopes(people: list[Holder], seed: int) -> list[Envelope]:
    """Two or three envelopes. Among their rows are some nobody may be paid for: strangers, people twice, without a card,
    and people whom another envelope pays for the same month."""
    random = Random(f"town {seed}")
    holders = [each for each in people if each.bank]
    random.shuffle(holders)
    cut = random.randint(15, 40)
    first, second = holders[:cut], holders[cut // 2 : cut // 2 + random.randint(15, 40)]
    without = random.sample([each for each in people if not each.bank], 2)
    found = [_pensions(random, first, without[:1]), _pensions(random, second, without[1:])]
    if random.random() < 0.5:
        found.append(_farmland(random, random.sample(holders, random.randint(5, 20))))
    return found


def gives_up(seed: int, line: int) -> bool:
    """Whether nobody mends this row when it fails: its money goes back."""
    return crc32(f"{seed} {line}".encode()) % 5 == 0


def loses_late(seed: int) -> bool:
    """Whether who loses the card does so when the files are sealed already, and not before."""
    return crc32(f"late {seed}".encode()) % 2 == 0


def _pensions(random: Random, people: list[Holder], without: list[Holder]) -> Envelope:
    twice = random.choice(people)
    rows = [(each, random.randint(185, 400) * 100 + random.randrange(100)) for each in people]
    due = {each.number: fen for each, fen in rows if each != twice}
    more = [(each, 20_000) for each in (twice, *without, Holder("610499199003070011", "无此人", ""))]
    lines = [f"{each.name},{each.number},{print_yuan(fen).replace(',', '')}" for each, fen in rows + more]
    random.shuffle(lines)
    total = sum(fen for _, fen in rows + more)
    loses = random.choice([*due, *[""] * len(due)])
    return Envelope("pension", "2025-03", "姓名,证件号码,金额（元）", tuple(lines), total, due, loses)


def _farmland(random: Random, people: list[Holder]) -> Envelope:
    rows = [(each, random.randint(1, 20)) for each in people]
    lines = [f"{each.name},{each.number},{mou},{mou * MOU_FEN // 100}" for each, mou in rows]
    due = {each.number: mou * MOU_FEN for each, mou in rows}
    head = "户主姓名,户主证件号码,面积（亩）,金额（元）"
    return Envelope("farmland", "2025", head, tuple(lines), sum(due.values()), due)


def _numbers() -> list[tuple[str, str, str]]:
    from yikatong.residents.queries import person

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM residents_resident ORDER BY id")
        keys = [key for (key,) in cursor.fetchall()]
    found = [person(key) for key in keys]
    return [(each.number, each.name, each.region) for each in found if each is not None]


def _cards(rows: list[tuple[str, str, str]]) -> Iterator[ExistingCard]:
    for place, (number, _, region) in enumerate(rows):
        if place % 12 == 11:
            continue
        bank = BANKS[place % len(BANKS)]
        account = f"622000{bank}{place:09d}"
        yield ExistingCard(
            number,
            f"K{place:08d}",
            region,
            "61040000",
            bank,
            account + luhn_digit(account),
            date(2024, 1, 2),
            date(2034, 1, 1),
        )
