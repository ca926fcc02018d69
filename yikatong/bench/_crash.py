"""`./yk bench benefits --crash N`: a small city pays N times over while its processes are killed at every kind of moment.

A window (people working through the services), a worker (the timed tasks) and PostgreSQL are processes of their own and
are killed by -9: at the n-th write, commit or send, just before it or just after it, n drawn from the seed, and at any
time whatever. They are started again and go on until everything is settled. Then the laws are looked at (`_crash_laws`):
nobody is lost and nobody paid twice, counted in the banks' own books.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from django.db import connections

from yikatong.bench import _crash_server as servers
from yikatong.bench._awake import awake
from yikatong.bench._report import console, table
from yikatong.setup.places import MADE


class Share(NamedTuple):
    """One process's seeds, its folder, and the city as it was written down."""

    folder: Path
    dumped: Path
    people: Sequence[Sequence[str]]
    seeds: Sequence[int]


class Outcome(NamedTuple):
    """What one run told, in plain types."""

    seed: int
    kills: Counter[tuple[str, str]]
    points: list[int]
    payments: int
    files: int
    seconds: float
    defects: list[str]


def run_crashes(arguments: Sequence[str]) -> None:
    """`--crash N [--seed S] [--processes P]`: N runs with the seeds S, S + 1 …; seed 1 and 2 processes by default."""
    said = _options(arguments)
    runs, seed, processes = said["crash"], said["seed"], min(said["processes"], said["crash"])
    from yikatong.bench import _crash_town as town

    folder = MADE / "bench" / "crash"
    shutil.rmtree(folder, ignore_errors=True)
    people = town.build()
    connections.close_all()
    begun = time.perf_counter()
    told: list[Outcome] = []
    for outcome in played(folder, os.environ["DATABASE_URL"], people, range(seed, seed + runs), processes):
        told.append(outcome)
        if outcome.defects:
            _confess(outcome)
        if len(told) % 50 == 0:
            console.print(f"{len(told):,} runs: no defect so far")
    _report(told, time.perf_counter() - begun, seed, processes)


def played(
    folder: Path, url: str, people: Sequence[Sequence[str]], seeds: range, processes: int
) -> Iterator[Outcome]:
    """Play a run for each seed in the city of this database, in so many processes, each with a server of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    dumped = folder / "town.sql"
    servers.dump(url, dumped)
    context = multiprocessing.get_context("spawn")
    plain = [
        tuple(each) for each in people
    ]  # nothing whose module the new process would have to import for it
    ears, players = [], []
    for number in range(processes):
        ear, mouth = context.Pipe(duplex=False)
        share = Share(folder / str(number), dumped, plain, seeds[number::processes])
        players.append(context.Process(target=_play, args=(share, mouth)))
        players[-1].start()
        mouth.close()
        ears.append(ear)
    try:
        while ears:
            for ready in wait(ears, timeout=600):
                assert isinstance(ready, Connection)
                try:
                    heard = ready.recv()
                except EOFError:
                    ears.remove(ready)
                    continue
                if isinstance(heard, str):
                    raise SystemExit(heard)
                yield heard
    finally:
        for each in players:
            each.join(timeout=0 if ears else 60)
            each.terminate()
            each.join()


def _play(share: Share, mouth: Connection) -> None:
    try:
        for outcome in _runs(share):
            mouth.send(outcome)
    except BaseException:  # noqa: BLE001 - told to who started this process
        mouth.send(traceback.format_exc())
    finally:
        mouth.close()


def _runs(share: Share) -> Iterator[Outcome]:
    share.folder.mkdir(parents=True, exist_ok=True)
    # The settings read these; nothing of the house was imported in this process before.
    os.environ["DATABASE_URL"], os.environ["YK_DATA"] = servers.url(share.folder), str(share.folder)
    server = servers.Server(share.folder)
    try:
        server.fill(share.dumped)
        server.fresh()
        awake()
        logging.getLogger().setLevel(logging.ERROR)
        from yikatong.bench._crash_run import run, warm_up
        from yikatong.bench._crash_town import Holder

        people = [Holder(*each) for each in share.people]
        warm_up(server, people)
        for seed in share.seeds:
            told = run(server, people, seed)
            yield Outcome(**vars(told))
            if told.defects:
                return
    finally:
        connections.close_all()
        server.stop()


def _options(arguments: Sequence[str]) -> dict[str, int]:
    found = {"crash": 1_000, "seed": 1, "processes": 2}
    rest = iter(arguments)
    for word in rest:
        name, _, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in found:
            raise SystemExit("usage: ./yk bench benefits --crash N [--seed S] [--processes P]")
        found[name] = int(value or next(rest))
    return found


def _confess(outcome: Outcome) -> None:
    killed = ", ".join(f"{victim} {where}" for victim, where in outcome.kills) or "nobody"
    console.print(f"seed {outcome.seed}: killed {killed}")
    for each in outcome.defects:
        console.print(each.encode().decode("unicode_escape", errors="replace") if "\\n" in each else each)
    raise SystemExit(
        f"a defect; again by ./yk bench benefits --crash 1 --seed {outcome.seed} (moments may differ)"
    )


def _report(told: list[Outcome], seconds: float, seed: int, processes: int) -> None:
    kills: Counter[tuple[str, str]] = sum((each.kills for each in told), Counter())
    places = sorted({where for _, where in kills})
    victims = sorted({victim for victim, _ in kills})
    table(
        f"{len(told):,} runs, seeds {seed}-{seed + len(told) - 1}, {processes} processes: who was killed, and where",
        ("at", *victims),
        [(place, *(kills[(victim, place)] for victim in victims)) for place in places],
    )
    struck = sum(1 for each in told if each.kills)
    console.print(
        f"{sum(kills.values()):,} kills in {struck:,} runs; {sum(each.payments for each in told):,} rows in "
        f"{sum(each.files for each in told):,} files; nobody lost, nobody paid twice, no defect; "
        f"{len(told) / seconds:.2f} runs/s, {seconds:,.0f} s in all"
    )
