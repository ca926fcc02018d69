"""Pure: one person as the base library knows them in a history: names, state of life, corrections that wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from yikatong.bench._pieces import TURNS, Wish


@dataclass
class Person:
    """`dead`, or `away` by one of the other states of life; `told_by` recorded the one that stands."""

    id: int
    number: str
    name: str
    born_on: date = date(1980, 1, 1)
    minor: bool = False
    guardian: tuple[str, str] | None = None
    dead: bool = False
    away: str = ""
    told_by: str = ""
    wishes: dict[str, Wish] = field(default_factory=dict)
    survivor: int | None = None
    steps: int = 0

    @property
    def state(self) -> str:
        return "dead" if self.dead else self.away or "alive"

    @property
    def struck(self) -> bool:
        """Whether the city gives this person no card: no application is taken and none handed out."""
        return self.dead or self.away == "household"

    def grow(self, day: date) -> None:
        """A child comes of age on its sixteenth birthday, however long the walk has gone on."""
        of_age = (self.born_on.year + 16, self.born_on.month, self.born_on.day)
        self.minor = (day.year, day.month, day.day) < of_age

    # --- states of life ------------------------------------------------------------------------------------------

    def turn(self, event: str, by: str) -> bool:
        froms, to = TURNS[event]
        if self.dead or self.away not in froms:
            return False
        self.away, self.told_by = to, by
        return True

    def correct_life(self, by: str) -> bool:
        """It was recorded in error, says another."""
        if self.dead or not self.away or by == self.told_by:
            return False
        self.away, self.told_by = "", ""
        return True

    def die(self, by: str) -> bool:
        if self.dead:
            return False
        self.dead, self.away, self.told_by = True, "", by
        return True

    def rise(self, by: str) -> bool:
        if not self.dead or by == self.told_by:
            return False
        self.dead, self.told_by = False, ""
        return True

    # --- name and number -----------------------------------------------------------------------------------------

    def wish(self, what: str, value: str, by: str) -> bool:
        if what in self.wishes or value == (self.name if what == "name" else self.number):
            return False
        self.wishes[what] = Wish(value, by, (self.name, self.number))
        return True

    def put_by(self, what: str, by: str, *, own: bool) -> bool:
        """Withdrawn by who asked (`own`), or returned by another."""
        wish = self.wishes.get(what)
        if wish is None or own is not (wish.by == by):
            return False
        del self.wishes[what]
        return True
