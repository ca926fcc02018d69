"""Names of people: told to be the same, found by what a clerk types, and refused when they are no name.

Rare characters outside the Basic Multilingual Plane are ordinary letters here. Names of ethnic minorities and
of foreigners are long and divided by a middle dot, which every keyboard writes differently.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from yikatong.basics.characters import FULL_WIDTH, INVISIBLE
from yikatong.basics.refused import Refused

MOST_READINGS = 32
FIELD_BYTES = 50
"""The name field of the chip and of the making file, in bytes (UTF-8); its extension field (姓名扩展) holds as many."""
MOST_BYTES = 2 * FIELD_BYTES

_DOTS = dict.fromkeys((0x2022, 0x2027, 0x2219, 0x22C5, 0x25CF, 0x2E31, 0x30FB, 0x318D, 0xFE52, 0xFF65), "·")
_VARIATION_SELECTORS = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_LATIN = "A-Za-z\u00c0-\u024f\u0300-\u036f"
_LATIN_RUN = re.compile(f"[{_LATIN}]+")
_STRAY_SPACE = re.compile(rf"(?<![{_LATIN}'’.,-]) | (?![{_LATIN}'’-])")
_FULL_STOP_AS_DOT = re.compile(r"(?<=[^\x00-\u036f\s])\s*\.\s*(?=[^\x00-\u036f\s])")
_READ_TOGETHER = re.compile(rf"[{_LATIN}]+|[^ ]")
_PLAIN_HAN = re.compile(
    r"[\u4e00-\u9fff]+"
)  # nothing in such a name can be tidied; nearly all names are such
_PUNCTUATION = frozenset("· '’.,-")


def is_plain(name: str) -> bool:
    """Whether a name is short and of common Chinese characters alone: nothing in it is to be tidied, folded or refused."""
    return len(name) <= MOST_BYTES // 3 and _PLAIN_HAN.fullmatch(name) is not None


def tidy(name: str) -> str:
    """The name as it should be kept: plain forms of full-width letters, one kind of middle dot (·), no stray
    spaces.

    Spaces stay, singly, between Latin words only. Capitals and rare characters stay as they are; invisible
    marks and glyph variants (variation selectors) go.
    """
    if _PLAIN_HAN.fullmatch(name):
        return name
    text = name.translate(FULL_WIDTH).translate(INVISIBLE).translate(_VARIATION_SELECTORS).translate(_DOTS)
    text = _LATIN_RUN.sub(lambda run: unicodedata.normalize("NFC", run[0]), text.strip())
    text = _FULL_STOP_AS_DOT.sub("·", text)
    text = _STRAY_SPACE.sub("", re.sub(r"\s+", " ", text))
    return re.sub("·+", "·", text)


def fold(name: str) -> str:
    """The key under which a name is compared and searched: `tidy`, with Latin letters in capitals."""
    if _PLAIN_HAN.fullmatch(name):
        return name
    return tidy(_LATIN_RUN.sub(lambda run: run[0].upper(), tidy(name)))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are the same name after folding."""
    return fold(one) == fold(other)


def readings(name: str, most: int = MOST_READINGS) -> tuple[str, ...]:
    """Every way to read the name in pinyin without tones, ü as v, run together: 单雄 -> ("shanxiong",
    "danxiong", …).

    Likeliest first, at most `most`. A surname is read as surnames are (data/surnames.csv), its other readings
    come after. Latin parts are given in small letters, a character without a known reading as itself; no
    name, no reading.
    """
    return tuple(dict.fromkeys("".join(syllables) for syllables in _likeliest(name, most)))


def initials(name: str, most: int = MOST_READINGS) -> tuple[str, ...]:
    """The first letters of each of the `readings`: 张三 -> ("zs",)."""
    return tuple(dict.fromkeys("".join(s[0] for s in syllables) for syllables in _likeliest(name, most)))


def in_fields(name: str) -> tuple[str, str]:
    """The name as the chip holds it: what fits its name field in whole characters, and the rest for the extension.

    A combining mark stays with its letter.
    """
    size = 0
    for place, character in enumerate(name):
        size += len(character.encode())
        if size > FIELD_BYTES:
            while place and unicodedata.combining(name[place]):
                place -= 1
            return name[:place], name[place:]
    return name, ""


def grams(name: str) -> tuple[str, ...]:
    """Each character of the folded name, then each pair of neighbours, once each.

    Dots and spaces are left out, so that a name is found whether or not they were typed.
    """
    text = re.sub("[· ]", "", fold(name))
    return tuple(dict.fromkeys([*text, *map("".join, pairwise(text))]))


