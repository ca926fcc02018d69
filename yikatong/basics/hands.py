"""Several hands for one long piece of work: further processes that are sent slices and give back what came of each.

They know neither settings nor database, only what they are sent, and end with the process that started them.
"""

from __future__ import annotations

import marshal
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from yikatong.basics.rings import uncollected

LARGE = 1024 * 1024
"""Bytes of a file from which on others help: to start them takes as long as to work through some thousand rows."""
MOST_HANDS = 4
MOST_MEMORY = 4 * 1024**3
"""Bytes that a hand may take for its work: what asks for more ends the hand, not the machine."""
AHEAD = 2
"""Slices a hand has at a time: one it works on, and one that lies ready when it is done."""

Work = Callable[[Any], Any]
"""From one slice to what comes of it."""
Begin = Callable[[Any], Work]
"""From what a hand is told to its work. Each hand begins by itself, so this stands at the top of a module."""
Share = Callable[[Any, Iterable[Any]], Iterator[Any]]
"""`share(told, slices)`: what comes of each slice, in order. A slice is made of texts, bytes, numbers, lists and tuples, and
nothing else."""


def hands_for(size: int) -> int:
    """How many processes work on a file of so many bytes."""
    return min(os.cpu_count() or 1, MOST_HANDS) if size >= LARGE else 1


@contextmanager
def lent(begin: Begin, hands: int) -> Iterator[Share]:
    """So many hands for the time of the block; one is this process itself, which begins when it has the first slice. Others
    make themselves ready meanwhile, so lend them before what else is to be done before it."""
    if hands == 1:
        yield lambda told, slices: _alone(begin, told, slices)
        return
    # Started afresh, not forked: the jobs' worker has threads and a line to the database.
    context = get_context("spawn")
    started = []
    lines: list[tuple[Connection, Connection]] = []
    try:
        for _ in range(hands):
            (asked, asking), (answering, answered) = context.Pipe(duplex=False), context.Pipe(duplex=False)
            process = context.Process(target=_lend_a_hand, args=(begin, asked, answered), daemon=True)
            process.start()
            asked.close()
            answered.close()
            started.append(process)
            lines.append((asking, answering))
        with uncollected():
            yield lambda told, slices: _shared_out(lines, told, slices)
    finally:
        for line in lines:
            for end in line:
                end.close()
        for process in started:
            process.kill()
            process.join()


def _alone(begin: Begin, told: Any, slices: Iterable[Any]) -> Iterator[Any]:
    work: Work | None = None
    for each in slices:
        work = work or begin(told)
        yield work(each)


def _shared_out(
    lines: list[tuple[Connection, Connection]], told: Any, slices: Iterable[Any]
) -> Iterator[Any]:
    """Each hand has `AHEAD` slices at a time, and takes what it is sent at once (`_take`), so nobody waits in a ring."""
    free, busy = deque(lines * AHEAD), deque[tuple[Connection, Connection]]()
    try:
        for asking, _ in lines:
            asking.send((told,))
        for each in slices:
            done = []
            if not free:
                free.append(busy.popleft())
                done = [free[0][1].recv()]
            busy.append(free.popleft())
            busy[-1][0].send(marshal.dumps(each))  # plain values only: a quarter of what pickling takes
            yield from done
        while busy:
            yield busy.popleft()[1].recv()
    except (EOFError, BrokenPipeError) as ended:
        raise ChildProcessError("a process that lent a hand ended before its work was done") from ended
    finally:  # whoever asks for the first slices only leaves nothing lying for who asks next
        with suppress(EOFError, OSError):
            while busy:
                busy.popleft()[1].recv()


def _lend_a_hand(begin: Begin, asked: Connection, answered: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us; we end with it
    _limit_memory()
    coming: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_take, args=(asked, coming), daemon=True).start()
    with suppress(BrokenPipeError), uncollected():
        work: Work | None = None
        while (wanted := coming.get()) is not None:
            if isinstance(wanted, tuple):
                work = begin(*wanted)
            elif work is not None:
                answered.send(work(marshal.loads(wanted)))  # noqa: S302 - from who started us


def _limit_memory() -> None:
    """Above what the process has before its work: on a machine of many cores libraries reserve a lot for their threads."""
    with suppress(ValueError, OSError):  # where a system does not tell, or knows no such limit
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _take(asked: Connection, coming: SimpleQueue[Any]) -> None:
    """What is sent, taken while the hand is at work; None once nobody will send any more."""
    with suppress(EOFError, OSError):
        while True:
            coming.put(asked.recv())
    coming.put(None)
