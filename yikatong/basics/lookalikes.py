"""Han characters that are taken for each other: by the eye (己已巳), or because they are one in two forms (張张).

The table (data/lookalikes.txt) is our own; groups are parted by spaces, and a character may stand in several.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def look_alike(one: str, other: str) -> bool:
    """Whether two different characters are taken for each other."""
    return one != other and bool(_groups().get(one, frozenset()) & _groups().get(other, frozenset()))


def doubles(character: str) -> str:
    """All that are taken for this character, in the order of the table."""
    groups = _groups().get(character, frozenset())
    found = "".join(_table()[each] for each in sorted(groups))
    return "".join(dict.fromkeys(found.replace(character, "")))


@cache
def _table() -> tuple[str, ...]:
    text = (files("yikatong.basics") / "data" / "lookalikes.txt").read_text(encoding="utf-8")
    return tuple(group for group in text.split() if len(set(group)) > 1)


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for place, group in enumerate(_table()):
        for character in group:
            found.setdefault(character, set()).add(place)
    return {character: frozenset(places) for character, places in found.items()}
