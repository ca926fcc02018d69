"""Whether two records are of one person: what is compared, how much each likeness says, and why. Pure.

Every likeness and every difference is weighed in bits: how many times (as a power of two) likelier it is between two
records of one person than between records of two. Likenesses that come together in families (phone, birth date of
twins, neighbouring numbers) are not added up as if they came by chance: see `_NUMBERS` and `_NAMES`. A pair whose sum
reaches `ENOUGH` is put before a person; nothing is ever decided here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from yikatong.basics import names
from yikatong.residents.likeness import (
    NameLikeness,
    NumberLikeness,
    is_foreign,
    name_likeness,
    number_likeness,
    person_number,
    tokens,
)

ENOUGH = 27.0
"""Bits from which a pair is proposed; set on the labelled set of seed 1 (`./yk bench duplicates`)."""

DEFAULT_SHARE = 1e-4
MOST_READINGS_AS_KEYS = 4


@dataclass(frozen=True)
class Record:
    """One person as on file: numbers and names with today's first, former ones after; numbers plain.

    `share` is the part of all people on file who bear today's name. What is not known is empty or None.
    """

    id: int
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    sex: str
    birth_on: date | None
    region: str
    phone: str
    share: float = DEFAULT_SHARE


@dataclass(frozen=True)
class Reason:
    """One likeness (or difference) with its weight in bits."""

    code: str
    bits: float

    @property
    def zh(self) -> str:
        return _SAID[self.code][0]

    @property
    def en(self) -> str:
        return _SAID[self.code][1]


@dataclass(frozen=True)
class Verdict:
    """What speaks for and against two records being one person's; `score` is 0 to 100."""

    bits: float
    reasons: tuple[Reason, ...]

    @property
    def enough(self) -> bool:
        return self.bits >= ENOUGH

    @property
    def score(self) -> int:
        return round(100 / (1 + 2 ** min(60.0, max(-60.0, ENOUGH - 4 - self.bits))))


def reason(code: str, bits: float) -> Reason:
    """A reason read back from where it was stored; KeyError for an unknown code."""
    _SAID[code]
    return Reason(code, bits)


_SAID: dict[str, tuple[str, str]] = {
    "number.same": (
        "证件号码相同（15位与18位视同）",
        "the same number (of 15 or 18 digits)",
    ),
    "number.slip_broken": (
        "证件号码只差一位或相邻两位颠倒，且有一个校验不通过",
        "numbers differ by one digit or two transposed, and one fails its check",
    ),
    "number.sequence_broken": (
        "证件号码顺序码或校验码差一位，且有一个校验不通过",
        "numbers differ in the sequence or the check digit, and one fails its check",
    ),
    "number.slip": ("证件号码只差一位或相邻两位颠倒", "numbers differ by one digit or two transposed"),
    "number.sequence": ("证件号码只差顺序码一位", "numbers differ by one digit of the sequence"),
    "number.neighbours": ("证件号码顺序码相邻，如双胞胎", "numbers next to each other, as those of twins"),
    "number.strange": ("两个有效号码互不相干", "two valid numbers that have nothing to do with each other"),
    "name.same": ("姓名相同", "the same name"),
    "name.former": ("与曾用名相同", "the same as a former name"),
    "name.reordered": ("姓名只是先后次序不同", "the same name in another order"),
    "name.look": ("姓名形近或繁简不同", "names that look alike, or in old and new characters"),
    "name.placeholder": ("姓名有生僻字被拼音或符号代替", "a rare character replaced by pinyin or a sign"),
    "name.sound": ("姓名同音", "names that sound the same"),
    "name.near": ("姓名近音或写法相近", "names that sound or are written nearly the same"),
    "name.part": ("姓名部分相同", "names with a part in common"),
    "name.other": ("姓名不同", "different names"),
    "birth.same": ("出生日期相同", "the same birth date"),
    "birth.other": ("出生日期不同", "different birth dates"),
    "sex.other": ("性别不同", "different sex"),
    "phone.same": ("联系电话相同", "the same phone"),
    "phone.other": ("联系电话不同", "different phones"),
    "region.same": ("居住地相同", "the same county of residence"),
}

_NUMBERS = {
    NumberLikeness.SAME: ("number.same", 45.0),
    NumberLikeness.SLIP_BROKEN: ("number.slip_broken", 30.0),
    NumberLikeness.SLIP: ("number.slip", 19.0),
    NumberLikeness.SEQUENCE_BROKEN: ("number.sequence_broken", 16.0),
    NumberLikeness.SEQUENCE: ("number.sequence", 5.0),
    NumberLikeness.NEIGHBOURS: ("number.neighbours", -8.0),
    NumberLikeness.STRANGE: ("number.strange", -9.0),
}
"""Neighbouring numbers are given to twins on one day: they say less than nothing. One person with two valid numbers
is rare, but two strangers' numbers are always strange to each other: that speaks against, not much."""

_NAMES = {
    NameLikeness.FORMER: ("name.former", 12.0),
    NameLikeness.REORDERED: ("name.reordered", 11.0),
    NameLikeness.LOOK: ("name.look", 12.0),
    NameLikeness.PLACEHOLDER: ("name.placeholder", 9.0),
    NameLikeness.SOUND: ("name.sound", 8.0),
    NameLikeness.NEAR: ("name.near", 4.0),
    NameLikeness.PART: ("name.part", -12.0),
    NameLikeness.OTHER: ("name.other", -14.0),
}
_FOREIGN_NAME = 28.0
"""Foreigners of one city are few: two of the same whole name are nearly always one, with a renewed passport."""

