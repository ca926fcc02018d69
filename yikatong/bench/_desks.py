"""Everybody who may act in a history, and the outlets they act at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yikatong.bench._pieces import Where
from yikatong.office import clock
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.scope import Scope

# Of the centre that `_ground` opens: region, the bank it belongs to, whether cards are made on the spot.
OUTLETS = {
    "61040000": ("610402", "", True),
    "61040201": ("610402", "102", True),
    "61042201": ("610422", "105", False),
}


# Where a deed is done (domain.md 2.5), in words of its own; what is not named here is done anywhere.
FACE_TO_FACE, NOT_BY_PHONE = ("window", "bank"), ("window", "bank", "online")
DONE_AT = {
    "apply": NOT_BY_PHONE, "hand_over": FACE_TO_FACE, "enable": NOT_BY_PHONE, "record_bank_activation": ("bank",),
    "release_temporary_loss": NOT_BY_PHONE, "report_formal_loss": FACE_TO_FACE, "release_formal_loss": FACE_TO_FACE,
    "reissue": NOT_BY_PHONE, "exchange": NOT_BY_PHONE, "cancel_card": FACE_TO_FACE, "reset_pin": FACE_TO_FACE,
    "unlock": FACE_TO_FACE,
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Somebody who acts: through which door, and how far they reach."""

    actor: Actor
    door: Door
    scope: Scope | None

    @property
    def where(self) -> Where | None:
        if self.scope is None:
            return None
        region = self.scope.region
        return Where(region[:4] if region.endswith("00") else region, self.scope.outlet)

    @property
    def place(self) -> str:
        """Where somebody is who comes to this desk."""
        if self.door is Door.CONSOLE:
            return "bank" if self.actor.outlet and OUTLETS[self.actor.outlet][1] else "window"
        return {Door.PORTAL: "online", Door.HOTLINE: "phone", Door.API: "bank"}.get(self.door, "")

    def offers(self, deed: str) -> bool:
        """Whether this is done here at all."""
        return not self.place or deed not in DONE_AT or self.place in DONE_AT[deed]

    def reaches(self, region: str, outlet: str = "") -> bool:
        return self.where is None or self.where.covers(region, outlet)


def _staff(code: int, region: str, outlet: str = "", door: Door = Door.CONSOLE) -> Desk:
    return Desk(Actor(f"staff:{code}", f"员工{code}", region, outlet), door, Scope(region, outlet))


CLERK, BANK_CLERK, FAR_CLERK = (
    _staff(1, "610402", "61040000"),
    _staff(2, "610402", "61040201"),
    _staff(3, "610422", "61042201"),
)
MANAGER, REVIEWER, HOTLINE = _staff(4, "610400"), _staff(5, "610400"), _staff(6, "610400", door=Door.HOTLINE)
HOLDER = Desk(Actor.resident(1, "本人"), Door.PORTAL, None)
PARTNER = Desk(Actor("partner:1", "合作银行"), Door.API, None)
DESKS = (CLERK, CLERK, BANK_CLERK, FAR_CLERK, MANAGER, MANAGER, REVIEWER, HOTLINE, HOLDER, PARTNER)
CLOCK = Desk(Actor.system("clock"), Door.TASK, None)
FILES = Desk(Actor.system("files"), Door.TASK, None)


class Acting:
    """An act at a moment, the clock standing at it in this thread."""

    def __init__(self, desk: Desk, at: datetime) -> None:
        self._clock = clock.fixed(at)
        self._act = open_act(desk.actor, door=desk.door, at=at)

    def __enter__(self) -> Act:
        self._clock.__enter__()
        return self._act.__enter__()

    def __exit__(self, *failed: object) -> None:
        try:
            self._act.__exit__(*failed)  # type: ignore[arg-type]
        finally:
            self._clock.__exit__(None, None, None)
