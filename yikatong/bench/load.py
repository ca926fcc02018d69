"""A mixed staff load over HTTP: clerks at a console that is served exactly as the demo serves it.

The clerks ask the next question as soon as they have the last answer (a closed loop), in the shares of
`_clerks.SHARES`. Only correct answers count. Goal (issue 2): 200 requests a second, p95 at most 200 ms.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import psutil
from django.conf import settings
from django.db import connection

from yikatong.basics.ids import luhn_digit
from yikatong.basics.masking import Sensitive
from yikatong.basics.names import readings
from yikatong.basics.refused import Refused
from yikatong.bench import _clerks
from yikatong.bench import _ground as ground
from yikatong.bench._report import console, percentile, table
from yikatong.bench.orders import DESK, OUTLET
from yikatong.cards.rules import AT_OUTLET, BATCHED, PROBLEM, Mode
from yikatong.cards.services import bank, batch, match, stock
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
from yikatong.cards.services.apply_many import apply_for_many
from yikatong.cards.tasks import apply_file, counterparts
from yikatong.office import clock, opening, places, post, sealing
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import appoint
from yikatong.office.wires.simulators import bank as banks
from yikatong.office.wires.simulators import maker, province
from yikatong.setup import assets
from yikatong.setup.cluster import DATABASE, url_of
from yikatong.setup.places import MADE, ROOT
from yikatong.setup.processes import Company, answers, port_is_free

PEOPLE, ORDERS = 20_000, 800
PASSWORD = "Bench-only-2026"  # noqa: S105 - the bench's own city, thrown away with it
WORKERS = 2
HOST = "127.0.0.1"
REVIEWER = Actor("staff:0", "reviewer", ground.CITY)
WARM = 3.0  # seconds of work before the clocks are read
Cpu = dict[str, float]


def run(arguments: list[str]) -> None:
    """`./yk bench load [SECONDS] [CLIENTS]` (30 seconds and 16 clients by default)"""
    seconds = float(arguments[0]) if arguments else 30.0
    clients = int(arguments[1]) if len(arguments) > 1 else 16
    plan = prepared(clients)
    with serving(plan) as company:
        result, spent = ask({**plan, "warm": WARM, "seconds": seconds}, company)
    _report(result, spent, clients)


def prepared(clients: int) -> dict[str, Any]:
    """A city of its own with so many clerks, and what they are told."""
    _only_in_our_own_folder()
    plan = _city(clients)
    _static_files()
    return plan | {"host": HOST, "port": _free_port()}


@contextmanager
def serving(plan: dict[str, Any]) -> Iterator[Company]:
    """The city served as the demo serves it, with its jobs' worker, for the time of the block."""
    company = _company(plan["port"])
    company.start()
    try:
        if not answers(HOST, plan["port"], within=60, unless=company.leaving):
            raise SystemExit("the web server did not come up")
        yield company
    finally:
        company.stop()


def _only_in_our_own_folder() -> None:
    """The tables and the exchanged files are thrown away: never a city that somebody named by the environment."""
    ours = url_of((MADE / "bench" / "pg").resolve(), DATABASE)
    if os.environ.get("DATABASE_URL") != ours or settings.WIRES_FOLDER.parent != MADE / "bench":
        raise SystemExit("this bench empties its city; unset DATABASE_URL and YK_WIRES")


# --- the city ---------------------------------------------------------------------------------------------------


