"""A school's list from its file to the hands of the school's agents, rows a second per stage."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from random import Random

from django.db import connection
from xlsxwriter import Workbook

from yikatong.basics.ids import check_digit, unit_check_character
from yikatong.basics.refused import Refused
from yikatong.bench import _ground as ground
from yikatong.bench._report import stage, table
from yikatong.bench.orders import DESK, OUTLET, REVIEWER, must, to_the_shelf
from yikatong.cards.services.apply_by_list import bring_list, take_list
from yikatong.cards.services.copies import Copy
from yikatong.cards.services.hand_over_list import ListHanded, UnitAgent, hand_over_list
from yikatong.cards.services.list_sheet import print_sheet
from yikatong.cards.services.proof import Proof
from yikatong.cards.services.units import register_unit
from yikatong.cards.unit_lists import ListRow
from yikatong.office import clock
from yikatong.office.act import Door, open_act
from yikatong.office.scope import EVERYWHERE
from yikatong.residents.services import GuardianInput, NewPerson, load_people, register
from yikatong.simulation import portraits
from yikatong.simulation.people import Crowd, Newcomer

CODE = "12610499000000001"
_GUARDED = """
INSERT INTO residents_guardian (resident_id, name, number, number_key, relation, phone, since)
SELECT r.id, g.name, g.number, g.number_key, g.relation, g.phone, g.since
  FROM residents_resident r, residents_guardian g
 WHERE r.id <> g.resident_id
"""


def run(arguments: list[str]) -> None:
    """`./yk bench list [N]` (5,000 pupils by default)"""
    count = int(arguments[0]) if arguments else 5_000
    ground.empty()
    pupils = _school(count)
    content = _workbook(pupils)
    ground.photographed()
    times: list[tuple[str, float]] = []
    with clock.fixed(ground.START + timedelta(hours=1)):
        _stages(content, count, times)
    rows = [(name, count, f"{seconds:.2f}", f"{count / seconds:,.0f}") for name, seconds in times]
    ours = sum(seconds for name, seconds in times if not name.startswith("("))
    rows.append(("whole way without the counterparts", count, f"{ours:.2f}", f"{count / ours:,.0f}"))
    title = f"a list of {count:,} pupils ({len(content) / 1024:,.0f} KiB) to the school's agents"
    table(title, ("stage", "rows", "seconds", "rows/s"), rows)


def _school(count: int) -> list[Newcomer]:
    """Pupils of six to fifteen in the base library, each with a guardian; one guardian does for all."""
    random = Random(1)
    crowd = Crowd(random, ground.CITY, ("610402",), date(2025, 3, 3))
    pupils = [crowd.person(date(2010, 1, 1) + timedelta(days=random.randrange(3_000))) for _ in range(count)]
    with open_act(ground.BENCH, door=Door.TASK, at=ground.START) as act:
        load_people(act, (NewPerson(each.number, each.name, each.region, "") for each in pupils), "bench")
        parent, child = crowd.adult(), crowd.newborn(date(2025, 3, 1))
        guardian = GuardianInput(
            name=parent.name, number=parent.number, relation="父母", phone=parent.phone, proof="居民户口簿"
        )
        first = register(
            act, number=child.number, name=child.name, region=child.region, phone="", guardian=guardian
        )
        must(not isinstance(first, Refused), f"no guardian: {first}")
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED)
        cursor.execute("ANALYZE")
    return pupils


def _workbook(pupils: list[Newcomer]) -> bytes:
    held = BytesIO()
    with Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [
                ("社会保障号码", "姓名", "班级"),
                *((each.number, each.name, f"{n % 60 + 1}班") for n, each in enumerate(pupils)),
            ]
        ):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return held.getvalue()


def _stages(content: bytes, count: int, times: list[tuple[str, float]]) -> None:
    with open_act(DESK, door=Door.CONSOLE) as act:
        unit = register_unit(
            act,
            code=CODE + unit_check_character(CODE),
            name="第一小学",
            kind="school",
            region="610402",
            contact="周老师",
            phone="02933210000",
            scope=EVERYWHERE,
        )
    if isinstance(unit, Refused):
        raise SystemExit(unit.en)
    with stage("read the file and judge every line", times), open_act(DESK, door=Door.CONSOLE) as act:
        row = bring_list(
            act,
            unit_code=unit.code,
            name="pupils.xlsx",
            content=content,
            outlet_code=OUTLET,
            bank_code="102",
            only_good=False,
            scope=EVERYWHERE,
        )
    if isinstance(row, Refused):
        raise SystemExit(row.en)
    must(row.good == count, f"judged {row.counts}")
    with stage("approved: judged again and taken", times), open_act(REVIEWER, door=Door.CONSOLE) as act:
        taken = take_list(act, row.number, judgement=row.judgement, scope=EVERYWHERE)
    must(isinstance(taken, ListRow) and taken.taken, f"taken {taken}")
    to_the_shelf(count, times)
    agents = tuple(UnitAgent(name, _number(serial)) for serial, name in enumerate(("周老师", "吴老师"), 1))
    proof = Proof(signature=portraits.signature(), photo=portraits.portrait())
    with stage("handed to two agents", times), open_act(DESK, door=Door.CONSOLE) as act:
        handed = hand_over_list(act, row.number, letter="1", agents=agents, proof=proof, scope=EVERYWHERE)
    if not isinstance(handed, ListHanded):
        raise SystemExit(handed.en)
    must(handed.cards == count, f"handed over {handed.cards}")
    with stage("the sheet printed", times), open_act(DESK, door=Door.CONSOLE) as act:
        sheet = print_sheet(act, handed.number, scope=EVERYWHERE)
    must(isinstance(sheet, Copy) and bool(sheet.pdf), "no sheet")


def _number(serial: int) -> str:
    first = f"61049919800203{serial:03d}"
    return first + check_digit(first)
