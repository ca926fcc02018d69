"""Names and numbers that were wrong or have changed: one person asks on a proof, another approves.

What a person was called and numbered before stays on file with its dates, and they are found by it.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import IntegrityError, transaction

from yikatong.basics import names
from yikatong.basics.crypto import same
from yikatong.basics.ids import DocumentType, read_identity_number
from yikatong.basics.kinds import Kind
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.residents.corrections import (
    ASKED,
    CORRECTION,
    What,
    Why,
    digest_of,
    proof_problem,
    same_person,
)
from yikatong.residents.facts import (
    CORRECTED,
    CORRECTION_ASKED,
    CORRECTION_RETURNED,
    CORRECTION_WITHDRAWN,
)
from yikatong.residents.models import Correction, FormerName, IdentityDocument, Resident
from yikatong.residents.queries import CorrectionRow, Person, correction_row, number_key, person_of
from yikatong.residents.rules import name_columns
from yikatong.residents.services.documents import (
    renumber,
    replaced_by,
    somebody_elses,
    standing_document,
)
from yikatong.residents.services.locked import locked, unknown
from yikatong.residents.services.register import keep_documents

NOTE_LENGTH = 120


def correct_name(act: Act, resident_id: int, *, name: str, why: Why, proof: str) -> CorrectionRow | Refused:
    """Ask for another name. Refused: name.*; proof.*; resident.unknown; correction.same (it is the name already);
    correction.open (one is waiting already).
    """
    refused = names.name_problems(name)
    if refused is not None:
        return replace(refused, at="name")
    tidy = names.tidy(name)
    row = _asked_of(resident_id, proof)
    if isinstance(row, Refused):
        return row
    return _nothing_new("name") if tidy == row.name else _ask(act, row, What.NAME, why, proof, name=tidy)


def correct_number(
    act: Act, resident_id: int, *, number: str, why: Why, proof: str, document: DocumentType | None = None
) -> CorrectionRow | Refused:
    """Ask for another number; birth date and sex follow it. Refused: id.*; proof.*; resident.unknown;
    resident.exists (somebody else's); correction.same; correction.open.
    """
    identity = read_identity_number(number, act.today, document)
    if isinstance(identity, Refused):
        return replace(identity, at="number")
    row = _asked_of(resident_id, proof)
    if isinstance(row, Refused):
        return row
    if identity.number == row.number:
        return _nothing_new("number")
    if (refused := somebody_elses(row, identity.number)) is not None:
        return refused
    return _ask(act, row, What.NUMBER, why, proof, number=identity.number, document_type=identity.type.value)


def approve_correction(act: Act, correction_id: int) -> Person | Refused:
    """Apply what was asked for. Refused: correction.unknown, correction.decided, correction.same_person,
    correction.changed (the person's particulars are not those it was asked about), resident.exists.
    """
    found = _waiting(act, correction_id)
    if isinstance(found, Refused):
        return found
    asked, row = found
    if (refused := same_person(asked.maker, act.actor.code)) is not None:
        return refused
    if not same(bytes(asked.digest), _digest(row, asked.what, asked.name, asked.number)):
        return Refused(
            "correction.changed",
            "申请之后此人的姓名或号码已有变动，请退回后重新申请。",
            "The name or number changed since this was asked for; send it back and ask again.",
        )
    what, why = What(asked.what), Why(asked.why)
    kind = Sensitive.NAME if what is What.NAME else Sensitive.IDENTITY_NUMBER
    before = mask(kind, row.name if what is What.NAME else row.number)
    if what is What.NAME:
        _rename(act, row, asked.name)
    else:
        refused = _take_number(act, row, asked, why)
        if refused is not None:
            return refused
    advance(asked, CORRECTION, "apply", checker=act.actor.code, decided_at=act.at)
    after = mask(kind, row.name if what is What.NAME else row.number)
    _record(act, CORRECTED, asked, row, before=before, after=after)
    return person_of(row)


def return_correction(act: Act, correction_id: int, *, note: str) -> CorrectionRow | Refused:
    """Send a request back with a reason. Refused: correction.unknown, correction.decided, correction.same_person
    (who asked withdraws it), correction.note.
    """
    found = _waiting(act, correction_id)
    if isinstance(found, Refused):
        return found
    asked, row = found
    if (refused := same_person(asked.maker, act.actor.code)) is not None:
        return refused
    if not note.strip() or len(note.strip()) > NOTE_LENGTH:
        return Refused(
            "correction.note",
            f"请写明退回原因（最多{NOTE_LENGTH}字）。",
            f"Say why it is sent back (at most {NOTE_LENGTH} characters).",
            at="note",
        )
    advance(asked, CORRECTION, "send_back", checker=act.actor.code, decided_at=act.at, note=note.strip())
    _record(act, CORRECTION_RETURNED, asked, row, note=note.strip())
    return correction_row(asked)


def withdraw_correction(act: Act, correction_id: int) -> CorrectionRow | Refused:
    """Take a request back, by whoever asked. Refused: correction.unknown, correction.decided, correction.not_yours."""
    found = _waiting(act, correction_id)
    if isinstance(found, Refused):
        return found
    asked, row = found
    if asked.maker != act.actor.code:
        return Refused(
            "correction.not_yours",
            "只有申请人可以撤回，审核人请用退回。",
            "Only who asked may withdraw it; a checker sends it back.",
        )
    advance(asked, CORRECTION, "withdraw", decided_at=act.at)
    _record(act, CORRECTION_WITHDRAWN, asked, row)
    return correction_row(asked)


def _asked_of(resident_id: int, proof: str) -> Resident | Refused:
    if (refused := proof_problem(proof)) is not None:
        return refused
    return locked(resident_id) or unknown()


def _ask(act: Act, row: Resident, what: What, why: Why, proof: str, **wanted: str) -> CorrectionRow | Refused:
    try:
        with transaction.atomic():
            asked = Correction.objects.create(
                resident=row,
                what=what,
                why=why,
                proof=proof.strip(),
                digest=_digest(row, what, wanted.get("name", ""), wanted.get("number", "")),
                maker=act.actor.code,
                maker_name=act.actor.name[:40],
                asked_at=act.at,
                **wanted,
            )
    except IntegrityError:
        return Refused(
            "correction.open",
            f"此人已有一项{what.zh}更正待审核，请先审核或撤回。",
            f"A correction of this person's {what.en} is waiting already; have it decided or withdraw it.",
        )
    _record(act, CORRECTION_ASKED, asked, row)
    return correction_row(asked)


def _waiting(act: Act, correction_id: int) -> tuple[Correction, Resident] | Refused:
    asked = Correction.objects.filter(pk=correction_id).first()
    row = locked(asked.resident_id) if asked else None
    if asked is None or row is None:
        return Refused("correction.unknown", "没有这项更正申请。", "There is no such correction.")
    asked = Correction.objects.select_for_update(no_key=True).get(pk=correction_id)
    if asked.state != ASKED.code:
        state = CORRECTION.state(asked.state)
        return Refused(
            "correction.decided",
            f"这项申请已是“{state.zh}”。",
            f"This request is already {state.en}.",
        )
    return asked, row


def _rename(act: Act, row: Resident, name: str) -> None:
    latest = FormerName.objects.filter(resident=row).order_by("-id").first()
    FormerName.objects.create(
        resident=row,
        name=row.name,
        name_folded=row.name_folded,
        name_grams=row.name_grams,
        name_readings=row.name_readings,
        since=latest.until if latest else row.registered_at,
        until=act.at,
        act=act.id,
    )
    columns = name_columns(name)
    row.name, row.name_folded = columns.name, columns.folded
    row.name_grams, row.name_readings = list(columns.grams), list(columns.readings)
    row.save(update_fields=["name", "name_folded", "name_grams", "name_readings"])


def _take_number(act: Act, row: Resident, asked: Correction, why: Why) -> Refused | None:
    identity = read_identity_number(asked.number, act.today, DocumentType(asked.document_type))
    if isinstance(identity, Refused):
        return identity
    if (refused := somebody_elses(row, identity.number)) is not None:
        return refused
    standing_document(act, row)
    IdentityDocument.objects.filter(resident=row, number_key=number_key(row.number)).update(
        until=act.at, proof=asked.proof
    )
    IdentityDocument.objects.filter(
        resident=row, type__in=replaced_by(identity.type), until__isnull=True
    ).update(until=act.at)
    keep_documents(act, row, identity, proof=asked.proof)
    renumber(act, row, identity)
    return None


def _digest(row: Resident, what: str, name: str, number: str) -> bytes:
    standing = (row.name, row.number, row.document_type)
    return digest_of(row.pk, standing, str(what), name=name, number=number)


def _record(act: Act, kind: Kind, asked: Correction, row: Resident, **more: str) -> None:
    what, why = What(asked.what), Why(asked.why)
    act.record(
        kind,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        what=what.zh,
        what_en=what.en,
        why=why.zh,
        why_en=why.en,
        proof=asked.proof,
        **more,
    )


def _nothing_new(at: str) -> Refused:
    return Refused("correction.same", "与现有登记相同，无需更正。", "That is what is on file already.", at=at)
