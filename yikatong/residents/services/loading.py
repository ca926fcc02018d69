"""People who are already known to be good, in sets of any size: a synthetic city, a benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection

from yikatong.basics.ids import read_identity_number
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.residents.rules import Trust, name_columns
from yikatong.residents.services.staging import StagedPerson, staged_person, staging, store_new


class NewPerson(NamedTuple):
    """One person to load; a plain tuple in this order will do."""

    number: str
    name: str
    region: str
    phone: str = ""
    address: str = ""
    ethnicity: str = ""


def load_people(act: Act, rows: Iterable[tuple[str, ...]], source: str, trust: Trust = Trust.PROVINCE) -> int:
    """Store people by COPY, one journal entry for all; returns how many.

    `rows` are `NewPerson`s or tuples in that order, already valid and not in the base yet. They are streamed, never
    held as a whole. A number that is none raises ValueError, one that is there twice IntegrityError: both are broken
    promises of the caller, and nothing is stored.
    """
    with staging(_staged(act, rows)), _word_indexes_last():
        return store_new(act, file=source, source=source, trust=trust)


@contextmanager
def _word_indexes_last() -> Iterator[None]:
    """Into an empty base, build the indexes over parts and readings of names after the rows: ten times as fast.

    Where somebody is in the base already, they stay: searching must go on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM residents_resident LIMIT 1")
        if cursor.fetchone() is not None:
            yield
            return
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ANY(%s)",
            [["resident_grams", "resident_readings"]],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        # The foreign keys of the new rows wait to be checked, and a table they wait for cannot be given an index.
        connection.check_constraints()
        for _, definition in found:
            cursor.execute(definition)


def _staged(act: Act, rows: Iterable[tuple[str, ...]]) -> Iterator[StagedPerson]:
    for line, row in enumerate(rows, start=1):
        new = NewPerson(*row)
        identity = read_identity_number(new.number, act.today)
        if isinstance(identity, Refused):
            raise ValueError(f"row {line}: {identity.en}")
        yield staged_person(
            line,
            identity.number,
            identity.type.value,
            name_columns(new.name),
            identity.sex,
            identity.birth_on,
            new.region,
            new.address,
            new.phone,
            new.ethnicity,
        )
