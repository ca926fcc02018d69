"""The table in which sets of people wait to be judged and stored; it lives as long as the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection

from yikatong.office.act import Act
from yikatong.residents.facts import IMPORTED
from yikatong.residents.rules import ALIVE, NameColumns, Trust

_TABLE = """
CREATE TEMP TABLE resident_staging (
    line integer, number text, document_type text, name text, folded text, grams text[], readings text[], sex text,
    birth_on date, region text, address text, phone text, ethnicity text,
    resident_id bigint, known text
) ON COMMIT DROP
"""
_COPY = """
COPY resident_staging (line, number, document_type, name, folded, grams, readings, sex, birth_on, region, address,
                       phone, ethnicity) FROM STDIN
"""
_STORE = """
INSERT INTO residents_resident
       (number, document_type, name, name_folded, name_grams, name_readings, sex, ethnicity, birth_on, region,
        address, phone, state, state_source, source, trust, registered_at)
SELECT number, document_type, name, folded, grams, readings, sex, ethnicity, birth_on, region,
       address, phone, %(state)s, '', %(source)s, %(trust)s, %(at)s
  FROM resident_staging WHERE resident_id IS NULL ORDER BY line
"""
_STORED = """
SELECT 'resident:' || r.id, r.id, r.region, '', '{}'::jsonb
  FROM resident_staging s JOIN residents_resident r ON r.number = s.number WHERE s.resident_id IS NULL
"""

StagedPerson = tuple[int, str, str, str, str, list[str], list[str], str, date | None, str, str, str, str]


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
    """One row of the staging table in the order of its columns."""
    return (
        line,
        number,
        document_type,
        name.name,
        name.folded,
        list(name.grams),
        list(name.readings),
        sex,
        birth_on,
        region,
        address,
        phone,
        ethnicity,
    )


@contextmanager
def staging(people: Iterable[StagedPerson]) -> Iterator[int]:
    """Fill the staging table by COPY for the time of the block; yields the number of rows."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(_COPY) as copy:
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
