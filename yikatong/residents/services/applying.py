"""Taking an approved list in: judged once more, and only if it still comes to what was approved."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, connection, transaction

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.residents.facts import LIST_APPLIED, LIST_RETURNED
from yikatong.residents.lists import ListRow, list_row
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.roster import Reading, RosterRow, identity_of
from yikatong.residents.rules import APPLYING, APPROVED, IMPORT_LIST, Outcome, Trust, name_columns
from yikatong.residents.services.judging import judge_rows, open_list
from yikatong.residents.services.staging import StagedPerson, staged_person, staging, store_new
from yikatong.residents.services.updating import update_known

_LOCK = """
SELECT 1 FROM residents_resident r JOIN import_judged j ON j.resident_id = r.id
 WHERE j.outcome = 'changed' ORDER BY r.id FOR NO KEY UPDATE OF r
"""
_WANTED = "SELECT line FROM import_judged WHERE outcome IN ('new', 'changed')"
_WHOM = """
UPDATE resident_staging s SET resident_id = j.resident_id FROM import_judged j
 WHERE j.line = s.line AND j.resident_id IS NOT NULL
"""


def begin_applying(act: Act, list_id: int) -> bool:
    """Say that an approved list is being taken in. False where there is nothing to do, or no longer."""
    row = ImportList.objects.select_for_update(no_key=True).filter(pk=list_id).first()
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
    found = (each for line, each in reading.rows(act.today) if line in wanted)
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
    update_known(act, file=row.file_name, source=row.source, trust=Trust(row.trust))
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
