"""Tables of the banks' statements of account, and of what differs between the banks and us."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.models.added import added_together
from yikatong.benefits.models.batches import PaymentBatch
from yikatong.benefits.models.files import BankFile, FileLine
from yikatong.benefits.rules import CLOSED, DISCREPANCY, NOBODYS, TAKEN
from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle

MEANINGS: dict[str, tuple[str, str]] = {
    "debit": ("代发文件扣款", "a file's sum left"),
    "paid": ("单笔扣款", "one payment left"),
    "returned": ("单笔退回", "one payment came back"),
    "again": ("前一份不完整的对账单已记", "stood in the statement that was not whole"),
    "": ("未认出", "not recognised"),
}
"""What an entry of a statement is to us; whatever is not recognised is a difference that somebody looks into."""


class AccountStatement(models.Model):
    """A bank's statement of our account (对账单), stored once; its bytes are kept by the post (`wire_file`).

    A complete one adds up: opening balance and entries are the closing balance. One that does not is kept as far as it
    could be read, and may come once more under its number, whole.
    """

    bank_code = models.CharField(max_length=3)
    account = models.CharField(max_length=34, help_text="The centre's own, from rule benefit.payer")
    number = models.CharField(max_length=35, help_text="As the bank numbers it")
    on = models.DateField(help_text="Day of the closing balance")
    opening_fen = MoneyField(default=0, help_text="Nought where it cannot be read; then it is not complete")
    closing_fen = MoneyField(default=0)
    entries = models.PositiveIntegerField()
    complete = models.BooleanField()
    problem_rows = models.PositiveIntegerField()
    wire_file = models.BigIntegerField(unique=True, help_text="office.WireFile it came in")
    name = models.CharField(max_length=120)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank_code", "account", "on", "number"],
                name="accountstatement_once",
                condition=models.Q(complete=True),
            ),
            models.CheckConstraint(
                condition=models.Q(complete=False)
                | models.Q(entries__gt=0)
                | models.Q(opening_fen=models.F("closing_fen")),
                name="accountstatement_of_nothing_moves_nothing",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="accountstatement_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def broken_before(self) -> models.QuerySet[AccountStatement]:
        """What came under the same number before, and was not whole."""
        same = AccountStatement.objects.filter(
            bank_code=self.bank_code, account=self.account, on=self.on, number=self.number, complete=False
        )
        return same.exclude(pk=self.pk)


ADDS_UP = added_together(
    "statemententry_adds_up",
    (
        "SELECT FROM (SELECT statement_id, count(*) AS entries, sum(fen) AS fen, "
        "min(place) AS first, max(place) AS last FROM added GROUP BY statement_id) t "
        "LEFT JOIN benefits_accountstatement s ON s.id = t.statement_id "
        "WHERE s.id IS NULL OR t.entries <> s.entries OR t.first <> 1 OR t.last <> s.entries "
        "OR (s.complete AND s.opening_fen + t.fen <> s.closing_fen)",
        "the entries are not what the statement says",
    ),
    (
        "SELECT FROM added a LEFT JOIN benefits_bankfile f ON f.id = a.file_id "
        "LEFT JOIN benefits_fileline l ON l.id = a.file_line_id AND l.file_id = a.file_id "
        "WHERE (a.meaning = 'debit' AND (f.fen IS NULL OR a.fen <> -f.fen OR a.file_line_id IS NOT NULL)) "
        "OR (a.meaning = 'paid' AND (l.fen IS NULL OR a.fen <> -l.fen)) "
        "OR (a.meaning = 'returned' AND (l.fen IS NULL OR a.fen <> l.fen))",
        "an entry is not what was sent",
    ),
)
"""The entries of a statement are added in one statement, from the first to the last: as many as it says, and they make its
closing balance; what is recognised has the amount sent."""


class StatementEntry(models.Model):
    """One movement of our account, as the bank tells it, and what it is to us. `fen` is negative for what went out."""

    statement = models.ForeignKey(AccountStatement, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(help_text="In the statement, from 1")
    line = models.PositiveIntegerField(help_text="Of the bank's file")
    fen = MoneyField()
    on = models.DateField()
    serial = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=140, blank=True)
    said_file = models.CharField(max_length=16, blank=True)
    said_row = models.CharField(max_length=16, blank=True)
    meaning = models.CharField(
        max_length=10, blank=True, choices=[(code, zh) for code, (zh, _) in MEANINGS.items()]
    )
    file = models.ForeignKey(
        BankFile,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    file_line = models.ForeignKey(
        FileLine, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["file"], name="statemententry_file", condition=models.Q(file__isnull=False))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "place"], name="statemententry_place_once"),
            models.CheckConstraint(
                condition=models.Q(meaning__in=list(MEANINGS)), name="statemententry_meaning_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(meaning__in=["paid", "returned"]) | models.Q(file_line__isnull=False),
                name="statemententry_of_a_line",
            ),
            models.UniqueConstraint(
                fields=["file"], name="statemententry_debit_once", condition=models.Q(meaning="debit")
            ),
            models.UniqueConstraint(
                fields=["file_line", "meaning"],
                name="statemententry_line_once",
                condition=models.Q(meaning__in=["paid", "returned"]),
            ),
        ]
        triggers: ClassVar = [
            ADDS_UP,
            pgtrigger.Protect(name="statemententry_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Discrepancy(models.Model):
    """One difference (对账差错), open until the person who took it says what came of it. `mark` is what differs: once."""

    mark = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=[(each.value, each.zh) for each in Differs])
    region = models.CharField(max_length=6, blank=True)
    bank_code = models.CharField(max_length=3, blank=True)
    batch = models.ForeignKey(PaymentBatch, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(BankFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement = models.ForeignKey(
        AccountStatement, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = models.PositiveIntegerField(default=0, help_text="Of the bank's file")
    rows = models.PositiveIntegerField(default=1)
    fen = MoneyField(default=0)
    zh = models.CharField(max_length=300)
    en = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=6, default=NOBODYS.code)
    state_since = models.DateTimeField()
    owner = models.CharField(max_length=40, blank=True)
    owner_name = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="discrepancy_state")]
        constraints, triggers = lifecycle(
            DISCREPANCY,
            name="discrepancy",
            more=[
                models.CheckConstraint(
                    condition=~models.Q(state=TAKEN.code) | ~models.Q(owner=""),
                    name="discrepancy_taken_by_somebody",
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=CLOSED.code) | (~models.Q(outcome="") & ~models.Q(owner="")),
                    name="discrepancy_closed_with_its_outcome",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="discrepancy_stays",
                    fields=["mark", "kind", "batch", "file", "statement", "line", "rows", "fen", "zh", "en"],
                ),
                pgtrigger.Protect(name="discrepancy_is_kept", operation=pgtrigger.Delete),
                pgtrigger.Trigger(
                    name="discrepancy_closed_stays",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        f"OLD.state = '{CLOSED.code}' AND OLD.* IS DISTINCT FROM NEW.*"
                    ),
                    func="RAISE EXCEPTION 'what came of difference % stays', OLD.id;",
                ),
            ],
        )
