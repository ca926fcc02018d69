"""Units and their lists, for tests: registered, brought and taken by the services themselves."""

from __future__ import annotations

from itertools import count

from tests.cards.factories import CENTRE_OUTLET, CLERK, acting
from yikatong.basics.ids import unit_check_character
from yikatong.basics.refused import Refused
from yikatong.cards.services.apply_by_list import bring_list, take_list
from yikatong.cards.services.units import register_unit
from yikatong.cards.unit_lists import ListRow, UnitRow
from yikatong.office.act import Actor
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident

CITY = Scope("610400")
MANAGER = Actor("staff:7", "方负责", "610402", CENTRE_OUTLET)
_serial = count(1)


def unit_code(serial: int | None = None) -> str:
    """A code of the unassigned area 610499."""
    first = f"12610499{next(_serial) if serial is None else serial:09d}"
    return first + unit_check_character(first)


PARTICULARS = {"kind": "school", "region": "610402", "contact": "周老师", "phone": "02933210000"}


def a_unit(**changed: str) -> UnitRow:
    wanted = {"code": unit_code(), "name": "秦都区第一小学", **PARTICULARS, **changed}
    with acting() as act:
        row = register_unit(act, scope=CITY, **wanted)  # type: ignore[arg-type]
    assert isinstance(row, UnitRow), row
    return row


def roll(people: list[Resident], *more: str, classes: int = 3) -> bytes:
    """A school's file: these people in their classes, and further lines as they are."""
    rows = [f"{each.number},{each.name},三年级{n % classes + 1}班" for n, each in enumerate(people)]
    return "\n".join(("社会保障号码,姓名,班级", *rows, *more)).encode()


def bring(
    content: bytes, unit: UnitRow | None = None, actor: Actor = CLERK, **changed: object
) -> ListRow | Refused:
    wanted = {
        "unit_code": (unit or a_unit()).code,
        "name": "三年级.csv",
        "content": content,
        "outlet_code": CENTRE_OUTLET,
        "bank_code": "102",
        "only_good": False,
        "scope": CITY,
        **changed,
    }
    with acting(actor) as act:
        return bring_list(act, **wanted)  # type: ignore[arg-type]


def brought(content: bytes, unit: UnitRow | None = None, **changed: object) -> ListRow:
    row = bring(content, unit, **changed)
    assert isinstance(row, ListRow), row
    return row


def take(row: ListRow, actor: Actor = MANAGER) -> ListRow | Refused:
    with acting(actor) as act:
        return take_list(act, row.number, judgement=row.judgement, scope=CITY)


def taken(people: list[Resident], *more: str, **changed: object) -> ListRow:
    row = take(brought(roll(people, *more), **changed))
    assert isinstance(row, ListRow) and row.taken, row
    return row
