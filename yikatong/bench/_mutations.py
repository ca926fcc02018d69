"""Documents of every family with one random fault beyond rounding: is it found, and is the right place blamed?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from yikatong.bench._ledgers import random_ledger
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import Family
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import PrintedTable, Publication, Slot, Text

_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d\d)?(?=万元|元|$)")
_PERCENT = re.compile(r"\d+\.\d\d(?=%)")
_YEAR = re.compile(r"20\d\d(?=年)")
_CODE = re.compile(r"[23]\d{2,6}")
Mutation = Callable[[Random, Publication], Publication | None]


@dataclass
class Score:
    """How many faults were made, found, and blamed on their line; the errors of documents without one."""

    made: int = 0
    found: int = 0
    blamed: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)


def play(family: Family, count: int, seed: int) -> Score:
    """`count` random documents of a family, each looked over as it is and with one fault."""
    random = Random(seed)
    score = Score()
    while score.made < count:
        publication = publish(random_ledger(random, family), family)
        assert isinstance(publication, Publication), publication
        kind = random.choice(tuple(MUTATIONS))
        spoilt = MUTATIONS[kind](random, publication)
        if spoilt is None:
            continue
        score.false += len(_errors(publication))
        before, after = as_markdown(publication).split("\n"), as_markdown(spoilt).split("\n")
        places = {
            number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]
        }
        found = _errors(spoilt)
        score.made += 1
        score.found += bool(found)
        score.blamed += bool(places & set(found))
        if not places & set(found):
            score.missed.append(f"{family.code} {kind}: {_difference(before, after)} {found[:4]}")
    return score


def _errors(publication: Publication) -> list[int]:
    report = audit(read_text("budget.md", as_markdown(publication)))
    return [
        place.line
        for each in report.findings
        if each.grade is Grade.ERROR
        for place in (each.places or (each.place,))
    ]


def _difference(before: list[str], after: list[str]) -> str:
    number, one, two = next(
        (number, *pair)
        for number, pair in enumerate(zip(before, after, strict=True), 1)
        if pair[0] != pair[1]
    )
    begin = next(
        (place for place, signs in enumerate(zip(one, two, strict=False)) if signs[0] != signs[1]), 0
    )
    begin = max(0, begin - 30)
    return f"{number} {one[begin : begin + 50]} -> {two[begin : begin + 50]}"


# --- where something may be spoilt -----------------------------------------------------------------------------------

Spot = tuple[int, int, int]
"""Table, row, column."""


def _amounts(publication: Publication) -> list[Spot]:
    """Cells with an amount that is not nothing."""
    return [spot for spot, slot in _slots(publication) if slot.about is not None and slot.fen]


def _slots(publication: Publication) -> Iterator[tuple[Spot, Slot]]:
    for number, table in enumerate(publication.tables):
        for row, slots in enumerate(table.rows):
            for column, slot in enumerate(slots):
                yield (number, row, column), slot


def _slot(publication: Publication, spot: Spot) -> Slot:
    return publication.tables[spot[0]].rows[spot[1]][spot[2]]


def _put(publication: Publication, *changes: tuple[Spot, str]) -> Publication:
    """The publication with other words in these cells."""
    tables = [[list(row) for row in table.rows] for table in publication.tables]
    for (number, row, column), text in changes:
        tables[number][row][column] = replace(tables[number][row][column], text=text)
    return replace(
        publication,
        tables=tuple(
            replace(table, rows=tuple(map(tuple, rows)))
            for table, rows in zip(publication.tables, tables, strict=True)
        ),
    )


def _say(publication: Publication, number: int, place: int, text: str) -> Publication:
    """The publication with another stretch in a sentence."""
    spans = list(publication.words[number].spans)
    spans[place] = replace(spans[place], text=text)
    words = [*publication.words[:number], Text(tuple(spans)), *publication.words[number + 1 :]]
    return replace(publication, words=tuple(words))


def _told(publication: Publication, pattern: re.Pattern[str], *, amounts: bool) -> list[tuple[int, int]]:
    return [
        (number, place)
        for number, words in enumerate(publication.words)
        for place, span in enumerate(words.spans)
        if (bool(span.fen) and span.about is not None) is amounts and pattern.search(span.text)
    ]


# --- faults ----------------------------------------------------------------------------------------------------------


def _moved(random: Random, text: str) -> str:
    """A number by 30 to 5,000 of its last digits more or less."""
    digits = _NUMBER.search(text)
    assert digits is not None, text
    value = Decimal(digits.group().replace(",", ""))
    off = random.randint(30, 5000) * Decimal(1).scaleb(-len(digits.group().partition(".")[2]))
    changed = value - off if value > off and random.random() < 0.5 else value + off
    shown = f"{changed:,}" if "," in digits.group() else f"{changed}"
    return text[: digits.start()] + shown + text[digits.end() :]


def _cell(random: Random, publication: Publication) -> Publication | None:
    spots = _amounts(publication)
    if not spots:
        return None
    spot = random.choice(spots)
    return _put(publication, (spot, _moved(random, _slot(publication, spot).text)))


def _said(random: Random, publication: Publication) -> Publication | None:
    told = _told(publication, _NUMBER, amounts=True)
    if not told:
        return None
    number, place = random.choice(told)
    return _say(publication, number, place, _moved(random, publication.words[number].spans[place].text))


def _sign(random: Random, publication: Publication) -> Publication | None:
    spots = [spot for spot in _amounts(publication) if abs(_slot(publication, spot).fen) >= 300_000]
    if not spots:
        return None
    spot = random.choice(spots)
    return _put(publication, (spot, f"-{_slot(publication, spot).text.removeprefix('-')}"))


def _percent(random: Random, publication: Publication) -> Publication | None:
    told = _told(publication, _PERCENT, amounts=False)
    if not told:
        return None
    number, place = random.choice(told)
    text = publication.words[number].spans[place].text
    off = Decimal(random.randint(50, 900)) / 100
    return _say(
        publication, number, place, _PERCENT.sub(lambda found: f"{Decimal(found[0]) + off}", text, count=1)
    )


def _year(random: Random, publication: Publication) -> Publication | None:
    told = [
        each for each in _told(publication, _YEAR, amounts=False)
        if f"{publication.year}年" in publication.words[each[0]].spans[each[1]].text
    ]  # fmt: skip
    if not told:
        return None
    number, place = random.choice(told)
    text = publication.words[number].spans[place].text
    return _say(
        publication, number, place, _YEAR.sub(f"{publication.year - random.randint(2, 3)}", text, count=1)
    )


def _coded(publication: Publication) -> list[Spot]:
    """The cells of codes of five digits or seven; of a code in a column for each level, the last."""
    found = []
    for number, table in enumerate(publication.tables):
        for row, slots in enumerate(table.rows):
            texts = [slot.text.strip() if slot.about is None else "" for slot in slots]
            deepest = -1
            for column, text in enumerate(texts):
                split = deepest == column - 1 and len(text) == 2 and text.isdigit()
                if (column == 0 and _CODE.fullmatch(text)) or split:
                    deepest = column
            if deepest > 0 or (deepest == 0 and len(texts[0]) > 3):
                found.append((number, row, deepest))
    return found


def _code(random: Random, publication: Publication) -> Publication | None:
    spots = _coded(publication)
    if not spots:
        return None
    spot = random.choice(spots)
    code = _slot(publication, spot).text
    return _put(publication, (spot, f"{code[:-1]}{(int(code[-1]) + random.randint(1, 8)) % 10}"))


def _name(random: Random, publication: Publication) -> Publication | None:
    """A subject under the name of another."""
    spots = [(table, row, column + 1) for table, row, column in _coded(publication)]
    spots = [
        spot for spot in spots if len(publication.tables[spot[0]].rows[spot[1]]) > spot[2] and _slot(publication, spot).text
    ]  # fmt: skip
    names = sorted({_slot(publication, spot).text for spot in spots})
    if len(names) < 2:
        return None
    spot = random.choice(spots)
    other = random.choice([name for name in names if name != _slot(publication, spot).text])
    return _put(publication, (spot, other))


def _unit(random: Random, publication: Publication) -> Publication | None:
    """The unit over a table."""
    filled = [number for number, table in enumerate(publication.tables) if not table.empty]
    if not filled:
        return None
    number = random.choice(filled)
    other = {"元": "万元", "万元": "元"}[publication.tables[number].unit]
    tables: list[PrintedTable] = list(publication.tables)
    tables[number] = replace(tables[number], unit=other)
    return replace(publication, tables=tuple(tables))


def _swapped(random: Random, publication: Publication) -> Publication | None:
    """The amounts of two rows of functions change places."""
    rows = [
        (table, row) for table, row, _ in _coded(publication) if _of_function(publication.tables[table], row)
    ]
    pairs = [(one, two) for one in rows for two in rows if one[0] == two[0] and one[1] < two[1]]
    pairs = [pair for pair in pairs if _apart(publication, *pair)]
    if not pairs:
        return None
    (table, first), (_, second) = random.choice(pairs)
    slots = publication.tables[table].rows
    changes = [
        ((table, here, column), slots[there][column].text)
        for here, there in ((first, second), (second, first))
        for column, slot in enumerate(slots[first])
        if slot.about is not None
    ]
    return _put(publication, *changes)


def _of_function(table: PrintedTable, row: int) -> bool:
    """Only functions stand in more than one table: nothing contradicts economic classes of one group that change places."""
    return table.rows[row][0].text.strip().startswith("2")


def _apart(publication: Publication, one: tuple[int, int], two: tuple[int, int]) -> bool:
    rows = publication.tables[one[0]].rows
    gaps = (abs(here.fen - there.fen) for here, there in zip(rows[one[1]], rows[two[1]], strict=True))
    return max(gaps) >= 300_000


MUTATIONS: dict[str, Mutation] = {
    "cell": _cell, "said": _said, "sign": _sign, "percent": _percent, "code": _code, "name": _name, "year": _year,
    "unit": _unit, "swapped": _swapped,
}  # fmt: skip
