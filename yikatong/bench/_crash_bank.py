"""The banks of a crash run: processes of others, which are never killed and whose books decide who was paid."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from yikatong.bench._crash_town import BANKS
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.bankfiles.simulator import Bank, Delivery, Mood
from yikatong.benefits.banks import counterpart

FORMS = {"102": "common", "103": "common", "402": "fixed"}


class Banks:
    """They take what lies in our folders away, pay it, and lay their answers down when their time has come."""

    def __init__(self, seed: int, wires: Path) -> None:
        self._random = Random(f"bank {seed}")
        self._wires = wires
        self.banks = {
            code: Bank(profiles()[FORMS[code]], failing=self._random.choice((0, 40, 150)), unclear=80)
            for code in BANKS
        }
        self.received: dict[tuple[str, str], bytes] = {}
        self.copies: list[str] = []
        self._coming: list[tuple[datetime, str, Delivery]] = []

    def look(self, now: datetime) -> None:
        """Take what lies there; lay down what is due."""
        for code in self.banks:
            folder = self._wires / counterpart(code) / "out"
            for path in sorted(folder.iterdir()) if folder.exists() else ():
                if not path.name.startswith("."):
                    content = path.read_bytes()
                    path.unlink()
                    self._take(code, path.name, content, now)
        due = [each for each in self._coming if each[0] <= now]
        self._coming = [each for each in self._coming if each[0] > now]
        for _, code, delivery in due:
            self._lay(code, delivery)

    @property
    def idle(self) -> bool:
        """Whether they have nothing more to say, and all they said was taken."""
        boxes = (self._wires / counterpart(code) / "in" for code in self.banks)
        return not self._coming and not any(box.exists() and any(box.iterdir()) for box in boxes)

    def credited(self) -> Counter[str]:
        """How often money arrived for each row, by the banks' own books."""
        return sum((bank.credited() for bank in self.banks.values()), Counter())

    def _take(self, code: str, name: str, content: bytes, now: datetime) -> None:
        if (code, name) in self.received:
            self.copies.append(f"{code} {name}")
        self.received.setdefault((code, name), content)
        mood = self._random.choice(list(Mood))
        bank = self.banks[code]
        taken = bank.receive(content, now.date(), self._random, mood)
        last = timedelta()
        for each in taken.deliveries:
            late = timedelta(hours=self._random.uniform(0, 30)) if mood is Mood.TIMEOUT else timedelta()
            self._coming.append((now + each.after + late, code, each))
            last = max(last, each.after + late)
        told = bank.enquire(taken.number)
        if told is not None:  # what was unclear becomes clear in the end, and what was cut off comes whole
            self._coming.append(
                (now + last + timedelta(hours=2), code, Delivery(last, f"{taken.number}-9", told))
            )

    def _lay(self, code: str, delivery: Delivery) -> None:
        inbox = self._wires / counterpart(code) / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        aside = inbox / f".{delivery.name}.part"
        aside.write_bytes(delivery.content)
        aside.rename(inbox / f"{delivery.name}.txt")
