"""Pure: what a life in a history is made of, and the words and days of domain.md 2.1–2.3 it is foretold with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

CLOSED = ("collected", "cancelled", "destroyed")
CANCELLABLE = ("submitted", "checking", "problem", "bank_opening", "bank_failed", "ready", "make_failed")
BEFORE_BATCH = ("submitted", "checking", "problem", "bank_opening", "bank_failed", "ready")
RETURNABLE = ("made", "at_outlet", "retained")
MARKS = (30, 60, 90)
DESTROY_AFTER = timedelta(days=365)
TEMPORARY = timedelta(days=7)
UNLOCKS = 10
EXPIRES_SOON = timedelta(days=60)
# No agent comes for these.
HOLDER_ALONE = (
    "activate", "temporary_loss", "release_temporary", "release_formal", "reset_pin", "unlock",
)  # fmt: skip

# What a paper about somebody may say: from which states (none: alive) to which.
TURNS: dict[str, tuple[tuple[str, ...], str]] = {
    "cancel_household": (("", "abroad"), "household"),
    "restore_household": (("household",), ""),
    "imprison": (("",), "in_prison"),
    "set_free": (("in_prison",), ""),
    "leave": (("",), "abroad"),
    "come_back": (("abroad",), ""),
}


@dataclass(frozen=True)
class Who:
    """Who came: the holder, a guardian or an agent, with the right papers or without."""

    role: str = "holder"
    right: bool = True


@dataclass(frozen=True)
class Where:
    """How far the person at the counter reaches: the first digits of their region, and their outlet. None: anywhere."""

    region: str
    outlet: str = ""

    def covers(self, region: str, outlet: str = "") -> bool:
        return region.startswith(self.region) and (not self.outlet or not outlet or outlet == self.outlet)


@dataclass
class Application:
    """An order; `number`, `asked_in`, `card_no` and `batch` are learnt from the house, never compared."""

    kind: str
    mode: str
    outlet: str
    region: str
    bank: str
    since: datetime
    stands: str = "submitted"
    asked: bool = False
    frozen: bool = False
    stopped: bool = False
    reminders: int = 0
    retained_at: datetime | None = None
    replaces: bool = False
    post: str = ""
    waybill: str = ""
    slot: str = ""
    fee: str = ""
    taken_by: str = ""
    paid_by: str = ""
    paid_on: date | None = None
    mended: bool = False  # its holder's name or number changed while it was batched
    number: str = ""
    asked_in: str = ""
    card_no: str = ""
    batch: str = ""

    @property
    def open(self) -> bool:
        return self.stands not in CLOSED


@dataclass
class Pin:
    """What the card security gateway was asked; `locked`: the card was locked then. `id` is learnt from the house."""

    action: str
    locked: bool
    stands: str = "asked"
    id: str = ""


@dataclass
class Wish:
    """A correction that waits for another person, of somebody then named and numbered so; `id` is learnt from the house."""

    value: str
    by: str
    about: tuple[str, str]
    id: int = 0


@dataclass
class Piece:
    """A card: both its sides."""

    no: str
    region: str
    valid_until: date
    stands: str = "0"
    bank: str = "inactive"
    collected: bool = False
    until: datetime | None = None
    bank_until: datetime | None = None
    asked: Pin | None = None
    unlocks: int = 0


@dataclass
class Matter:
    """A case that two people decide."""

    stands: str = "suggested"
    by: str = ""
    stood: str = ""
    id: int = 0


def ten_years_from(day: date) -> date:
    """The last valid day of a card made that day."""
    return date(day.year + 10, day.month, min(day.day, 28))
