"""The table in which sets of people wait to be judged and stored; it lives as long as the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.sealing import lookup, ready, seal
from yikatong.residents.facts import IMPORTED
from yikatong.residents.rules import ALIVE, NameColumns, Trust

_TABLE = """
CREATE TEMP TABLE resident_staging (
    line integer, number bytea, number_key bytea, number_tail4 bytea, number_tail6 bytea, document_type text, name text,
    folded text, grams text[], readings text[], sex text, birth_on date, region text, address text,
    phone bytea, phone_key bytea, phone_tail4 bytea, ethnicity text, resident_id bigint, known text
) ON COMMIT DROP
"""
_COPY = """
COPY resident_staging (line, number, number_key, number_tail4, number_tail6, document_type, name, folded, grams,
                       readings, sex, birth_on, region, address, phone, phone_key, phone_tail4, ethnicity) FROM STDIN
"""
_STORE = """
INSERT INTO residents_resident
       (number, number_key, number_tail4, number_tail6, document_type, name, name_folded, name_grams, name_readings,
        sex, ethnicity, birth_on, region, address, phone, phone_key, phone_tail4, state, state_source, source, trust,
        registered_at)
SELECT number, number_key, number_tail4, number_tail6, document_type, name, folded, grams, readings,
       sex, ethnicity, birth_on, region, address, phone, phone_key, phone_tail4, %(state)s, '', %(source)s, %(trust)s,
       %(at)s
  FROM resident_staging WHERE resident_id IS NULL ORDER BY line
"""
_STORED = """
SELECT 'resident:' || r.id, r.id, r.region, '', '{}'::jsonb
  FROM resident_staging s JOIN residents_resident r ON r.number_key = s.number_key WHERE s.resident_id IS NULL
"""

StagedPerson = tuple[object, ...]


def staged_person(
    line: int,
    number: str,
    document_type: str,
    name: NameColumns,
    sex: str,
    birth_on: date | None,
    region: str,
    address: str,
    phone: str,
    ethnicity: str,
) -> StagedPerson:
    """One row of the staging table in the order of its columns: number and phone sealed, with their keys."""
    return (
        line,
        seal(Sensitive.IDENTITY_NUMBER, number),
        *(lookup(Sensitive.IDENTITY_NUMBER, number, tail) for tail in (0, 4, 6)),
        document_type,
        name.name,
        name.folded,
        list(name.grams),
        list(name.readings),
        sex,
        birth_on,
        region,
        address,
        seal(Sensitive.PHONE, phone),
        *(lookup(Sensitive.PHONE, phone, tail) for tail in (0, 4)),
        ethnicity,
    )


@contextmanager
def staging(people: Iterable[StagedPerson]) -> Iterator[int]:
    """Fill the staging table by COPY for the time of the block; yields the number of rows."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        ready()
        with copied(cursor, _COPY) as copy:
            for each in people:
                copy.write_row(each)
                count += 1
        cursor.execute("ANALYZE resident_staging")
    yield count
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE resident_staging")


def store_new(act: Act, *, file: str, source: str, trust: Trust) -> int:
    """Store the staged people who have no `resident_id` in one statement, in one journal entry; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {"state": ALIVE.code, "source": source, "trust": trust.value, "at": act.at})
        count: int = cursor.rowcount
    if count:
        act.record_rows(IMPORTED, _STORED, {}, file=file, source=source)
    return count
