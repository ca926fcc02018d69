"""Tables of the base library (人员基础库). Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yikatong.basics.ids import DocumentType
from yikatong.basics.masking import Sensitive
from yikatong.office.fields import LookupField, SealedField, WithKeys
from yikatong.office.lifecycle import lifecycle
from yikatong.residents.corrections import APPLIED, ASKED, CORRECTION, What, Why
from yikatong.residents.merging import DUPLICATE, MERGED, OPEN
from yikatong.residents.rules import ALIVE, LIFE, Trust

FLAT_MERGES = pgtrigger.Trigger(
    name="resident_merges_are_flat",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Q(new__merged_into__isnull=False),
    func=(
        "IF EXISTS (SELECT 1 FROM residents_resident WHERE merged_into_id = NEW.id "
        "OR (id = NEW.merged_into_id AND merged_into_id IS NOT NULL)) THEN "
        "RAISE EXCEPTION 'a merged record is the survivor of none'; END IF; "
        "IF NOT EXISTS (SELECT 1 FROM residents_resident WHERE id = NEW.merged_into_id) THEN "
        "RAISE EXCEPTION 'there is no resident % to merge into', NEW.merged_into_id; END IF; RETURN NEW;"
    ),
)
"""A record points at its survivor, who is there, in one step."""

COMPARED_ANEW = pgtrigger.Trigger(
    name="resident_compared_anew",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("name", "number_key", "phone_key", "birth_on", "sex", "region"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.AnyChange("name", "number_key", "phone_key", "birth_on", "sex", "region"),
    func="DELETE FROM residents_duplicatekey WHERE resident_id = NEW.id; RETURN NULL;",
)
"""Whoever has no keys is compared at the next search for duplicates, however their particulars came to change."""


class Resident(WithKeys):
    """One person. `number` is the social security number (社会保障号码, 18 characters or the document's own).

    Numbers and phones are sealed; they are found by their keys, whole or by their last characters.

    Every attribute comes from `source` with `trust` until an `Attribute` row says otherwise: a million people loaded
    from one file need not repeat its name four million times.
    """

    number = SealedField(Sensitive.IDENTITY_NUMBER)
    number_key = LookupField("number", unique=True)
    number_tail4 = LookupField("number", tail=4)
    number_tail6 = LookupField("number", tail=6)
    document_type = models.CharField(max_length=30, choices=[(d.value, d.value) for d in DocumentType])
    name = models.CharField(max_length=100)
    name_folded = models.CharField(max_length=100, help_text="Widths and dots made one, for comparing")
    name_grams = ArrayField(
        models.CharField(max_length=2), default=list, help_text="All 1- and 2-grams of the name"
    )
    name_readings = ArrayField(
        models.CharField(max_length=120), default=list, help_text="All pinyin readings and their initials"
    )
    sex = models.CharField(max_length=1, default="9", help_text="GB/T 2261: 1 male, 2 female, 9 not stated")
    ethnicity = models.CharField(max_length=2, blank=True, help_text="GB/T 3304")
    birth_on = models.DateField(null=True)
    region = models.CharField(max_length=6, help_text="County of residence")
    address = models.CharField(max_length=120, blank=True)
    phone = SealedField(Sensitive.PHONE, blank=True)
    phone_key = LookupField("phone")
    phone_tail4 = LookupField("phone", tail=4)
    state = models.CharField(max_length=10, default=ALIVE.code)
    state_source = models.CharField(max_length=40, blank=True)
    died_on = models.DateField(null=True, help_text="As the source gives it")
    source = models.CharField(max_length=40, blank=True, help_text="Where the person was first known from")
    trust = models.PositiveSmallIntegerField(
        default=Trust.SELF.value, choices=[(t.value, t.name) for t in Trust]
    )
    registered_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="merged",
        db_index=False,
        db_constraint=False,  # FLAT_MERGES holds it: a key's own trigger would fire for every row of a load
        help_text="Found to be this person's second record; nothing of it is moved, and it can be undone",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["merged_into"],
                name="resident_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(fields=["name_folded"], name="resident_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["number_tail4"], name="resident_tail4"),
            models.Index(fields=["number_tail6"], name="resident_tail6"),
            models.Index(fields=["phone_key"], name="resident_phone", condition=~models.Q(phone_key=b"")),
            models.Index(
                fields=["phone_tail4"], name="resident_phone_tail4", condition=~models.Q(phone_tail4=b"")
            ),
            models.Index(fields=["birth_on"], name="resident_born"),
            models.Index(fields=["region"], name="resident_region"),
            GinIndex(fields=["name_grams"], name="resident_grams", fastupdate=False),
            GinIndex(fields=["name_readings"], name="resident_readings", fastupdate=False),
        ]
        constraints, triggers = lifecycle(
            LIFE,
            name="resident",
            more=[
                models.CheckConstraint(
                    condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                    name="resident_not_merged_into_themselves",
                )
            ],
            more_triggers=[FLAT_MERGES, COMPARED_ANEW],
        )


class IdentityDocument(WithKeys):
    """A document a person has shown. Old ones stay: the 15-digit number, the passport before the new one.

    A number is one person's as long as it is in use. Former numbers may be two people's: among the 15-digit ones some
    were given twice, and a number recorded of the wrong person is its owner's again once that is corrected.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="documents")
    type = models.CharField(max_length=30)
    number = SealedField(Sensitive.IDENTITY_NUMBER)
    number_key = LookupField("number")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True, help_text="Null: long-term")
    issuer = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(help_text="Since when it is on file")
    until = models.DateTimeField(null=True, help_text="When another took its place; null: in use")
    proof = models.CharField(max_length=60, blank=True, help_text="What was shown with it")
    act = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["type", "number_key"],
                name="document_belongs_to_one_person",
                condition=models.Q(until__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["number_key"], name="document_number")]


