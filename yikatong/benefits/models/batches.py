"""Tables of batches and their rows."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.benefits.checks import Level
from yikatong.benefits.rules import (
    APPROVED,
    BENEFIT_BATCH,
    DEPARTMENT,
    GIVEN_UP,
    HELD,
    NEVER_PAID,
    PAYMENT,
    REJECTED,
    SENT_BACK,
    SETTLED,
    STANDS_OUT,
    TAKES_THE_PLACE,
    UPLOADED,
)
from yikatong.office.fields import HoldsFile, MoneyField, SealedBytesField
from yikatong.office.lifecycle import lifecycle

_GIVEN_UP = [state.code for state in GIVEN_UP]


class PaymentBatch(HoldsFile):
    """One envelope (发放批次): what a department declares to pay, and the roster that must come to just that.

    Maker, department and finance are three people. `digest` is the SM3 of the rows that were approved; nothing else
    is ever sent to a bank.
    """

    number = models.CharField(max_length=12, unique=True)
    programme = models.CharField(max_length=30)
    period = models.CharField(max_length=7)
    region = models.CharField(max_length=6)
    outlet = models.CharField(max_length=12, blank=True)
    declared_rows = models.PositiveIntegerField()
    declared_fen = MoneyField()
    received_rows = models.PositiveIntegerField(default=0)
    received_fen = MoneyField(default=0)
    file_name = models.CharField(max_length=80)
    file_digest = models.CharField(max_length=64, help_text="SM3 of the roster's bytes, hex")
    content = SealedBytesField("file", slice_rows=1)
    state = models.CharField(max_length=10, default=UPLOADED.code)
    state_since = models.DateTimeField()
    uploaded_at = models.DateTimeField()
    maker = models.CharField(max_length=40)
    maker_name = models.CharField(max_length=80)
    judged_at = models.DateTimeField(null=True)
    public_from = models.DateField(null=True)
    public_until = models.DateField(null=True, help_text="The last day on which anybody may object")
    digest = models.BinaryField(max_length=32, default=b"", help_text="SM3 of the rows that were approved")
    approved_rows = models.PositiveIntegerField(default=0)
    approved_fen = MoneyField(default=0)
    department_by = models.CharField(max_length=40, blank=True)
    department_name = models.CharField(max_length=80, blank=True)
    department_at = models.DateTimeField(null=True)
    finance_by = models.CharField(max_length=40, blank=True)
    finance_name = models.CharField(max_length=80, blank=True)
    finance_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, help_text="By when everybody is to be paid; null where nothing says")
    replied_at = models.DateTimeField(null=True, help_text="When the banks had answered for everybody")
    missed_at = models.DateTimeField(null=True, help_text="When it was noted that its day had passed")
    paid_rows = models.PositiveIntegerField(
        default=0, help_text="How many were paid when it was last settled"
    )
    watched_at = models.DateTimeField(null=True, help_text="When fund supervision last looked it over")
    seal_asked_at = models.DateTimeField(
        null=True, help_text="When it was asked to seal its files, until they are"
    )
    seal_asked_by = models.CharField(max_length=40, blank=True)
    seal_asked_name = models.CharField(max_length=80, blank=True)
    note_zh = models.CharField(
        max_length=400, blank=True, help_text="Why it was not accepted, sent back, or not sealed"
    )
    note_en = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "state_since"], name="paymentbatch_state"),
            models.Index(fields=["programme", "period"], name="paymentbatch_period"),
        ]
        constraints, triggers = lifecycle(
            BENEFIT_BATCH,
            name="paymentbatch",
            more=[
                models.CheckConstraint(
                    condition=models.Q(state__in=[UPLOADED.code, *_GIVEN_UP])
                    | models.Q(
                        declared_rows=models.F("received_rows"), declared_fen=models.F("received_fen")
                    ),
                    name="paymentbatch_declared_is_received",
                ),
                models.UniqueConstraint(
                    fields=["file_digest", "programme", "period"],
                    name="paymentbatch_file_once",
                    condition=~models.Q(state__in=_GIVEN_UP) & ~models.Q(state=SETTLED.code, paid_rows=0),
                ),
                models.CheckConstraint(
                    condition=models.Q(department_by="") | ~models.Q(department_by=models.F("maker")),
                    name="paymentbatch_department_is_not_maker",
                ),
                models.CheckConstraint(
                    condition=models.Q(finance_by="")
                    | (
                        ~models.Q(finance_by=models.F("maker"))
                        & ~models.Q(finance_by=models.F("department_by"))
                    ),
                    name="paymentbatch_finance_is_a_third",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=[DEPARTMENT.code, *(each.code for each in APPROVED)])
                    | ~models.Q(department_by=""),
                    name="paymentbatch_department_approved",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=[each.code for each in APPROVED])
                    | ~models.Q(finance_by=""),
                    name="paymentbatch_finance_approved",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=[REJECTED.code, SENT_BACK.code]) | ~models.Q(note_zh=""),
                    name="paymentbatch_no_without_reason",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="paymentbatch_envelope_stays",
                    fields=[
                        "number",
                        "programme",
                        "period",
                        "region",
                        "declared_rows",
                        "declared_fen",
                        "file_digest",
                        "maker",
                        "due_on",
                    ],
                ),
                pgtrigger.Trigger(
                    name="paymentbatch_approved_stays",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        "OLD.state IN ("
                        + ", ".join(f"'{state.code}'" for state in APPROVED)
                        + ") AND (OLD.digest, OLD.approved_rows, OLD.approved_fen, OLD.department_by, OLD.finance_by) "
                        "IS DISTINCT FROM (NEW.digest, NEW.approved_rows, NEW.approved_fen, NEW.department_by, "
                        "NEW.finance_by)"
                    ),
                    func="RAISE EXCEPTION 'what was approved of batch % stays as it is', OLD.number;",
                ),
            ],
        )


class Payment(models.Model):
    """One row of a batch (发放明细). Its person, amount and period never change once it is there.

    Keys to others have no constraints of their own: rows are born by the hundred thousand, in one statement that reads
    those they point at, and neither batches nor people nor cards are ever deleted.

    No index names the state itself: a row that goes the common way (可发, 已入代发文件, 已到账) changes in its own page and
    touches none of them, which is a third of the price. What indexes ask of the state stands in columns of its own.
    """

    batch = models.ForeignKey(
        PaymentBatch,
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,
        db_constraint=False,
    )
    line = models.PositiveIntegerField(help_text="Of the roster, as a spreadsheet counts")
    programme = models.CharField(max_length=30)
    period = models.CharField(max_length=7)
    resident = models.ForeignKey(
        "residents.Resident",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    card = models.ForeignKey(
        "cards.Card",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(max_length=100, blank=True)
    folded = models.CharField(max_length=100, blank=True)
    number_masked = models.CharField(max_length=30, blank=True)
    number_key = models.BinaryField(max_length=16, default=b"")
    region = models.CharField(max_length=6, blank=True, help_text="Where the person lives")
    basis = models.CharField(max_length=20, blank=True)
    fen = MoneyField()
    state = models.CharField(max_length=10)
    state_since = models.DateTimeField()
    level = models.CharField(max_length=5, choices=[(each.value, each.zh) for each in Level])
    reason = models.CharField(max_length=3, blank=True, help_text="The first finding that blocks or holds")
    checks = ArrayField(models.CharField(max_length=3), default=list, help_text="All findings, in order")
    said = models.JSONField(default=dict, help_text="Finding -> what it was found by, in Chinese and English")
    stopped_at = models.DateTimeField(null=True, help_text="When it was held after its approval")
    takes_the_place = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(state__in=[each.code for each in TAKES_THE_PLACE]), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Of its person, for the programme and period",
    )
    stands_out = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(state__in=[each.code for each in STANDS_OUT]), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Among the many that go their way somebody looks for it",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["batch", "line"], name="payment_stands_out", condition=models.Q(stands_out=True)
            ),
            # Of those that take their person's place the constraint below is the index; who asks for all names both
            # (`queries.payments_of`).
            models.Index(
                fields=["resident"],
                name="payment_resident_otherwise",
                condition=models.Q(resident__isnull=False, takes_the_place=False),
            ),
        ]
        constraints, triggers = lifecycle(
            PAYMENT,
            name="payment",
            more=[
                models.UniqueConstraint(fields=["batch", "line"], name="payment_line_once"),
                models.UniqueConstraint(
                    fields=["resident", "programme", "period"],
                    name="payment_person_once_a_period",
                    condition=models.Q(takes_the_place=True),
                ),
                models.CheckConstraint(condition=models.Q(fen__gte=0), name="payment_not_below_nothing"),
                models.CheckConstraint(
                    condition=models.Q(state__in=[each.code for each in NEVER_PAID])
                    | models.Q(resident__isnull=False, card__isnull=False, fen__gt=0),
                    name="payment_of_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=HELD.code) | ~models.Q(reason=""),
                    name="payment_held_for_a_reason",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="payment_row_stays",
                    fields=["batch", "line", "programme", "period", "fen", "basis", "number_key", "name"],
                ),
                pgtrigger.Protect(name="payment_row_is_kept", operation=pgtrigger.Delete),
            ],
        )
