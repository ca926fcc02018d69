"""Tables of payment files, their lines and what banks answered."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.added import added_together
from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.rules import (
    BANK_FILE,
    FILE_MISSING,
    FILE_SEALED,
    FILE_SENDING,
    FILE_WITHDRAWN,
    ONE_ATTEMPT,
)
from yikatong.office.fields import HoldsFile, MoneyField, SealedBytesField
from yikatong.office.lifecycle import lifecycle


class BankFile(HoldsFile):
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
    resend_asked_by = models.CharField(max_length=40, blank=True)
    resend_asked_name = models.CharField(max_length=80, blank=True)
    resend_reason = models.CharField(max_length=100, blank=True)
    resent_by = models.CharField(max_length=40, blank=True)
    resent_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints, triggers = lifecycle(
            BANK_FILE,
            name="bankfile",
            more=[
                models.CheckConstraint(
                    condition=models.Q(resent_by="")
                    | (~models.Q(resend_asked_by="") & ~models.Q(resent_by=models.F("resend_asked_by"))),
                    name="bankfile_sent_again_by_two",
                ),
                models.CheckConstraint(
                    condition=models.Q(resend_asked_by="") | ~models.Q(resend_reason=""),
                    name="bankfile_sent_again_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=FILE_WITHDRAWN.code)
                    | ~models.Q(withdrawn_by="")
                    & (
                        models.Q(sent_at__isnull=True)
                        | ~models.Q(resend_asked_by="") & ~models.Q(withdrawn_by=models.F("resend_asked_by"))
                    ),
                    name="bankfile_once_sent_withdrawn_by_two",
                ),
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
                pgtrigger.Trigger(
                    name="bankfile_sent_again_released",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.state = '{FILE_MISSING.code}' AND NEW.state = '{FILE_SENDING.code}' "
                        "AND NEW.resent_by = ''"
                    ),
                    func="RAISE EXCEPTION 'file % is sent again only by two people', OLD.number;",
                ),
                pgtrigger.Trigger(
                    name="bankfile_withdrawn_unspoken_of",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.state <> '{FILE_WITHDRAWN.code}' AND NEW.state = '{FILE_WITHDRAWN.code}'"
                    ),
                    func=(
                        "IF EXISTS (SELECT FROM benefits_fileline l WHERE l.file_id = NEW.id AND l.result <> '') "
                        "OR OLD.sent_at IS NOT NULL "
                        "AND EXISTS (SELECT FROM benefits_statemententry e WHERE e.file_id = NEW.id) THEN "
                        "RAISE EXCEPTION 'the bank spoke of file %', OLD.number; END IF; RETURN NEW;"
                    ),
                ),
            ],
        )


LINES_ARE_THE_FILE = added_together(
    "fileline_is_what_the_file_says",
    (
        "SELECT FROM (SELECT file_id, count(*) AS rows, sum(fen) AS fen, "
        "min(sequence) AS first, max(sequence) AS last FROM added GROUP BY file_id) t "
        "LEFT JOIN benefits_bankfile f ON f.id = t.file_id LEFT JOIN benefits_paymentbatch b ON b.id = f.batch_id "
        "WHERE f.id IS NULL OR t.rows <> f.rows OR t.fen <> f.fen OR t.first <> 1 OR t.last <> f.rows "
        "OR b.state <> 'paying'",
        "the lines are not what the file says",
    ),
    (
        "SELECT FROM added a JOIN benefits_bankfile f ON f.id = a.file_id "
        "LEFT JOIN benefits_payment p ON p.id = a.payment_id "
        "WHERE p.id IS NULL OR p.fen <> a.fen OR p.batch_id <> f.batch_id OR p.state <> 'sent' "
        "OR a.returned_at IS NOT NULL",
        "a line is not what was approved",
    ),
)
"""The lines of a file are added in one statement, from the first to the last, and come to what it says: as a sequence
comes once, nothing can be added to them. Each pays what was approved of a batch that is being paid. That there are such a
file and such a payment is asked here too, once a statement: neither is ever deleted."""


class FileLine(models.Model):
    """One line of a bank file, and what the bank said of it. `result` is empty until it has. Paid money that a statement
    shows to have come back (`returned_at`) may be paid again. No index names the result itself, so that a line that was paid
    is written in its place (as of `Payment`)."""

    file = models.ForeignKey(
        BankFile, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
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
    returned_at = models.DateTimeField(
        null=True, help_text="When a statement showed that the money came back"
    )
    said_paid_at = models.DateTimeField(
        null=True,
        help_text="When the bank said that it was paid, against its own word or after it was taken back",
    )
    arrived_at = models.DateTimeField(
        null=True, help_text="When two people had found out that it arrived all the same"
    )
    is_the_attempt = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(result__in=ONE_ATTEMPT, returned_at__isnull=True), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Of its payment: unanswered, unknown or paid, and not come back",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["payment", "-id"], name="fileline_payment"),
            models.Index(
                fields=["file"], name="fileline_said_paid", condition=models.Q(said_paid_at__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "sequence"], name="fileline_sequence_once"),
            models.UniqueConstraint(
                fields=["payment"],
                name="fileline_one_attempt",
                condition=models.Q(is_the_attempt=True),
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
            pgtrigger.Trigger(
                name="fileline_found_out_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.arrived_at IS DISTINCT FROM NEW.arrived_at "
                    "OR OLD.said_paid_at IS NOT NULL AND NEW.said_paid_at IS NULL"
                ),
                func=(
                    "IF NOT EXISTS (SELECT FROM benefits_whereabouts w WHERE w.line_id = NEW.id AND w.state = 'agreed' "
                    "AND w.outcome = CASE WHEN NEW.arrived_at IS NULL THEN 'never_left' ELSE 'arrived' END) THEN "
                    "RAISE EXCEPTION 'no two people found out where the money of line % is', NEW.id; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="fileline_returned_says_the_statement",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.returned_at IS DISTINCT FROM NEW.returned_at"),
                func=(
                    "IF OLD.returned_at IS NOT NULL OR NOT EXISTS (SELECT FROM benefits_statemententry e "
                    "WHERE e.file_line_id = NEW.id AND e.meaning = 'returned') THEN "
                    "RAISE EXCEPTION 'no statement says that line % came back', NEW.id; END IF; RETURN NEW;"
                ),
            ),
        ]


class Answer(models.Model):
    """An answer file as it was taken in; its bytes are kept by the post (`wire_file`)."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="answers")
    wire_file = models.BigIntegerField(unique=True, help_text="office.WireFile it came in")
    name = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    brought_by = models.CharField(
        max_length=40, blank=True, help_text="Who brought it by hand; empty where it came by itself"
    )
    complete = models.BooleanField()
    verdict = models.CharField(
        max_length=2, blank=True, help_text="What it says of the file as a whole; empty where it does not"
    )
    paid = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    again = models.PositiveIntegerField(help_text="Lines that said what was known already")
    problems = models.JSONField(default=list, help_text="The first of them: line, Chinese, English")
    problem_rows = models.PositiveIntegerField()


class Enquiry(models.Model):
    """One time that a bank was asked what became of a file (查询). `verdict` is empty until it has said."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="enquiries")
    number = models.CharField(max_length=12, unique=True)
    name = models.CharField(
        max_length=120, blank=True, help_text="Of the enquiry's file; empty where asked by hand"
    )
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=40)
    asked_by_name = models.CharField(max_length=80)
    answered_at = models.DateTimeField(null=True)
    verdict = models.CharField(
        max_length=8, blank=True, choices=[("told", "有答复"), ("missing", "银行未收到")]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file"], name="enquiry_one_open", condition=models.Q(verdict="")),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="enquiry_stays", fields=["file", "number", "asked_at", "asked_by"]),
            pgtrigger.Protect(name="enquiry_is_kept", operation=pgtrigger.Delete),
        ]
