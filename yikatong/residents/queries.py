"""What others may ask about people. Everything that comes out is a frozen row; nothing here is journalled, so a
window shows a person through `services.look`, never through `person` alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import get_language

from yikatong.basics.characters import ascii_folded
from yikatong.basics.ids import DocumentType, eighteen
from yikatong.basics.kinds import Kind, sentence
from yikatong.basics.masking import Sensitive
from yikatong.basics.states import State
from yikatong.office import sealing
from yikatong.office.kinds import all_kinds, kinds_that_read
from yikatong.office.prepared import Given, Prepared
from yikatong.residents.corrected import (
    CorrectionRow,
    correction,
    correction_row,
    corrections,
    particulars_changed_since,
)
from yikatong.residents.models import (
    Attribute,
    FormerName,
    Guardian,
    IdentityDocument,
    LifeChange,
    Resident,
)
from yikatong.residents.rules import ALIVE, FIELDS, LIFE, Trust
from yikatong.residents.search import By, Found, SearchResult, search

__all__ = [
    "AttributeRow",
    "By",
    "CorrectionRow",
    "DocumentRow",
    "FormerNameRow",
    "Found",
    "GuardianRow",
    "LifeRow",
    "Look",
    "Person",
    "SearchResult",
    "StoryRow",
    "attributes",
    "by_number",
    "correction",
    "correction_row",
    "corrections",
    "documents",
    "former_names",
    "ids_of",
    "life",
    "looks",
    "names_of",
    "number_key",
    "particulars_changed_since",
    "person",
    "person_by_number",
    "person_of",
    "search",
    "story",
]


@dataclass(frozen=True)
class GuardianRow:
    """Who acts for a person."""

    name: str
    number: str
    relation: str
    phone: str
    document_type: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Person:
    """One person as the base library has them; `warnings` are keys of `rules.WARNINGS`, set where one was registered."""

    id: int
    number: str
    name: str
    document_type: str
    sex: str
    birth_on: date | None
    region: str
    address: str
    phone: str
    state: str
    guardians: tuple[GuardianRow, ...] = ()
    ethnicity: str = ""
    died_on: date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttributeRow:
    """The standing value of one attribute and where it came from."""

    field: str
    value: str
    source: str
    trust: Trust
    at: datetime

    @property
    def label_zh(self) -> str:
        return FIELDS[self.field]


@dataclass(frozen=True)
class DocumentRow:
    """One document a person has shown; `until` is when another took its place, None while it is in use."""

    type: DocumentType
    number: str
    valid_from: date | None
    valid_until: date | None
    issuer: str
    seen_at: datetime
    until: datetime | None
    proof: str


@dataclass(frozen=True)
class FormerNameRow:
    """A name a person bore here before."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class LifeRow:
    """One change of a person's state."""

    after: State
    on: date
    source: str
    trust: Trust
    at: datetime


@dataclass(frozen=True)
class Look:
    """One look at a person's data: who, when, what for."""

    who: str
    when: datetime
    why: str
    zh: str
    en: str

    @property
    def sentence(self) -> str:
        """In the language of the page."""
        return _spoken(self.zh, self.en)


@dataclass(frozen=True)
class StoryRow:
    """One thing that happened to a person."""

    at: datetime
    actor: str
    zh: str
    en: str
    kind: str

    @property
    def sentence(self) -> str:
        """In the language of the page."""
        return _spoken(self.zh, self.en)


