"""Rows of a list weighed: every cell judged, and each row laid out as the table of rows takes it, without the base.

A large list is weighed by several processes: each of them reads the file, judges every other slice of it and makes the
keys, and this one writes the rows. To send rows from one to another takes as long as to judge them. They know neither
settings nor base, only what they are sent, and end with the process that started them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count, islice, takewhile
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.copied import escaped
from yikatong.basics.hands import lent
from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.basics.regions import within
from yikatong.basics.sealing import lookups
from yikatong.residents.headings import Columns
from yikatong.residents.roster import CellProblem, Judge, RosterRow, Rows, read_list
from yikatong.residents.rules import Outcome
from yikatong.residents.sheets import Limits, look_through

COPY = """
COPY residents_importrow (import_list_id, line, number_key, folded, region, address, phone_key, ethnicity, warned,
                          outcome, changes, problems) FROM STDIN
"""


@dataclass(frozen=True)
class Scales:
    """What a list is weighed by: its number, how large it may be, the day, the region it may be about, the index key,
    and how many rows are weighed together."""

    list_id: int
    limits: Limits
    today: date
    region: str
    key: bytes
    slice: int


class Opened(NamedTuple):
    """What a file that can be read says of itself: its columns, and how many rows it has."""

    columns: Columns
    rows: int


class Weighed(NamedTuple):
    """A slice of rows: the line of its last, the text of those inside the region for `COPY`, and where others live."""

    last: int
    text: str
    strays: list[tuple[int, str]]


Weigh = Callable[[bytes, Scales], tuple[Opened | Refused, Iterator[Weighed]]]
"""What a file says of itself, or why it is not read, and then its slices in their order."""


class Weigher:
    """Weighs slice after slice and remembers what it saw (`Judge`)."""

    def __init__(self, scales: Scales, columns: Columns) -> None:
        self.scales, self.judge = scales, Judge(columns, scales.today)
        self.inside: dict[str, bool] = {}

    def weigh(self, rows: Rows) -> Weighed:
        """Rows of the file, at least one."""
        inside, texts = self.inside, []
        good: list[RosterRow] = []
        strays: list[tuple[int, str]] = []
        for line, row in self.judge.judge_all(rows):
            if not isinstance(row, RosterRow):
                texts.append(problem_text(self.scales.list_id, line, Outcome.CELLS, row))
                continue
            if row.region not in inside:
                inside[row.region] = bool(self.scales.region) and within(row.region, self.scales.region)
            if inside[row.region]:
                good.append(row)
            else:
                strays.append((line, row.region))
        return Weighed(rows[-1][0], "".join([*texts, *self._laid_out(good)]), strays)

    def _laid_out(self, rows: list[RosterRow]) -> Iterator[str]:
        numbers = lookups(self.scales.key, Sensitive.IDENTITY_NUMBER.value, [row.number for row in rows])
        phones = lookups(self.scales.key, Sensitive.PHONE.value, [row.phone for row in rows])
        list_id = self.scales.list_id
        for row, number, phone in zip(rows, numbers, phones, strict=True):
            yield (
                f"{list_id}\t{row.row}\t\\\\x{number.hex()}\t{escaped(names.fold(row.name))}\t{row.region}\t"
                f"{escaped(row.address)}\t\\\\x{phone.hex()}\t{row.ethnicity}\t{'t' if row.warned else 'f'}\t\t{{}}\t[]\n"
            )


def problem_text(list_id: int, line: int, outcome: Outcome, problems: Iterable[CellProblem]) -> str:
    """A refused row for `COPY`: it has no keys, only its problems."""
    return f"{list_id}\t{line}\t\t\t\t\t\t\tf\t{outcome.value}\t{{}}\t{escaped(told(problems))}\n"


def told(problems: Iterable[CellProblem]) -> str:
    """Problems as they are kept (JSON)."""
    said = [
        {
            "column": each.column,
            "shown": each.value_masked,
            "code": each.refused.code,
            "zh": each.refused.zh,
            "en": each.refused.en,
        }
        for each in problems
    ]
    return json.dumps(said, ensure_ascii=False)


# --- several hands ------------------------------------------------------------------------------------------------


MOST_HANDS = 2
"""Each holds the whole list, up to 600 MiB of it."""


@contextmanager
def weighing(hands: int) -> Iterator[Weigh]:
    """What weighs a file: this process alone, or so many others.

    A file is looked through here, once, while others read it already: what they read is used only if nothing is wrong with
    it, and one that unpacks beyond all measure ends who reads it and nothing else (`hands.MOST_MEMORY`).
    """
    with lent(_begin, min(hands, MOST_HANDS)) as share:

        def weigh(content: bytes, scales: Scales) -> tuple[Opened | Refused, Iterator[Weighed]]:
            wrong: list[Refused] = []

            def numbers() -> Iterator[int]:
                refused = look_through(content, scales.limits)
                if refused is None:
                    yield from count()
                else:
                    wrong.append(refused)

            answers = share((content, scales), numbers())
            opened = next(answers, None)
            return wrong[0] if opened is None else opened, takewhile(lambda each: each is not None, answers)

        yield weigh


def _begin(told: tuple[bytes, Scales]) -> Callable[[int], Opened | Refused | Weighed | None]:
    """A file read that is looked through by who asks: asked for 0 it says what the file is, for n it weighs the n-th slice, each
    later than the one before; None when there is no such slice."""
    content, scales = told
    reading = read_list(content, scales.limits, looked_through=True)
    if isinstance(reading, Refused):
        return lambda number: None if number else reading
    weigher, after = Weigher(scales, reading.columns), 1

    def weigh(number: int) -> Opened | Weighed | None:
        nonlocal after
        if number == 0:
            return Opened(reading.columns, reading.sheet.count)
        reading.sheet.pass_over((number - after) * scales.slice)  # what the others weigh
        after = number + 1
        found = list(islice(reading.sheet.rows, scales.slice))
        return weigher.weigh(found) if found else None

    return weigh
