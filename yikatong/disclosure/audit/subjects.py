"""政府收支分类科目: the codes of functions and economic classes by the year in which their names begin to hold."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

from yikatong.disclosure.audit.lists import rows_of
from yikatong.disclosure.audit.region import KEPT

_KINDS = {"2": "function", "3": "economic", "5": "government"}


@cache
def _known() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows_of("subjects", "subjects"):
        found[row["code"]][int(row["first_year"])] = row["name"]
    return found


def dimension_of(code: str) -> str:
    """The dimension a code belongs to by its first digit and length, "" where it is no subject code."""
    if not (code.isascii() and code.isdigit()):
        return ""
    lengths = (3, 5, 7) if code[0] == "2" else (3, 5)
    return _KINDS.get(code[0], "") if len(code) in lengths else ""


def name_of(code: str, year: int) -> str:
    """The code's name in that year, "" where it is not in the list we have (which says nothing against it)."""
    names = _known().get(code, {})
    return next((names[first] for first in sorted(names, reverse=True) if first <= year), "")


@lru_cache(maxsize=KEPT)
def code_by_name(name: str, dimension: str, length: int = 0) -> str:
    """The code with this name in the newest list that has it, of this length if one is given; "" where that is not one."""
    found = {
        code: first
        for code, names in _known().items()
        for first, said in names.items()
        if said == name and dimension_of(code) == dimension and (not length or len(code) == length)
    }
    latest = [code for code, first in found.items() if first == max(found.values())]
    return latest[0] if len(latest) == 1 else ""


@lru_cache(maxsize=KEPT)
def code_by_path(names: tuple[str, ...]) -> str:
    """The function of 类、款、项 by their names from the top down, whatever the year; "" where they lead to none or to two."""
    above = ""
    for depth, name in enumerate(names):
        found = [
            code
            for code, said in _known().items()
            if len(code) == 3 + 2 * depth and code.startswith(above or "2") and name in said.values()
        ]
        if len(found) != 1:
            return ""
        above = found[0]
    return above


@cache
def all_names() -> frozenset[str]:
    """Every name any subject ever had."""
    return frozenset(name for names in _known().values() for name in names.values())


@lru_cache(maxsize=KEPT)
def former_class(name: str, year: int) -> str:
    """The present name of the class (three digits) that had this name in another year; "" where it still is one's name."""
    found = ""
    for code, names in _known().items():
        if len(code) != 3:
            continue
        now = name_of(code, year)
        if now == name:
            return ""
        if now and name in names.values():
            found = now
    return found


@lru_cache(maxsize=KEPT)
def code_like(code: str, name: str, year: int) -> str:
    """The one code of that length, with the same first digits up to the last level, that has this name in that year."""
    above = code[:-2]
    found = [
        other
        for other in _known()
        if len(other) == len(code) and other.startswith(above) and name_of(other, year) == name
    ]
    return found[0] if len(found) == 1 else ""
