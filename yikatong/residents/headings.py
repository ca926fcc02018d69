"""The first line of a list: which columns a kind of list may have, and where they stand in this file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from yikatong.basics.refused import Refused
from yikatong.residents.numbers import tidied

PROBLEM_COLUMN = "问题说明"  # written by our own workbook of problems
_DATA = re.compile(r"[0-9]{6}")  # a number, a phone, an account: no column is called so


@dataclass(frozen=True)
class Columns:
    """Where each column stands (`places`, from 0), what it is called in this file, and what is passed over."""

    places: dict[str, int]
    headings: dict[str, str]
    passed_over: tuple[str, ...]
    width: int


@dataclass(frozen=True)
class Form:
    """A kind of list: column -> the names it may have in the first line, those that must be there, those that are
    passed over, and what each column wants (`notes`, for the empty form)."""

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    passed_over: frozenset[str]
    notes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {each: column for column, known in self.columns.items() for each in known}

    def find(self, first: Iterable[str]) -> Columns | Refused:
        """The columns of a list. Refused: file.columns, naming all that is missing, unknown or doubled."""
        places: dict[str, int] = {}
        unknown: list[str] = []
        twice: list[str] = []
        passed_over: list[str] = []
        headings = [tidied(each) for each in first]
        for place, heading in enumerate(headings):
            column = self._by_name.get(heading)
            if column is None:
                known = not heading or heading in self.passed_over or heading == PROBLEM_COLUMN
                (passed_over if known else unknown).append(heading[:20])
            elif column in places:
                twice.append(heading)
            else:
                places[column] = place
        if any(map(_DATA.search, unknown)):
            return self._no_headings()
        missing = [self.columns[column][0] for column in self.required if column not in places]
        if missing or unknown or twice:
            return self._refused(missing, unknown, twice)
        named = {column: headings[place] for column, place in places.items()}
        return Columns(places, named, tuple(filter(None, passed_over)), len(headings))

    def fits(self, first: Iterable[str]) -> bool:
        """Whether these may be such a list's column names: none that it must have is missing."""
        found = {self._by_name.get(tidied(each)) for each in first}
        return found.issuperset(self.required)

    def _refused(self, missing: list[str], unknown: list[str], twice: list[str]) -> Refused:
        zh, en = [], []
        for names, chinese, english in (
            (missing, "缺少", "missing"),
            (unknown, "不认识", "unknown"),
            (twice, "重复", "there twice"),
        ):
            if names:
                zh.append(f"{chinese}：{'、'.join(names[:10])}")
                en.append(f"{english}: {', '.join(names[:10])}")
        known = self._known()
        return Refused(
            "file.columns",
            f"第一行的列名不对（{'；'.join(zh)}）。可用的列：{known}。请改好列名再上传。",
            f"The column names in the first line are wrong ({'; '.join(en)}). Known are {known}. Correct them and try again.",
        )

    def _no_headings(self) -> Refused:
        """Nothing of such a line is said again: it tells of a person, and what is refused is kept."""
        known = self._known()
        return Refused(
            "file.columns",
            f"第一行像是一行数据，不是列名。请在它前面加上列名再上传。可用的列：{known}。",
            f"The first line looks like a row, not like column names. Put those above it and try again. Known are {known}.",
        )

    def _known(self) -> str:
        return "、".join([*(each[0] for each in self.columns.values()), *sorted(self.passed_over)])


def wrong_width(has: int, wants: int) -> Refused:
    """The answer to a row with more or fewer cells than there are columns."""
    return Refused(
        "row.width",
        f"本行有{has}格，应有{wants}格，请检查是否多了或少了逗号。",
        f"This row has {has} cells instead of {wants}; look for a comma too many or too few.",
    )
