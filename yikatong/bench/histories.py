"""Random histories of people and their cards, legal and illegal, alone and two at once, until something gives way."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections

from yikatong.bench import _ground as ground
from yikatong.bench._house import Share, walk_in
from yikatong.bench._pages import Visits, Windows
from yikatong.bench._report import console, table
from yikatong.bench._walk import Walk
from yikatong.setup.cluster import DATABASE, url_of
from yikatong.setup.places import MADE

RULE = "UPDATE office_rule SET value = %s WHERE code = 'card.formal_loss_releasable'"
Result = dict[str, object]


def run(arguments: list[str]) -> None:
    """`./yk bench histories [N] [--seed S] [--processes P] [--pages F]`

    100,000 histories, seed 1 and 2 processes by default; then F forms sent at random through every window.
    """
    said = _options(arguments)
    histories, seed, processes = said["histories"], said["seed"], said["processes"]
    _only_in_our_own_folder()
    begun = time.perf_counter()
    ground.empty()
    share, pages = -(-histories // processes), -(-said["pages"] // processes)
    told = _in_houses_of_their_own(share, pages, seed, processes)
    _report(told, time.perf_counter() - begun, seed, processes)


def _options(arguments: Sequence[str]) -> dict[str, int]:
    found = {"histories": 100_000, "seed": 1, "processes": 2, "pages": 0}
    rest = iter(arguments)
    for word in rest:
        name, _, value = word.removeprefix("--").partition("=")
        if word.startswith("--") and name in found:
            found[name] = int(value or next(rest))
        else:
            found["histories"] = int(word)
    return found


def one_house(histories: int, pages: int, seed: int) -> Result:
    """Walk in the open centre this process is connected to, where nobody is yet; what was tried.

    The windows come after the histories: what is sent there is foretold by nobody, only judged by the laws.
    """
    releasable = seed % 2 == 0  # both kinds of city are walked
    with connection.cursor() as cursor:
        cursor.execute(RULE, ["true" if releasable else "false"])
    walk = Walk(seed, releasable=releasable, start=ground.START, alive=min(600, max(40, histories // 4)))
    begun = time.perf_counter()
    tally = walk.walk(histories)
    walked = time.perf_counter() - begun
    visits = Windows(seed, walk.now + timedelta(days=1)).walk(pages) if pages else Visits()
    return {**vars(tally), **vars(visits), "seconds": walked}


def _in_houses_of_their_own(share: int, pages: int, seed: int, processes: int) -> list[Result]:
    """One database for each process, so that every set is the work of one walk alone; two connections in each."""
    url = os.environ["DATABASE_URL"]
    connections.close_all()
    with psycopg.connect(url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as server:
        for number in range(processes):
            server.execute(f"DROP DATABASE IF EXISTS histories_{number} WITH (FORCE)".encode())
            server.execute(f"CREATE DATABASE histories_{number} TEMPLATE {DATABASE}".encode())
            # They are thrown away: nothing waits for the disk.
            server.execute(f"ALTER DATABASE histories_{number} SET synchronous_commit = off".encode())
    shares = [
        Share(_named(url, number), str(MADE / "bench" / f"histories-{number}"), share, pages, seed + number)
        for number in range(processes)
    ]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:  # the first defect ends them all
        return list(pool.imap_unordered(walk_in, shares))


def _named(url: str, number: int) -> str:
    return url.replace(f"/{DATABASE}?", f"/histories_{number}?", 1)


def _only_in_our_own_folder() -> None:
    ours = url_of((MADE / "bench" / "pg").resolve(), DATABASE)
    if os.environ.get("DATABASE_URL") != ours or settings.WIRES_FOLDER.parent != MADE / "bench":
        raise SystemExit("this bench empties its databases; unset DATABASE_URL and YK_WIRES")


def _report(told: list[Result], seconds: float, seed: int, processes: int) -> None:
    counts: dict[str, int] = {
        name: sum(int(str(each[name])) for each in told)
        for name in ("histories", "steps", "moved", "contended", "sent", "at_once")
    }
    done, refused, codes = (_together(told, name) for name in ("done", "refused", "codes"))
    rows = [(name, done[name], refused[name]) for name in sorted(set(done) | set(refused))]
    table(
        f"{counts['histories']:,} histories, seed {seed}, {processes} processes",
        ("service", "done", "refused"),
        rows,
    )
    print("refusals: " + ", ".join(f"{code} {number:,}" for code, number in codes.most_common()))
    walking = max(float(str(each["seconds"])) for each in told)
    console.print(
        f"{counts['steps']:,} deeds ({counts['contended']:,} of them beside another), {counts['moved']:,} steps in sets; "
        f"no defect; {counts['histories'] / walking:,.1f} histories/s, {seconds:,.0f} s in all"
    )
    if counts["sent"]:
        statuses, pages = _together(told, "statuses"), _together(told, "pages")
        answers = ", ".join(f"{status} {number:,}" for status, number in sorted(statuses.items()))
        console.print(
            f"{counts['sent']:,} forms sent to {len(pages)} pages, {counts['at_once']:,} times by two at once; "
            f"answers: {answers}"
        )


def _together(told: list[Result], name: str) -> Counter[Any]:
    whole: Counter[Any] = Counter()
    for each in told:
        counted = each[name]
        assert isinstance(counted, Counter)
        whole.update(counted)
    return whole
