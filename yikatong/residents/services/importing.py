"""Lists of people: judged cell by cell, compared with the base in one statement, stored in one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.scope import Scope, outside
from yikatong.residents.facts import CHANGED
from yikatong.residents.roster import CellProblem, Roster, RosterRow, read_roster
from yikatong.residents.rules import FIELDS, Trust, name_columns, source_problem
from yikatong.residents.services.register import name_differs
from yikatong.residents.services.staging import StagedPerson, staged_person, staging, store_new

_MOST_TRIES = 3
_JUDGE = """
UPDATE resident_staging s SET resident_id = r.id, known = r.name FROM residents_resident r
 WHERE r.number_key = s.number_key AND s.resident_id IS NULL
"""
_DIFFERS = """
SELECT s.line, s.known FROM resident_staging s JOIN residents_resident r ON r.id = s.resident_id
 WHERE r.name_folded <> s.folded ORDER BY s.line
"""
_ELSEWHERE = """
SELECT s.line, r.region FROM resident_staging s JOIN residents_resident r ON r.id = s.resident_id ORDER BY s.line
"""
_LOCK = """
SELECT 1 FROM residents_resident r JOIN resident_staging s ON s.resident_id = r.id ORDER BY r.id FOR UPDATE OF r
"""
# Phones are compared by their keys, and moved as they are sealed.
_CHANGES = """
CREATE TEMP TABLE resident_changes ON COMMIT DROP AS
SELECT r.id AS resident_id, r.region, f.field, f.value, f.old, r.source, r.trust, r.registered_at,
       s.phone, s.phone_key, s.phone_tail4, r.phone AS old_phone,
       a.trust IS NOT NULL AS on_file,
       %(trust)s >= coalesce(a.trust, CASE WHEN f.old = '' THEN 0 ELSE r.trust END) AS taken
  FROM resident_staging s
  JOIN residents_resident r ON r.id = s.resident_id
 CROSS JOIN LATERAL (VALUES ('phone', encode(s.phone_key, 'hex'), encode(r.phone_key, 'hex')),
                            ('address', s.address, r.address),
                            ('region', s.region, r.region), ('ethnicity', s.ethnicity, r.ethnicity))
       AS f (field, value, old)
  LEFT JOIN LATERAL (SELECT trust FROM residents_attribute a
                      WHERE a.resident_id = r.id AND a.field = f.field ORDER BY a.id DESC LIMIT 1) a ON true
 WHERE f.value <> '' AND f.value <> f.old
"""
_ORIGINS = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE old END,
       CASE WHEN field = 'phone' THEN old_phone ELSE '' END, source, trust, registered_at, %(act)s
  FROM resident_changes WHERE taken AND NOT on_file AND old <> '' ORDER BY resident_id, field
"""
_VALUES = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE value END,
       CASE WHEN field = 'phone' THEN phone ELSE '' END, %(source)s, %(trust)s, %(at)s, %(act)s
  FROM resident_changes WHERE taken ORDER BY resident_id, field
"""
_APPLY = """
UPDATE residents_resident r
   SET address = coalesce(c.address, r.address), region = coalesce(c.region, r.region),
       ethnicity = coalesce(c.ethnicity, r.ethnicity)
  FROM (SELECT resident_id, max(value) FILTER (WHERE field = 'address') AS address,
               max(value) FILTER (WHERE field = 'region') AS region,
               max(value) FILTER (WHERE field = 'ethnicity') AS ethnicity
          FROM resident_changes WHERE taken AND field <> 'phone' GROUP BY resident_id) c
 WHERE r.id = c.resident_id
"""
_APPLY_PHONE = """
UPDATE residents_resident r SET phone = c.phone, phone_key = c.phone_key, phone_tail4 = c.phone_tail4
  FROM resident_changes c WHERE c.taken AND c.field = 'phone' AND r.id = c.resident_id
"""
_CHANGED = """
SELECT 'resident:' || resident_id, resident_id, region, '',
       jsonb_build_object('field', field, 'field_zh', %(labels)s::jsonb ->> field)
  FROM resident_changes WHERE taken
