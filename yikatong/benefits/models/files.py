"""Tables of payment files, their lines and what banks answered."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.rules import BANK_FILE, FILE_SEALED, ONE_ATTEMPT
from yikatong.office.fields import MoneyField, SealedBytesField
from yikatong.office.lifecycle import lifecycle


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
