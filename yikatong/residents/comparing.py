"""The records that are compared for duplicates, as they come out of the tables, and the keyed digests of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.basics.masking import Sensitive
from yikatong.office import sealing
from yikatong.residents.duplicates import Record, Verdict, compare, keys
from yikatong.residents.models import FormerName, IdentityDocument, Resident
from yikatong.residents.queries import Person, person_of

MOST_IN_A_BLOCK = 200
"""A key that hundreds share tells nothing (an employer's phone, a name for everybody unknown)."""
_NEAR = """
WITH useful AS MATERIALIZED (SELECT key FROM residents_duplicatekey WHERE key = ANY(%(keys)s)
                              GROUP BY key HAVING count(*) <= %(most)s)
SELECT DISTINCT k.resident_id FROM useful JOIN residents_duplicatekey k USING (key)
  JOIN residents_resident r ON r.id = k.resident_id AND r.merged_into_id IS NULL
"""


@dataclass(frozen=True)
class LookAlike:
    """Somebody on file who looks like a person about to be registered, and why."""

    person: Person
    verdict: Verdict


def look_alikes(record: Record) -> tuple[LookAlike, ...]:
    """Who on file is alike enough to somebody who is not yet, the likeliest first.

    Whoever came or changed today by other ways than a counter is first seen tonight (`services.find_duplicates`).
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"keys": list(digests(record)), "most": MOST_IN_A_BLOCK})
        near = [row[0] for row in cursor.fetchall()]
    verdicts = {each.id: compare(record, each) for each in records(near).values()}
    alike = sorted(
        (key for key, found in verdicts.items() if found.enough), key=lambda key: -verdicts[key].bits
    )
    people = {row.pk: row for row in Resident.objects.filter(pk__in=alike)}
    return tuple(LookAlike(person_of(people[key]), verdicts[key]) for key in alike)


def records(resident_ids: Iterable[int]) -> dict[int, Record]:
    """The records of these people by id, with former names and documents; numbers and phones are opened."""
    ids = list(resident_ids)
    numbers: dict[int, list[str]] = {}
    for owner, number in IdentityDocument.objects.filter(resident__in=ids).values_list(
        "resident_id", "number"
    ):
        numbers.setdefault(owner, []).append(number)
    former: dict[int, list[str]] = {}
    for owner, name in FormerName.objects.filter(resident__in=ids).values_list("resident_id", "name"):
        former.setdefault(owner, []).append(name)
    rows = list(Resident.objects.filter(pk__in=ids))
    shares = _shares({row.name_folded for row in rows})
    return {
        row.pk: Record(
            id=row.pk,
            numbers=tuple(dict.fromkeys((row.number, *numbers.get(row.pk, ())))),
            names=(row.name, *former.get(row.pk, ())),
            sex=row.sex,
            birth_on=row.birth_on,
            region=row.region,
            phone=row.phone,
            share=shares[row.name_folded],
        )
        for row in rows
    }


def _shares(names: set[str]) -> dict[str, float]:
    """The part of all people that bears each name; the number of all is the planner's estimate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'residents_resident'::regclass")
        total = max(float(cursor.fetchone()[0]), 10_000.0)
        cursor.execute(
            "SELECT name_folded, count(*) FROM residents_resident WHERE name_folded = ANY(%s) GROUP BY name_folded",
            [list(names)],
        )
        return {name: count / total for name, count in cursor.fetchall()}


def digests(record: Record) -> Iterator[int]:
    """The keys of a record as 64-bit numbers that tell nothing without the index key."""
    for key in keys(record):
        digest = sealing.lookup(Sensitive.IDENTITY_NUMBER, f"duplicate {key}")
        yield int.from_bytes(digest[:8], "big", signed=True)


def evidence(one: Record, other: Record) -> bytes:
    """Keyed digest (HMAC-SM3) of the particulars a decision about two records is made on."""
    told = [(each.id, each.numbers, each.names, each.sex, each.birth_on, each.phone) for each in (one, other)]
    return sm3(sealing.lookup(Sensitive.IDENTITY_NUMBER, repr(sorted(told))))
