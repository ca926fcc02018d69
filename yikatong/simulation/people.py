"""Synthetic people.

Nobody here exists: identity numbers use an area code that was never assigned (the city's code with 99 at its end,
domain.md 1.15), names are drawn at random from common surnames and given-name characters, and phone numbers begin
with 12, which no operator uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from yikatong.basics.ids import check_digit

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单解仇翟"
GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志海波宁晨宇浩轩梓涵欣怡子墨雨桐嘉懿煜城天佑若曦思远文博语嫣俊驰皓"
ETHNIC = ("阿依古丽·买买提", "欧阳", "司马", "上官", "诸葛")

# Share of residents by age band, rounded from the 2020 census of China: 0-14, 15-59, 60-79, 80-95.
AGES = ((0, 14, 0.17), (15, 59, 0.63), (60, 79, 0.17), (80, 95, 0.03))


@dataclass(frozen=True)
class Newcomer:
    """A person before anyone has registered them."""

    number: str
    name: str
    sex: str
    birth_on: date
    region: str
    phone: str


class Crowd:
    """Makes people, never the same number twice."""

    def __init__(self, random: Random, city: str, counties: tuple[str, ...], today: date) -> None:
        self._random = random
        self._area = f"{city[:4]}99"
        self._counties = counties
        self._today = today
        self._taken: set[str] = set()

    def people(self, count: int) -> Iterator[Newcomer]:
        """`count` residents of all ages."""
        for _ in range(count):
            yield self.person(self._birth())

    def newborn(self, on: date) -> Newcomer:
        """A child born in the weeks before `on`."""
        return self.person(on - timedelta(days=self._random.randint(5, 60)))

    def adult(self) -> Newcomer:
        """A grown-up who moves to the city."""
        return self.person(self._today - timedelta(days=self._random.randint(19 * 366, 60 * 365)))

    def person(self, birth: date) -> Newcomer:
        """One person born on that day."""
        sex = self._random.choice("12")
        return Newcomer(
            number=self._number(birth, sex),
            name=self.name(),
            sex=sex,
            birth_on=birth,
            region=self._random.choice(self._counties),
            phone=f"12{self._random.randrange(10**9):09d}",
        )

    def _birth(self) -> date:
        low, high, _ = self._random.choices(AGES, weights=[share for *_, share in AGES])[0]
        return self._today - timedelta(days=self._random.randint(low * 366, high * 365 + 300))

    def _number(self, birth: date, sex: str) -> str:
        while True:
            sequence = self._random.randrange(1, 1000)
            if sequence % 2 != int(sex) % 2:
                continue
            first = f"{self._area}{birth:%Y%m%d}{sequence:03d}"
            if first not in self._taken:
                self._taken.add(first)
                return first + check_digit(first)

    def name(self) -> str:
        """A name as common as it is in this crowd."""
        dice = self._random.random()
        if dice < 0.005:
            return ETHNIC[0]
        surname = self._random.choice(ETHNIC[1:]) if dice < 0.02 else self._random.choice(SURNAMES)
        length = 1 if self._random.random() < 0.15 else 2
        return surname + "".join(self._random.choice(GIVEN) for _ in range(length))
