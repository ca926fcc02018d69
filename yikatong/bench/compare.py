"""A whole list of the police against a large base: judged rows a second, and what each step costs."""

from __future__ import annotations

import resource
from datetime import date
from random import Random

from django.db import connection

from yikatong.basics.ids import check_digit
from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.bench import _ground as ground
from yikatong.bench._report import stage, table
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.scope import EVERYWHERE
from yikatong.office.sealing import unseal
from yikatong.quality import measuring, reading
from yikatong.quality.figure import figures
from yikatong.quality.rules import Claim
from yikatong.quality.services.counting import count_figures
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import receive_list

DESK, SYSTEM = Actor("staff:1", "desk", ground.CITY), Actor.system("quality")
CHANGED = (
    0.01  # of each kind: gone from the list, new in it, another name, another region, one slip in the number
)
COUNTY, NEXT = "610402", "610404"
Row = tuple[str, str, str, str]


def run(arguments: list[str]) -> None:
    """`./yk bench compare [LIST [BASE]]` (200,000 of 1,000,000 by default)"""
    size = int(arguments[0]) if arguments else 200_000
    base = int(arguments[1]) if len(arguments) > 1 else 1_000_000
    ground.empty()
    ground.people(base)
    rows = _changed(_living_in(size, base), Random(3))
    times: list[tuple[str, float]] = []
    with clock.fixed(ground.START):
        first = _compare("first list", rows, date(2025, 3, 1), times)
        again = _compare(
            "the same people once more", Random(4).sample(rows, len(rows)), date(2025, 3, 2), times
        )
        with stage("five figures over the base", times), open_act(SYSTEM, door=Door.TASK) as act:
            counted = count_figures(act)
        with stage("50 rows behind a figure", times):
            measuring.faults(figures()["consistent"], EVERYWHERE, ground.START.date())
    count = len(rows)
    shown = [(name, f"{seconds:.2f}", f"{count / seconds:,.0f}") for name, seconds in times]
    table(
        f"comparison: a list of {count:,} with {base:,} residents", ("step", "seconds", "list rows/s"), shown
    )
    print(f"first list: {first}; once more: {again}")
    print("figures: " + ", ".join(f"{code} {good:,}/{whole:,}" for code, (good, whole) in counted.items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:,.0f} MiB")


def _compare(name: str, rows: list[Row], as_of: date, times: list[tuple[str, float]]) -> str:
    content = "\n".join(["公民身份号码,姓名,户籍地区划,联系电话", *(",".join(row) for row in rows)]).encode()
    with open_act(DESK, door=Door.CONSOLE) as act:
        row = receive_list(
            act,
            source="police",
            claim=Claim.WHOLE,
            region=COUNTY,
            as_of=as_of,
            name=f"{as_of}.csv",
            content=content,
            scope=EVERYWHERE,
        )
    if isinstance(row, Refused):
        raise SystemExit(row.en)
    with stage(f"{name}: read", times):
        statements = reading.read(row.number)
    if isinstance(statements, Refused):
        raise SystemExit(statements.en)
    with stage(f"{name}: judged and stored", times), open_act(SYSTEM, door=Door.TASK) as act:
        judged = judge_list(act, number=row.number, statements=statements)
    if isinstance(judged, Refused):
        raise SystemExit(judged.en)
    return f"{judged.agreed:,} agree, {judged.opened:,} opened, {judged.refreshed:,} refreshed"


def _living_in(size: int, base: int) -> list[Row]:
    """Let about `size` of the residents live in one county, and write them down as the police would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE residents_resident SET region = CASE WHEN id %% %(each)s = 0 THEN %(county)s ELSE %(next)s END "
            "WHERE id %% %(each)s = 0 OR region = %(county)s",
            {"each": max(1, base // size), "county": COUNTY, "next": NEXT},
        )
        cursor.execute("VACUUM ANALYZE residents_resident")
        cursor.execute("SELECT number, name, phone FROM residents_resident WHERE region = %s", [COUNTY])
        return [
            (unseal(Sensitive.IDENTITY_NUMBER, number), name, COUNTY, unseal(Sensitive.PHONE, phone))
            for number, name, phone in cursor.fetchall()
        ]


def _changed(rows: list[Row], random: Random) -> list[Row]:
    """The list with its disagreements: a hundredth each gone, new, renamed, moved, and with one slip in the number."""
    found: list[Row] = []
    for number, name, region, phone in rows:
        kind = random.random() / CHANGED
        if kind < 1:
            continue
        if kind < 2:
            found.append((_slipped(number), name, region, phone))
        elif kind < 3:
            found.append((number, name[0] + "龘", region, phone))
        elif kind < 4:
            found.append((number, name, NEXT, phone))
        else:
            found.append((number, name, region, phone))
        if 4 <= kind < 5:
            found.append((_stranger(number), "新" + name[-1], region, ""))
    return found


def _slipped(number: str) -> str:
    """The number with another serial digit; who has that number already is then a person of two rows, and refused."""
    body = number[:15] + str((int(number[15]) + 5) % 10) + number[16]
    return body + check_digit(body)


def _stranger(number: str) -> str:
    body = "140999" + number[6:17]
    return body + check_digit(body)
