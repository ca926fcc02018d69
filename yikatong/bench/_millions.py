# ruff: noqa: S608 - only names of our own tables and columns are put into the text
"""Five million residents in minutes: what costs Python time is done once a name, or on all cores.

Names come from a pool as large and as repetitive as a city's; numbers and phones are sealed one by one, as they would
be in service. The rows go straight into the table: a bench of searching needs no journal of how they came.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from random import Random

from django.db import connection

from yikatong.basics.ids import check_digit
from yikatong.basics.masking import Sensitive
from yikatong.basics.regions import counties_of
from yikatong.bench._awake import awake
from yikatong.office import sealing
from yikatong.residents.rules import ALIVE, Trust, name_columns
from yikatong.simulation.people import Crowd

POOL = 500_000
SLICE = 20_000
FIRST_BIRTH = date(1935, 1, 1)
DAYS = 32_500
SEQUENCES = 998
PRIME = 15_485_863  # walks over all of DAYS * SEQUENCES without meeting one twice

_PEOPLE = (
    "number, number_key, number_tail4, number_tail6, sex, birth_on, region, phone, phone_key, phone_tail4"
)
_NAMES = "name, name_folded, name_grams, name_readings"


def fill(count: int, city: str, today: date, seed: int = 1, pool: int = POOL) -> float:
    """Fill the table with `count` residents more (at most DAYS * SEQUENCES) who share `pool` names, indexes built
    after; returns seconds."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE bench_name AS SELECT 0 AS id, {_NAMES} FROM residents_resident WITH NO DATA"
        )
        cursor.execute(
            f"CREATE UNLOGGED TABLE bench_person AS SELECT 0 AS name_id, {_PEOPLE} FROM residents_resident WITH NO DATA"
        )
        with cursor.copy(f"COPY bench_name (id, {_NAMES}) FROM STDIN") as copy:
            for row in _names(Random(seed), city, today, pool):
                copy.write_row(row)
        slices = [(seed, city, start, min(SLICE, count - start), pool) for start in range(0, count, SLICE)]
        ours = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(mp_context=ours, initializer=awake) as workers:
            for rows in workers.map(_people, slices):
                with cursor.copy(f"COPY bench_person (name_id, {_PEOPLE}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        cursor.execute("ANALYZE bench_name; ANALYZE bench_person")
        indexes = _without_indexes()
        cursor.execute(
            f"INSERT INTO residents_resident ({_PEOPLE}, {_NAMES}, document_type, ethnicity, address, state, "
            "state_source, source, trust, registered_at) "
            f"SELECT {_PEOPLE}, {_NAMES}, 'citizen_id', '', '', %s, '', 'bench', %s, now() "
            "FROM bench_person JOIN bench_name ON bench_name.id = bench_person.name_id ON CONFLICT DO NOTHING",
            [ALIVE.code, Trust.PROVINCE.value],
        )
        cursor.execute("DROP TABLE bench_name, bench_person")
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE residents_resident")
    return time.perf_counter() - begun


def _without_indexes() -> Sequence[str]:
    """Drop the plain indexes of the table for the while; returns what makes them again."""
    with connection.cursor() as own:
        own.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i LEFT JOIN pg_constraint c ON c.conname = i.indexname "
            "WHERE i.schemaname = current_schema() AND i.tablename = 'residents_resident' AND c.oid IS NULL"
        )
        found = own.fetchall()
        for name, _ in found:
            own.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _names(random: Random, city: str, today: date, pool: int) -> Iterator[tuple[object, ...]]:
    crowd = Crowd(random, city, ("",), today)
    for number in range(pool):
        columns = name_columns(crowd.name())
        yield number, columns.name, columns.folded, list(columns.grams), list(columns.readings)


def _people(piece: tuple[int, str, int, int, int]) -> list[tuple[object, ...]]:
    seed, city, start, count, pool = piece
    random = Random(f"{seed} {start}")
    counties = [county.code for county in counties_of(city)]
    rows: list[tuple[object, ...]] = []
    for place in range(start, start + count):
        day, sequence = divmod(place * PRIME % (DAYS * SEQUENCES), SEQUENCES)
        birth = FIRST_BIRTH + timedelta(days=day)
        first = f"{city[:4]}99{birth:%Y%m%d}{sequence + 1:03d}"
        number, phone = first + check_digit(first), f"12{random.randrange(10**9):09d}"
        rows.append(
            (
                random.randrange(pool),
                sealing.seal(Sensitive.IDENTITY_NUMBER, number),
                *(sealing.lookup(Sensitive.IDENTITY_NUMBER, number, tail) for tail in (0, 4, 6)),
                "1" if sequence % 2 == 0 else "2",
                birth,
                random.choice(counties),
                sealing.seal(Sensitive.PHONE, phone),
                *(sealing.lookup(Sensitive.PHONE, phone, tail) for tail in (0, 4)),
            )
        )
    return rows
