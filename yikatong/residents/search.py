"""Finding people by whatever a clerk types: a number or its end, a phone, a name or part of one, pinyin, initials.

Each way is one or more statements that PostgreSQL answers from an index. Numbers and phones are sealed, so they are
found by keys: of the whole, and of the last four and six characters; where more or fewer characters were typed, the few
people of the nearest key are opened and compared here. A part of a name is looked up among its
one- and two-character grams; the candidates come from a materialized step, which is read only as far as the page
needs. Where one gram is all there is to look for, the index is first asked for some thousands of its people only: of
a character that a hundred thousand share, the page shows twenty anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yikatong.basics import names
from yikatong.basics.characters import ascii_folded
from yikatong.basics.ids import eighteen
from yikatong.basics.masking import Sensitive
from yikatong.office import sealing
from yikatong.office.scope import Scope, stem
from yikatong.residents.rules import read_phone

_COLUMNS = "id, number, name, birth_on, region, phone, merged_into_id"
_WHOLE_NUMBER = re.compile(r"\d{17}[\dX]|\d{15}|[A-Z]{3}\d{12}|[A-Z]{1,2}\d{5,16}", re.ASCII)
_TAIL = re.compile(r"\d{3,7}[\dX]", re.ASCII)
_BEGINNING = re.compile(r"\d{14,17}", re.ASCII)
CROWD = 5_000
"""So many candidates of one gram the index gives at first; a county with one in two hundred of them fills a page."""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f '’.,·-]+")


class By(StrEnum):
    """What a search was understood to be."""

    NUMBER = "number"
    NUMBER_END = "number_end"
    NUMBER_BEGINNING = "number_beginning"
    PHONE = "phone"
    NAME = "name"
    PINYIN = "pinyin"
    NOTHING = "nothing"

    @property
    def zh(self) -> str:
        return _LABELS[self][0]

    @property
    def en(self) -> str:
        return _LABELS[self][1]


_LABELS = {
    By.NUMBER: ("证件号码", "identity number"),
    By.NUMBER_END: ("号码末几位", "end of a number"),
    By.NUMBER_BEGINNING: ("证件号码前几位", "beginning of the identity number"),
    By.PHONE: ("联系电话", "phone"),
    By.NAME: ("姓名", "name"),
    By.PINYIN: ("拼音", "pinyin"),
    By.NOTHING: ("无法识别的内容", "nothing we know"),
}


@dataclass(frozen=True)
class Found:
    """One person found; nothing is masked here, the windows mask."""

    id: int
    number: str
    name: str
    birth_on: date | None
    region: str
    phone: str


@dataclass(frozen=True)
class SearchResult:
    """The first people found, best matches first; `by` is a `By`, `more` says that the page could not hold all."""

    rows: tuple[Found, ...]
    by: By
    more: bool


@dataclass(frozen=True)
class Step:
    """One statement of a search: candidates by `where`; `first` names an index order to walk instead.

    With `opened` all candidates are read, and those stay of whom it holds once their number is opened. A `crowded` step
    may have far more candidates than a page, and any of them will do.
    """

    where: str
    values: dict[str, Any]
    first: str = ""
    opened: Callable[[str], bool] | None = None
    crowded: bool = False

    @property
    def sql(self) -> str:
        """The statement; it takes the values and `scope` (LIKE pattern), `seen` (ids) and `most` (null: all).

        It is put together from this file's own texts; what a person typed only ever comes as a value.
        """
        seen = "region LIKE %(scope)s AND id <> ALL(%(seen)s)"
        people = f"SELECT {_COLUMNS} FROM residents_resident WHERE {self.where}"  # noqa: S608
        if self.first:
            return f"{people} AND {seen} ORDER BY {self.first} LIMIT %(most)s"
        return f"WITH hit AS MATERIALIZED ({people}) SELECT {_COLUMNS} FROM hit WHERE {seen} LIMIT %(most)s"  # noqa: S608


def search(text: str, scope: Scope, limit: int = 20) -> SearchResult:
    """People whose number, phone or name fits the text, within the scope, at most `limit`.

    Recognised by itself: a whole number (old documents too), its last four to eight or first fourteen and more
    characters, a phone or its last four digits, a Chinese name (whole, then beginning, then anywhere), pinyin without
    tones or initials.
    """
    by, steps = plan(text)
    found: list[Found] = []
    merged: dict[int, int | None] = {}
    if not scope.region:
        return SearchResult((), by, False)
    with connection.cursor() as cursor:
        for step in steps:
            seen = [each.id for each in found]
            rest: dict[str, Any] = {
                "scope": stem(scope.region) + "%",
                "seen": seen,
                "most": None if step.opened else limit + 1 - len(found),
            }
            for row in _rows(cursor, step, {**step.values, **rest}):
                each = _found(row[:6])
                merged[each.id] = row[6]
                if step.opened is None or step.opened(each.number):
                    found.append(each)
                if len(found) > limit:
                    break
            if len(found) > limit:
                break
    return SearchResult(_survivors(found[:limit], merged), by, len(found) > limit)


def _rows(cursor: CursorWrapper, step: Step, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What the step finds; of a crowd, enough for the page where those few thousand fill it, else everybody."""
    if step.crowded:
        # Only ever around a single gram: with more, the index would leave out people who have all of them.
        with transaction.atomic():
            cursor.execute("SET LOCAL gin_fuzzy_search_limit = %s", [CROWD])
            cursor.execute(step.sql, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.execute("SET LOCAL gin_fuzzy_search_limit = 0")
        if len(rows) == values["most"]:
            return rows
    cursor.execute(step.sql, values)
    return list(cursor.fetchall())


def _survivors(found: list[Found], merged: dict[int, int | None]) -> tuple[Found, ...]:
    """Each person once: whoever was found by a merged record is shown by the one that stays, wherever they live."""
    wanted = {survivor for each in found if (survivor := merged[each.id]) is not None}
    if not wanted:
        return tuple(found)
    columns = _COLUMNS.removesuffix(", merged_into_id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM residents_resident WHERE id = ANY(%s)", [list(wanted)])  # noqa: S608
        survivors = {row[0]: _found(row) for row in cursor.fetchall()}
    people = (survivors.get(merged[each.id] or each.id, each) for each in found)
    return tuple({each.id: each for each in people}.values())


def _found(row: tuple[Any, ...]) -> Found:
    number, phone = sealing.unseal(Sensitive.IDENTITY_NUMBER, row[1]), sealing.unseal(Sensitive.PHONE, row[5])
    key, _, name, birth_on, region, _ = row
    return Found(key, number, name, birth_on, region, phone)


def plan(text: str) -> tuple[By, tuple[Step, ...]]:
    """What the text was understood to be, and the steps that look for it."""
    number = ascii_folded(text)
    if _WHOLE_NUMBER.fullmatch(number):
        if len(number) == 15 and number.isdigit():
            return By.NUMBER, (_by_number(number, eighteen(number)), *_by_beginning(number))
        return By.NUMBER, (_by_number(number),)
    if _TAIL.fullmatch(number):
        return By.NUMBER_END, tuple(_by_end(number))
    phone = read_phone(text)
    if isinstance(phone, str) and phone:
        key = sealing.lookup(Sensitive.PHONE, phone)
        return By.PHONE, (Step("phone_key = %(phone)s AND phone_key <> ''", {"phone": key}),)
    if _BEGINNING.fullmatch(number):
        return By.NUMBER_BEGINNING, (_by_number(number), *_by_beginning(number))
    name = names.fold(text)
    if not re.search(r"[^\W\d_]", name):
        return By.NOTHING, ()
    if _LATIN.fullmatch(name):
        reading = _by_reading(text)
        return By.PINYIN, (reading, *_by_name(name), _formerly(reading))
    steps = tuple(_by_name(name))
    return By.NAME, (*steps, _formerly(steps[-1]))


def _by_number(*numbers: str) -> Step:
    return Step(
        "id IN (SELECT id FROM residents_resident WHERE number_key = ANY(%(numbers)s) "
        "UNION SELECT resident_id FROM residents_identitydocument WHERE number_key = ANY(%(numbers)s))",
        {"numbers": [sealing.lookup(Sensitive.IDENTITY_NUMBER, number) for number in numbers]},
    )


def _by_end(end: str) -> Iterator[Step]:
    """By the nearest key that is not longer; four digits may also be the last of a phone."""
    tail = 6 if len(end) >= 6 else 4
    key = sealing.lookup(Sensitive.IDENTITY_NUMBER, end, tail)
    exact = len(end) == tail
    opened = None if exact else lambda number: number.endswith(end)
    yield Step(f"number_tail{tail} = %(tail)s", {"tail": key}, opened=opened)
    if len(end) == 4 and end.isdigit():
        phone = sealing.lookup(Sensitive.PHONE, end, 4)
        yield Step("phone_tail4 = %(tail)s AND phone_tail4 <> ''", {"tail": phone})


def _by_beginning(beginning: str) -> Iterator[Step]:
    """By the birth date that stands in the number after the region."""
    try:
        day = date(int(beginning[6:10]), int(beginning[10:12]), int(beginning[12:14]))
    except ValueError:
        return
    yield Step("birth_on = %(day)s", {"day": day}, opened=lambda number: number.startswith(beginning))


def _formerly(step: Step) -> Step:
    """The same among the names that people bore before."""
    return Step(f"id IN (SELECT resident_id FROM residents_formername WHERE {step.where})", step.values)  # noqa: S608


def _by_reading(text: str) -> Step:
    typed = re.sub(r"\s", "", names.tidy(text).lower())
    plain = re.sub("['’.,·-]", "", _without_tones(typed))
    wanted = list(dict.fromkeys((plain, typed)))
    return Step("name_readings && %(readings)s::varchar[]", {"readings": wanted})


def _without_tones(pinyin: str) -> str:
    # Readings write ü as v; the other marks over vowels are tones.
    apart = unicodedata.normalize("NFD", pinyin).replace("u\u0308", "v").replace("u:", "v")
    return "".join(character for character in apart if not unicodedata.combining(character))


def _by_name(name: str) -> Iterator[Step]:
    beginning = re.sub(r"([\\%_])", r"\\\1", name) + "%"
    yield Step("name_folded = %(name)s", {"name": name}, first="id")
    yield Step("name_folded LIKE %(name)s", {"name": beginning}, first="name_folded USING ~<~, id")
    part = re.sub("[· ]", "", name)
    wanted = [part] if len(part) == 1 else ["".join(pair) for pair in pairwise(part)]
    where = "name_grams @> %(grams)s::varchar[]"
    if len(part) > 2:
        where += " AND strpos(translate(name_folded, '· ', ''), %(part)s) > 0"
    yield Step(where, {"grams": wanted, "part": part}, crowded=len(wanted) == 1)
