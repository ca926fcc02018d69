"""Documents with one random fault beyond rounding: is it found, and is the right place blamed?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from yikatong.bench._budget_text import Budget, text_of
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text

_NUMBER = re.compile(r"(?<![\d.])\d+\.\d\d(?![\d%])")
_PERCENT = re.compile(r"\d+\.\d\d(?=%)")
_CODE = re.compile(r"^\| (\d{5,7}) \|")
Mutation = tuple[list[str], set[int]]


@dataclass
class Score:
    """How many faults were made, found, and blamed on their line; the errors of documents without one."""

    made: int = 0
    found: int = 0
    blamed: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)


def play(count: int, seed: int) -> Score:
    """`count` documents, each looked over as it is and with one fault."""
    random = Random(seed)
    score = Score()
    while score.made < count:
        lines = text_of(Budget(random)).split("\n")
        score.false += len(_errors(lines))
        kind = random.choice(tuple(MUTATIONS))
        mutated = MUTATIONS[kind](random, lines)
        if mutated is None:
            continue
        spoilt, places = mutated
        found = _errors(spoilt)
        score.made += 1
        score.found += bool(found)
        score.blamed += any(place in places for place in found)
        if not any(place in places for place in found):
            line = min(places)
            score.missed.append(
                f"{kind} {line}: {lines[line - 1][:60]} -> {spoilt[line - 1][:60]} {found[:4]}"
            )
    return score


def _errors(lines: list[str]) -> list[int]:
    report = audit(read_text("budget.md", "\n".join(lines)))
    return [
        place.line
        for each in report.findings
        if each.grade is Grade.ERROR
        for place in (each.places or (each.place,))
    ]


# --- faults ----------------------------------------------------------------------------------------------------------


def _at(
    random: Random, lines: list[str], pattern: re.Pattern[str], *, table: bool | None = None
) -> tuple[int, re.Match[str]] | None:
    found = [
        (number, match)
        for number, line in enumerate(lines, 1)
        if table is None or line.startswith("|") is table
        for match in pattern.finditer(line)
    ]
    return random.choice(found) if found else None


def _replaced(lines: list[str], number: int, match: re.Match[str], text: str) -> Mutation:
    line = lines[number - 1]
    spoilt = list(lines)
    spoilt[number - 1] = line[: match.start()] + text + line[match.end() :]
    return spoilt, {number}


def _cell(random: Random, lines: list[str]) -> Mutation | None:
    return _number(random, lines, table=True)


def _said(random: Random, lines: list[str]) -> Mutation | None:
    return _number(random, lines, table=False)


def _number(random: Random, lines: list[str], *, table: bool) -> Mutation | None:
    spot = _at(random, lines, _NUMBER, table=table)
    if spot is None:
        return None
    off = Decimal(random.randint(30, 5000)) / 100
    value = Decimal(spot[1].group())
    changed = value - off if value > off and random.random() < 0.5 else value + off
    return _replaced(lines, *spot, f"{changed}")


def _sign(random: Random, lines: list[str]) -> Mutation | None:
    spot = _at(random, lines, _NUMBER, table=True)
    if spot is None or Decimal(spot[1].group()) < Decimal("0.3"):
        return None
    return _replaced(lines, *spot, f"-{spot[1].group()}")


def _percent(random: Random, lines: list[str]) -> Mutation | None:
    spot = _at(random, lines, _PERCENT)
    if spot is None:
        return None
    return _replaced(lines, *spot, f"{Decimal(spot[1].group()) + Decimal(random.randint(50, 900)) / 100}")


def _code(random: Random, lines: list[str]) -> Mutation | None:
    spot = _at(random, lines, _CODE)
    if spot is None:
        return None
    number, match = spot
    code = match.group(1)
    return _replaced(lines, number, match, f"| {code[:-1]}{(int(code[-1]) + random.randint(1, 8)) % 10} |")


def _year(random: Random, lines: list[str]) -> Mutation | None:
    spot = _at(random, lines, re.compile(r"20\d\d(?=年)"), table=False)
    if spot is None:
        return None
    return _replaced(lines, *spot, f"{int(spot[1].group()) - random.randint(2, 3)}")


def _swapped(random: Random, lines: list[str]) -> Mutation | None:
    """The numbers of two rows change places."""
    rows = [number for number, line in enumerate(lines, 1) if _CODE.match(line)]
    first = random.choice(rows)
    last = next(number for number in range(first, len(lines) + 1) if not lines[number - 1].startswith("|"))
    others = [number for number in rows if first < number < last and not _told_once(lines, first, number)]
    if not others:
        return None
    second = random.choice(others)
    cells = [[cell.strip() for cell in lines[number - 1].strip("|").split("|")] for number in (first, second)]
    gap = max(
        abs(Decimal(one or 0) - Decimal(two or 0))
        for one, two in zip(cells[0][2:], cells[1][2:], strict=True)
    )
    if gap < Decimal("0.3"):
        return None
    spoilt = list(lines)
    for number, own, other in ((first, cells[0], cells[1]), (second, cells[1], cells[0])):
        spoilt[number - 1] = f"| {' | '.join([*own[:2], *other[2:]])} |"
    return spoilt, {first, second}


def _told_once(lines: list[str], first: int, second: int) -> bool:
    """Two economic classes of one group: no other table has them, so that nothing contradicts their change of places."""
    codes = [lines[number - 1][2:5] for number in (first, second)]
    return codes[0] == codes[1] and codes[0].startswith("3")


MUTATIONS: dict[str, Callable[[Random, list[str]], Mutation | None]] = {
    "cell": _cell, "said": _said, "sign": _sign, "percent": _percent, "code": _code, "year": _year, "swapped": _swapped,
}  # fmt: skip
