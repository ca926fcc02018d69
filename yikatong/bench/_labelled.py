"""A labelled set for finding duplicates: a city's people, second records of some, and hard pairs that are two people.

Synthetic through and through (unassigned area 610499). Strangers of one name, sex, county and birth date are as many a
person as a city of 4,000,000 has of them, whatever the size of the set.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from yikatong.basics.ids import check_digit, fifteen
from yikatong.basics.lookalikes import doubles
from yikatong.basics.names import syllables
from yikatong.residents.duplicates import Record

CITY = 4_000_000
TODAY = date(2025, 3, 3)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
LEVEL_1 = "".join(
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    if not (high == 0xD7 and low > 0xF9)
)
GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志海波宁晨宇浩轩梓涵欣怡子墨雨桐嘉懿煜城天佑若曦思远文博语嫣俊驰皓晓春梅云龙飞燕琴凤洁颖琳佳慧雪莹婷鑫鹏斌辉峰亮成永德义福生荣庆祥贵财林森东南西北中正光明亚男小大红卫新民爱芬珍莲香菊翠淑惠贤良才学智勤俭忠孝仁礼信"
RARE = "喆垚堃淼犇骉燚赟翀翯昇旻昊玥玹珺琰璟瑄煊烜祎禛莀萱蒽薷䶮𬱖𫖯𬀩𠅤㛃㸌"
KINDS = ("同音", "形近", "改名", "15位与18位", "生僻字", "号码输错", "换了证件", "一人两号")
STAND_INS = ("?", "□", "*", "\ue863")
LATIN = ("SMITH", "JOHN", "MARIA", "GARCIA", "ANNA", "IVANOV", "PETR", "LEE", "KIM", "PARK", "SATO", "YUKI", "NGUYEN", "VAN", "ALI", "AHMED", "OMAR", "LOPEZ", "JAMES", "BROWN", "EMMA", "WILSON", "DAVID", "MILLER", "SARA", "KHAN")  # fmt: skip


@dataclass
class Labelled:
    """`truth` maps a pair of ids (smaller first) to its kind; `hard` names pairs that look alike and are two people."""

    records: list[Record] = field(default_factory=list)
    truth: dict[tuple[int, int], str] = field(default_factory=dict)
    hard: dict[tuple[int, int], str] = field(default_factory=dict)


class Maker:
    """Makes one set from one seed."""

    def __init__(self, size: int, seed: int) -> None:
        self.random = Random(f"duplicates {seed}")
        self.size = size
        self.made = Labelled()
        self.taken: set[str] = set()
        self.surname_weights = [1 / (rank + 8) for rank in range(len(SURNAMES))]
        self.given_weights = [1 / (rank + 20) for rank in range(len(GIVEN))]
        self.sounds: dict[str, str] = defaultdict(str)
        for character in LEVEL_1:
            self.sounds[syllables(character)[0]] += character

    def whole(self) -> Labelled:
        """Households with twins, fathers and sons; strangers of one name; then the second records."""
        while len(self.made.records) < self.size:
            self.household()
        self.namesakes("同名同日", lambda name: name)
        self.namesakes("同音同日", lambda name: "".join(syllables(each)[0] for each in name))
        first = list(self.made.records)
        chosen = self.random.sample(range(len(first)), self.size // 100)
        for place, index in enumerate(chosen):
            self.second(first[index], KINDS[place % len(KINDS)])
        counts: dict[str, int] = defaultdict(int)
        for record in self.made.records:
            counts[record.names[0]] += 1
        total = len(self.made.records)
        self.made.records = [
            replace(record, share=counts[record.names[0]] / total) for record in self.made.records
        ]
        return self.made

    # --- people -------------------------------------------------------------------------------------------------

    def household(self) -> None:
        random = self.random
        surname = self.surname()
        region, phone = f"6104{random.randrange(2, 14):02d}", self.phone()
        elder = date(1945, 1, 1) + timedelta(days=random.randrange(45 * 365))
        father = self.person(surname + self.given(), elder, "1", region, phone)
        self.person(
            self.surname() + self.given(),
            elder + timedelta(days=random.randrange(-1500, 1500)),
            "2",
            region,
            self.phone() if random.random() < 0.7 else phone,
        )
        birth = elder + timedelta(days=random.randrange(22 * 365, 34 * 365))
        shared = random.choices(GIVEN, self.given_weights)[0]
        last: Record | None = None
        for _ in range(random.choices((0, 1, 2, 3), (20, 45, 30, 5))[0]):
            if birth > TODAY:
                break
            given = shared + self.given(1) if random.random() < 0.35 else self.given()
            child = self.person(
                surname + given,
                birth,
                random.choice("12"),
                region,
                phone if random.random() < 0.6 else self.phone(),
            )
            self.hard_pair(father, child, "父子同号")
            if last is not None:
                self.hard_pair(last, child, "兄弟姐妹")
            if child.birth_on and random.random() < 0.02:
                self.twin(child)
            last = child
            birth += timedelta(days=random.randrange(600, 2500))

    def twin(self, elder: Record) -> None:
        name = elder.names[0]
        dice = self.random.random()
        if dice < 0.10 and len(name) > 2:  # 晓明, 晓敏
            other = self.like_sound(name[-1])
            name = name[:-1] + other if other != name[-1] else name[0] + self.given(2)
        elif dice < 0.75 and len(name) > 2:
            name = name[:-1] + self.given(1)
        else:
            name = name[0] + self.given(len(name) - 1)
        sequence = int(elder.numbers[0][14:17])
        sex = elder.sex if self.random.random() < 0.65 else str(3 - int(elder.sex))
        for more in range(1, 8):
            first = f"{elder.numbers[0][:14]}{(sequence + more) % 1000:03d}"
            if int(first[16]) % 2 == int(sex) % 2 and first not in self.taken and name != elder.names[0]:
                self.taken.add(first)
                made = self.add(
                    (first + check_digit(first),), name, sex, elder.birth_on, elder.region, elder.phone
                )
                self.hard_pair(elder, made, "双胞胎")
                return

    def namesakes(self, label: str, of: object) -> None:
        """As many strangers of one (like-sounding) name, sex, county and birth date as a city of CITY has a person."""
        groups: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
        for record in self.made.records:
            if record.birth_on and record.names[0]:
                groups[(of(record.names[0]), record.sex, record.region)].append(record)  # type: ignore[operator]
        pairs = sum(len(group) * (len(group) - 1) / 2 for group in groups.values())
        wanted = round(pairs * CITY / len(self.made.records) / 25_000)
        crowded = [group for group in groups.values() if len(group) > 1]
        weights = [len(group) * (len(group) - 1) for group in crowded]
        for group in self.random.choices(crowded, weights, k=wanted):
            one, other = self.random.sample(group, 2)
            assert one.birth_on
            made = self.person(other.names[0], one.birth_on, one.sex, one.region, self.phone())
            self.hard_pair(one, made, label)

    def person(self, name: str, birth: date, sex: str, region: str, phone: str) -> Record:
        if self.random.random() < 0.004:  # foreigners with the card of before 2023-12
            name = (
                " ".join(self.random.sample(LATIN, 2))
                + " "
                + "".join(self.random.choices("ABCDEFGHIJKLMNOPRST", k=5))
            )
            number = f"{''.join(self.random.choices('ABCDEFGHIJKLMNOPRSTUVW', k=3))}{self.random.randrange(10**12):012d}"
            return self.add((number,), name, "9", None, region, phone)
        return self.add((self.number(birth, sex),), name, sex, birth, region, phone)

    def add(
        self, numbers: tuple[str, ...], name: str, sex: str, birth: date | None, region: str, phone: str
    ) -> Record:
        phone = "" if self.random.random() < 0.05 else phone
        record = Record(len(self.made.records), numbers, (name,), sex, birth, region, phone)
        self.made.records.append(record)
        return record

    def hard_pair(self, one: Record, other: Record, label: str) -> None:
        self.made.hard[(one.id, other.id)] = label

    def surname(self) -> str:
        return self.random.choices(SURNAMES, self.surname_weights)[0]

    def given(self, length: int = 0) -> str:
        length = length or (1 if self.random.random() < 0.18 else 2)
        if self.random.random() < 0.02:
            return self.random.choice(RARE) + "".join(
                self.random.choices(GIVEN, self.given_weights, k=length - 1)
            )
        return "".join(self.random.choices(GIVEN, self.given_weights, k=length))

    def phone(self) -> str:
        return f"12{self.random.randrange(10**9):09d}"

    def number(self, birth: date, sex: str) -> str:
        while True:
            # Counties give the numbers of a day from the low ones up, so people of one day are near each other.
            first = f"610499{birth:%Y%m%d}{min(999, int(self.random.expovariate(1 / 120))):03d}"
            if int(first[16]) % 2 == int(sex) % 2 and first not in self.taken:
                self.taken.add(first)
                return first + check_digit(first)

    # --- second records of one person ---------------------------------------------------------------------------

    def second(self, first: Record, kind: str) -> None:
        random = self.random
        name, birth, sex = first.names[0], first.birth_on, first.sex
        foreign = birth is None
        kind = "换了证件" if foreign else kind
        phone = random.choices((first.phone, self.phone(), ""), (60, 25, 15))[0]
        region = first.region if random.random() < 0.85 else f"6104{random.randrange(2, 14):02d}"
        if foreign:
            number = f"91{random.randrange(1, 6):01d}124{19500101 + random.randrange(50) * 10000}{random.randrange(1000):03d}"
            number += check_digit(number)
            birth, sex = date(int(number[6:10]), 1, 1), "1" if int(number[16]) % 2 else "2"
            if random.random() < 0.3:
                name = " ".join(reversed(name.split()))
            if random.random() < 0.5:
                number, birth, sex = f"E{random.randrange(10**8):08d}", None, "9"
        elif kind == "换了证件":
            number, phone, birth, sex = (
                f"E{random.randrange(10**8):08d}",
                first.phone or self.phone(),
                None,
                "9",
            )
        elif kind == "一人两号":
            number, phone = self.number(birth, sex), first.phone or self.phone()  # type: ignore[arg-type]
            if random.random() < 0.3:
                name = self.heard(name)
        elif kind == "15位与18位":
            number = fifteen(first.numbers[0]) or self.slip(first.numbers[0])
        elif kind == "号码输错":
            number = self.slip(first.numbers[0])
        elif kind == "改名":
            name = name[0] + self.given()
            number = fifteen(first.numbers[0]) or first.numbers[0]
            if random.random() < 0.2:
                number, phone = self.slip(first.numbers[0]), first.phone
        else:
            name = {"同音": self.heard, "形近": self.seen, "生僻字": self.untyped}[kind](name)
            old = fifteen(first.numbers[0])
            number = old if old and random.random() < 0.4 else self.slip(first.numbers[0])
        if kind in ("换了证件", "一人两号") and not foreign and not first.phone:
            # Nothing but the phone could tell, and there is none on file: no such pair is made.
            return
        if not foreign and kind != "换了证件" and len(number) == 18:
            birth = self.birth_in(number) or birth
            sex = "1" if int(number[16]) % 2 else "2"
        twin = Record(len(self.made.records), (number,), (name,), sex, birth, region, phone)
        self.made.records.append(twin)
        self.made.truth[(first.id, twin.id)] = kind

    def slip(self, number: str) -> str:
        """One wrong digit (7 in 10) or two transposed; the check digit was made to fit in 15 of 100."""
        core = list(number[:17])
        while "".join(core) == number[:17] or self.birth_in("".join(core)) is None:
            core = list(number[:17])
            place = self.random.randrange(17)
            if self.random.random() < 0.7:
                core[place] = str(self.random.randrange(10))
            elif place < 16:
                core[place], core[place + 1] = core[place + 1], core[place]
        wrong = "".join(core)
        return wrong + (check_digit(wrong) if self.random.random() < 0.15 else number[17])

    def birth_in(self, number: str) -> date | None:
        try:
            born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError:
            return None
        return born if born <= TODAY else None

    def heard(self, name: str) -> str:
        place = self.random.randrange(1 if len(name) > 1 and self.random.random() < 0.9 else 0, len(name))
        return name[:place] + self.like_sound(name[place]) + name[place + 1 :]

    def like_sound(self, character: str) -> str:
        others = self.sounds.get(syllables(character)[0], "").replace(character, "")
        return self.random.choice(others) if others else character

    def seen(self, name: str) -> str:
        places = [place for place in range(len(name)) if doubles(name[place])]
        if not places:
            return self.heard(name)
        place = self.random.choice(places)
        return name[:place] + self.random.choice(doubles(name[place])) + name[place + 1 :]

    def untyped(self, name: str) -> str:
        places = [place for place in range(len(name)) if name[place] in RARE] or [len(name) - 1]
        place = places[0]
        said = syllables(name[place])[0]
        stand_in = self.random.choice((*STAND_INS, said.upper() if said.isascii() else "?"))
        return name[:place] + stand_in + name[place + 1 :]


def labelled(size: int, seed: int) -> Labelled:
    """A set of about `size` people and a hundredth as many second records. The same seed, the same set."""
    return Maker(size, seed).whole()
