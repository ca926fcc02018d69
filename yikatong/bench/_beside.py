"""Staff pages while a large roster is judged by the jobs' worker, beside the same pages alone, on the same two cores."""

from __future__ import annotations

import time

from yikatong.basics.refused import Refused
from yikatong.bench import _payees, load
from yikatong.bench._payment import CITY, MAKER, PERIOD, Roster
from yikatong.bench._report import percentile, table
from yikatong.benefits import queries
from yikatong.benefits.progress import progress
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.services.submitting import submit_roster
from yikatong.benefits.tasks import judge_batches
from yikatong.office import jobs
from yikatong.office.act import Door, open_act

CLERKS, SECONDS = 4, 60
GOAL = 300
"""Milliseconds within which 95 of 100 pages come, also while a million rows are judged."""


def beside_pages(rows: int, residents: int) -> None:
    """A light load of pages in a city of so many people, alone and while a roster of so many rows is judged."""
    plan = load.prepared(CLERKS)
    _payees.settle_more(residents)
    roster = _payees.plain_roster(_payees.payees(rows))
    begun: list[BatchRow] = []
    shown = []
    with load.serving(plan) as company:
        for name, meanwhile in (
            ("pages alone", None),
            ("pages while a roster is judged", lambda: begun.append(_brought(roster))),
        ):
            result, _ = load.ask({**plan, "warm": load.WARM, "seconds": SECONDS}, company, meanwhile)
            load.told_wrong(result)
            times = [took for _, took in result["times"]]
            shown.append(
                (
                    name,
                    len(times),
                    *(f"{percentile(times, share) * 1000:.0f}" for share in (0.5, 0.95)),
                    sum(result["wrong"].values()),
                    _stands(begun[0]) if begun else "—",
                )
            )
    heads = ("", "answers", "p50 ms", "p95 ms", "wrong", "roster at the end")
    table(f"{CLERKS} clerks for {SECONDS} s, {roster[1]:,} rows (goal: p95 of {GOAL} ms)", heads, shown)


def _brought(roster: Roster) -> BatchRow:
    """Bring the roster, and wait until the worker is at it."""
    content, count, fen = roster
    with open_act(MAKER, door=Door.CONSOLE) as act:
        batch = submit_roster(
            act,
            programme="pension",
            period=PERIOD,
            declared_rows=count,
            declared_fen=fen,
            name="roster.csv",
            content=content,
            scope=CITY,
        )
        jobs.poke(judge_batches)
    if isinstance(batch, Refused):
        raise SystemExit(batch.en)
    for _ in range(600):
        if progress(batch.number) is not None:
            return batch
        time.sleep(0.1)
    raise SystemExit("nobody began to judge the roster")


def _stands(batch: BatchRow) -> str:
    seen, now = progress(batch.number), queries.batch(batch.number, CITY)
    assert now is not None
    return f"{seen.step.value}, {seen.percent(batch.declared_rows)} %" if seen else now.state.code