class FormerName(models.Model):
    """A name that a person bore here before; they are found by it as by their own."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    name_folded = models.CharField(max_length=100)
    name_grams = ArrayField(models.CharField(max_length=2), default=list)
    name_readings = ArrayField(models.CharField(max_length=120), default=list)
    since = models.DateTimeField()
    until = models.DateTimeField()
    act = models.UUIDField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_folded"], name="formername_name", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["name_grams"], name="formername_grams"),
            GinIndex(fields=["name_readings"], name="formername_readings"),
        ]


class Correction(models.Model):
    """A name or number to be changed: asked for on a proof by one person, approved by another.

    `digest` (SM3) is over what stood when it was asked and what shall stand; only that is applied.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=10, choices=[(w.value, w.zh) for w in What])
    name = models.CharField(max_length=100, blank=True)
    number = SealedField(Sensitive.IDENTITY_NUMBER)
    document_type = models.CharField(max_length=30, blank=True)
    why = models.CharField(max_length=10, choices=[(w.value, w.zh) for w in Why])
    proof = models.CharField(max_length=60, help_text="Number of the police proof, or what was shown")
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, default=ASKED.code)
    maker = models.CharField(max_length=40)
    maker_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    checker = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            CORRECTION,
            name="correction",
            more=[
                models.CheckConstraint(
                    condition=~models.Q(checker=models.F("maker")), name="correction_two_pairs_of_eyes"
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=APPLIED.code) | ~models.Q(checker=""),
                    name="correction_applied_by_someone",
                ),
                models.UniqueConstraint(
                    fields=["resident", "what"],
                    name="correction_one_open_of_a_kind",
                    condition=models.Q(state=ASKED.code),
                ),
            ],
        )
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"], name="correction_waiting")]


