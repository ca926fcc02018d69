# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Taking an approved list in: judged once more, and only if it still comes to what was approved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.residents.facts import CHANGED, LIST_APPLIED, LIST_RETURNED
from yikatong.residents.lists import ListRow, list_row
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.roster import RosterRow, identity_of
from yikatong.residents.rules import APPLYING, APPROVED, FIELDS, IMPORT_LIST, Outcome, Trust, name_columns
from yikatong.residents.services.comparing import COMPARED
from yikatong.residents.services.judging import Reading, judge_rows, open_list
from yikatong.residents.services.staging import StagedPerson, staged_person, staging, store_new

_LOCK = """
SELECT 1 FROM residents_resident r JOIN import_judged j ON j.resident_id = r.id
 WHERE j.outcome = 'changed' ORDER BY r.id FOR NO KEY UPDATE OF r
"""
_WANTED = "SELECT line FROM import_judged WHERE outcome IN ('new', 'changed')"
_WHOM = """
UPDATE resident_staging s SET resident_id = j.resident_id FROM import_judged j
 WHERE j.line = s.line AND j.resident_id IS NOT NULL
"""
# A phone moves as it is sealed; in hex, its key only told that it is another one.
_CHANGES = f"""
CREATE TEMP TABLE resident_changes ON COMMIT DROP AS
SELECT c.*, s.phone, s.phone_key, s.phone_tail4, r.phone AS old_phone
  FROM ({COMPARED.format(rows="resident_staging")}) c
  JOIN resident_staging s ON s.line = c.line
  JOIN residents_resident r ON r.id = c.resident_id
 WHERE c.taken
"""
_ORIGINS = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE old END,
       CASE WHEN field = 'phone' THEN old_phone ELSE '' END, source, trust, registered_at, %(act)s
  FROM resident_changes WHERE NOT on_file AND old <> '' ORDER BY resident_id, field
"""
_VALUES = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE value END,
       CASE WHEN field = 'phone' THEN phone ELSE '' END, %(source)s, %(trust)s, %(at)s, %(act)s
  FROM resident_changes ORDER BY resident_id, field
"""
_APPLY = """
UPDATE residents_resident r
   SET address = coalesce(c.address, r.address), region = coalesce(c.region, r.region),
       ethnicity = coalesce(c.ethnicity, r.ethnicity)
  FROM (SELECT resident_id, max(value) FILTER (WHERE field = 'address') AS address,
               max(value) FILTER (WHERE field = 'region') AS region,
               max(value) FILTER (WHERE field = 'ethnicity') AS ethnicity
          FROM resident_changes WHERE field <> 'phone' GROUP BY resident_id) c
 WHERE r.id = c.resident_id
"""
_APPLY_PHONE = """
UPDATE residents_resident r SET phone = c.phone, phone_key = c.phone_key, phone_tail4 = c.phone_tail4
  FROM resident_changes c WHERE c.field = 'phone' AND r.id = c.resident_id
"""
_CHANGED = """
SELECT 'resident:' || resident_id, resident_id, region, '',
       jsonb_build_object('field', field, 'field_zh', %(labels)s::jsonb ->> field)
  FROM resident_changes
"""


def begin_applying(act: Act, list_id: int) -> bool:
    """Say that an approved list is being taken in. False where there is nothing to do, or no longer."""
    row = ImportList.objects.select_for_update(no_key=True).defer("content").filter(pk=list_id).first()
    if row is None or row.state not in (APPROVED.code, APPLYING.code):
        return False
    if row.state == APPROVED.code:
        advance(row, IMPORT_LIST, "apply", state_since=act.at)
    return True


def apply_list(act: Act, list_id: int) -> ListRow | None:
    """Take an approved list in, in one transaction: exactly what was approved, or nothing.

    Where the base has changed since, so that the rows would come to something else, the list goes back to be approved
    anew (`returned`). None where the list does not stand there to be taken in.
    """
    row = ImportList.objects.select_for_update(no_key=True).filter(pk=list_id, state=APPLYING.code).first()
    if row is None:
        return None
    approved = bytes(row.judgement or b"")
    reading = open_list(act, row)
    if isinstance(reading, Refused):
        raise RuntimeError(f"list {row.pk} was judged and can no longer be read: {reading.code}")
    digest, counts = judge_rows(row)
    if digest != approved:
        return _return(act, row, digest, counts)
    # The file is read before anybody is locked, and looked at once more when they are.
    with staging(_people(act, reading)):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        digest, counts = judge_rows(row)
        if digest == approved:
            try:
                with transaction.atomic():
                    return _store(act, row)
            except IntegrityError:
                # Somebody of the list was registered between our look and our write: the next look sees them.
                digest, counts = judge_rows(row)
                if digest == approved:
                    raise
    return _return(act, row, digest, counts)


def _people(act: Act, reading: Reading) -> Iterator[StagedPerson]:
    """Who is new or changed. The lines are asked for at once: while rows stream in, the connection answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)
        wanted = {line for (line,) in cursor.fetchall()}
    found = (each for line, each in reading.rows() if line in wanted)
    return (_staged(act, each) for each in found if isinstance(each, RosterRow))


def _staged(act: Act, row: RosterRow) -> StagedPerson:
    identity = identity_of(row, act.today)
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


def _store(act: Act, row: ImportList) -> ListRow:
    with connection.cursor() as cursor:
        cursor.execute(_WHOM)
    _update_known(act, row)
    store_new(act, file=row.file_name, source=row.source, trust=Trust(row.trust))
    ImportRow.objects.filter(import_list=row, outcome__in=["", Outcome.CHANGED.value]).delete()
    advance(row, IMPORT_LIST, "finish", state_since=act.at, returned=False)
    done = list_row(row)
    act.record(
        LIST_APPLIED,
        subject=f"list:{row.pk}",
        region=row.region,
        outlet=row.outlet,
        file=row.file_name,
        new=done.count(Outcome.NEW),
        changed=done.count(Outcome.CHANGED),
        maker=row.uploaded_by_name,
        checker=row.approved_by_name,
    )
    return done


def _update_known(act: Act, row: ImportList) -> None:
    values: dict[str, Any] = {
        "list": row.pk,
        "source": row.source,
        "trust": row.trust,
        "at": act.at,
        "act": act.id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, values)
        if cursor.rowcount:
            cursor.execute(_ORIGINS, values)
            cursor.execute(_VALUES, values)
            cursor.execute(_APPLY)
            cursor.execute(_APPLY_PHONE)
            labels = json.dumps(FIELDS, ensure_ascii=False)
            act.record_rows(CHANGED, _CHANGED, {"labels": labels}, file=row.file_name, source=row.source)
        cursor.execute("DROP TABLE resident_changes")


def _return(act: Act, row: ImportList, digest: bytes, counts: dict[str, int]) -> ListRow:
    advance(
        row,
        IMPORT_LIST,
        "return",
        state_since=act.at,
        returned=True,
        judgement=digest,
        counts=counts,
        approved_by="",
        approved_by_name="",
        approved_at=None,
    )
    act.record(LIST_RETURNED, subject=f"list:{row.pk}", region=row.region, file=row.file_name)
    return list_row(row)
