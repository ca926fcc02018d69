"""One person at a counter: registered, changed, given a guardian."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yikatong.basics import names
from yikatong.basics.ids import DocumentType, Identity, read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office import rulebook
from yikatong.office.act import Act
from yikatong.residents.comparing import LookAlike, look_alikes
from yikatong.residents.duplicates import Record
from yikatong.residents.facts import CHANGED, GUARDED, REGISTERED
from yikatong.residents.merging import why_problem
from yikatong.residents.models import Attribute, Guardian, IdentityDocument, Resident
from yikatong.residents.queries import Person, number_key, person_of
from yikatong.residents.rules import (
    ADULT_AGE,
    FIELDS,
    READERS,
    RELATION_LENGTH,
    Trust,
    age_on,
    may_overwrite,
    name_columns,
    needs_guardian,
    region_warnings,
    source_problem,
)
from yikatong.residents.services.duplicates import remember_apart
from yikatong.residents.services.locked import locked, owner_of, unknown

GUARDIAN_AGE = "card.guardian_below_age"
PROOFS = "resident.guardian_proofs"


@dataclass(frozen=True)
class GuardianInput:
    """A guardian as typed; `relation` in the words of the household book (母亲, 祖父 …), `proof` the kind of paper that says
    so (rule `resident.guardian_proofs`)."""

    name: str
    number: str
    relation: str
    phone: str
    proof: str


@dataclass(frozen=True)
class Beside:
    """What a clerk decided of the people who look like the one to be registered: `others` are not the same person."""

    others: frozenset[int] = frozenset()
    why: str = ""


def register(
    act: Act,
    *,
    number: str,
    name: str,
    region: str,
    phone: str = "",
    address: str = "",
    ethnicity: str = "",
    source: str = "窗口登记",
    trust: Trust = Trust.SELF,
    guardian: GuardianInput | None = None,
    document: DocumentType | None = None,
    beside: Beside | None = None,
) -> Person | Refused:
    """Register a person who is not known yet; their document counts as shown. `document` must be named for a passport.

    At a counter `beside` is given: somebody looks at those who look alike first, and that they are others is remembered.

    Refused: what the number (id.*), the name (name.*) and each particular is refused for; resident.exists;
    resident.name_differs (the number is known under another name); resident.guardian_needed (below the age of rule
    card.guardian_below_age); guardian.*; resident.looks_alike (somebody on file whom `beside` does not name) and
    merge.why (names them without saying on what ground). Unknown regions are `warnings` of the person returned.
    """
    identity = read_identity_number(number, act.today, document)
    if isinstance(identity, Refused):
        return replace(identity, at="number")
    particulars = _particulars(name, source, region=region, phone=phone, address=address, ethnicity=ethnicity)
    if isinstance(particulars, Refused):
        return particulars
    refused = _known(identity.number, name)
    if refused is not None:
        return refused
    ward = _guardian(act, identity.number, guardian) if guardian else None
    if isinstance(ward, Refused):
        return ward
    if ward is None and (refused := guardian_wanted(identity, act.today)) is not None:
        return refused
    row = _new(act, identity, name, particulars, source, trust)
    refused = _undecided(identity, row, beside) if beside is not None else None
    if refused is not None:
        return refused
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            keep_documents(act, row, identity)
    except IntegrityError:
        # Another counter was quicker between our look and our write.
        refused = _known(identity.number, name)
        if refused is None:
            raise
        return refused
    act.record(
        REGISTERED,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        name=mask(Sensitive.NAME, row.name),
        source=source,
    )
    if ward is not None:
        _keep_guardian(act, row, *ward)
    if beside is not None:
        remember_apart(act, row.pk, others=beside.others, why=beside.why)
    return person_of(row, (*identity.warnings, *region_warnings(row.region)))


def look_alikes_of(*, number: str, name: str, region: str, phone: str, today: date) -> tuple[LookAlike, ...]:
    """Who on file looks like somebody about to be registered with these particulars, as they were typed; nobody where
    these are none (the registration says why)."""
    identity = read_identity_number(number, today)
    read = READERS["phone"](phone)
    if isinstance(identity, Refused) or isinstance(read, Refused) or names.name_problems(name) is not None:
        return ()
    return look_alikes(_record(identity, names.tidy(name), region, read))


def _record(identity: Identity, name: str, region: str, phone: str) -> Record:
    numbers = tuple(dict.fromkeys(filter(None, (identity.number, identity.written))))
    return Record(0, numbers, (name,), identity.sex, identity.birth_on, region, phone)


def _undecided(identity: Identity, row: Resident, beside: Beside) -> Refused | None:
    alike = {each.person.id for each in look_alikes(_record(identity, row.name, row.region, row.phone))}
    if alike - beside.others:
        return Refused(
            "resident.looks_alike",
            "库中有与此人相似的人员，请先核对是不是同一人。",
            "Somebody on file looks like this person; compare them first.",
        )
    return why_problem(beside.why) if alike else None


def keep_documents(act: Act, row: Resident, identity: Identity, **shown: Any) -> None:
    """The document as the one in use; a number of 15 digits it was written with, as the former one it is."""
    if identity.written:
        IdentityDocument.objects.get_or_create(
            resident=row,
            type=identity.type.value,
            number_key=number_key(identity.written),
            defaults={"number": identity.written, "seen_at": act.at, "until": act.at, "act": act.id},
        )
    IdentityDocument.objects.create(
        resident=row,
        type=identity.type.value,
        number=identity.number,
        seen_at=act.at,
        act=act.id,
        **shown,
    )


def change(
    act: Act, resident_id: int, *, field: str, value: str, source: str, trust: Trust
) -> Person | Refused:
    """Set one of `rules.FIELDS` to a new value. The same value from a more trusted source raises its trust; from the
    same or a lower one it changes nothing.

    Refused: resident.unknown; resident.field_fixed (number and name change on a document, not here);
    attribute.trusted_more (what stands came from a higher source); source.*; what the field is refused for.
    """
    if field not in FIELDS:
        return Refused(
            "resident.field_fixed",
            "这一项不能在此更改；证件号码和姓名须凭证件办理更正。",
            "This cannot be changed here; number and name are corrected on a document.",
            at="field",
        )
    read = READERS[field](value)
    if isinstance(read, Refused):
        return replace(read, at=field)
    if (refused := source_problem(source)) is not None:
        return refused
    row = locked(resident_id)
    if row is None:
        return unknown()
    before = getattr(row, field)
    warnings = region_warnings(read) if field == "region" else ()
    standing, standing_trust = standing_value(row, field)
    if read == before and (standing_trust is None or trust <= standing_trust):
        return person_of(row, warnings)
    if standing_trust is not None and not may_overwrite(trust, standing_trust):
        return trusted_more(field, standing_trust)
    if standing is None and before:
        _keep_value(act, row, field, before, source=row.source, trust=row.trust, at=row.registered_at)
    _keep_value(act, row, field, read, source=source, trust=trust, at=act.at)
    setattr(row, field, read)
    row.save(update_fields=[field])
    act.record(
        CHANGED,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        field=field,
        field_zh=FIELDS[field],
        source=source,
    )
    return person_of(row, warnings)


def _keep_value(
    act: Act, row: Resident, field: str, value: str, *, source: str, trust: int, at: datetime
) -> None:
    column = {"phone" if field == "phone" else "value": value}
    Attribute.objects.create(
        resident=row, field=field, source=source, trust=trust, at=at, act=act.id, **column
    )


def add_guardian(act: Act, resident_id: int, *, guardian: GuardianInput) -> Person | Refused:
    """Record who acts for a person.

    Refused: resident.unknown, guardian.name, guardian.number, guardian.relation, guardian.phone, guardian.self,
    guardian.minor, guardian.proof, guardian.exists. Each names its own field in `at`.
    """
    row = locked(resident_id)
    if row is None:
        return unknown()
    found = _guardian(act, row.number, guardian)
    if isinstance(found, Refused):
        return found
    read, document = found
    if Guardian.objects.filter(resident=row, number_key=number_key(read.number)).exists():
        return Refused(
            "guardian.exists", "该监护人已登记。", "This guardian is already recorded.", at="guardian_number"
        )
    _keep_guardian(act, row, read, document)
    return person_of(row)


def _particulars(name: str, source: str, **typed: str) -> dict[str, str] | Refused:
    refused = names.name_problems(name)
    if refused is not None:
        return replace(refused, at="name")
    if (refused := source_problem(source)) is not None:
        return refused
    read: dict[str, str] = {}
    for field, text in typed.items():
        value = READERS[field](text)
        if isinstance(value, Refused):
            return replace(value, at=field)
        read[field] = value
    return read


def _known(number: str, name: str) -> Refused | None:
    """Why this number cannot be registered again."""
    known = owner_of(number)
    if known is None:
        return None
    if not names.same_name(known.name, name):
        return name_differs(known.name)
    return Refused(
        "resident.exists",
        "该证件号码已登记，请直接查询该人员办理。",
        "This number is already registered; look the person up instead.",
        at="number",
    )


def name_differs(known: str) -> Refused:
    """The answer where a number is known under another name, which is shown masked."""
    shown = mask(Sensitive.NAME, known)
    return Refused(
        "resident.name_differs",
        f"该证件号码已登记在“{shown}”名下，与所填姓名不一致，请核对证件；确系改名的，凭证件办理更正。",
        f"This number is registered for “{shown}”, another name than given. Compare the document; "
        "a change of name is made on a document.",
        at="name",
    )


def _new(
    act: Act, identity: Identity, name: str, particulars: dict[str, str], source: str, trust: Trust
) -> Resident:
    columns = name_columns(names.tidy(name))
    return Resident(
        number=identity.number,
        document_type=identity.type.value,
        name=columns.name,
        name_folded=columns.folded,
        name_grams=list(columns.grams),
        name_readings=list(columns.readings),
        sex=identity.sex,
        birth_on=identity.birth_on,
        source=source,
        trust=trust,
        registered_at=act.at,
        **particulars,
    )


def _guardian(act: Act, ward: str, typed: GuardianInput) -> tuple[GuardianInput, DocumentType] | Refused:
    """The guardian read and judged, and what document they showed; every refusal names the guardian's own field."""
    refused = names.name_problems(typed.name)
    if refused is not None:
        return replace(refused, code="guardian.name", at="guardian_name")
    identity = read_identity_number(typed.number, act.today)
    if isinstance(identity, Refused):
        return replace(identity, code="guardian.number", at="guardian_number")
    phone = READERS["phone"](typed.phone)
    if isinstance(phone, Refused):
        return replace(phone, code="guardian.phone", at="guardian_phone")
    relation = typed.relation.strip()
    if not relation or len(relation) > RELATION_LENGTH:
        return Refused(
            "guardian.relation",
            f"请填写监护人与本人的关系（最多{RELATION_LENGTH}字）。",
            f"Give the guardian's relation to the person (at most {RELATION_LENGTH} characters).",
            at="guardian_relation",
        )
    if identity.number == ward:
        return Refused(
            "guardian.self", "监护人不能是本人。", "Nobody is their own guardian.", at="guardian_number"
        )
    if identity.birth_on is not None and age_on(identity.birth_on, act.today) < ADULT_AGE:
        return Refused(
            "guardian.minor",
            f"监护人须年满{ADULT_AGE}周岁。",
            f"A guardian must be {ADULT_AGE} or older.",
            at="guardian_number",
        )
    if typed.proof not in rulebook.ruling(PROOFS, act.today).value:
        return Refused(
            "guardian.proof",
            "请选择监护关系的证明材料。",
            "Choose the paper that says that they are the guardian.",
            at="guardian_proof",
        )
    kept = GuardianInput(names.tidy(typed.name), identity.number, relation, phone, typed.proof)
    return kept, identity.type