def name_problems(text: str, most_bytes: int = MOST_BYTES) -> Refused | None:
    """What keeps the text from being a person's name, None if nothing does (test with `is None`).

    Refused: name.empty, name.control, name.private_use (characters only one computer knows), name.digits,
    name.characters (anything else but letters, the middle dot and Latin punctuation), name.length (over
    `most_bytes` in UTF-8). A name of more than ten characters is fine.
    """
    name = tidy(text)
    for character in text.strip():
        if unicodedata.category(character) in ("Cc", "Cs"):
            return Refused(
                "name.control",
                "姓名中含有看不见的控制字符，请删除后重新输入。",
                "The name holds an invisible control character; delete it and type the name again.",
            )
    for position, character in enumerate(name, start=1):
        problem = _character_problem(position, character)
        if problem is not None:
            return problem
    if not any(_is_letter(character) for character in name):
        return Refused("name.empty", "请填写姓名。", "Enter the name.")
    size = len(name.encode())
    if size > most_bytes:
        return Refused(
            "name.length",
            f"姓名长{size}字节，姓名栏与扩展栏合计最多{most_bytes}字节，请按证件核对。",
            f"The name takes {size} bytes; name and extension field hold {most_bytes}. Compare it with the document.",
        )
    return None


def _character_problem(position: int, character: str) -> Refused | None:
    category = unicodedata.category(character)
    if category == "Co":
        return Refused(
            "name.private_use",
            f"姓名第{position}个字是自造字编码，其他系统无法识别，请改用该生僻字的标准编码（GB 18030）。",
            f"Character {position} of the name has a private code that no other system knows; "
            "use the standard code of the character (GB 18030).",
        )
    if category.startswith("N") and not _is_letter(character):
        return Refused(
            "name.digits",
            f"姓名第{position}个字“{character}”是数字，请按证件更正。",
            f"Character {position} of the name, “{character}”, is a digit; correct it from the document.",
        )
    if not (_is_letter(character) or character in _PUNCTUATION or category.startswith("M")):
        return Refused(
            "name.characters",
            f"姓名第{position}个字“{character}”不是文字，请按证件更正。",
            f"Character {position} of the name, “{character}”, is no letter; correct it from the document.",
        )
    return None


def _is_letter(character: str) -> bool:
    # Planes 2 and 3 hold Chinese characters only; the newest of them are still unassigned to Python's tables.
    # 〇 counts as a number in Unicode and as a character in names.
    return (
        unicodedata.category(character).startswith("L")
        or 0x20000 <= ord(character) <= 0x3FFFD
        or character == "〇"
    )


@lru_cache(maxsize=1)  # readings and initials are asked for one after the other
def _likeliest(name: str, most: int) -> tuple[tuple[str, ...], ...]:
    # A reading's cost is the sum of its syllables' ranks. Costs add up from left to right, so keeping the
    # `most` cheapest beginnings at each character loses none of the `most` cheapest readings.
    found: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for choices in _choices(fold(name)):
        longer = [(cost + rank, (*begun, each)) for cost, begun in found for rank, each in enumerate(choices)]
        found = sorted(longer, key=lambda reading: reading[0])[:most]
    return tuple(syllables for _, syllables in found if syllables)


def _choices(name: str) -> list[tuple[str, ...]]:
    parts = _READ_TOGETHER.findall(re.sub("['’.,·-]", "", name))
    choices = [syllables(part) for part in parts]
    for length in (2, 1):
        as_surname = _surnames().get("".join(parts[:length]))
        if as_surname is not None:
            for place, first in enumerate(as_surname):
                choices[place] = tuple(dict.fromkeys(first + choices[place]))
            break
    return choices


@lru_cache(maxsize=16384)
def syllables(part: str) -> tuple[str, ...]:
    """What one character, or one run of Latin letters, may be read as, without tones; itself where nobody knows."""
    if _LATIN_RUN.fullmatch(part) or part.isascii():
        return (part.lower(),)
    # Its dictionaries take half a second to load, and most who compare names never read one aloud.
    from pypinyin import Style, pinyin

    found = pinyin(part, style=Style.NORMAL, heteronym=True, errors="default")
    return tuple(dict.fromkeys(found[0])) if found and found[0] else (part,)


@cache
def _surnames() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Surname -> for each of its characters, the syllables it may have there."""
    with (files("yikatong.basics") / "data" / "surnames.csv").open(encoding="utf-8") as lines:
        return {row["surname"]: _by_character(row["readings"]) for row in csv.DictReader(lines)}


def _by_character(written: str) -> tuple[tuple[str, ...], ...]:
    spoken = [reading.split(" ") for reading in written.split("/")]
    return tuple(tuple(dict.fromkeys(syllables)) for syllables in zip(*spoken, strict=True))