_ERRORS_APART = (NameLikeness.NEAR, NameLikeness.SOUND, NameLikeness.LOOK)
"""Twins are given names that sound or look nearly the same; beside neighbouring numbers these say what a shared part says."""


def compare(one: Record, other: Record) -> Verdict:
    """Weigh what two records have in common and what sets them apart."""
    number = number_likeness(one.numbers, other.numbers)
    name, named = _name(one, other, number)
    numbered = [Reason(*_NUMBERS[number])] if number in _NUMBERS else []
    reasons = (*numbered, named, *_circumstances(one, other, number, name))
    return Verdict(sum(each.bits for each in reasons), reasons)


def _name(one: Record, other: Record, number: NumberLikeness) -> tuple[NameLikeness, Reason]:
    likeness = name_likeness(one.names, other.names)
    foreign = is_foreign(one.numbers) and is_foreign(other.numbers)
    if foreign and likeness >= NameLikeness.REORDERED:
        return likeness, Reason(_NAMES.get(likeness, ("name.same",))[0], _FOREIGN_NAME)
    if likeness is NameLikeness.SAME:
        rarity = -math.log2(max(one.share, other.share, 1e-9))
        return likeness, Reason("name.same", min(20.0, max(6.0, rarity)))
    if number is NumberLikeness.NEIGHBOURS and likeness in _ERRORS_APART:
        likeness = NameLikeness.PART
    return likeness, Reason(*_NAMES[likeness])


def _circumstances(
    one: Record, other: Record, number: NumberLikeness, name: NameLikeness
) -> Iterator[Reason]:
    slipped = number >= NumberLikeness.SLIP
    if one.birth_on and other.birth_on:
        if one.birth_on == other.birth_on:
            yield Reason("birth.same", 14.0)
        elif not slipped:  # a wrong digit of the number is a wrong digit of the birth date
            yield Reason("birth.other", -16.0)
    if {one.sex, other.sex} == {"1", "2"} and not slipped:
        yield Reason("sex.other", -8.0)
    if one.phone and other.phone:
        # A family shares a phone and parts of its names, but neither a name nor a number.
        yield (
            Reason("phone.same", 20.0 if slipped or name >= NameLikeness.SOUND else 15.0)
            if one.phone == other.phone
            else Reason("phone.other", -1.5)
        )
    if one.region and one.region == other.region:
        yield Reason("region.same", 2.0)


# --- which pairs are compared at all ----------------------------------------------------------------------------


class Block(IntEnum):
    """The ways in which two records come to be compared; the first character of a key says which."""

    NUMBER = 1
    PHONE_AND_BIRTH = 2
    SOUND_AND_BIRTH = 3
    PART_AND_BIRTH = 4
    SOUND_AND_NUMBER = 5
    PART_AND_PHONE = 6
    FOREIGN_NAME = 7
    WRONG_AREA = 8
    WRONG_YEAR = 9
    WRONG_DAY = 0


def keys(record: Record) -> frozenset[str]:
    """Two records are compared where they share one of these. About fifteen a person, selective at any size of city.

    None of them may leave the process as it is: the database holds keyed digests.
    """
    found: set[str] = set()
    birth = f"{record.birth_on:%Y%m%d}" if record.birth_on else ""
    cores = [person_number(number) for number in record.numbers]
    found |= {f"{Block.NUMBER}{core or number}" for core, number in zip(cores, record.numbers, strict=True)}
    found |= {f"{Block.WRONG_AREA}{core[6:]}" for core in cores if core}
    if record.phone and birth:
        found.add(f"{Block.PHONE_AND_BIRTH}{record.phone}{birth}")
    for name in record.names:
        said = names.readings(name, MOST_READINGS_AS_KEYS)
        parts = tokens(name)
        if birth:
            found |= {f"{Block.SOUND_AND_BIRTH}{birth}{each}" for each in said}
            found |= {f"{Block.PART_AND_BIRTH}{birth}{each}" for each in _one_left_out(parts)}
        if record.phone:
            found |= {f"{Block.PART_AND_PHONE}{record.phone}{each}" for each in _ends(parts)}
        for core in filter(None, cores):
            area, year, day, sequence = core[:6], core[6:10], core[10:14], core[14:]
            found |= {f"{Block.SOUND_AND_NUMBER}{area}{sequence}{each}" for each in said}
            found |= {f"{Block.SOUND_AND_NUMBER}{area}{year}{each}" for each in said}
            found |= {f"{Block.WRONG_YEAR}{area}{day}{sequence}{each}" for each in {parts[:1], parts[-1:]}}
            found |= {f"{Block.WRONG_DAY}{area}{year}{sequence}{each}" for each in {parts[:1], parts[-1:]}}
        if is_foreign(record.numbers):
            found.add(f"{Block.FOREIGN_NAME}{' '.join(sorted(parts))}")
    return frozenset(found)


def _one_left_out(parts: tuple[str, ...]) -> set[str]:
    if len(parts) < 2:
        return {"|".join(parts)}
    return {"|".join((*parts[:place], "?", *parts[place + 1 :])) for place in range(len(parts))}


def _ends(parts: tuple[str, ...]) -> set[str]:
    return {f"<{parts[0]}", f">{parts[-1]}"} if parts else set()
