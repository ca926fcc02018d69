"""Tables of benefit payments. Private to this package: others ask `queries`."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yikatong.benefits.checks import Level
from yikatong.benefits.rules import (
    ACCOUNTS,
    APPROVED,
    BANK_FILE,
    BENEFIT_BATCH,
    DEPARTMENT,
    DROPPED,
    FILE_SEALED,
    GIVEN_UP,
    HELD,
    ONE_ATTEMPT,
    PAYMENT,
    REJECTED,
    SENT_BACK,
    TAKES_THE_PLACE,
    UPLOADED,
)
from yikatong.office.fields import MoneyField, SealedBytesField
from yikatong.office.lifecycle import lifecycle

_GIVEN_UP = [state.code for state in GIVEN_UP]


class PaymentBatch(models.Model):
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
    note_zh = models.CharField(max_length=400, blank=True, help_text="Why it was not accepted or sent back")
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
                    condition=~models.Q(state__in=_GIVEN_UP),
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

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch", "state", "line"], name="payment_batch"),
            models.Index(
                fields=["resident", "-id"],
                name="payment_resident",
                condition=models.Q(resident__isnull=False),
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
                    condition=models.Q(state__in=[each.code for each in TAKES_THE_PLACE]),
                ),
                models.CheckConstraint(condition=models.Q(fen__gte=0), name="payment_not_below_nothing"),
                models.CheckConstraint(
                    condition=models.Q(state__in=[HELD.code, DROPPED.code])
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
                    fields=["batch", "line", "programme", "period", "fen", "basis"],
                ),
                pgtrigger.Protect(name="payment_row_is_kept", operation=pgtrigger.Delete),
            ],
        )


class BankFile(models.Model):
    """A payment file, sealed once (代发文件): the same number is the same bytes for ever, `digest` says so."""

    number = models.CharField(max_length=12, unique=True)
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="files")
    bank_code = models.CharField(max_length=3)
    sequence = models.PositiveIntegerField(help_text="Which file of its batch for this bank, from 1")
    name = models.CharField(max_length=120, unique=True)
    rows = models.PositiveIntegerField()
    fen = MoneyField()
    digest = models.BinaryField(max_length=32, help_text="SM3 of the bytes")
    content = SealedBytesField("file", slice_rows=1)
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=40)
    sealed_by_name = models.CharField(max_length=80)
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=FILE_SEALED.code)
    state_since = models.DateTimeField()

    class Meta:
        constraints, triggers = lifecycle(
            BANK_FILE,
            name="bankfile",
            more=[
                models.UniqueConstraint(
                    fields=["batch", "bank_code", "sequence"], name="bankfile_sequence_once"
                ),
                models.CheckConstraint(
                    condition=models.Q(rows__gt=0, fen__gt=0), name="bankfile_says_something"
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="bankfile_stays",
                    fields=[
                        "number",
                        "batch",
                        "bank_code",
                        "sequence",
                        "name",
                        "rows",
                        "fen",
                        "digest",
                        "sealed_at",
                    ],
                ),
                pgtrigger.Protect(name="bankfile_is_kept", operation=pgtrigger.Delete),
            ],
        )


LINES_ARE_THE_FILE = pgtrigger.Trigger(
    name="fileline_is_what_the_file_says",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    func=(
        "IF EXISTS (SELECT FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id "
        "JOIN (SELECT file_id, count(*) AS rows, sum(fen) AS fen FROM benefits_fileline "
        "WHERE file_id IN (SELECT file_id FROM added) GROUP BY file_id) t ON t.file_id = f.id "
        "WHERE t.rows <> f.rows OR t.fen <> f.fen OR b.state <> 'paying') THEN "
        "RAISE EXCEPTION 'the lines are not what the file says'; END IF; "
        "IF EXISTS (SELECT FROM added a JOIN benefits_bankfile f ON f.id = a.file_id "
        "JOIN benefits_payment p ON p.id = a.payment_id "
        "WHERE p.fen <> a.fen OR p.batch_id <> f.batch_id OR p.state <> 'sent') THEN "
        "RAISE EXCEPTION 'a line is not what was approved'; END IF; RETURN NULL;"
    ),
)
"""Rows and sum of a file are those of its lines, and each line pays what was approved of a batch that is being paid."""


class FileLine(models.Model):
    """One line of a bank file, and what the bank said of it. `result` is empty until it has."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines", db_index=False)
    sequence = models.PositiveIntegerField()
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    card = models.ForeignKey(
        "cards.Card", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    fen = MoneyField()
    result = models.CharField(max_length=2, blank=True)
    bank_result = models.CharField(max_length=20, blank=True)
    bank_text = models.CharField(max_length=140, blank=True)
    bank_serial = models.CharField(max_length=40, blank=True)
    bank_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["payment", "-id"], name="fileline_payment")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "sequence"], name="fileline_sequence_once"),
            models.UniqueConstraint(
                fields=["payment"],
                name="fileline_one_attempt",
                condition=models.Q(result__in=ONE_ATTEMPT),
            ),
        ]
        triggers: ClassVar = [
            LINES_ARE_THE_FILE,
            pgtrigger.ReadOnly(name="fileline_stays", fields=["file", "sequence", "payment", "card", "fen"]),
            pgtrigger.Protect(name="fileline_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="fileline_answer_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.result NOT IN ('', '98') AND NEW.result IS DISTINCT FROM OLD.result"
                ),
                func="RAISE EXCEPTION 'the bank said % of this line before', OLD.result;",
            ),
        ]


