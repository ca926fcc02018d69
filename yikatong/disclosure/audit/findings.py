"""What an audit says: findings with their place and arithmetic, and what it did not look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from yikatong.disclosure.audit.printed import Place, Printed


class Grade(StrEnum):
    """How grave a finding is. Rounding is explained, never an error."""

    ERROR = "error"
    ROUNDING = "rounding"
    FORMAT = "format"
    TYPO = "typo"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: by which rule, where, what is printed and what should be, shown by which sum of which cells."""

    rule: str
    grade: Grade
    place: Place
    printed: str
    expected: str
    arithmetic: str
    cells: tuple[Printed, ...]
    zh: str
    en: str
    fix: str
    places: tuple[Place, ...] = ()
    """All places where a text is so, where there are several."""
    rivals: tuple[Printed, ...] = ()
    """Numbers one of which may be the wrong one in this one's place: the document itself does not tell."""

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON report has it."""
        return {
            "rule": self.rule,
            "class": str(self.grade),
            "place": asdict(self.place),
            "printed": self.printed,
            "expected": self.expected,
            "arithmetic": self.arithmetic,
            "cells": [{"text": cell.text, **asdict(cell.place)} for cell in self.cells]
            + [{"text": self.printed, **asdict(place)} for place in self.places],
            "rivals": [{"text": cell.text, **asdict(cell.place)} for cell in self.rivals],
            "message_zh": self.zh,
            "message_en": self.en,
            "fix": self.fix,
        }


def of_text(
    rule: str,
    grade: Grade,
    places: Sequence[Place],
    printed: str,
    expected: str,
    zh: str,
    en: str,
    fix: str = "",
) -> Finding:
    """A finding about words. `zh` and `en` say what is wrong; `places` are all where it is so, the first leads."""
    first = places[0]
    table = f"{first.table}" if first.table else ""
    fix = fix or (f"改为“{expected}”。" if expected else "")
    more = f"（共 {len(places)} 处）" if len(places) > 1 else ""
    told = f"{table}第{first.line}行“{printed}”：{zh}{more}。"
    others = tuple(places) if len(places) > 1 else ()
    return Finding(rule, grade, first, printed, expected, "", (), told, f"{en}: {printed}.", fix, others)


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something the audit could not judge, and why: silence about it means nothing."""

    what: str
    place: Place
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in the order of the document, what was not checked, and how much was."""

    file: str
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    numbers: int
    claims: int

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(1 for each in self.findings if each.grade is Grade.ERROR)

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            "file": self.file,
            "numbers": self.numbers,
            "claims": self.claims,
            "findings": [each.as_json() for each in self.findings],
            "not_checked": [
                {"what": each.what, "place": asdict(each.place), "message_zh": each.zh, "message_en": each.en}
                for each in self.not_checked
            ],
        }
