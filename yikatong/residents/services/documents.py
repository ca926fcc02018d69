"""Documents that a person shows: each with its dates, the former ones kept and found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.residents.corrections import proof_problem
from yikatong.residents.facts import DOCUMENT_SHOWN
from yikatong.residents.models import IdentityDocument, Resident
from yikatong.residents.queries import Person, number_key, person_of
from yikatong.residents.services.locked import locked, owner_of, unknown
from yikatong.residents.services.register import keep_documents

ISSUER_LENGTH = 40
_FOREIGN = (DocumentType.FOREIGN_PERMANENT_OLD, DocumentType.FOREIGN_PERMANENT)


def add_document(
    act: Act,
    resident_id: int,
    *,
    number: str,
    document: DocumentType,
    valid_from: date | None = None,
    valid_until: date | None = None,
    issuer: str = "",
    proof: str = "",
) -> Person | Refused:
    """Record another document that the person has shown; `valid_until` None is long-term.

    The same kind's former document is former from now on, and where the person's number was that document's, it is
    now the new one's: a new passport, the foreigner's card of 18 characters after that of 15. The number of a
    citizen's identity card changes by a correction alone; showing the card again renews its dates.

    Refused: id.*; resident.unknown; resident.exists (somebody else's); document.number_differs; document.dates;
    document.issuer; proof.long.
    """
    identity = read_identity_number(number, act.today, document)
    if isinstance(identity, Refused):
        return replace(identity, at="number")
    if (refused := _shown_problem(act, valid_from, valid_until, issuer, proof)) is not None:
        return refused
    row = locked(resident_id)
    if row is None:
        return unknown()
    if (refused := somebody_elses(row, identity.number)) is not None:
        return refused
    current = DocumentType(row.document_type)
    if identity.number != row.number and _same_sort(current, identity.type) and _fixed(identity.type):
        return _number_differs()
    standing_document(act, row)
    IdentityDocument.objects.filter(
        resident=row, type__in=replaced_by(identity.type), until__isnull=True
    ).update(until=act.at)
    keep_documents(
        act,
        row,
        identity,
        valid_from=valid_from,
        valid_until=valid_until,
        issuer=issuer.strip(),
        proof=proof.strip(),
    )
    if identity.number != row.number and row.document_type in replaced_by(identity.type):
        renumber(act, row, identity)
    act.record(
        DOCUMENT_SHOWN,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        type=identity.type.label_zh,
        type_en=identity.type.label_en,
        number=mask(Sensitive.IDENTITY_NUMBER, identity.number),
    )
    return person_of(row, identity.warnings)


def _same_sort(one: DocumentType, other: DocumentType) -> bool:
    return one is other or (one in _FOREIGN and other in _FOREIGN)


def _fixed(document: DocumentType) -> bool:
    """Whether a number of this kind is a person's for life; passports and foreigners' old cards are not."""
    return document in (DocumentType.CITIZEN_ID, DocumentType.HK_MACAO_TAIWAN_PERMIT)


def replaced_by(document: DocumentType) -> tuple[str, ...]:
    """The kinds of document that give way to one of this kind."""
    return tuple(each.value for each in DocumentType if _same_sort(each, document))


def standing_document(act: Act, row: Resident) -> None:
    """People from lists have no document on file: the number they came with is written down before it is replaced."""
    if not IdentityDocument.objects.filter(resident=row, number_key=number_key(row.number)).exists():
        IdentityDocument.objects.create(
            resident=row, type=row.document_type, number=row.number, seen_at=row.registered_at, act=act.id
        )


def renumber(act: Act, row: Resident, identity: Identity) -> None:
    """The person's number is this document's from now on; birth date and sex follow where it says them."""
    row.number, row.document_type = identity.number, identity.type.value
    row.birth_on = identity.birth_on or row.birth_on
    row.sex = identity.sex if identity.sex != "9" else row.sex
    row.save(update_fields=["number", "document_type", "birth_on", "sex"])


def somebody_elses(row: Resident, number: str) -> Refused | None:
    """`resident.exists` where the number is in use by another person on file."""
    owner = owner_of(number)
    if owner is None or owner.pk == row.pk:
        return None
    return Refused(
        "resident.exists",
        "该证件号码已登记在另一人名下，请核对；确是同一人的，请按疑似重复人员办理。",
        "This number belongs to another person on file. Check it; if both are one, deal with them as duplicates.",
        at="number",
    )


def _shown_problem(
    act: Act, valid_from: date | None, valid_until: date | None, issuer: str, proof: str
) -> Refused | None:
    backwards = valid_from is not None and valid_until is not None and valid_until <= valid_from
    if backwards or (valid_from is not None and valid_from > act.today):
        return Refused(
            "document.dates",
            "证件有效期起始日不能晚于今天，也不能晚于截止日，请对照证件核对。",
            "A document is valid from today at the latest and until a later day; compare it.",
            at="valid_until" if backwards else "valid_from",
        )
    if len(issuer.strip()) > ISSUER_LENGTH:
        return Refused(
            "document.issuer",
            f"签发机关最多{ISSUER_LENGTH}字，请简写。",
            f"The issuer has at most {ISSUER_LENGTH} characters; shorten it.",
            at="issuer",
        )
    return proof_problem(proof) if proof.strip() else None


def _number_differs() -> Refused:
    return Refused(
        "document.number_differs",
        "居民身份证号码与登记号码不同，号码变更须凭公安证明办理更正。",
        "This identity number is not the one on file; a change of number is a correction on a police proof.",
        at="number",
    )
