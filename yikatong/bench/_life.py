"""Pure: what must become of one person's orders and cards, foretold without asking the house.

A second telling of domain.md 2.1–2.3 in plain words and tables of its own, on purpose not made from the house's
machines: where the two disagree, one of them is wrong. Each step answers whether it must be done and, if so, changes
the life; a step that must be refused leaves it untouched.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from yikatong.bench._applicant import Applicant
from yikatong.bench._pieces import (
    EXPIRES_SOON,
    HOLDER_ALONE,
    TEMPORARY,
    UNLOCKS,
    Application,
    Matter,
    Pin,
    Who,
)


@dataclass
class Life(Applicant):
    """One person as the card desk sees them, with the card in the hand, its PIN, and what two people decide of it."""

    def twin(self) -> Life:
        """Another of the same, on whom an order of deeds can be tried; a third of what `copy.deepcopy` takes."""
        return cast(Life, pickle.loads(pickle.dumps(self)))  # noqa: S301 - our own

    def may_send(self, service: str, who: Who) -> bool:
        if who.role == "holder":
            return not self.minor or service == "temporary_loss"
        if who.role == "guardian":
            return who.right and self.guardian is not None
        return who.right and service not in HOLDER_ALONE

    # --- the card in the hand ------------------------------------------------------------------------------------

    def enable(self, who: Who) -> bool:
        card = self.card
        if not self.may_send("enable", who):
            return False
        if card is None or card.stands != "0" or not card.collected or self.dead:
            return False
        card.stands = "1"
        return True

    def activate(self, who: Who) -> bool:
        card = self.card
        if not self.may_send("activate", who):
            return False
        if card is None or card.stands not in ("0", "1", "3") or card.bank != "inactive" or self.dead:
            return False
        if card.stands == "0" and not card.collected:
            return False
        card.bank = "normal"
        return True

    def lose_for_now(self, at: datetime, which: str, who: Who) -> bool:
        card = self.card
        if card is None or (card.bank != "normal" if which == "bank" else card.stands != "1"):
            return False
        if not self.may_send("temporary_loss", who):
            return False
        if which != "bank":
            card.stands, card.until = "4", at + TEMPORARY
        if which != "social" and card.bank == "normal":
            card.bank, card.bank_until = "stopped", at + TEMPORARY
        return True

    def find_again(self, which: str, who: Who) -> bool:
        card = self.card
        if card is None or self.dead:
            return False
        bank = card.bank == "stopped" and card.bank_until is not None
        if not (bank if which == "bank" else card.stands == "4"):
            return False
        if not self.may_send("release_temporary", who):
            return False
        self._found(which, bank=bank)
        return True

    def lose_for_good(self, which: str, who: Who, service: str = "formal_loss") -> bool:
        card = self.card
        if card is None:
            return False
        bank = card.bank == "normal" or (card.bank == "stopped" and card.bank_until is not None)
        if not (bank if which == "bank" else card.stands in ("1", "3", "4")):
            return False
        if not self.may_send(service, who):
            return False
        if which != "bank":
            card.stands, card.until = "2", None
        if which != "social" and bank:
            card.bank, card.bank_until = "stopped", None
        return True

    def take_loss_back(self, which: str, who: Who, *, releasable: bool) -> bool:
        card = self.card
        if card is None or self.dead:
            return False
        bank = card.bank == "stopped" and card.bank_until is None
        if not (bank if which == "bank" else card.stands == "2"):
            return False
        if card.stands == "2" and (not releasable or self.replaced):
            return False
        if not self.may_send("release_formal", who):
            return False
        self._found(which, bank=card.bank == "stopped")
        return True

    def _found(self, which: str, *, bank: bool) -> None:
        assert self.card is not None
        if which != "bank":
            self.card.stands, self.card.until = "1", None
        if which != "social" and bank:
            self.card.bank, self.card.bank_until = "normal", None

    def run_out(self, at: datetime) -> None:
        card = self.card
        if card is not None and card.stands == "4" and card.until is not None and card.until <= at:
            card.stands, card.until = "1", None
        if card is not None and card.bank_until is not None and card.bank_until <= at:
            card.bank, card.bank_until = "normal", None

    def lock(self) -> bool:
        if self.held != "1" or self.card is None:
            return False
        self.card.stands = "3"
        return True

    def reissue(self, who: Who, application: Application) -> bool:
        card = self.card
        if card is None or card.stands not in ("1", "2", "3", "4") or not self.may_send("reissue", who):
            return False
        if self.struck or self.open_order or (self.minor and self.guardian is None):
            return False
        if card.stands != "2":
            self.lose_for_good("both", who, "reissue")
        return self.apply(application)

    def exchange(self, who: Who, application: Application, *, expired: bool, day: date) -> bool:
        if expired and (self.card is None or day < self.card.valid_until - EXPIRES_SOON):
            return False
        return self.may_send("exchange", who) and self.apply(application)

    def end(self, who: Who) -> bool:
        if not self.held or self.open_order or not self.may_send("cancel", who) or self.card is None:
            return False
        self.card.stands, self.card.until = "9", None
        return True

    def close_account(self) -> bool:
        if self.card is None or self.card.bank == "closed":
            return False
        self.card.bank, self.card.bank_until = "closed", None
        return True

    # --- the chip's PIN ------------------------------------------------------------------------------------------

    def ask_pin(self, action: str, who: Who) -> bool:
        card = self.card
        if card is None or self.dead or card.stands not in (("3",) if action == "unlock" else ("1", "3")):
            return False
        if card.asked is not None or not self.may_send(action, who):
            return False
        if card.stands == "3" and card.unlocks >= UNLOCKS:
            return False
        card.asked = Pin(action, card.stands == "3")
        return True

    def settle_pin(self, request: str, answer: str) -> None:
        """The gateway did it (`done`), did not (`failed`), or nobody knows (`unknown`)."""
        card = self.card
        if card is None or card.asked is None or card.asked.id != request:
            return
        if answer == "unknown":
            card.asked.stands = "unknown"
            return
        if answer == "done" and card.asked.locked:
            card.unlocks += 1
            card.stands = "1" if card.stands == "3" else card.stands
        card.asked = None

    # --- name and number -----------------------------------------------------------------------------------------

    def correct(self, what: str, by: str) -> bool:
        wish = self.wishes.get(what)
        if wish is None or wish.by == by or wish.about != (self.name, self.number):
            return False
        if what == "name":
            self.name = wish.value
        else:
            self.number = wish.value
        if self.order is not None and self.order.stands == "batched":
            self.order.mended = True
        del self.wishes[what]
        return True

    # --- states of life and cases -----------------------------------------------------------------------------------------

    def follow_life(self) -> None:
        """What a death or a household cancellation on record, or its end, means for the open order and the card."""
        if self.order is not None and self.order.open:
            self.order.frozen = self.dead
        for kind, so in (("death", self.dead), ("household", self.away == "household")):
            case = self.cases.get(kind)
            if not so:
                if case is not None and case.stands in ("suggested", "proposed"):
                    case.stands = "lifted"
            elif self.held and self._in_hand() and (case is None or case.stands == "lifted"):
                self.cases[kind] = Matter()

    def _in_hand(self) -> bool:
        """Whether the card does not lie at an outlet, waiting for its own order to be collected."""
        own = self.order is not None and self.card is not None and self.order.card_no == self.card.no
        return not own or (self.order is not None and self.order.stands == "collected")

    def _moot(self, kind: str) -> bool:
        waits = self.order is not None and self.order.stands == "taken_back"
        past = {"death": not self.dead, "household": self.away != "household", "destroy": not waits}
        return not self.held or past[kind]

    def propose(self, kind: str, by: str) -> bool:
        matter = self.cases.get(kind)
        if matter is None or matter.stands != "suggested" or self._moot(kind):
            return False
        matter.stands, matter.by, matter.stood = "proposed", by, self.held
        return True

    def confirm(self, at: datetime, kind: str, by: str) -> bool:
        matter = self.cases.get(kind)
        if matter is None or self.card is None or matter.stands != "proposed" or matter.by == by:
            return False
        if self._moot(kind) or matter.stood != self.held:
            return False
        matter.stands = "done"
        if kind == "destroy":
            self.move(at, ("taken_back",), "destroyed")
        self.card.stands, self.card.until = "9", None
        return True

    def answer(self, kind: str, to: str, by: str) -> bool:
        """Send a proposal back (`suggested`) or drop the case (`dropped`)."""
        matter = self.cases.get(kind)
        froms = ("proposed",) if to == "suggested" else ("suggested", "proposed")
        if matter is None or matter.stands not in froms or matter.by == by:
            return False
        matter.stands = to
        return True
