"""Tables of comparisons, differences, verifications and figures. Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.office.fields import HoldsFile, LookupField, SealedBytesField, SealedField, WithKeys
from yikatong.office.lifecycle import lifecycle
from yikatong.quality.rules import (
    APPLIED,
    CHECKING,
    COMPARISON,
    DIFFERENCE,
    GONE,
    KEPT,
    OPEN,
    RECEIVED,
    REPORTED,
    UNSETTLED,
)
from yikatong.residents.models import Resident


class Comparison(HoldsFile):
    """One list from one source. Its content is kept sealed until it has been compared, then only its digest.

    Who brought the list (`maker`) may not approve its deaths (`checker`).
    """

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=12, default=RECEIVED.code)
    source = models.CharField(max_length=20)
    claim = models.CharField(max_length=10)
    region = models.CharField(max_length=6, help_text="The region the list is about")
    as_of = models.DateField(help_text="The day the list tells of")
    file = models.CharField(max_length=60)
    content = SealedBytesField("list", help_text="Empty once compared")
    digest = models.BinaryField(max_length=32, help_text="SM3 of the file")
    maker = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    read_rows = models.PositiveIntegerField(default=0, help_text="Read so far, while it is being read")
    rows = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0, help_text="Rows whose person we know")
    agreed = models.PositiveIntegerField(default=0, help_text="People confirmed by this list")
    unknown = models.PositiveIntegerField(default=0, help_text="Dead we never knew: no difference")
    opened = models.PositiveIntegerField(default=0)
    refreshed = models.PositiveIntegerField(default=0)
    remembered = models.PositiveIntegerField(
        default=0, help_text="Differences settled before, not opened again"
    )
    gone = models.PositiveIntegerField(default=0)
    problem_rows = models.PositiveIntegerField(default=0)
    problems = models.JSONField(
        default=list, help_text="The first of them: row, column, masked value, zh, en"
    )
    note_zh = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    checker = models.CharField(max_length=40, blank=True)
    applied_at = models.DateTimeField(null=True)
    applied_digest = models.BinaryField(max_length=32, null=True, help_text="SM3 of the deaths approved")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source", "claim", "region", "-as_of"], name="comparison_latest"),
        ]
        constraints, triggers = lifecycle(
            COMPARISON,
            name="comparison",
            more=[
                models.UniqueConstraint(fields=["source", "digest"], name="comparison_once_per_file"),
                models.CheckConstraint(
                    condition=~models.Q(checker=models.F("maker")), name="comparison_two_pairs_of_eyes"
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=APPLIED.code) | ~models.Q(checker=""),
                    name="comparison_applied_by_someone",
                ),
            ],
        )


class Difference(WithKeys):
    """One person about whom a source and the base library disagree in one way. `region` is whose queue it is in.

    `resident` is null where we do not know the person: then their number there tells differences apart. What differs
    stands as text in `ours` and `theirs` (a name, a region, a state, a day); a number of theirs is sealed.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    type = models.CharField(max_length=20)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(
        Resident,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Of a duplicate: who matched",
    )
    region = models.CharField(max_length=6)
    ours = models.CharField(max_length=100, blank=True)
    theirs = models.CharField(max_length=100, blank=True)
    their_name = models.CharField(max_length=100, blank=True)
    their_number = SealedField(Sensitive.IDENTITY_NUMBER, blank=True)
    their_number_key = LookupField("their_number")
    happened_on = models.DateField(null=True)
    certain = models.BooleanField(default=True, help_text="Of a death: number, name and birth agree")
    as_of = models.DateField()
    state = models.CharField(max_length=12, default=OPEN.code)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    owner = models.CharField(max_length=40, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=60, blank=True)
    reported_at = models.DateTimeField(null=True, help_text="When the source was told that it is wrong")
    valid_until = models.DateField(
        null=True, help_text="Until then a verdict against the source is remembered"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["region", "due_on"],
                name="difference_queue",
                condition=models.Q(state__in=UNSETTLED),
            ),
            models.Index(fields=["comparison", "type"], name="difference_of_list"),
            models.Index(fields=["owner"], name="difference_owner", condition=models.Q(state=CHECKING.code)),
            models.Index(fields=["due_on"], name="difference_due"),
        ]
        constraints, triggers = lifecycle(
            DIFFERENCE,
            name="difference",
            more=[
                models.UniqueConstraint(
                    fields=["source", "type", "resident"],
                    condition=models.Q(state__in=UNSETTLED, resident__isnull=False),
                    name="difference_open_once",
                ),
                models.UniqueConstraint(
                    fields=["source", "type", "their_number_key"],
                    condition=models.Q(state__in=UNSETTLED, resident__isnull=True),
                    name="difference_of_stranger_open_once",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=CHECKING.code) | ~models.Q(owner=""),
                    name="difference_checked_by_someone",
                ),
                models.CheckConstraint(
                    condition=models.Q(state__in=(*UNSETTLED, GONE.code)) | ~models.Q(decided_by=""),
                    name="difference_decided_by_someone",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=(KEPT.code, REPORTED.code)) | ~models.Q(proof=""),
                    name="difference_kept_with_proof",
                ),
            ],
        )


class Verification(models.Model):
    """One person confirmed in one respect by one source: `what` is `person` (number, name) or `region`."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=20)
    what = models.CharField(max_length=10)
    verified_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "what", "source"], name="verification_once"),
        ]


class FigureValue(models.Model):
    """One quality figure of one county as it stood on a day."""

    figure = models.CharField(max_length=20)
    region = models.CharField(max_length=6)
    day = models.DateField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["figure", "region", "day"], name="figure_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(numerator__lte=models.F("denominator")), name="figure_is_a_share"
            ),
        ]
