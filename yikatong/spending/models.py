"""Tables of vouchers. Private to this package: others ask `queries`, and count from the journal."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.office.fields import MoneyField
from yikatong.office.lifecycle import lifecycle
from yikatong.spending.rules import CATEGORIES, ENTERED, POSTED, VOUCHER_LIST


class VoucherList(models.Model):
    """One file of vouchers. Who entered it does not post it; `digest` is the SM3 of its lines."""

    number = models.CharField(max_length=12, unique=True)
    file_name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32)
    lines = models.PositiveIntegerField()
    fen = MoneyField(help_text="Sum of its lines")
    first_on = models.DateField()
    last_on = models.DateField()
    state = models.CharField(max_length=10, default=ENTERED.code)
    state_since = models.DateTimeField()
    maker = models.CharField(max_length=40)
    maker_name = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    checker = models.CharField(max_length=40, blank=True)
    checker_name = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="voucher_list_queue")]
        constraints, triggers = lifecycle(
            VOUCHER_LIST,
            name="voucher_list",
            more=[
                models.CheckConstraint(
                    condition=~models.Q(checker=models.F("maker")), name="voucher_list_two_pairs_of_eyes"
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=POSTED.code) | ~models.Q(checker=""),
                    name="voucher_list_posted_by_somebody",
                ),
            ],
            more_triggers=[
                pgtrigger.ReadOnly(
                    name="voucher_list_stays",
                    fields=["number", "digest", "lines", "fen", "first_on", "last_on", "maker", "entered_at"],
                )
            ],
        )

    def __str__(self) -> str:
        return self.number


class Voucher(models.Model):
    """One line of a voucher: paid money. The lines of a list that is not posted in the end are taken away again."""

    voucher_list = models.ForeignKey(VoucherList, on_delete=models.CASCADE, related_name="vouchers")
    row = models.PositiveIntegerField(help_text="Of the file")
    year = models.PositiveSmallIntegerField()
    voucher = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField(help_text="Which line of its voucher")
    paid_on = models.DateField()
    summary = models.CharField(max_length=60)
    category = models.CharField(max_length=2)
    economic = models.CharField(max_length=5)
    project = models.CharField(max_length=120, blank=True)
    tag = models.CharField(max_length=4, blank=True)
    fen = MoneyField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "voucher", "place"], name="voucher_line_once"),
            models.CheckConstraint(
                condition=models.Q(category__in=CATEGORIES), name="voucher_category_known"
            ),
            models.CheckConstraint(condition=~models.Q(fen=0), name="voucher_not_nothing"),
            models.CheckConstraint(
                condition=models.Q(category="项目", project__gt="")
                | (~models.Q(category="项目") & models.Q(project="")),
                name="voucher_project_named",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="voucher_stays", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="voucher_of_posted_list_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM spending_voucherlist WHERE state = 'posted' "
                    "AND id IN (OLD.voucher_list_id, NEW.voucher_list_id)) THEN "
                    "RAISE EXCEPTION 'what was posted stays as it is: reverse it by a line below nothing'; END IF; "
                    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.voucher}/{self.place}"
