"""A card security gateway, played: one file for each request that it carried out, so that it remembers.

What it keeps tells it how often a card was unlocked, and lets it answer a repeated request with the same receipt,
whichever process asks.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.office.wires.folder import FolderWire
from yikatong.office.wires.gateway import Receipt, no_answer

UNLOCKS = 10
"""How often a chip of this city lets itself be unlocked."""


class SimulatedGateway:
    """Does what it is asked; `fall_silent` makes it do it without answering, as a broken line would."""

    def __init__(self, base: Path | None = None) -> None:
        self._wire = FolderWire(base or settings.WIRES_FOLDER, "card-gateway")

    def reset_pin(self, card_identifier: str, request_id: str) -> Receipt | Refused:
        return self._carry_out("reset", card_identifier, request_id)

    def unlock(self, card_identifier: str, request_id: str) -> Receipt | Refused:
        before = {path for path in self._unlocked(card_identifier) if not path.stem.endswith(request_id)}
        if len(before) >= UNLOCKS:
            return Refused(
                "gateway.unlocks_used",
                "卡片芯片的解锁次数已用完，请办理换领。",
                "The chip's unlocks are used up; exchange the card.",
            )
        return self._carry_out("unlock", card_identifier, request_id)

    def unlocks_of(self, card_identifier: str) -> int:
        """How often this chip was unlocked."""
        return len(self._unlocked(card_identifier))

    def fall_silent(self) -> None:
        """From now on every request is carried out, but no answer comes back."""
        self._silence.parent.mkdir(parents=True, exist_ok=True)
        self._silence.touch()

    def speak(self) -> None:
        """Answer again."""
        self._silence.unlink(missing_ok=True)

    @property
    def _silence(self) -> Path:
        return self._wire.out.parent / "silent"

    def _unlocked(self, card_identifier: str) -> list[Path]:
        return list(self._wire.out.glob(f"unlock-{card_identifier}-*.txt"))

    def _carry_out(self, what: str, card_identifier: str, request_id: str) -> Receipt | Refused:
        name = f"{what}-{card_identifier}-{request_id}"
        receipt = "G" + sm3(name.encode()).hex()[:15].upper()
        try:
            self._wire.send(f"{name}.txt", receipt.encode())
        except OSError:
            return no_answer()
        return no_answer() if self._silence.exists() else Receipt(receipt)
