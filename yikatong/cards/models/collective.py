"""Tables of collective applications (集体申领): units, their lists, the lines, and the hand-over of a whole list."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.cards.collective import ACTIVE, APPLICATION_LIST, JUDGED, TAKEN, TURNED_DOWN, UNIT, UnitKind
from yikatong.cards.models.cards import Order
from yikatong.office.fields import HoldsFile, SealedBytesField, SealedField
from yikatong.office.lifecycle import lifecycle
from yikatong.office.models import Outlet
from yikatong.residents.models import Resident


class Unit(models.Model):
    """A school or an employer (申领单位) that brings lists. `region` is its county, and decides who may see it."""

    code = models.CharField(max_length=18, unique=True, help_text="统一社会信用代码")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(each.value, each.zh) for each in UnitKind])
    region = models.CharField(max_length=6)
    contact = models.CharField(max_length=50)
    phone = SealedField(Sensitive.PHONE, help_text="Of the contact: who is told that cards are there")
    state = models.CharField(max_length=10, default=ACTIVE.code)
    state_since = models.DateTimeField()
    registered_by = models.CharField(max_length=40)
    registered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "name"], name="unit_of_region")]
        constraints, triggers = lifecycle(UNIT, name="unit")


class ApplicationList(HoldsFile):
    """A list a unit brought (集体申领名单): one outlet, one bank. Who uploaded it does not decide on it.

    `judgement` is over the file, the choices and what every line came to; what is taken is what was approved. The
    file stays for a while, to hand back the rows that were wrong.
    """

    number = models.CharField(max_length=12, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=6)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    bank_code = models.CharField(max_length=3)
    only_good = models.BooleanField(help_text="Take the good rows, also where others are refused")
    file_name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, help_text="SM3 of the file")
    size = models.PositiveIntegerField(help_text="Bytes of the file")
    content = SealedBytesField("file")
    passed_over = ArrayField(models.CharField(max_length=20), default=list, help_text="Columns not taken")
    counts = models.JSONField(default=dict, help_text="Lines by outcome; `lacking_photo` among the good ones")
    judgement = models.BinaryField(max_length=32, null=True)
    returned = models.BooleanField(
        default=False, help_text="Judged anew: the base changed before it was taken"
    )
    state = models.CharField(max_length=10, default=JUDGED.code)
    state_since = models.DateTimeField()
    uploaded_by = models.CharField(max_length=40)
    uploaded_by_name = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    told_at = models.DateTimeField(null=True, help_text="When the unit was last told that cards are there")
    cleared_at = models.DateTimeField(null=True, help_text="When the file was removed")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["digest"], name="applicationlist_file"),
            models.Index(fields=["state", "state_since"], name="applicationlist_state"),
        ]
        constraints, triggers = lifecycle(
            APPLICATION_LIST,
            name="applicationlist",
            more=[
                models.UniqueConstraint(
                    fields=["digest"],
                    name="applicationlist_waits_once",
                    condition=models.Q(state=JUDGED.code),
                ),
                models.CheckConstraint(
                    condition=~models.Q(decided_by=models.F("uploaded_by")),
                    name="applicationlist_two_people",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=[TAKEN.code, TURNED_DOWN.code]) | ~models.Q(decided_by=""),
                    name="applicationlist_decided_by_someone",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=TURNED_DOWN.code) | ~models.Q(reason=""),
                    name="applicationlist_refused_with_reason",
                ),
            ],
        )


class ListLine(models.Model):
    """One row of a list: what it is compared by, what it came to, and the order it became.

    Numbers and phones stand here by their keys alone; the phones themselves are in the file. A row whose cells are wrong
    has no key, only its problems.
    """

    pk = models.CompositePrimaryKey("application_list_id", "line")
    application_list = models.ForeignKey(
        ApplicationList, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line = models.PositiveIntegerField(help_text="As a spreadsheet counts")
    number_key = models.BinaryField(max_length=16, default=b"")
    folded = models.CharField(max_length=50, blank=True)
    division = models.CharField(
        max_length=40, blank=True, help_text="Class or department, as the unit writes it"
    )
    resident = models.ForeignKey(
        Resident, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=30)
    problems = models.JSONField(default=list)
    phone_key = models.BinaryField(max_length=16, default=b"")
    phone_shown = models.CharField(max_length=20, blank=True, help_text="Masked")
    phone_comes = models.CharField(
        max_length=10, blank=True, help_text="PhoneComes; empty: none, or not a good line"
    )
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="list_line")
    hand_over = models.ForeignKey(
        "ListHandOver",
        null=True,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        help_text="On whose sheet the card left the outlet",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["application_list", "outcome", "line"],
                name="listline_to_look_at",
                condition=~models.Q(outcome="good"),
            ),
        ]


class ListHandOver(models.Model):
    """The cards of a list handed to its unit's agents at once (集体领卡), on one numbered sheet.

    Each card has its own `HandOver` besides, with the first agent, the signature and the photo.
    """

    number = models.CharField(max_length=12, unique=True)
    application_list = models.ForeignKey(ApplicationList, on_delete=models.PROTECT, related_name="hand_overs")
    letter = models.CharField(max_length=40)
    cards = models.PositiveIntegerField()
    left_out = models.JSONField(
        default=list, help_text="Orders at the outlet that were kept back: number, zh, en"
    )
    copies = models.PositiveSmallIntegerField(default=0, help_text="How often the sheet was printed")
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(letter=""), name="listhandover_has_a_letter"),
            models.CheckConstraint(condition=models.Q(cards__gt=0), name="listhandover_of_some_cards"),
        ]


class ListAgent(models.Model):
    """One of the unit's agents at the hand-over of a list (单位经办人)."""

    hand_over = models.ForeignKey(ListHandOver, on_delete=models.PROTECT, related_name="agents")
    name = models.CharField(max_length=50)
    number = SealedField(Sensitive.IDENTITY_NUMBER)
