"""Documents of every family with one random fault beyond rounding: is it found, and is the right place blamed?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from yikatong.bench._ledgers import random_ledger
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.audit.region import EVERYTHING, part
from yikatong.disclosure.family import Family
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import PrintedTable, Publication, Slot

_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d\d)?(?=万元|元|$)")
_PERCENT = re.compile(r"\d+\.\d\d(?=%)")
_YEAR = re.compile(r"20\d\d(?=年)")
_CODE = re.compile(r"[23]\d{2,6}")
Mutation = Callable[[Random, Publication], Publication | None]


@dataclass
class Score:
    """How many faults were made, found, and blamed on their own cell; the errors of documents without one."""

    made: int = 0
    found: int = 0
    blamed: int = 0
    several: int = 0
    """Of those blamed, how many only as one of several of which the document does not tell which is wrong."""
    false: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count in those of another part of the same family."""
        self.made += other.made
        self.found += other.found
        self.blamed += other.blamed
        self.several += other.several
        self.false += other.false
        self.missed += other.missed


def play(family: Family, count: int, seed: int) -> Score:
    """`count` random documents of a family, each looked over as it is and with one fault."""
    random = Random(seed)
    score = Score()
    while score.made < count:
        kind, publication, spoilt = _spoilt(random, family)
        score.false += len(_errors(publication))
        found = _errors(spoilt)
        alone, among = _blamed(found, publication, spoilt)
        score.made += 1
        score.found += bool(found)
        score.blamed += alone or among
        score.several += among and not alone
        if not alone and not among:
            told = "; ".join(f"{each.place.line} {each.rule} {each.printed}" for each in found[:4])
            score.missed.append(f"{family.code} {kind}: {_difference(publication, spoilt)} [{told}]")
    return score


def spoilt_one(random: Random, family: Family) -> Publication:
    """A random document of a family with one fault in it."""
    return _spoilt(random, family)[2]


def _spoilt(random: Random, family: Family) -> tuple[str, Publication, Publication]:
    """The kind of fault, a document, and the same with the fault; documents that have no place for it are passed over."""
    while True:
        publication = publish(random_ledger(random, family), family)
        assert isinstance(publication, Publication), publication
        kind = random.choice(tuple(MUTATIONS))
        spoilt = MUTATIONS[kind](random, publication)
        if spoilt is not None and as_markdown(spoilt) != as_markdown(
            publication
        ):  # two rows may print the same
            return kind, publication, spoilt


def _errors(publication: Publication) -> list[Finding]:
    report = audit(read_text("budget.md", as_markdown(publication)))
    return [each for each in report.findings if each.grade is Grade.ERROR]


def _blamed(found: Sequence[Finding], before: Publication, after: Publication) -> tuple[bool, bool]:
    """Whether a finding stands in a line that was changed and prints what was put there (that cell, not its neighbour),

    and whether one names it among the numbers of which the document does not tell which is wrong.
    """
    lines = {number for number, _, _ in _changed_lines(before, after)}
    words = _changed_words(before, after)
    alone = any(
        place.line in lines and any(_is_of(each, place, text) for text in words)
        for each in found
        for place in (each.places or (each.place,))
    )
    among = any(cell.place.line in lines and cell.text in words for each in found for cell in each.rivals)
    return alone, among


def _is_of(finding: Finding, place: Place, text: str) -> bool:
    """Of a code and its name, of a percentage and its two amounts, any may be the slip: the finding shows all of them."""
    if finding.rule.startswith("code."):
        return text in place.row or text == finding.printed
    if finding.rule.startswith("percent."):
        return finding.printed in text or re.sub("万?元", "", text) in finding.arithmetic
    return finding.printed == text or (bool(finding.printed) and finding.printed in text and not place.table)


def _changed_words(before: Publication, after: Publication) -> set[str]:
    """What stands now in the cells and stretches that were changed."""
    words = {
        here.text.strip()
        for one, other in zip(before.words, after.words, strict=True)
        for there, here in zip(one.spans, other.spans, strict=True)
        if there.text != here.text
    }
    for one, other in zip(before.tables, after.tables, strict=True):
        words |= {other.unit} if one.unit != other.unit else set()
        words |= {
            here.text.strip()
            for first, second in zip(one.rows, other.rows, strict=True)
            for there, here in zip(first, second, strict=True)
            if there.text != here.text
        }
    return words