def _keep_guardian(act: Act, row: Resident, guardian: GuardianInput, document: DocumentType) -> None:
    Guardian.objects.create(
        resident=row,
        name=guardian.name,
        number=guardian.number,
        relation=guardian.relation,
        phone=guardian.phone,
        document_type=document.value,
        proof=guardian.proof,
        since=act.at,
    )
    act.record(
        GUARDED,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        guardian=mask(Sensitive.NAME, guardian.name),
        relation=guardian.relation,
        document=document.label_zh,
        proof=guardian.proof,
    )


def standing_value(row: Resident, field: str) -> tuple[Attribute | None, Trust | None]:
    """The last recorded value of an attribute, None where only the person's own stands, and the trust of what stands."""
    standing = Attribute.objects.filter(resident=row, field=field).order_by("-id").first()
    if standing is not None:
        return standing, Trust(standing.trust)
    return None, Trust(row.trust) if getattr(row, field) else None


def trusted_more(field: str, standing: Trust) -> Refused:
    """`attribute.trusted_more`: what stands came from a higher source."""
    return Refused(
        "attribute.trusted_more",
        f"现有{FIELDS[field]}来自更可信的来源（{standing.zh}），不能覆盖；请凭相应证明到该来源更正。",
        f"The value that stands came from a more trusted source ({standing.en}); have it corrected there.",
        at=field,
    )


def guardian_wanted(identity: Identity, today: date) -> Refused | None:
    """`resident.guardian_needed`, where this person cannot be on file without one (rule card.guardian_below_age)."""
    below = rulebook.whole(GUARDIAN_AGE, today)
    if not needs_guardian(identity.birth_on, today, below):
        return None
    return Refused(
        "resident.guardian_needed",
        f"未满{below}周岁须同时登记监护人。",
        f"A person below {below} needs a guardian recorded with them.",
        at="guardian_name",
    )
