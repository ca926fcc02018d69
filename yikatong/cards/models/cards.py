"""Tables of orders, batches and cards."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from yikatong.basics.masking import Sensitive
from yikatong.cards.fees import DUE, PAID
from yikatong.cards.rules import (
    ASSEMBLED,
    BANK,
    BANK_INACTIVE,
    BATCH,
    CANCELLED,
    CARD,
    CLOSED,
    COLLECTED,
    ENDED,
    IN_POST,
    NOT_WHILE_FROZEN,
    OPEN_STATES,
    ORDER,
    RELEASED,
    RETURNED,
    SEALED,
    SUBMITTED,
    Mode,
    OrderKind,
)
from yikatong.office.fields import LookupField, MoneyField, SealedField, WithKeys
from yikatong.office.lifecycle import lifecycle
from yikatong.office.models import Outlet
from yikatong.residents.models import Resident


class Batch(models.Model):
    """A making batch. Who assembled it may not release it; what is released is what was assembled (`digest`)."""

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=12, default=ASSEMBLED.code)
    orders = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32, help_text="SM3 of the making file as assembled")
    assembled_by = models.CharField(max_length=40)
    assembled_at = models.DateTimeField()
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints, triggers = lifecycle(
            BATCH,
            name="batch",
            more=[
                models.CheckConstraint(
                    condition=~models.Q(released_by=models.F("assembled_by")), name="batch_two_pairs_of_eyes"
                ),
                models.CheckConstraint(
                    condition=~models.Q(state__in=(RELEASED.code, RETURNED.code)) | ~models.Q(released_by=""),
                    name="batch_released_by_someone",
                ),
            ],
        )


class Order(WithKeys):
    """A card order (制卡申请). `region` and `outlet` are where it is collected, and who may see it.

    An order changes its state ten times and each change writes every index, so there are no indexes but those a
    query needs: the keys' own are left out where a named one begins with the same column or nobody asks by it.
    """

    number = models.CharField(max_length=12, help_text="Receipt number 受理编号")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=[(k.value, k.zh) for k in OrderKind])
    mode = models.CharField(max_length=10, choices=[(m.value, m.zh) for m in Mode])
    reason = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=12)
    region = models.CharField(max_length=6)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    bank_code = models.CharField(max_length=3)
    fee_fen = MoneyField(default=0)
    applied_at = models.DateTimeField()
    promised_on = models.DateField()
    state = models.CharField(max_length=12, default=SUBMITTED.code)
    state_since = models.DateTimeField()
    problem_code = models.CharField(max_length=30, blank=True)
    problem_text = models.CharField(max_length=120, blank=True)
    card_no = models.CharField(max_length=9, blank=True, help_text="Assigned by the province when matched")
    bank_pan = SealedField(Sensitive.ACCOUNT, blank=True, help_text="Account opened by the bank")
    bank_pan_key = LookupField("bank_pan")
    asked = models.CharField(
        max_length=12,
        blank=True,
        help_text="Number of the file whose answer is awaited from province or bank",
    )
    batch = models.ForeignKey(
        Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    frozen_at = models.DateTimeField(
        null=True, help_text="Since when the order rests because its holder died"
    )
    stopped_at = models.DateTimeField(
        null=True, help_text="Since when it is to be closed as soon as it can be"
    )
    stopped_by = models.CharField(max_length=40, blank=True, db_default="")
    stop_reason = models.CharField(max_length=60, blank=True, db_default="")
    retained_at = models.DateTimeField(null=True, help_text="When nobody had collected it for too long")
    reminders = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many reminders have gone out"
    )
    replaces = models.ForeignKey(
        "Card", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "region", "state_since"], name="order_queue"),
            models.Index(fields=["resident", "-id"], name="order_resident"),
            models.Index(fields=["batch"], name="order_batch", condition=models.Q(batch__isnull=False)),
            models.Index(
                fields=["replaces"], name="order_replaces", condition=models.Q(replaces__isnull=False)
            ),
        ]
        constraints, triggers = lifecycle(
            ORDER,
            name="order",
            more=[
                models.UniqueConstraint(fields=["number"], name="order_number_once"),
                models.CheckConstraint(
                    condition=models.Q(frozen_at=None) | ~models.Q(state=COLLECTED.code),
                    name="order_frozen_not_collected",
                ),
                models.CheckConstraint(
                    condition=models.Q(stopped_at=None)
                    | (~models.Q(stopped_by="") & ~models.Q(stop_reason="")),
                    name="order_stopped_by_someone",
                ),
                models.CheckConstraint(condition=models.Q(fee_fen__gte=0), name="order_fee_not_negative"),
                models.UniqueConstraint(
                    fields=["resident"],
                    name="order_one_open_per_person",
                    condition=models.Q(state__in=OPEN_STATES),
                ),
                models.UniqueConstraint(
                    fields=["card_no"],
                    name="order_card_no_once",
                    condition=~models.Q(card_no="") & ~models.Q(state=CANCELLED.code),
                ),
            ],
            more_triggers=[
                pgtrigger.Trigger(
                    name="order_frozen_rests",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        "OLD.frozen_at IS NOT NULL AND (OLD.state || ':' || NEW.state) IN "
                        + str(tuple(f"{a}:{b}" for event in NOT_WHILE_FROZEN for a, b in ORDER.routes(event)))
                    ),
                    func="RAISE EXCEPTION 'order % is frozen', OLD.number;",
                ),
                pgtrigger.Trigger(
                    name="order_settles_its_fee",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        "OLD.state IS DISTINCT FROM NEW.state AND NEW.fee_fen > 0 AND NEW.state IN "
                        + str((IN_POST.code, *(state.code for state in CLOSED)))
                    ),
                    # Given out only once a fee that goes first is settled; nothing is due, or paid for nothing, after the end.
                    func="IF EXISTS (SELECT 1 FROM cards_fee WHERE order_id = NEW.id AND CASE "  # noqa: S608 - our own states
                    f"WHEN NEW.state IN {(IN_POST.code, COLLECTED.code)} THEN first AND state = '{DUE.code}' "
                    f"WHEN NEW.state = '{CANCELLED.code}' THEN state IN {(DUE.code, PAID.code)} "
                    f"ELSE state = '{DUE.code}' END) THEN "
                    "RAISE EXCEPTION 'the fee of order % is not settled', NEW.number; END IF; RETURN NEW;",
                ),
                pgtrigger.Trigger(
                    name="order_closed_is_not_posted",
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Condition(
                        "OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN "
                        + str(tuple(state.code for state in CLOSED))
                    ),
                    func="IF EXISTS (SELECT 1 FROM cards_posting WHERE order_id = NEW.id AND state = 'wished') THEN "
                    "RAISE EXCEPTION 'order % is still to be posted', NEW.number; END IF; RETURN NEW;",
                ),
            ],
        )


class Card(models.Model):
    """A social security card: two applications on one piece of plastic, each with its own state."""

    card_no = models.CharField(max_length=9)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="card")
    region = models.CharField(max_length=6, help_text="Issuer region")
    outlet = models.CharField(max_length=12, blank=True)
    bank_code = models.CharField(max_length=3)
    bank_pan = SealedField(Sensitive.ACCOUNT)
    card_identifier = models.CharField(max_length=32, blank=True)
    card_reset = models.CharField(max_length=26, blank=True)
    box_slot = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=1, default=SEALED.code)
    state_since = models.DateTimeField()
    bank_state = models.CharField(max_length=10, default=BANK_INACTIVE.code)
    temporary_loss_until = models.DateTimeField(null=True, help_text="When a temporary loss releases itself")
    bank_loss_until = models.DateTimeField(
        null=True, help_text="The same for the bank side, if it was temporary"
    )
    collected_at = models.DateTimeField(null=True)
    collected_by = models.CharField(
        max_length=60, blank=True, help_text="Receiver, and agent or guardian if any"
    )
    error_confirmed_at = models.DateTimeField(
        null=True, help_text="When an issuing error of ours was confirmed"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident", "-id"], name="card_resident"),
            models.Index(
                fields=["temporary_loss_until"],
                name="card_loss_runs_out",
                condition=models.Q(temporary_loss_until__isnull=False),
            ),
            models.Index(
                fields=["bank_loss_until"],
                name="card_bank_loss_runs_out",
                condition=models.Q(bank_loss_until__isnull=False),
            ),
        ]
        _card = lifecycle(
            CARD,
            name="card",
            more=[
                models.UniqueConstraint(fields=["card_no"], name="card_number_once"),
                models.UniqueConstraint(
                    fields=["resident"],
                    name="card_one_valid_per_person",
                    condition=~models.Q(state=ENDED.code),
                ),
            ],
        )
        _bank = lifecycle(BANK, name="card", field="bank_state")
        constraints = _card[0] + _bank[0]
        triggers = _card[1] + _bank[1]
        del _card, _bank
