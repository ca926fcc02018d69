"""A list laid beside the base library, for one transaction: staged by COPY, matched and told apart by sets.

Temporary tables: `stated` (the list), `matched` (line -> person, and `how`: by today's number, by that of a second record
merged with theirs, by a number of an older document, or nearly: same name, and all but the number or one slip in it),
`found` (what differs, one row each). A merged record is nobody by itself: what is said of it is said of its survivor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection

from yikatong.basics import names
from yikatong.basics.masking import Sensitive
from yikatong.office.copying import copied
from yikatong.office.scope import stem
from yikatong.office.sealing import lookup, ready, unseal
from yikatong.quality.rules import Claim, one_slip
from yikatong.quality.source import Source
from yikatong.quality.statements import Statement

_STATED = """
CREATE TEMP TABLE stated (line integer, number_key bytea, name text, folded text, birth_on date, region text,
                          phone_key bytea, status text, happened_on date) ON COMMIT DROP
"""
_MATCHED = """
CREATE TEMP TABLE matched ON COMMIT DROP AS
SELECT s.line, coalesce(r.merged_into_id, r.id) AS resident_id,
       CASE WHEN r.merged_into_id IS NULL THEN 'number' ELSE 'second' END AS how
  FROM stated s JOIN residents_resident r ON r.number_key = s.number_key
"""
_BY_DOCUMENT = """
INSERT INTO matched
SELECT DISTINCT ON (s.line) s.line, coalesce(r.merged_into_id, r.id), 'document'
  FROM stated s JOIN residents_identitydocument d ON d.number_key = s.number_key
  JOIN residents_resident r ON r.id = d.resident_id
 WHERE NOT EXISTS (SELECT FROM matched m WHERE m.line = s.line)
   AND NOT EXISTS (SELECT FROM matched m WHERE m.resident_id = coalesce(r.merged_into_id, r.id))
 ORDER BY s.line, d.resident_id
"""
# A namesake of the same birth day who lives there or has the same phone, and whom the list does not name otherwise.
_NEARLY = """
INSERT INTO matched
SELECT DISTINCT ON (resident_id) line, resident_id, 'near'
  FROM (SELECT DISTINCT ON (s.line) s.line, r.id AS resident_id
          FROM stated s
          JOIN residents_resident r ON r.name_folded = s.folded AND r.birth_on = s.birth_on
           AND (r.region = s.region OR (s.phone_key <> ''::bytea AND r.phone_key = s.phone_key))
           AND r.merged_into_id IS NULL
         WHERE NOT EXISTS (SELECT FROM matched m WHERE m.line = s.line)
           AND NOT EXISTS (SELECT FROM matched m WHERE m.resident_id = r.id)
         ORDER BY s.line, r.id) AS first
 ORDER BY resident_id, line
"""
_SLIPS = """
SELECT s.line, r.id, r.number FROM stated s
  JOIN residents_resident r ON r.name_folded = s.folded
   AND (r.region = s.region OR (s.phone_key <> ''::bytea AND r.phone_key = s.phone_key))
   AND r.merged_into_id IS NULL
 WHERE NOT EXISTS (SELECT FROM matched m WHERE m.line = s.line)
   AND NOT EXISTS (SELECT FROM matched m WHERE m.resident_id = r.id)
 ORDER BY s.line, r.id
"""
_FOUND = """
CREATE TEMP TABLE found (type text, who text, resident_id bigint, other_id bigint, line integer, region text,
                         ours text, theirs text, their_name text, number_key bytea, happened_on date,
                         certain boolean) ON COMMIT DROP
"""
_PERSON = "FROM matched m JOIN stated s ON s.line = m.line JOIN residents_resident r ON r.id = m.resident_id"
_SAME_NAME = "m.how = 'number' AND s.folded = r.name_folded"
_NOBODY = "''::bytea"
_OF_PERSON = """
INSERT INTO found
SELECT DISTINCT ON (m.resident_id) '{type}', 'r' || r.id, r.id, NULL::bigint, s.line, r.region, {ours}, {theirs},
       s.name, s.number_key, s.happened_on, {certain}
  {person} WHERE {where} ORDER BY m.resident_id, s.line
"""
_CERTAIN = f"""{_SAME_NAME} AND (s.birth_on IS NULL OR r.birth_on IS NULL OR s.birth_on = r.birth_on)
       AND s.happened_on IS NOT NULL AND s.happened_on <= %(as_of)s
       AND (r.birth_on IS NULL OR s.happened_on >= r.birth_on)"""
_MISSING_HERE = """
INSERT INTO found
SELECT 'missing_here', 'n' || encode(s.number_key, 'hex'), NULL, NULL, s.line,
       CASE WHEN s.region LIKE %(stem)s || '%%' THEN s.region ELSE %(region)s END, '', '', s.name, s.number_key,
       s.happened_on, true
  FROM stated s WHERE NOT EXISTS (SELECT FROM matched m WHERE m.line = s.line)