def _changed_lines(before: Publication, after: Publication) -> list[tuple[int, str, str]]:
    pairs = zip(as_markdown(before).split("\n"), as_markdown(after).split("\n"), strict=True)
    return [(number, one, two) for number, (one, two) in enumerate(pairs, 1) if one != two]


def _difference(before: Publication, after: Publication) -> str:
    number, one, two = _changed_lines(before, after)[0]
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
    words = list(publication.words)
    words[number] = replace(words[number], spans=tuple(spans))
    return replace(publication, words=tuple(words))


def _told(publication: Publication, pattern: re.Pattern[str], *, amounts: bool) -> list[tuple[int, int]]:
    return [
        (number, place)
        for number, words in enumerate(publication.words)
        for place, span in enumerate(words.spans)
        if (bool(span.fen) and span.about is not None) is amounts and pattern.search(span.text)
    ]


# --- faults ----------------------------------------------------------------------------------------------------------


def _moved(random: Random, text: str, least: Decimal = Decimal(0)) -> str:
    """A number by 30 to 5,000 of its last digits more or less, and by no less than that part of it."""
    digits = _NUMBER.search(text)
    assert digits is not None, text
    value = Decimal(digits.group().replace(",", ""))
    last = Decimal(1).scaleb(-len(digits.group().partition(".")[2]))
    off = max(random.randint(30, 5000) * last, (value * least).quantize(last))
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
    told = [each for each in _told(publication, _NUMBER, amounts=True) if _contradicted(publication, *each)]
    if not told:
        return None
    number, place = random.choice(told)
    text, phase = publication.words[number].spans[place].text, _phase(publication, number, place)
    return _say(publication, number, place, _moved(random, text, _SEEN_IN_RATE if phase else Decimal(0)))


_SEEN_IN_RATE = Decimal("0.05")
"""By so much last year or a change must be off to show in the rate beside it, which has two decimals."""


def _phase(publication: Publication, number: int, place: int) -> str:
    return part(publication.words[number].spans[place].about or EVERYTHING, "phase")


def _contradicted(publication: Publication, number: int, place: int) -> bool:
    """Last year's amount stands nowhere else, and a change only in its rate or in the sum of its list.

    What an office's own running takes is at most its 公用经费: how much of it, only a second place can tell.
    """
    phase = _phase(publication, number, place)
    told = publication.words[number].spans[place].about or EVERYTHING
    if part(told, "item") == "机关运行":
        return any(slot.about and part(slot.about, "item") == "机关运行" for _, slot in _slots(publication))
    spans = publication.words[number].spans
    if phase not in ("上年", "增减"):
        return True
    after = spans[place + 1 : place + 4]
    if any(_PERCENT.search(span.text) for span in after):
        return all(span.fen for span in after if span.about is not None)
    about = spans[place].about or EVERYTHING
    return phase == "增减" and any(name in ("function", "economic", "item") for name, _ in about)


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
    right = Decimal(_PERCENT.search(text)[0])  # type: ignore[index]
    off *= max(Decimal(1), right // 100)  # of a small base rounding moves a great rate
    return _say(publication, number, place, _PERCENT.sub(f"{right + off}", text, count=1))


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
    """The cells of codes of five digits or seven; of a code in a column for each level, the last.

    A code that stands without a name names nothing by which it could be seen to be another.
    """
    found = []
    for number, table in enumerate(publication.tables):
        for row, slots in enumerate(table.rows):
            texts = [slot.text.strip() if slot.about is None else "" for slot in slots]
            deepest = -1
            for column, text in enumerate(texts):
                split = deepest == column - 1 and len(text) == 2 and text.isdigit()
                if (column == 0 and _CODE.fullmatch(text)) or split:
                    deepest = column
            named = any(texts[deepest + 1 : deepest + 2])
            if named and (deepest > 0 or (deepest == 0 and len(texts[0]) > 3)):
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
