"""Administrative regions by their GB/T 2260 codes: the provinces of China, and the centres' cities with their
counties.

A code is six digits, two each for province, city and county; what lies inside what can be read off the code.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from stdnum import numdb


@dataclass(frozen=True)
class Region:
    """One row of the code table; `level` is `province`, `city` or `county`, a province's `parent_code` is
    empty."""

    code: str
    name: str
    level: str
    parent_code: str


def region(code: str) -> Region | None:
    """The region of a six-digit code, None where the table has none."""
    return _table().get(code)


def counties_of(city_code: str) -> tuple[Region, ...]:
    """The counties, districts and county-level cities of a city, by code; empty for a city we do not hold."""
    return tuple(
        each for each in _table().values() if each.parent_code == city_code and each.level == "county"
    )


def within(code: str, ancestor: str) -> bool:
    """Whether the region of `code` is `ancestor` itself or lies inside it.

    Read off the codes alone (610402 lies within 610400 and 610000), so it also answers for counties not in
    the table. A ValueError if either is not six digits.
    """
    for each in (code, ancestor):
        if len(each) != 6 or not (each.isascii() and each.isdigit()):
            raise ValueError(f"a region code is six digits, not {each!r}")
    prefix = ancestor.removesuffix("00").removesuffix("00").removesuffix("00")
    return code.startswith(prefix)


@lru_cache(maxsize=8192)
def ever_assigned(code: str) -> bool:
    """Whether a code is, or ever was, that of a region.

    Identity numbers keep the code of their day, so abolished counties count. The history comes with
    python-stdnum; our own table adds newer codes it lacks (140971).
    """
    if code in _table():
        return True
    parts = numdb.get("cn/loc").info(code)
    return any("county" in properties for _, properties in parts)


@cache
def _table() -> dict[str, Region]:
    with (files("yikatong.basics") / "data" / "regions.csv").open(encoding="utf-8") as lines:
        return {row["code"]: Region(**row) for row in csv.DictReader(lines)}
