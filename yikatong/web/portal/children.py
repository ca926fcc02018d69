"""The minors for whom a signed-in resident is on file as guardian."""

from __future__ import annotations

from yikatong.office import clock
from yikatong.office.rulebook import whole
from yikatong.residents.queries import Person, wards_of
from yikatong.residents.rules import needs_guardian


def children_of(person: Person) -> tuple[Person, ...]:
    """Who they act for today (rule `card.guardian_below_age`), the eldest first."""
    today = clock.today()
    below = whole("card.guardian_below_age", today)
    return tuple(each for each in wards_of(person.number) if needs_guardian(each.birth_on, today, below))
