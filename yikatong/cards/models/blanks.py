"""Tables of blank stock: each blank by its serial, the papers that move blanks, and the counts of two people."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from yikatong.cards.blanks import (
    BLANK,
    CONFIRMED,
    COUNT,
    EXPLAINED,
    IN_HAND,
    IN_STOCK,
    ONE_COUNTED,
    PAPER,
    SPOILT,
    USED,
    WRITTEN,
    PaperKind,
)
from yikatong.cards.models.cards import Order
from yikatong.office.lifecycle import lifecycle
from yikatong.office.models import Outlet

_ALL_BORN = """
IF NEW.kind = 'delivery' AND NEW.state = 'confirmed'
   AND (SELECT count(*) FROM cards_blank WHERE delivery_id = NEW.id) <> NEW.count THEN
    RAISE EXCEPTION 'delivery % is confirmed for % blanks and has others', NEW.id, NEW.count;
END IF;
RETURN NULL;
"""
_OF_ITS_DELIVERY = """
IF NOT EXISTS (SELECT 1 FROM cards_stockpaper p WHERE p.id = NEW.delivery_id AND p.kind = 'delivery'
               AND NEW.serial BETWEEN p.prefix || lpad(p.first::text, 8, '0') AND p.prefix || lpad(p.last::text, 8, '0')
               AND length(NEW.serial) = length(p.prefix) + 8) THEN
    RAISE EXCEPTION 'blank % is none of delivery %', NEW.serial, NEW.delivery_id;
END IF;
RETURN NULL;
"""


class StockPaper(models.Model):
    """出入库单: a range of serials delivered, moved or sent back. Written by one person, confirmed by another."""

    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.zh) for k in PaperKind])
    prefix = models.CharField(max_length=6, blank=True)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    source = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=60, blank=True)
    written_by = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    closed_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=WRITTEN.code)

    class Meta:
        constraints, triggers = lifecycle(
            PAPER,
            name="stock_paper",
            more=[
                models.CheckConstraint(
                    condition=~Q(state=CONFIRMED.code) | (~Q(closed_by="") & ~Q(closed_by=F("written_by"))),
                    name="stock_paper_two_pairs_of_eyes",
                ),
                models.CheckConstraint(
                    condition=Q(count=F("last") - F("first") + 1), name="stock_paper_counts"
                ),
                models.CheckConstraint(
                    condition=~Q(kind="delivery") | Q(source__isnull=True, target__isnull=False),
                    name="stock_paper_delivered_somewhere",
                ),
                models.CheckConstraint(
                    condition=~Q(kind="transfer") | Q(source__isnull=False, target__isnull=False),
                    name="stock_paper_from_place_to_place",
                ),
                models.CheckConstraint(
                    condition=~Q(kind="return") | Q(source__isnull=False, target__isnull=True),
                    name="stock_paper_sent_back_from_somewhere",
                ),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="stock_paper_all_born",
                    when=pgtrigger.After,
                    operation=pgtrigger.Insert | pgtrigger.Update,
                    timing=pgtrigger.Deferred,
                    func=_ALL_BORN,
                ),
                pgtrigger.Protect(name="stock_paper_stays", operation=pgtrigger.Delete),
            ],
        )


class Blank(models.Model):
    """One blank card. It is born by its delivery and never leaves the table."""

    serial = models.CharField(max_length=14, unique=True)
    delivery = models.ForeignKey(StockPaper, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(
        StockPaper, null=True, on_delete=models.PROTECT, related_name="+", help_text="The paper it moves with"
    )
    place = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.CharField(max_length=40, blank=True, help_text="The clerk in whose hand it is")
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=60, blank=True, help_text="Why it is spoilt")
    state = models.CharField(max_length=12, default=IN_STOCK.code)
    state_since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["place", "state", "serial"], name="blank_on_the_shelf")]
        constraints, triggers = lifecycle(
            BLANK,
            name="blank",
            more=[
                models.CheckConstraint(
                    condition=~Q(state=USED.code) | Q(order__isnull=False),
                    name="blank_used_for_an_order",
                ),
                models.CheckConstraint(
                    condition=~Q(state=IN_HAND.code) | ~Q(holder=""), name="blank_in_somebodys_hand"
                ),
                models.CheckConstraint(
                    condition=~Q(state=SPOILT.code) | ~Q(reason=""), name="blank_spoilt_for_a_reason"
                ),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="blank_of_its_delivery",
                    when=pgtrigger.After,
                    operation=pgtrigger.Insert | pgtrigger.Update,
                    timing=pgtrigger.Deferred,
                    func=_OF_ITS_DELIVERY,
                ),
                pgtrigger.Protect(name="blank_stays", operation=pgtrigger.Delete),
            ],
        )


class StockCount(models.Model):
    """盘点: two people count the same place, neither knowing what the other found; a difference must be explained.

    What should have been there is noted at each count: blanks may move between the two.
    """

    place = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+")
    first = models.PositiveIntegerField()
    first_expected = models.PositiveIntegerField()
    first_by = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    second = models.PositiveIntegerField(null=True)
    second_expected = models.PositiveIntegerField(null=True)
    second_by = models.CharField(max_length=40, blank=True)
    second_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=200, blank=True)
    explained_by = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, default=ONE_COUNTED.code)

    class Meta:
        constraints, triggers = lifecycle(
            COUNT,
            name="stock_count",
            more=[
                models.CheckConstraint(
                    condition=Q(state=ONE_COUNTED.code)
                    | (Q(second__isnull=False) & ~Q(second_by="") & ~Q(second_by=F("first_by"))),
                    name="stock_count_two_people",
                ),
                models.CheckConstraint(
                    condition=~Q(state="agrees") | Q(first=F("first_expected"), second=F("second_expected")),
                    name="stock_count_agrees_where_it_does",
                ),
                models.CheckConstraint(
                    condition=~Q(state=EXPLAINED.code)
                    | (
                        ~Q(explanation="")
                        & ~Q(explained_by="")
                        & ~Q(explained_by=F("first_by"))
                        & ~Q(explained_by=F("second_by"))
                    ),
                    name="stock_count_explained_by_a_third",
                ),
                models.UniqueConstraint(
                    fields=["place"],
                    name="stock_count_one_open_per_place",
                    condition=Q(state=ONE_COUNTED.code),
                ),
            ],
        )
