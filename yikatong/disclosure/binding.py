"""What is bound by an approval: the digest over the base lines, people's words, the goals and everything that is printed of them.

The same ledger and family always print the same, so that what was reviewed, what was approved and what is published can
be compared by one number, and anyone who holds the lines can compute it again.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from functools import lru_cache

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.disclosure.aims import goals_of, kept
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Finding, Grade, Report
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.family import families
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import Asked, Publication


@dataclass(frozen=True, slots=True)
class Printed:
    """A ledger printed in its family: the publication, or why it cannot be printed; the SM3 over both, in hex."""

    publication: Publication | Refused
    digest: str

    @property
    def gaps(self) -> tuple[Asked, ...]:
        """The words people still have to supply."""
        return tuple(each for each in self.asked if not each.given)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All the words it takes from people."""
        return self.publication.asked if isinstance(self.publication, Publication) else ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The printed document as our own audit sees it."""

    printed: Printed
    report: Report | None

    def line(self, number: int) -> str:
        """The line of that number, from 1, of the text the audit read: what a finding's place is about."""
        if self.report is None or not isinstance(self.printed.publication, Publication):
            return ""
        lines = as_markdown(self.printed.publication).splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that keep it from being prepared."""
        return self._of(Grade.ERROR)

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Findings of form and wording: told to everyone who decides, and no hindrance."""
        return self._of(Grade.FORMAT, Grade.TYPO)

    @property
    def rounding(self) -> tuple[Finding, ...]:
        """Differences that rounding explains."""
        return self._of(Grade.ROUNDING)

    @property
    def ready(self) -> bool:
        """Whether it may be put up for review."""
        return self.report is not None and not self.errors and not self.printed.gaps

    def _of(self, *grades: Grade) -> tuple[Finding, ...]:
        return tuple(each for each in self.report.findings if each.grade in grades) if self.report else ()


def canonical(ledger: Ledger) -> str:
    """The ledger as one line of JSON: names, words by key, lines in their order, goals. Equal ledgers give equal text."""
    head = [ledger.year, ledger.unit, ledger.unit_name, ledger.parent, ledger.parent_name]
    words = [dict(sorted(book.items())) for book in (ledger.reasons, ledger.facts, ledger.remarks)]
    lines = [astuple(line) for line in ledger.lines]
    goals = [] if ledger.goals is None else [kept(ledger.goals)]
    return json.dumps([head, words, lines, *goals], ensure_ascii=False, separators=(",", ":"))


def print_out(ledger: Ledger, family: str) -> Printed:
    """Print it in the family of that code; the last few are remembered. Refused within: what `printing.publish` refuses."""
    return _printed(canonical(ledger), family)


def check(ledger: Ledger, family: str) -> Checked:
    """Print it and look it over by our own audit; the last few are remembered."""
    return _checked(canonical(ledger), family)


@lru_cache(maxsize=32)
def _printed(text: str, family: str) -> Printed:
    publication = publish(_ledger(text), families()[family])
    said = as_markdown(publication) if isinstance(publication, Publication) else publication.code
    digest = sm3(text.encode(), b"\x00", family.encode(), b"\x00", said.encode())
    return Printed(publication, digest.hex())


@lru_cache(maxsize=32)
def _checked(text: str, family: str) -> Checked:
    printed = _printed(text, family)
    if isinstance(printed.publication, Refused):
        return Checked(printed, None)
    name = printed.publication.title
    return Checked(printed, audit(read_text(name, as_markdown(printed.publication))))


def _ledger(text: str) -> Ledger:
    (year, unit, unit_name, parent, parent_name), (reasons, facts, remarks), rows, *told = json.loads(text)
    lines = tuple(BaseLine(*row) for row in rows)
    goals = goals_of(told[0]) if told else None
    return Ledger(year, unit, unit_name, parent, parent_name, lines, reasons, facts, remarks, goals=goals)
