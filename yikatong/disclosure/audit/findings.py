"""What an audit says: findings with their place and arithmetic, and what it did not look at."""

from __future__ import annotations

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

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON report has it."""
        return {
            "rule": self.rule,
            "class": str(self.grade),
            "place": asdict(self.place),
            "printed": self.printed,
            "expected": self.expected,
            "arithmetic": self.arithmetic,
            "cells": [{"text": cell.text, **asdict(cell.place)} for cell in self.cells],
            "message_zh": self.zh,
            "message_en": self.en,
            "fix": self.fix,
        }


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