def _spoken(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


def person(resident_id: int) -> Person | None:
    """The person, or None. A merged record is its survivor's."""
    row = _PERSON.first(id=resident_id)
    return person_of(row) if row else None


_PERSON = Prepared(lambda: Resident.objects.filter(pk=Given("id")).select_related("merged_into"))
_GUARDIANS = Prepared(lambda: Guardian.objects.filter(resident_id=Given("id")).order_by("id"))


def wards_of(number: str) -> tuple[Person, ...]:
    """The living for whom somebody with this number is on file as guardian, the eldest first; of age or not."""
    rows = Resident.objects.filter(
        guardians__number_key=number_key(number), merged_into=None, state=ALIVE.code
    )
    return tuple(map(person_of, rows.order_by("birth_on", "id")))


def ids_of(resident_id: int) -> tuple[int, ...]:
    """The ids of all records of one person, whichever of them is asked by: the survivor's first, then those merged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH s AS (SELECT coalesce(merged_into_id, id) AS id FROM residents_resident WHERE id = %s) "
            "SELECT id, 0 FROM s UNION ALL "
            "SELECT r.id, r.id FROM residents_resident r JOIN s ON r.merged_into_id = s.id ORDER BY 2",
            [resident_id],
        )
        return tuple(row[0] for row in cursor.fetchall())


def names_of(resident_ids: Iterable[int]) -> dict[int, str]:
    """The names of these people by id, in one statement, for lists that show nothing else; strangers are left out."""
    return dict(Resident.objects.filter(pk__in=set(resident_ids)).values_list("pk", "name"))


def person_by_number(number: str) -> Person | None:
    """The person of a number as typed, be it today's or that of a former document of theirs (of 15 digits, too)."""
    plain = ascii_folded(number)
    old = len(plain) == 15 and plain.isascii() and plain.isdigit()
    numbers = (plain, eighteen(plain)) if old else (plain,)
    row = by_number(*numbers).first()
    if row is None:
        shown = IdentityDocument.objects.filter(number_key__in=map(number_key, numbers)).order_by(
            F("until").desc(nulls_first=True)
        )
        document = shown.select_related("resident").first()
        row = document.resident if document else None
    return person_of(row) if row else None


def by_number(*numbers: str) -> QuerySet[Resident]:
    """The residents who have one of these numbers, written as they are kept, today (for this package's services)."""
    return Resident.objects.filter(number_key__in=map(number_key, numbers))


def number_key(number: str) -> bytes:
    """The keyed index by which an identity number is found in any of this package's tables."""
    return sealing.lookup(Sensitive.IDENTITY_NUMBER, number)


def person_of(row: Resident, warnings: tuple[str, ...] = (), *, resolve: bool = True) -> Person:
    """The frozen row of a resident, of the survivor where it is merged unless told not to (for this package)."""
    row = (resolve and row.merged_into) or row
    guardians = tuple(
        GuardianRow(each.name, each.number, each.relation, each.phone, each.document_type, each.proof)
        for each in _GUARDIANS.all(id=row.pk)
    )
    return Person(
        id=row.pk,
        number=row.number,
        name=row.name,
        document_type=row.document_type,
        sex=row.sex,
        birth_on=row.birth_on,
        region=row.region,
        address=row.address,
        phone=row.phone,
        state=row.state,
        guardians=guardians,
        ethnicity=row.ethnicity,
        died_on=row.died_on,
        warnings=warnings,
    )


def attributes(resident_id: int) -> tuple[AttributeRow, ...]:
    """The standing value of each attribute that is known, with source, trust and time; empty for a stranger."""
    row = _PERSON.first(id=resident_id)
    if row is None:
        return ()
    latest = {each.field: each for each in _ATTRIBUTES.all(id=resident_id)}
    found = []
    for field in FIELDS:
        own = latest.get(field)
        if own is not None:
            found.append(AttributeRow(field, own.standing, own.source, Trust(own.trust), own.at))
        elif value := getattr(row, field):
            found.append(AttributeRow(field, value, row.source, Trust(row.trust), row.registered_at))
    return tuple(found)


_ATTRIBUTES = Prepared(
    lambda: Attribute.objects.filter(resident_id=Given("id")).order_by("field", "-id").distinct("field")
)


def documents(resident_id: int) -> tuple[DocumentRow, ...]:
    """The documents a person has shown, those in use first, newest first. People from lists have none on file."""
    return tuple(
        DocumentRow(
            DocumentType(row.type),
            row.number,
            row.valid_from,
            row.valid_until,
            row.issuer,
            row.seen_at,
            row.until,
            row.proof,
        )
        for row in _DOCUMENTS.all(people=list(ids_of(resident_id)))
    )


_DOCUMENTS = Prepared(
    lambda: IdentityDocument.objects.filter(resident_id=Given("people", among=True)).order_by(
        F("until").desc(nulls_first=True), "-id"
    )
)


def former_names(resident_id: int) -> tuple[FormerNameRow, ...]:
    """The names a person bore here before, latest first."""
    rows = _FORMER_NAMES.all(people=list(ids_of(resident_id)))
    return tuple(FormerNameRow(row.name, row.since, row.until) for row in rows)


_FORMER_NAMES = Prepared(
    lambda: FormerName.objects.filter(resident_id=Given("people", among=True)).order_by("-id")
)


def life(resident_id: int) -> tuple[LifeRow, ...]:
    """How a person's state changed, latest first; empty where nothing was ever recorded."""
    return tuple(
        LifeRow(LIFE.state(row.after), row.on, row.source, Trust(row.trust), row.at)
        for row in _LIFE.all(id=resident_id)
    )


_LIFE = Prepared(lambda: LifeChange.objects.filter(resident_id=Given("id")).order_by("-id"))


def looks(resident_id: int, limit: int = 200) -> tuple[Look, ...]:
    """Who looked at this person's data and what for, latest first: the journal's kinds that are reads."""
    read = list(kinds_that_read())
    return tuple(
        Look(who, at, str(payload["purpose"]), *_both(kind, who, payload))
        for at, who, kind, _, payload in _entries(resident_id, limit, read)
    )


def story(resident_id: int, limit: int = 200) -> tuple[StoryRow, ...]:
    """What happened to this person, latest first, looks included. What befell two of their records (a merge) is told once."""
    rows = (
        StoryRow(at, who, *_both(kind, who, payload), kind)
        for at, who, kind, _, payload in _entries(resident_id, limit, None)
    )
    return tuple(dict.fromkeys(rows))


def _entries(
    resident_id: int, limit: int, kinds: list[str] | None
) -> list[tuple[datetime, str, str, str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT occurred_at, actor_name, kind, purpose, payload FROM office_fact WHERE person = ANY(%(people)s) "
            "AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s)) "
            "ORDER BY occurred_at DESC, entry_id DESC, row_id DESC LIMIT %(limit)s",
            {"people": list(ids_of(resident_id)), "kinds": kinds, "limit": limit},
        )
        return [(*row[:4], {"purpose": row[3], **json.loads(row[4])}) for row in cursor.fetchall()]


def _both(code: str, who: str, payload: dict[str, object]) -> tuple[str, str]:
    kind = all_kinds().get(code, Kind(code, code, code))
    zh, en = (sentence(kind, actor=who, payload=payload, language=each) for each in ("zh", "en"))
    return zh, en
