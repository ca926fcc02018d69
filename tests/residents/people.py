"""Synthetic people (unassigned area 610499), acts to meet them in, and pictures to compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from yikatong.basics.ids import check_digit
from yikatong.basics.refused import Refused
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.models import Entry, Message
from yikatong.residents import services
from yikatong.residents.models import Attribute, Guardian, IdentityDocument, Resident, SignInCode
from yikatong.residents.queries import Person

MORNING = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)  # 09:00 in Xianyang
CLERK = Actor("staff:1", "王经办", "610402", "61040000")
ADULT = "610499199003070011"
CHILD = "610499201602290040"
GUARDIAN = services.GuardianInput(
    name="林大满", number=ADULT, relation="父亲", phone="13800000002", proof="居民户口簿"
)
PERSON: dict[str, Any] = {
    "number": ADULT,
    "name": "林小满",
    "region": "610402",
    "phone": "13800000001",
    "address": "秦都区人民路街道",
}
TABLES = (Resident, IdentityDocument, Guardian, Attribute, SignInCode, Entry, Message)


@contextmanager
def acting(moment: datetime = MORNING, actor: Actor = CLERK) -> Iterator[Act]:
    with open_act(actor, door=Door.CONSOLE, at=moment) as act:
        yield act


def number_of(serial: int, birth: date = date(1980, 5, 17)) -> str:
    """The identity number of the unassigned area 610499 with this serial (0-999)."""
    first = f"610499{birth:%Y%m%d}{serial:03d}"
    return first + check_digit(first)


def registered(moment: datetime = MORNING, **changed: object) -> Person:
    with acting(moment) as act:
        person = services.register(act, **{**PERSON, **changed})
    assert isinstance(person, Person), person
    return person


def picture() -> list[object]:
    """Everything this room could have changed, but for what numbers rows."""
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def people() -> list[tuple[object, ...]]:
    """The residents without their ids, by number."""
    fields = (
        "number",
        "name",
        "region",
        "phone",
        "address",
        "ethnicity",
        "sex",
        "birth_on",
        "state",
        "source",
        "trust",
    )
    return sorted(Resident.objects.values_list(*fields))


def kinds() -> list[str]:
    """What the journal holds of this room, in order."""
    return list(
        Entry.objects.filter(kind__startswith="resident.").order_by("id").values_list("kind", flat=True)
    )


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    assert result.zh and result.en
    return result.code