"""


@dataclass(frozen=True)
class ImportReport:
    """What a list came to, in rows. `stored` is false where problems kept all of it out.

    `updated` are known people of whom the list knew something newer, `unchanged` those of whom it did not. `kept` are
    people of whom at least one value stayed, because a more trusted source had given it. `warned` rows name an
    unknown region.
    """

    file: str
    rows: int
    added: int
    updated: int
    unchanged: int
    kept: int
    warned: int
    problems: tuple[CellProblem, ...]
    stored: bool


def import_people(
    act: Act,
    *,
    name: str,
    content: bytes,
    source: str,
    trust: Trust,
    only_good: bool = False,
    scope: Scope | None = None,
) -> ImportReport | Refused:
    """Take in a list of people (see `roster` for the file). All of it or nothing, unless `only_good`.

    The same file twice changes nothing, and neither does the order of its rows. Someone known by the same name is
    updated only where the list's source is trusted at least as much as what stands; an empty cell says nothing. No
    guardians are asked for: a list is not an application, which asks itself. Refused: source.*, file.*,
    import.busy. By cell, in the report: what a counter refuses, resident.name_differs, scope.outside.
    """
    if (refused := source_problem(source)) is not None:
        return refused
    roster = read_roster(content, act.today)
    if isinstance(roster, Refused):
        return roster
    file = name.strip()[-60:]
    problems = [*roster.problems, *_outside(roster, scope)]
    bad = {problem.row for problem in problems}
    with staging(_staged(row) for row in roster.rows if row.row not in bad):
        for _ in range(_MOST_TRIES):
            known = _judge(roster, scope)
            found = sorted([*problems, *known], key=lambda problem: problem.row)
            if found and not only_good:
                return _report(file, roster, found, stored=False)
            try:
                with transaction.atomic():
                    return _store(act, file, roster, found, source, trust)
            except IntegrityError:
                # Somebody registered one of these numbers between our look and our write: look again.
                continue
    return Refused(
        "import.busy",
        "导入期间有人正在登记名单中的人员,本次未导入,请稍后重试。",
        "People of this list were being registered at the same time; nothing was stored, try again.",
    )


def _staged(row: RosterRow) -> StagedPerson:
    identity = row.identity
    return staged_person(
        row.row,
        identity.number,
        identity.type.value,
        name_columns(row.name),
        identity.sex,
        identity.birth_on,
        row.region,
        row.address,
        row.phone,
        row.ethnicity,
    )


def _outside(roster: Roster, scope: Scope | None) -> list[CellProblem]:
    if scope is None:
        return []
    heading = roster.headings["region"]
    return [
        CellProblem(row.row, heading, row.region, outside(row.region))
        for row in roster.rows
        if not scope.covers(row.region)
    ]


def _judge(roster: Roster, scope: Scope | None) -> list[CellProblem]:
    """Find out who is known; those known by another name, or who live outside the scope today, are problems.

    A list that names the reader's own county would else draw people of other counties into it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE)
        cursor.execute(_DIFFERS)
        differs = dict(cursor.fetchall())
        elsewhere: dict[int, str] = {}
        if scope is not None:
            cursor.execute(_ELSEWHERE)
            elsewhere = {line: region for line, region in cursor.fetchall() if not scope.covers(region)}
    name, region = roster.headings["name"], roster.headings["region"]
    found = []
    for row in roster.rows:
        if row.row in elsewhere:
            found.append(CellProblem(row.row, region, row.region, outside(elsewhere[row.row])))
        elif row.row in differs:
            shown = mask(Sensitive.NAME, row.name)
            found.append(CellProblem(row.row, name, shown, name_differs(differs[row.row])))
    return found


def _store(
    act: Act, file: str, roster: Roster, problems: list[CellProblem], source: str, trust: Trust
) -> ImportReport:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM resident_staging WHERE line = ANY(%s)", [[each.row for each in problems]])
        cursor.execute(_LOCK)
        cursor.execute("SELECT count(*) FROM resident_staging WHERE resident_id IS NOT NULL")
        known: int = cursor.fetchone()[0]
        updated, kept = _update_known(act, file, source, trust)
    added = store_new(act, file=file, source=source, trust=trust)
    return _report(file, roster, problems, stored=True, added=added, updated=updated, known=known, kept=kept)


def _update_known(act: Act, file: str, source: str, trust: Trust) -> tuple[int, int]:
    """Change what the list knows better; returns the people updated, and the people of whom something was kept."""
    values = {"source": source, "trust": trust.value, "at": act.at, "act": act.id}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, values)
        cursor.execute(
            "SELECT count(DISTINCT resident_id) FILTER (WHERE taken), "
            "count(DISTINCT resident_id) FILTER (WHERE NOT taken) FROM resident_changes"
        )
        updated, kept = cursor.fetchone()
        if updated:
            cursor.execute(_ORIGINS, values)
            cursor.execute(_VALUES, values)
            cursor.execute(_APPLY)
            cursor.execute(_APPLY_PHONE)
            labels = json.dumps(FIELDS, ensure_ascii=False)
            act.record_rows(CHANGED, _CHANGED, {"labels": labels}, file=file, source=source)
        cursor.execute("DROP TABLE resident_changes")
    return updated, kept


def _report(
    file: str,
    roster: Roster,
    problems: list[CellProblem],
    *,
    stored: bool,
    added: int = 0,
    updated: int = 0,
    known: int = 0,
    kept: int = 0,
) -> ImportReport:
    bad = {problem.row for problem in problems}
    warned = sum(bool(row.warnings) for row in roster.rows if row.row not in bad)
    return ImportReport(
        file, roster.count, added, updated, known - updated, kept, warned, tuple(problems), stored
    )
