"""Rows of a list weighed: every cell judged, and each row laid out as the table of rows takes it, without the base.

A large list is weighed by several processes: this one reads the file and writes the rows, they judge the cells and make
the keys. They know neither settings nor base, only what they are sent, and end with the process that started them.
"""

from __future__ import annotations

import gc
import json
import marshal
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from yikatong.basics import names
from yikatong.basics.masking import Sensitive
from yikatong.basics.regions import within
from yikatong.basics.sealing import lookups
from yikatong.residents.headings import Columns
from yikatong.residents.roster import CellProblem, Judge, RosterRow, Rows
from yikatong.residents.rules import Outcome

LARGE = 1024 * 1024
"""Bytes of a file from which on others help: to start them takes as long as to weigh some thousand rows."""
MOST_HANDS = 4

COPY = """
COPY residents_importrow (import_list_id, line, number_key, folded, region, address, phone_key, ethnicity, warned,
                          outcome, changes, problems) FROM STDIN
"""
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


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
                f"{list_id}\t{row.row}\t\\\\x{number.hex()}\t{_escaped(names.fold(row.name))}\t{row.region}\t"
                f"{_escaped(row.address)}\t\\\\x{phone.hex()}\t{row.ethnicity}\t{'t' if row.warned else 'f'}\t\t{{}}\t[]\n"
            )


def problem_text(list_id: int, line: int, outcome: Outcome, problems: Iterable[CellProblem]) -> str:
    """A refused row for `COPY`: it has no keys, only its problems."""
    return f"{list_id}\t{line}\t\t\t\t\t\t\tf\t{outcome.value}\t{{}}\t{_escaped(told(problems))}\n"


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


def _escaped(text: str) -> str:
    return text if not text or text.isalnum() else text.translate(_ESCAPES)


# --- several hands ------------------------------------------------------------------------------------------------


def hands_for(size: int) -> int:
    """How many processes weigh a file of so many bytes."""
    return min(os.cpu_count() or 1, MOST_HANDS) if size >= LARGE else 1


@contextmanager
def weighing(hands: int) -> Iterator[Weigh]:
    """What weighs slices and gives them back in their order: this process alone, or so many others."""
    if hands == 1:
        yield lambda scales, slices: map(Weigher(scales).weigh, slices)
        return
    # Started afresh, not forked: the jobs' worker has threads and a line to the database.
    context = get_context("spawn")
    started = []
    lines: list[tuple[Connection, Connection]] = []
    try:
        for _ in range(hands):
            (asked, asking), (answering, answered) = context.Pipe(duplex=False), context.Pipe(duplex=False)
            process = context.Process(target=_lend_a_hand, args=(asked, answered), daemon=True)
            process.start()
            asked.close()
            answered.close()
            started.append(process)
            lines.append((asking, answering))
        yield lambda scales, slices: _shared_out(lines, scales, slices)
    finally:
        for line in lines:
            for end in line:
                end.close()
        for process in started:
            process.kill()
            process.join()


def _shared_out(
    lines: list[tuple[Connection, Connection]], scales: Scales, slices: Slices
) -> Iterator[Weighed]:
    """Each hand has one slice at a time: it is not sent another before its answer is taken, so nobody waits in a ring."""
    free, busy = list(lines), deque[tuple[Connection, Connection]]()
    try:
        for asking, _ in lines:
            asking.send(scales)
        for rows in slices:
            done = None
            if not free:
                free.append(busy.popleft())
                done = free[0][1].recv()
            busy.append(free.pop())
            busy[-1][0].send(marshal.dumps(rows))  # texts and lines only: a quarter of what pickling takes
            if done is not None:
                yield done
        while busy:
            yield busy.popleft()[1].recv()
    except (EOFError, BrokenPipeError) as ended:
        raise ChildProcessError("a process that weighed rows ended before its work was done") from ended


def _lend_a_hand(asked: Connection, answered: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us; we end with it
    gc.disable()  # nothing here goes in rings, and looking for them takes a fifth of the time
    with suppress(EOFError, BrokenPipeError):
        weigher = Weigher(asked.recv())
        while True:
            wanted = asked.recv()
            if isinstance(wanted, Scales):
                weigher = Weigher(wanted)
            else:
                answered.send(weigher.weigh(marshal.loads(wanted)))  # noqa: S302 - from who started us
