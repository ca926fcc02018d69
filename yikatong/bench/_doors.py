"""Every address of the house and what stands behind it, and addresses of things that are really there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

# Where the words of an address are found. What is new here is filled from its like: numbers, or numbers people read out.
_THINGS = {
    "resident_id": "SELECT id FROM residents_resident", "list_id": "SELECT id FROM residents_importlist",
    "pair_id": "SELECT id FROM residents_duplicatepair", "correction_id": "SELECT id FROM residents_correction",
    "case_id": "SELECT id FROM cards_case", "copy_id": "SELECT id FROM cards_receiptcopy",
    "count_id": "SELECT id FROM cards_stockcount", "difference_id": "SELECT id FROM quality_difference",
    "card_no": "SELECT card_no FROM cards_card", "number": "SELECT number FROM cards_order",
    "paper": "SELECT number FROM cards_stockpaper",
    "act": "SELECT DISTINCT act FROM office_entry", "entry_id": "SELECT id FROM office_entry",
    "file_id": "SELECT id FROM office_wirefile", "state": "SELECT DISTINCT state FROM cards_order",
    # A word that means several things is found by the one before it in the address.
    "batches": "SELECT number FROM cards_batch", "comparisons": "SELECT number FROM quality_comparison",
    "unit-lists": "SELECT number FROM cards_applicationlist", "units": "SELECT code FROM cards_unit",
}  # fmt: skip
NOT_OURS = ("allauth.", "django.views.i18n", "django.contrib.staticfiles")


@dataclass(frozen=True)
class Place:
    """An address with blanks; `door` is its mark (`duty:card.apply`, `resident:…`), and `blanks` their kinds by name."""

    route: str
    door: str
    blanks: tuple[tuple[str, str, str], ...] = ()

    @property
    def duty(self) -> str:
        kind, _, what = self.door.partition(":")
        return what if kind == "duty" else ""


def places() -> list[Place]:
    """Every address of ours."""
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], before: str, blanks: tuple[tuple[str, str, str], ...]
) -> Iterator[Place]:
    for each in patterns:
        route = before + str(each.pattern)
        own = blanks + _blanks(each)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route, own)
            continue
        view = getattr(each.callback, "view_class", each.callback)
        if not view.__module__.startswith(NOT_OURS):
            yield Place(route, getattr(each.callback, "door", "") or getattr(view, "door", ""), own)


def _blanks(each: URLPattern | URLResolver) -> tuple[tuple[str, str, str], ...]:
    """(as written in the route, name, kind of converter)"""
    found = []
    for name, converter in getattr(each.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        word = "str" if kind == "string" else kind
        written = f"<{word}:{name}>" if f"<{word}:{name}>" in str(each.pattern) else f"<{name}>"
        found.append((written, name, word))
    return tuple(found)


@dataclass
class Things:
    """What is really there now, to be put into addresses and answers."""

    random: Random
    known: dict[str, list[str]] = field(default_factory=dict)

    def look(self) -> None:
        """Read again what is there, the newest of each."""
        with connection.cursor() as cursor:
            for name, statement in _THINGS.items():
                cursor.execute(f"SELECT * FROM ({statement}) AS t ORDER BY 1 DESC LIMIT 60")  # noqa: S608
                self.known[name] = [str(value) for (value,) in cursor.fetchall()]

    def address(self, place: Place) -> str:
        address = place.route
        for written, name, kind in place.blanks:
            before = address.partition(written)[0].rstrip("/").rpartition("/")[2]
            address = address.replace(written, self._word(before, name, kind), 1)
        return address

    def words(self) -> list[str]:
        """What somebody might type."""
        return [self.random.choice(values) for values in self.known.values() if values]

    def _word(self, before: str, name: str, kind: str) -> str:
        exact = self.known.get(before) or self.known.get(name)
        if exact and self.random.random() < 0.85:
            return self.random.choice(exact)
        if kind == "uuid":
            return self.random.choice(self.known["act"] or ["00000000-0000-0000-0000-000000000000"])
        if kind == "int":
            return str(self.random.choice((0, 1, 2, 3, 10**6, 10**19)))
        readable = [
            *self.known["number"],
            *self.known["batches"],
            *self.known["paper"],
            *self.known["card_no"],
            "x",
        ]
        return self.random.choice(readable)
