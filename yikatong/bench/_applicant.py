"""Pure: what must become of one person's application, from the counter or the courier's list to the hand.

Told a second time, as in `_life.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from yikatong.bench._person import Person
from yikatong.bench._pieces import (
    BEFORE_BATCH,
    CANCELLABLE,
    DESTROY_AFTER,
    MARKS,
    RETURNABLE,
    Application,
    Matter,
    Piece,
    Who,
    ten_years_from,
)


@dataclass
class Applicant(Person):
    """One person as the order desk sees them: the last order, the last card, and the cases of that card."""

    order: Application | None = None
    card: Piece | None = None
    cases: dict[str, Matter] = field(default_factory=dict)
    bank_calls: dict[str, tuple[str, ...]] = field(default_factory=dict)

    # --- what may be asked of it ---------------------------------------------------------------------------------

    @property
    def held(self) -> str:
        """The state of the card that has not ended; empty where there is none."""
        return self.card.stands if self.card is not None and self.card.stands != "9" else ""

    @property
    def open_order(self) -> bool:
        return self.order is not None and self.order.open

    @property
    def replaced(self) -> bool:
        """Whether a successor of the card in the hand was applied for: what was collected is that card itself, and what was
        withdrawn or destroyed comes no more."""
        return self.order is not None and self.order.replaces and self.order.open

    # --- orders --------------------------------------------------------------------------------------------------

    def may_apply(self, kind: str) -> bool:
        if self.struck or self.open_order or (self.minor and self.guardian is None):
            return False
        return {
            "new": self.held == "",
            "reissue": self.held == "2",
            "exchange": self.held in ("1", "3"),
        }[kind]

    def apply(self, application: Application) -> bool:
        if not self.may_apply(application.kind):
            return False
        again = application.kind != "new"
        self.order = replace(application, replaces=again, fee="due" if again else "")
        return True

    def move(self, at: datetime, froms: tuple[str, ...], to: str) -> bool:
        """Take the order from one of these states on."""
        if self.order is None or self.order.stands not in froms:
            return False
        self.order.stands, self.order.since, self.order.mended = to, at, False
        if to in ("collected", "destroyed", "cancelled") and self.order.post == "wished":
            self.order.post = "withdrawn"
        if to in ("cancelled", "destroyed"):
            self.end_fee(to)
        if to in ("submitted", "bank_opening", "problem", "bank_failed", "ready", "cancelled", "taken_back"):
            self.order.asked = False
        return True

    def end_fee(self, to: str) -> None:
        """What was due is not any more; what was paid for a card that was never given out is owed."""
        order = self.order
        if order is not None and order.fee == "due":
            order.fee = "over"
        if order is not None and order.fee == "paid" and to == "cancelled":
            order.fee = "owed"

    def pay(self, at: datetime, by: str) -> bool:
        order = self.order
        if order is None or order.fee != "due":
            return False
        order.fee, order.paid_by, order.paid_on = "paid", by, at.date()
        return True

    def unpay(self, at: datetime, by: str) -> bool:
        order = self.order
        if order is None or order.fee != "paid" or order.paid_by != by or order.paid_on != at.date():
            return False
        order.fee = "due"
        return True

    def waive(self, by: str) -> bool:
        if self.order is None or self.order.fee != "due" or self.order.taken_by == by:
            return False
        self.order.fee = "waived"
        return True

    def refund(self, by: str) -> bool:
        if self.order is None or self.order.fee != "owed" or self.order.paid_by == by:
            return False
        self.order.fee = "refunded"
        return True

    def resubmit(self, at: datetime) -> bool:
        return not self.dead and self.move(at, ("problem", "bank_failed"), "submitted")

    def stop(self, at: datetime) -> bool:
        if self.order is None or not self.order.open or self.order.stopped:
            return False
        self.order.stopped = True
        self.close_stopped(at)
        return True

    def close_stopped(self, at: datetime) -> None:
        if self.order is not None and self.order.stopped:
            self.move(at, CANCELLABLE, "cancelled") or self.move(at, RETURNABLE, "taken_back")

    def lay_out(self, at: datetime) -> bool:
        order = self.order
        if order is None or order.stopped or order.frozen or not self.move(at, ("taken_back",), "at_outlet"):
            return False
        order.reminders, order.retained_at = 0, None
        return True

    def remind(self, at: datetime) -> None:
        order = self.order
        if order is None or order.stands != "at_outlet" or order.frozen or order.stopped:
            return
        if order.post == "wished":
            return  # that one waits for us
        passed = sum(order.since + timedelta(days=mark) <= at for mark in MARKS)
        order.reminders = max(order.reminders, passed)
        if passed == len(MARKS):
            order.retained_at = at
            self.move(at, ("at_outlet",), "retained")

    def suggest_destruction(self, at: datetime) -> None:
        order = self.order
        if order is None or order.stands != "taken_back" or not self.held:
            return
        due = order.stopped or (order.retained_at is not None and order.retained_at <= at - DESTROY_AFTER)
        if due and self.cases.get("destroy", Matter("lifted")).stands == "lifted":
            self.cases["destroy"] = Matter()

    def born(self, at: datetime) -> None:
        """The maker's good row: the old card ends, the new one is born."""
        if self.order is not None and self.move(at, ("making",), "made"):
            self.card = Piece(self.order.card_no, self.order.region, ten_years_from(at.date()))
            self.cases = {}

    def collect(self, at: datetime, who: Who, signed: bool) -> bool:
        order, card = self.order, self.card
        if order is None or card is None or order.frozen or order.stopped or self.struck or not signed:
            return False
        fits = {
            "holder": who.right and not self.minor,
            "guardian": who.right and self.guardian is not None,
            "agent": who.right,
        }
        if not fits[who.role] or card.stands != "0":
            return False
        if not self.move(at, ("at_outlet", "retained"), "collected"):
            return False
        card.collected = True
        return True

    def collect_at(self, outlet: str, region: str) -> bool:
        order = self.order
        if order is None or order.mode == "instant" or order.stands not in BEFORE_BATCH:
            return False
        if order.stopped or order.frozen or order.outlet == outlet:
            return False
        order.outlet, order.region = outlet, region
        return True

    # --- by courier ----------------------------------------------------------------------------------------------

    def wish_post(self) -> bool:
        order = self.order
        if order is None or order.mode == "instant" or not order.open or order.stands == "in_post":
            return False
        if order.stopped or order.frozen:
            return False
        order.post, order.waybill = "wished", ""
        return True

    def collect_after_all(self) -> bool:
        if self.order is None or self.order.post != "wished":
            return False
        self.order.post = "withdrawn"
        return True

    def post(self, at: datetime, waybill: str) -> bool:
        order, card = self.order, self.card
        if order is None or order.post != "wished" or order.frozen or order.stopped or self.struck:
            return False
        if card is None or card.stands != "0" or not self.move(at, ("at_outlet", "retained"), "in_post"):
            return False
        order.post, order.waybill = "sent", waybill
        return True

    def delivered(self, at: datetime, waybill: str) -> bool:
        order = self._on_the_way(waybill)
        if order is None or self.card is None or order.frozen:
            return False
        order.post, self.card.collected = "delivered", True
        return self.move(at, ("in_post",), "collected")

    def brought_back(self, at: datetime, waybill: str) -> bool:
        order = self._on_the_way(waybill)
        if order is None:
            return False
        order.post, order.reminders, order.retained_at = "came_back", 0, None
        self.move(at, ("in_post",), "at_outlet")
        if order.frozen:  # nobody waits for it
            order.retained_at = at
            self.move(at, ("at_outlet",), "taken_back")
        return True

    def lost_in_post(self, at: datetime, waybill: str) -> bool:
        order = self._on_the_way(waybill)
        if order is None or self.card is None:
            return False
        order.post, self.card.stands, self.card.until = "lost", "9", None
        return self.move(at, ("in_post",), "cancelled")

    def _on_the_way(self, waybill: str) -> Application | None:
        order = self.order
        return order if order is not None and order.post == "sent" and order.waybill == waybill else None