def _city(clients: int) -> dict[str, Any]:
    """20,000 people with cards, hundreds of orders under way, staff with log-ins; what the clerks may ask for."""
    console.print(f"making a city of {PEOPLE:,} people …")
    ground.empty()
    ground.people(PEOPLE, adults=True)
    moment = ground.START + timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number, name, phone, region FROM residents_resident ORDER BY id")
        people = [
            (
                key,
                sealing.unseal(Sensitive.IDENTITY_NUMBER, number),
                name,
                sealing.unseal(Sensitive.PHONE, phone),
                region,
            )
            for key, number, name, phone, region in cursor.fetchall()
        ]
    ground.photographed()
    with clock.fixed(moment):
        _adopt(people[ORDERS:])
        _orders([row[0] for row in people[:ORDERS]])
        staff = [_appointed(number) for number in range(clients)]
    with open_act(ground.BENCH, door=Door.TASK, at=moment + timedelta(days=5)) as act:
        opening.let_demo_go_on(act, {"bench": "load"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT state, array_agg(number) FROM cards_order GROUP BY state ORDER BY state")
        by_state: dict[str, list[str]] = dict(cursor.fetchall())
        cursor.execute(
            "SELECT card_no FROM cards_card WHERE order_id IS NULL ORDER BY id LIMIT %s", [clients * 50]
        )
        cards = [card for (card,) in cursor.fetchall()]
    console.print("orders: " + ", ".join(f"{state} {len(numbers)}" for state, numbers in by_state.items()))
    # A queue may empty under the jobs' worker, which plays the counterparts: only those that wait for people.
    staying = [state for state in (AT_OUTLET.code, BATCHED.code, PROBLEM.code) if by_state.get(state)]
    known = Random(5).sample(people[ORDERS:], 1_000)
    return {
        "staff": staff,
        "password": PASSWORD,
        "texts": _texts(known),
        "residents": [row[0] for row in known],
        "states": staying,
        "orders": [number for state in staying for number in by_state[state]],
        "cards": [cards[number::clients] for number in range(clients)],
    }


def _texts(people: Iterable[tuple[int, str, str, str, str]]) -> list[str]:
    """What clerks type: whole numbers, their ends, phones, names, parts of names and pinyin in turn."""
    typed = []
    for turn, (_, number, name, phone, _) in enumerate(people):
        ways = (number, number[-6:], phone, name, name[:2], readings(name)[0])
        typed.append(ways[turn % len(ways)])
    return typed


def _adopt(people: Iterable[tuple[int, str, str, str, str]]) -> None:
    outlets = {outlet.region: outlet.code for outlet in places.outlets()}
    issued = ground.START.date() - timedelta(days=700)
    rows = []
    for serial, (_, number, _, _, region) in enumerate(people, start=1):
        pan = f"622000{serial:012d}"
        rows.append(
            ExistingCard(
                number,
                f"A{serial:08d}",
                region,
                outlets[region],
                "102",
                pan + luhn_digit(pan),
                issued,
                issued + timedelta(days=3652),
            )
        )
    with open_act(ground.BENCH, door=Door.TASK) as act:
        adopted = adopt_cards(act, source="bench", rows=rows)
    if isinstance(adopted, Refused) or adopted.refused:
        raise SystemExit(f"the cards were not taken over: {adopted}")


def _orders(residents: list[int]) -> None:
    """Half of the people have their card on the shelf, a quarter waits in a batch or with a problem, a quarter anew."""
    half, quarter = len(residents) // 2, len(residents) // 4
    _matched(residents[:half], problem_rate=0)
    made = _batched(half)
    with open_act(REVIEWER, door=Door.CONSOLE) as act:
        batch.release(act, made)
    post.send_files()
    maker.step(settings.WIRES_FOLDER, failure_rate=0)
    _take()
    with open_act(DESK, door=Door.CONSOLE) as act:
        stock.receive_box(act, outlet_code=OUTLET)
    _matched(residents[half : half + quarter], problem_rate=0.3)
    _batched(quarter)
    _applied(residents[half + quarter :])


def _applied(residents: list[int]) -> None:
    with open_act(DESK, door=Door.CONSOLE) as act:
        apply_for_many(
            act, resident_ids=residents, mode=Mode.BATCH, outlet_code=OUTLET, bank_code="102", channel="list"
        )


def _matched(residents: list[int], *, problem_rate: float) -> None:
    _applied(residents)
    with open_act(DESK, door=Door.CONSOLE) as act:
        match.send_to_match(act)
    post.send_files()
    province.step(settings.WIRES_FOLDER, problem_rate=problem_rate)
    _take()
    with open_act(DESK, door=Door.CONSOLE) as act:
        bank.ask_accounts(act)
    post.send_files()
    banks.step(settings.WIRES_FOLDER, "102", failure_rate=0)
    _take()


def _take() -> None:
    post.collect_files(list(counterparts()))
    for file in post.waiting_files(*counterparts()):
        with open_act(DESK, door=Door.CONSOLE) as act:
            report = apply_file(act, file)
        if isinstance(report, Refused):
            raise SystemExit(report.en)


def _batched(count: int) -> str:
    with open_act(DESK, door=Door.CONSOLE) as act:
        made = batch.assemble(act, limit=count)
    if isinstance(made, Refused):
        raise SystemExit(made.en)
    return made.number


def _appointed(number: int) -> str:
    with open_act(ground.BENCH, door=Door.TASK) as act:
        staff = appoint(
            act,
            username=f"clerk{number}",
            full_name=f"经办{number}",
            roles=["outlet_clerk"],
            region=ground.CITY,
            password=PASSWORD,
        )
    if isinstance(staff, Refused):
        raise SystemExit(staff.en)
    return staff.username


# --- the server and the clerks ----------------------------------------------------------------------------------


def _static_files() -> None:
    """As the demo has them. In a process of its own: our settings were read before the files were placed."""
    placed = assets.place()
    if isinstance(placed, Refused):
        raise SystemExit(f"{placed.zh}\n{placed.en}")
    if not assets.collected():
        command = [
            sys.executable,
            "-m",
            "django",
            "collectstatic",
            "--noinput",
            "--clear",
            "--verbosity",
            "0",
        ]
        subprocess.run(command, check=True, cwd=ROOT)
        assets.note_collected()


def _free_port() -> int:
    """A port from 8700 that nobody listens on."""
    return next(port for port in range(8700, 8800) if port_is_free(HOST, port) is None)


def _company(port: int) -> Company:
    # Named at run time: the commands stand beside the benches, and how a city is served is written there alone.
    serving = importlib.import_module("yikatong.cli.serving")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return Company(serving.web_and_worker(HOST, port, workers=WORKERS), {**os.environ, "PYTHONPATH": path})


def ask(
    plan: dict[str, Any], company: Company, meanwhile: Callable[[], None] | None = None
) -> tuple[dict[str, Any], Cpu]:
    """Let the clerks work; their result, and the CPU seconds that each part of the house spent on it.

    `meanwhile` begins what the house has to do beside them, once everyone is logged in and warm.
    """
    clerks = subprocess.Popen(
        [sys.executable, "-P", Path(_clerks.__file__)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert clerks.stdin is not None and clerks.stdout is not None
    with clerks:
        clerks.stdin.write(json.dumps(plan) + "\n")
        clerks.stdin.flush()
        if clerks.stdout.readline().strip() != "ready":
            raise SystemExit("the clerks could not log in")
        if meanwhile is not None:
            meanwhile()
        before = _cpu(company)
        clerks.stdin.write("go\n")
        clerks.stdin.flush()
        result: dict[str, Any] = json.loads(clerks.stdout.readline())
        after = _cpu(company)
    return result, {part: after[part] - before[part] for part in after}


def _cpu(company: Company) -> Cpu:
    """CPU seconds so far of the web server, the jobs' worker and PostgreSQL, with all their children."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    assert server is not None
    web, jobs = (psutil.Process(process.pid) for _, process in company.running)
    return {"web": _tree(web), "jobs": _tree(jobs), "PostgreSQL": _tree(server)}


def _tree(process: psutil.Process) -> float:
    """CPU seconds of a process and its children, those that ended included (where the system counts them)."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


# --- what is said -----------------------------------------------------------------------------------------------


def _report(result: dict[str, Any], spent: Cpu, clients: int) -> None:
    seconds, asked = result["seconds"], [(kind, took) for kind, took in result["times"]]
    every = {kind: [took for each, took in asked if each == kind] for kind in _clerks.SHARES}
    every["all together"] = [took for _, took in asked]
    rows = [
        (
            kind,
            len(times),
            f"{len(times) / seconds:.1f}",
            *(_shown(times, share) for share in (0.5, 0.95, 0.99)),
        )
        for kind, times in every.items()
    ]
    title = f"load: {clients} clerks for {seconds:.0f} s, granian with {WORKERS} workers"
    table(title, ("request", "correct", "per second", "p50 ms", "p95 ms", "p99 ms"), rows)
    count = max(1, len(asked))
    shares = {**spent, "clerks (not of the house)": result["cpu"]}
    costs = [
        (part, f"{cpu:.1f}", f"{cpu / seconds:.0%}", f"{cpu / count * 1000:.2f}")
        for part, cpu in shares.items()
    ]
    table("CPU", ("part", "seconds", "of one core", "ms per request"), costs)
    load = os.getloadavg()[0]
    console.print(f"load of the machine at the end: {load:.1f} on {os.cpu_count()} cores")
    told_wrong(result)


def _shown(times: list[float], share: float) -> str:
    return f"{percentile(times, share) * 1000:.0f}" if times else "—"


def told_wrong(result: dict[str, Any]) -> None:
    """Print the answers that were not what was asked for, by what was wrong with them."""
    for wrong, times in sorted(result["wrong"].items()):
        console.print(f"WRONG {times:,}: {wrong}")
    console.print(f"wrong answers: {sum(result['wrong'].values()):,}")
