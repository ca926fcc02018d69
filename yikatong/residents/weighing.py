"""Rows of a list weighed: every cell judged, and each row laid out as the table of rows takes it, without the base.

A large list is weighed by several processes: this one reads the file and writes the rows, they judge the cells and make
the keys. They know neither settings nor base, only what they are sent, and end with the process that started them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.copied import escaped
from yikatong.basics.hands import lent
from yikatong.basics.masking import Sensitive
from yikatong.basics.regions import within
from yikatong.basics.sealing import lookups
from yikatong.residents.headings import Columns
from yikatong.residents.roster import CellProblem, Judge, RosterRow, Rows
from yikatong.residents.rules import Outcome

COPY = """
COPY residents_importrow (import_list_id, line, number_key, folded, region, address, phone_key, ethnicity, warned,
                          outcome, changes, problems) FROM STDIN
"""


@dataclass(frozen=True)
class Scales:
    """What rows are weighed by: their list, its columns, the day, the region it may be about, and the index key."""

    list_id: int
    columns: Columns
    today: date
    region: str
    key: bytes


class Weighed(NamedTuple):
    """A slice of rows: the line of its last, the text of those inside the region for `COPY`, and where others live."""

    last: int
    text: str
    strays: list[tuple[int, str]]


Slices = Iterable[Rows]
Weigh = Callable[[Scales, Slices], Iterator[Weighed]]


class Weigher:
    """Weighs slice after slice and remembers what it saw (`Judge`)."""

    def __init__(self, scales: Scales) -> None:
        self.scales, self.judge = scales, Judge(scales.columns, scales.today)
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


@contextmanager
def weighing(hands: int) -> Iterator[Weigh]:
    """What weighs slices and gives them back in their order: this process alone, or so many others."""
    with lent(_begin, hands) as share:
        yield share


def _begin(scales: Scales) -> Callable[[Rows], Weighed]:
    return Weigher(scales).weigh