"""
# Alive and living there, but not in the list: gone away, or somebody in the list stands twice among ours.
_MISSING_THERE = """
INSERT INTO found
SELECT CASE WHEN twin.id IS NULL THEN 'missing_there' ELSE 'duplicate' END, 'r' || r.id, r.id, twin.id, NULL,
       r.region, '', '', '', ''::bytea, NULL, true
  FROM residents_resident r
  LEFT JOIN LATERAL (SELECT o.id FROM residents_resident o JOIN matched m ON m.resident_id = o.id
                      WHERE o.name_folded = r.name_folded AND o.birth_on = r.birth_on AND o.sex = r.sex
                        AND (o.region = r.region OR (r.phone_key <> ''::bytea AND o.phone_key = r.phone_key))
                      ORDER BY o.id LIMIT 1) AS twin ON true
 WHERE r.state = 'alive' AND r.merged_into_id IS NULL AND r.region LIKE %(stem)s || '%%'
   AND NOT EXISTS (SELECT FROM matched m WHERE m.resident_id = r.id)
"""


@contextmanager
def staged(rows: Iterable[Statement]) -> Iterator[None]:
    """The list as the table `stated` for the time of the block; numbers and phones only by their keys."""
    ready()
    with connection.cursor() as cursor:
        cursor.execute(_STATED)
        with copied(cursor, "COPY stated FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    (
                        row.row,
                        lookup(Sensitive.IDENTITY_NUMBER, row.number),
                        row.name,
                        names.fold(row.name),
                        row.birth_on,
                        row.region,
                        lookup(Sensitive.PHONE, row.phone),
                        row.status,
                        row.happened_on,
                    )
                )
        cursor.execute("CREATE UNIQUE INDEX ON stated (line)")
        cursor.execute("ANALYZE stated")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE stated")


@contextmanager
def matched(number_of: dict[int, str]) -> Iterator[None]:
    """Who is who, as the table `matched`. `number_of` are the list's numbers by line: slips are told in the clear."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED)
        cursor.execute("CREATE INDEX ON matched (line)")
        cursor.execute("CREATE INDEX ON matched (resident_id)")
        cursor.execute("ANALYZE matched")
        cursor.execute(_BY_DOCUMENT)
        cursor.execute(_NEARLY)
        slips = _slips(number_of)
        if slips:
            cursor.executemany("INSERT INTO matched VALUES (%s, %s, 'near')", slips)
        cursor.execute("ANALYZE matched")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE matched")


def _slips(number_of: dict[int, str]) -> list[tuple[int, int]]:
    """Namesakes of the same county or phone whose number is one slip away; each line and each person once."""
    taken: dict[int, int] = {}
    people: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(_SLIPS)
        for line, resident_id, sealed in cursor.fetchall():
            if line in taken or resident_id in people:
                continue
            if one_slip(unseal(Sensitive.IDENTITY_NUMBER, sealed), number_of[line]):
                taken[line] = resident_id
                people.add(resident_id)
    return list(taken.items())


@contextmanager
def told_apart(source: Source, claim: Claim, *, region: str, as_of: date) -> Iterator[None]:
    """What differs, as the table `found`, one row per person and type."""
    values: dict[str, str | date] = {"region": region, "stem": stem(region), "as_of": as_of}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        for statement in _statements(source, claim):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE found")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE found")


def _statements(source: Source, claim: Claim) -> Iterator[str]:
    dead = "r.state = 'dead'"
    if claim in (Claim.WHOLE, Claim.CHANGES):
        yield _of_person("name", "m.how = 'number' AND s.folded <> r.name_folded", "r.name", "s.name")
        # Who is also listed under today's number is known there rightly; the other line is the source's own double.
        yield _of_person(
            "number",
            "m.how <> 'number' AND NOT EXISTS "
            "(SELECT FROM matched o WHERE o.resident_id = m.resident_id AND o.how = 'number')",
        )
        yield _of_person("alive_there", f"{_SAME_NAME} AND {dead}", "coalesce(r.died_on::text, '')")
        if source.confirms_region:
            yield _of_person(
                "region",
                f"{_SAME_NAME} AND NOT {dead} AND s.region <> '' AND s.region <> r.region",
                "r.region",
                "s.region",
            )
        yield _MISSING_HERE
    if claim is Claim.WHOLE:
        yield _MISSING_THERE
    if claim is Claim.DEATHS:
        yield _of_person(
            "dead_there", f"NOT {dead}", "r.state", "coalesce(s.happened_on::text, '')", certain=_CERTAIN
        )
    if claim is Claim.STATUS:
        yield _of_person("name", "m.how = 'number' AND s.folded <> r.name_folded", "r.name", "s.name")
        yield _of_person(
            "dead_there",
            f"s.status = 'dead' AND NOT {dead}",
            "r.state",
            "coalesce(s.happened_on::text, '')",
            certain=_CERTAIN,
        )
        yield _of_person(
            "alive_there",
            f"{_SAME_NAME} AND s.status NOT IN ('dead', '') AND {dead}",
            "coalesce(r.died_on::text, '')",
        )
        yield _of_person(
            "status",
            f"{_SAME_NAME} AND s.status NOT IN ('dead', '', r.state) AND NOT {dead}",
            "r.state",
            "s.status",
        )


def _of_person(type_: str, where: str, ours: str = "''", theirs: str = "''", *, certain: str = "true") -> str:
    return _OF_PERSON.format(
        type=type_, where=where, ours=ours, theirs=theirs, certain=certain, person=_PERSON
    )


def shown_numbers() -> list[int]:
    """The lines whose number must be kept (sealed), because the person is unknown or has another number here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM found WHERE type IN ('missing_here', 'number') ORDER BY line")
        return [line for (line,) in cursor.fetchall()]


def counts() -> tuple[int, int]:
    """Rows whose person we know, and rows of people we do not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM matched), (SELECT count(*) FROM stated)")
        known, rows = cursor.fetchone()
    return known, rows - known
