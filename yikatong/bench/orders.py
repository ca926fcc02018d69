"""Orders from the application to a making file and back onto the shelf, rows a second per stage."""

from __future__ import annotations

import resource
from datetime import timedelta

from django.conf import settings
from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench import _ground as ground
from yikatong.bench._report import stage, table
from yikatong.cards.rules import Mode
from yikatong.cards.services import bank, batch, match, stock
from yikatong.cards.services.apply_many import apply_for_many
from yikatong.cards.tasks import apply_file, counterparts
from yikatong.office import clock, post
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.wires.simulators import bank as banks
from yikatong.office.wires.simulators import maker, province

OUTLET = "61040000"
DESK, REVIEWER = Actor("staff:1", "desk", ground.CITY), Actor("staff:2", "reviewer", ground.CITY)


def run(arguments: list[str]) -> None:
    """`./yk bench orders [N]` (50,000 by default)"""
    count = int(arguments[0]) if arguments else 50_000
    ground.empty()
    ground.people(count, adults=True)
    times: list[tuple[str, float]] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM residents_resident ORDER BY id")
        residents = [number for (number,) in cursor.fetchall()]
    moment = ground.START + timedelta(hours=1)
    with clock.fixed(moment):
        ground.photographed()
        _stages(residents, times)
    rows = [(name, count, f"{seconds:.2f}", f"{count / seconds:,.0f}") for name, seconds in times]
    ours = sum(seconds for name, seconds in times if not name.startswith("("))
    rows.append(("whole way without the counterparts", count, f"{ours:.2f}", f"{count / ours:,.0f}"))
    table(f"orders: {count:,} to a making file and back", ("stage", "rows", "seconds", "rows/s"), rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process (counterparts played in it): {peak:,.0f} MiB")


def _stages(residents: list[int], times: list[tuple[str, float]]) -> None:
    count = len(residents)
    with stage("apply", times), open_act(DESK, door=Door.CONSOLE) as act:
        result = apply_for_many(
            act, resident_ids=residents, mode=Mode.BATCH, outlet_code=OUTLET, bank_code="102", channel="list"
        )
        must(not isinstance(result, Refused) and result.taken == count, f"applied {result}")
    to_the_shelf(count, times)


def to_the_shelf(count: int, times: list[tuple[str, float]]) -> None:
    """Take `count` new orders through files, bank and batch to the outlet, the counterparts played."""
    folder = settings.WIRES_FOLDER
    with stage("send to match, file laid out", times), open_act(DESK, door=Door.CONSOLE) as act:
        match.send_to_match(act)
    post.send_files()
    with stage("(province answers)", times):
        province.step(folder, problem_rate=0)
    with stage("take match answer", times):
        _take()
    with stage("ask accounts, file laid out", times):
        with open_act(DESK, door=Door.CONSOLE) as act:
            bank.ask_accounts(act)
        post.send_files()
    with stage("(bank answers)", times):
        banks.step(folder, "102", failure_rate=0)
    with stage("take account answer", times):
        _take()
    with stage("assemble batch", times), open_act(DESK, door=Door.CONSOLE) as act:
        made = batch.assemble(act, limit=count)
    if isinstance(made, Refused):
        raise SystemExit(made.en)
    with stage("release, making file laid out", times):
        with open_act(REVIEWER, door=Door.CONSOLE) as act:
            batch.release(act, made.number)
        post.send_files()
    with stage("(maker answers)", times):
        maker.step(folder, failure_rate=0)
    with stage("take return file, cards born", times):
        _take()
    with stage("receive box at the outlet", times), open_act(DESK, door=Door.CONSOLE) as act:
        shelved = stock.receive_box(act, outlet_code=OUTLET)
        must(shelved == count, f"shelved {shelved}")


def _take() -> None:
    post.collect_files(list(counterparts()))
    for file in post.waiting_files(*counterparts()):
        with open_act(DESK, door=Door.CONSOLE) as act:
            report = apply_file(act, file)
        if isinstance(report, Refused):
            raise SystemExit(report.en)
        must(
            not report.failed and not report.strangers,
            f"{report.failed} failed, {len(report.strangers)} strangers",
        )


def must(held: bool, said: str) -> None:
    """Stop where a stage did not do what is measured."""
    if not held:
        raise SystemExit(f"the bench did not do its work: {said}")
