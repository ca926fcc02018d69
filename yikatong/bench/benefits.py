"""一卡发 at scale: a roster from the upload to sealed files and back, beside what PostgreSQL needs for the bare same.

Goals (issue 5, two cores): judged and stored at 100,000 rows/s; the whole way to the sealed files at 50,000 rows/s and in
at most ten times a raw COPY of the same rows with its key; answers at 50,000 lines/s; numbers resolved to accounts at
150,000/s; under 2 GB; the rates at 100,000, 1,000,000 and 3,000,000 rows within 20 % of each other. And paid once, whoever is killed on the way
(`--crash N`, `_crash`).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

from yikatong.bench import _ground as ground
from yikatong.bench import _payees, _payment
from yikatong.bench._awake import awake
from yikatong.bench._beside import beside_pages
from yikatong.bench._crash import run_crashes
from yikatong.bench._floor import bare_floor, raw_copy, resolution
from yikatong.bench._report import console, table
from yikatong.bench._weights import Scale, Stage
from yikatong.office import clock

LARGEST = 1_000_000
"""Rows of one roster (rule `benefit.roster_rows`); more people come in several."""
SIZES = (100_000, 1_000_000, 3_000_000)
THE_DAY = ground.START + timedelta(days=7)


def run(arguments: list[str]) -> None:
    """`./yk bench benefits [--rows N] [--residents M] [--sizes] [--again] [--pages]`, or `--crash N [--seed S]`

    100,000 rows of 400,000 residents by default. `--sizes` goes the way with 100,000, 1,000,000 and 3,000,000 rows (as many
    as there are residents for); `--again` keeps the people of the last run. `--pages` measures staff pages while the roster
    is judged, `--crash` kills processes, each of them nothing else.
    """
    if "--crash" in arguments:
        run_crashes(arguments)
        return
    rows, residents = _whole(arguments, "--rows", 100_000), _whole(arguments, "--residents", 400_000)
    if "--pages" in arguments:
        beside_pages(rows, residents)
        return
    if "--again" not in arguments:
        seconds = _payees.settle_city(residents)
        console.print(f"{residents:,} residents with cards in {seconds:,.0f} s")
    sizes = [each for each in SIZES if each <= residents] if "--sizes" in arguments else [rows]
    rates = []
    with clock.fixed(THE_DAY):
        for size in sizes:
            stages, whole = _measured(size)
            rates.append((size, *(f"{each.rate:,.0f}" for each in stages), f"{whole:,.0f}"))
    if len(sizes) > 1:
        table("rows/s by size", ("rows", *(each.name for each in stages), "whole way"), rates)


def _whole(arguments: Sequence[str], name: str, otherwise: int) -> int:
    return int(arguments[arguments.index(name) + 1].replace("_", "")) if name in arguments else otherwise


def _measured(size: int) -> tuple[list[Stage], float]:
    """The whole way with `size` people, and the bare measures beside it; returns its stages and rows/s."""
    _payment.forget_payments()
    scale = Scale()
    rosters = _rosters(size)
    with scale.watched():
        for place, roster in enumerate(rosters):
            _payment.pay(roster, scale, place)
    stages = _joined(scale.stages)
    _report(size, stages)
    whole = [each for each in stages if each.name in _payment.WHOLE_WAY]
    seconds = sum(each.seconds for each in whole)
    rows = whole[0].rows
    together = Stage(
        "whole way", rows, seconds, sum(each.python for each in whole), sum(each.postgres for each in whole)
    )
    bare = Scale()
    for content, count, _ in rosters:
        raw_copy(content, count, bare)
        bare_floor(content, count, bare)
        resolution(content, count, bare)
    bare_stages = _joined(bare.stages)
    _report(size, [*stages, together, *bare_stages])
    console.print(
        f"whole way / raw COPY with its key: {seconds / bare_stages[0].seconds:.1f} (goal: at most 10); "
        f"/ bare floor: {seconds / bare_stages[1].seconds:.1f}"
    )
    console.print(
        f"peak memory: {scale.memory[0]:,.0f} MiB Python and its hands, {scale.memory[1]:,.0f} MiB PostgreSQL"
    )
    console.print(f"held: {_payment.held()}")
    return stages, together.rate


def _rosters(size: int) -> list[_payment.Roster]:
    """The rosters of so many people, written by another process: what it takes to write them is not to be weighed."""
    ours = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=ours, initializer=awake) as writer:
        starts = range(0, size, LARGEST)
        return list(writer.map(_roster, [min(LARGEST, size - start) for start in starts], starts))


def _roster(rows: int, start: int) -> _payment.Roster:
    """The roster of so many rows, of the people after the first `start`, with what is wrong with some of them."""
    people = _payees.payees(rows, start)
    wrong = _payees.wrong_ones(people)
    _payees.make_wrong(wrong)
    with clock.fixed(THE_DAY):
        _payment.before(wrong)
    return _payees.roster_of(people[: -len(wrong["C08"])], wrong)  # who stand in it twice


def _joined(stages: Sequence[Stage]) -> list[Stage]:
    """Stages of one name, of several rosters, as one."""
    found: dict[str, Stage] = {}
    for each in stages:
        had = found.get(each.name, Stage(each.name, 0, 0, 0, 0))
        found[each.name] = Stage(
            each.name,
            had.rows + each.rows,
            had.seconds + each.seconds,
            had.python + each.python,
            had.postgres + each.postgres,
        )
    return list(found.values())


def _report(size: int, stages: Sequence[Stage]) -> None:
    rows = [
        (
            each.name,
            each.rows,
            f"{each.seconds:.2f}",
            f"{each.rate:,.0f}",
            f"{each.python:.2f}",
            f"{each.postgres:.2f}",
            f"{each.cpu_each:.1f}",
        )
        for each in stages
    ]
    heads = ("stage", "rows", "seconds", "rows/s", "CPU s Python", "CPU s PostgreSQL", "CPU µs a row")
    table(f"benefits: {size:,} people", heads, rows)
