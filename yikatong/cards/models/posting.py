"""Cards that go by courier: where to, with which waybill, and what became of it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.cards.models.cards import Order
from yikatong.cards.posting import POSTING, SENT, WISHED
from yikatong.cards.rules import CLOSED
from yikatong.office.fields import MoneyField, SealedField
from yikatong.office.lifecycle import lifecycle


class Posting(models.Model):
    """The posting of one order's card; one that came back is sent again in the same row, its former way is journalled."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="posting")
    state = models.CharField(max_length=10, default=WISHED.code)
    state_since = models.DateTimeField()
    name = models.CharField(max_length=50)
    phone = SealedField(Sensitive.PHONE)
    address = SealedField(Sensitive.ADDRESS)
    fee_fen = MoneyField(default=0)
    company = models.CharField(max_length=20, blank=True)
    waybill = models.CharField(max_length=30, blank=True)
    signed_by = models.CharField(max_length=50, blank=True)
    signed_on = models.DateField(null=True)

    class Meta:
        constraints, triggers = lifecycle(
            POSTING,
            name="posting",
            more=[
                models.UniqueConstraint(
                    fields=["company", "waybill"],
                    name="posting_waybill_once",
                    condition=~models.Q(waybill=""),
                ),
                models.CheckConstraint(
                    condition=~models.Q(state=SENT.code) | (~models.Q(waybill="") & ~models.Q(company="")),
                    name="posting_sent_with_a_waybill",
                ),
                models.CheckConstraint(condition=models.Q(fee_fen__gte=0), name="posting_fee_not_negative"),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="posting_wished_of_an_open_order",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Insert | pgtrigger.Update,
                    condition=pgtrigger.Condition(f"NEW.state = '{WISHED.code}'"),
                    func="IF EXISTS (SELECT 1 FROM cards_order WHERE id = NEW.order_id AND state IN "  # noqa: S608 - our own states
                    f"{tuple(state.code for state in CLOSED)}) THEN "
                    "RAISE EXCEPTION 'order % is over and is not posted', NEW.order_id; END IF; RETURN NEW;",
                )
            ],
        )
        indexes: ClassVar = [models.Index(fields=["state", "state_since"], name="posting_queue")]