class DuplicateKey(models.Model):
    """A keyed digest under which a person is compared with others (`duplicates.keys`), about fifteen a person."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "resident"], name="duplicatekey_block")]


class DuplicatePair(models.Model):
    """Two records that may be one person's, with what speaks for it and what was decided; kept for good.

    `evidence` is a keyed digest of the particulars the decision was made on: while they stand, a pair found to be two
    people is not proposed again.
    """

    one = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(help_text="[[code, bits], …] as of `duplicates`")
    evidence = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, default=OPEN.code)
    found_at = models.DateTimeField()
    survivor = models.ForeignKey(
        Resident, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.CharField(max_length=60, blank=True)
    maker = models.CharField(
        max_length=40, blank=True, help_text="Who asked for the merge, or told them apart"
    )
    maker_name = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(null=True)
    checker = models.CharField(max_length=40, blank=True, help_text="Who merged, or undid it")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints, triggers = lifecycle(
            DUPLICATE,
            name="duplicate",
            more=[
                models.UniqueConstraint(fields=["one", "other"], name="duplicate_pair_once"),
                models.CheckConstraint(
                    condition=models.Q(one__lt=models.F("other")), name="duplicate_smaller_first"
                ),
                models.CheckConstraint(
                    condition=models.Q(checker="") | ~models.Q(checker=models.F("maker")),
                    name="duplicate_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=MERGED.code) | ~models.Q(checker=""),
                    name="duplicate_merged_by_someone",
                ),
            ],
        )
        indexes: ClassVar = [models.Index(fields=["state", "-score", "id"], name="duplicate_waiting")]


class LifeChange(models.Model):
    """One change of a person's state (人员状态): from when on, who says so, on which paper.

    A correction names whose record it takes back, and is never made by the same person.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="life")
    event = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    on = models.DateField()
    source = models.CharField(max_length=40)
    trust = models.PositiveSmallIntegerField(choices=[(t.value, t.name) for t in Trust])
    by = models.CharField(max_length=40)
    takes_back = models.CharField(max_length=40, blank=True, help_text="Who recorded what this corrects")
    at = models.DateTimeField()
    act = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(by=models.F("takes_back")), name="lifechange_two_pairs_of_eyes"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["resident", "-id"], name="lifechange_latest")]


class Guardian(WithKeys):
    """Who acts for a minor or a ward."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="guardians")
    name = models.CharField(max_length=100)
    number = SealedField(Sensitive.IDENTITY_NUMBER)
    number_key = LookupField("number")
    relation = models.CharField(max_length=20)
    phone = SealedField(Sensitive.PHONE)
    document_type = models.CharField(max_length=24, blank=True, db_default="")
    proof = models.CharField(
        max_length=40, blank=True, db_default="", help_text="Which paper says that they are the guardian"
    )
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "number_key"], name="guardian_once_per_ward"),
        ]


class Attribute(models.Model):
    """One value of one attribute with its source; the latest is the one in `Resident`.

    The first change also writes the value that stood before it, with the person's own source, so nothing is lost.
    A value of lower trust than the one that stands is never written (`rules.may_overwrite`). A phone stands sealed in
    its own column, everything else in `value`; `standing` is whichever it is.
    """

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="attributes")
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=120, blank=True)
    phone = SealedField(Sensitive.PHONE, blank=True)
    source = models.CharField(max_length=40)
    trust = models.PositiveSmallIntegerField(choices=[(t.value, t.name) for t in Trust])
    at = models.DateTimeField()
    act = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resident", "field", "-id"], name="attribute_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(field="phone") | models.Q(value=""), name="attribute_phone_is_sealed"
            ),
        ]

    @property
    def standing(self) -> str:
        """The value, whatever the field."""
        found: str = self.phone if self.field == "phone" else self.value
        return found


class SignInCode(models.Model):
    """A six-digit code asked for to open the portal. Only keyed digests are kept.

    A row is also kept where nothing was sent because nobody has this number and name (`resident` is null): the limits
    then work the same for everyone, and an answer never tells whether a person is known here.
    """

    number_key = models.BinaryField(max_length=32, help_text="Keyed digest of the number asked for")
    pair_key = models.BinaryField(max_length=32, help_text="Keyed digest of number and folded name")
    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number_key", "-id"], name="signincode_number"),
            models.Index(fields=["pair_key", "-id"], name="signincode_pair"),
        ]
