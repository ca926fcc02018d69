"""How alike two numbers are, and how alike two names. Pure."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz

from yikatong.basics import names
from yikatong.basics.ids import check_digit, eighteen
from yikatong.basics.lookalikes import look_alike

_PART = re.compile("[A-Z\u00c0-\u024f]+|[^·'’.,\\- ]")
_STAND_INS = frozenset("?*□■〓○_\ufffd")
_NEARLY = (
    (re.compile("^([zcs])h"), r"\1"),
    (re.compile("([aei])ng$"), r"\1n"),
    (re.compile("^[nr](?=[aeiouv])"), "l"),
)
_NEIGHBOURS = 3
_LATIN_ALIKE = 90.0


class NumberLikeness(IntEnum):
    """The better the higher; UNKNOWN where the two cannot be compared (a passport and an identity card).

    A slip is one wrong digit or two transposed. In the sequence (digits 15-17) it says less: people of one county born
    on one day differ there only. Broken: one of the two numbers fails its check, so a slip there was.
    """

    STRANGE = 0
    UNKNOWN = 1
    NEIGHBOURS = 2
    SEQUENCE = 3
    SEQUENCE_BROKEN = 4
    SLIP = 5
    SLIP_BROKEN = 6
    SAME = 7


class NameLikeness(IntEnum):
    """The better the higher."""

    OTHER = 0
    PART = 1
    NEAR = 2
    SOUND = 3
    PLACEHOLDER = 4
    LOOK = 5
    REORDERED = 6
    FORMER = 7
    SAME = 8


# --- numbers ----------------------------------------------------------------------------------------------------


def person_number(number: str) -> str:
    """The 17 digits before the check digit of a number that is built as a citizen's is (of 15 digits, too), else ''."""
    if len(number) == 15 and number.isascii() and number.isdigit():
        return eighteen(number)[:17]
    first = number[:17]
    return first if len(number) == 18 and first.isascii() and first.isdigit() else ""


def is_foreign(numbers: tuple[str, ...]) -> bool:
    """Whether today's number is a passport's or a foreigner's permanent residence card's."""
    core = person_number(numbers[0]) if numbers else ""
    return not core or _sort(core) == "foreign"


def number_likeness(ours: tuple[str, ...], theirs: tuple[str, ...]) -> NumberLikeness:
    """The best likeness among all numbers, today's and former ones; strange only where today's are."""
    best = max(
        (_pair_of_numbers(one, other) for one in ours for other in theirs), default=NumberLikeness.UNKNOWN
    )
    if best <= NumberLikeness.UNKNOWN and ours and theirs:
        return _pair_of_numbers(ours[0], theirs[0])
    return best


def _pair_of_numbers(one: str, other: str) -> NumberLikeness:
    if one == other:
        return NumberLikeness.SAME
    a, b = person_number(one), person_number(other)
    if not a or not b:
        return NumberLikeness.UNKNOWN
    broken = not (_holds(one, a) and _holds(other, b))
    if a == b:  # a number that fails its check may be another person's, mistyped
        return NumberLikeness.SEQUENCE_BROKEN if broken else NumberLikeness.SAME
    apart = [place for place in range(17) if a[place] != b[place]]
    slip = len(apart) == 1 or (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and (a[apart[0]], a[apart[1]]) == (b[apart[1]], b[apart[0]])
    )
    in_sequence = apart[0] >= 14
    if slip and broken:
        return NumberLikeness.SEQUENCE_BROKEN if in_sequence else NumberLikeness.SLIP_BROKEN
    if in_sequence and abs(int(a[14:]) - int(b[14:])) <= _NEIGHBOURS:
        return NumberLikeness.NEIGHBOURS
    if slip:
        return NumberLikeness.SEQUENCE if in_sequence else NumberLikeness.SLIP
    # Mainland, Hong Kong and foreign numbers are given independently of each other: one person may have two of them.
    return NumberLikeness.STRANGE if _sort(a) == _sort(b) else NumberLikeness.UNKNOWN


def _holds(number: str, core: str) -> bool:
    return len(number) == 15 or number[17] == check_digit(core)


def _sort(core: str) -> str:
    if core[0] == "9":
        return "foreign"
    return "permit" if core[:6] in ("810000", "820000", "830000") else "citizen"


# --- names ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def tokens(name: str) -> tuple[str, ...]:
    """The parts of a folded name that are compared with each other: a character, or a run of Latin letters.

    Whatever stands in for a character that could not be typed (?, □, a private code) becomes `?`.
    """
    return tuple("?" if _stands_in(part) else part for part in _PART.findall(names.fold(name)))


def _stands_in(part: str) -> bool:
    return part in _STAND_INS or (len(part) == 1 and unicodedata.category(part) in ("Co", "Cn"))


def name_likeness(ours: tuple[str, ...], theirs: tuple[str, ...]) -> NameLikeness:
    """The best likeness among all names; FORMER where one of two equal names is a former one."""
    best = NameLikeness.OTHER
    for mine, one in enumerate(ours):
        for yours, other in enumerate(theirs):
            likeness = _pair_of_names(one, other)
            if likeness is NameLikeness.SAME and (mine or yours):
                likeness = NameLikeness.FORMER
            best = max(best, likeness)
    return best


@lru_cache(maxsize=65_536)
def _pair_of_names(one: str, other: str) -> NameLikeness:
    a, b = tokens(one), tokens(other)
    if a == b:
        return NameLikeness.SAME
    if sorted(a) == sorted(b) and all(len(part) > 1 for part in a):
        return NameLikeness.REORDERED
    if len(a) == len(b):
        worst = min(map(_pair_of_parts, a, b))
        if worst > NameLikeness.OTHER:
            return worst
    if (
        any(len(part) > 2 for part in (*a, *b))
        and fuzz.token_sort_ratio(" ".join(a), " ".join(b)) >= _LATIN_ALIKE
    ):
        return NameLikeness.NEAR
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 4 and longer[: len(shorter)] == shorter:  # cut off at a short field's end
        return NameLikeness.NEAR
    return NameLikeness.PART if set(a) & set(b) else NameLikeness.OTHER


def _pair_of_parts(one: str, other: str) -> NameLikeness:
    if one == other:
        return NameLikeness.SAME
    if "?" in (one, other):
        return NameLikeness.PLACEHOLDER
    if look_alike(one, other):
        return NameLikeness.LOOK
    ours, theirs = names.syllables(one), names.syllables(other)
    if set(ours) & set(theirs):
        spelt = one.isascii() or other.isascii()
        return NameLikeness.PLACEHOLDER if spelt else NameLikeness.SOUND
    if {*map(_nearly, ours)} & {*map(_nearly, theirs)}:
        return NameLikeness.NEAR
    return NameLikeness.OTHER


@lru_cache(maxsize=4_096)
def _nearly(syllable: str) -> str:
    for sound, plain in _NEARLY:
        syllable = sound.sub(plain, syllable)
    return syllable