class Answer(models.Model):
    """An answer file as it was taken in; its bytes are kept by the post (`wire_file`)."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="answers")
    wire_file = models.BigIntegerField(unique=True, help_text="office.WireFile it came in")
    name = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    complete = models.BooleanField()
    paid = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    again = models.PositiveIntegerField(help_text="Lines that said what was known already")
    problems = models.JSONField(default=list, help_text="The first of them: line, Chinese, English")
    problem_rows = models.PositiveIntegerField()


BALANCED = pgtrigger.Trigger(
    name="leg_sums_to_nothing",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    func=(
        "IF EXISTS (SELECT FROM added GROUP BY posting HAVING sum(fen) <> 0 OR count(*) <> 2 "
        "OR count(DISTINCT programme) <> 1) THEN RAISE EXCEPTION 'the legs of a posting do not sum to nothing'; END IF; "
        "IF EXISTS (SELECT FROM benefits_leg l JOIN added a USING (posting) GROUP BY l.posting HAVING count(*) <> 4) THEN "
        "RAISE EXCEPTION 'a posting is made once'; END IF; "
        "IF EXISTS (SELECT FROM benefits_leg WHERE account = 'available' AND programme IN "
        "(SELECT programme FROM added WHERE account = 'available') GROUP BY programme HAVING sum(fen) < 0) THEN "
        "RAISE EXCEPTION 'more would be blocked than there is'; END IF; RETURN NULL;"
    ),
)
"""Both legs of a posting come in one statement and sum to nothing; so does the whole ledger, always."""


class Leg(models.Model):
    """One leg of a posting: `fen` onto (or, below nothing, off) an account of a programme. Append-only."""

    posting = models.BigIntegerField(help_text="From the sequence of postings; two legs bear the same")
    programme = models.CharField(max_length=30)
    account = models.CharField(max_length=10, choices=[(code, zh) for code, (zh, _) in ACCOUNTS.items()])
    fen = MoneyField()
    batch = models.ForeignKey(
        PaymentBatch,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    act = models.UUIDField()
    paper = models.CharField(max_length=60, blank=True, help_text="Number of the treasury's voucher")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["programme", "account"], name="leg_account"),
            models.Index(fields=["batch"], name="leg_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["posting"], name="leg_posting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(fen=0), name="leg_not_nothing"),
            models.CheckConstraint(condition=models.Q(account__in=list(ACCOUNTS)), name="leg_account_known"),
        ]
        triggers: ClassVar = [
            BALANCED,
            pgtrigger.Protect(name="leg_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
