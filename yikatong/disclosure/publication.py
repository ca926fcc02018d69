"""A budget document as printed: headings, sentences, tables. Every amount in it knows what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.disclosure.audit.region import Region


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell. `about` None where it holds words; `fen` is the exact amount, `text` what is printed of it."""

    text: str
    about: Region | None = None
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence; one with `about` is an amount."""

    text: str
    about: Region | None = None
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A line of running text."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table: rows of the head as printed (blank where a word spans), rows of the body, all of one length."""

    number: str
    label: str
    title: str
    unit: str
    lead: tuple[str, ...]
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Slot, ...], ...]
    note: str
    empty: bool

    @property
    def amounts(self) -> list[Slot]:
        """Its amounts, row by row."""
        return [slot for row in self.rows for slot in row if slot.about is not None]


@dataclass(frozen=True, slots=True)
class Publication:
    """One unit's document of one year; `gaps` are what people still have to supply, in their words."""

    title: str
    family: str
    year: int
    unit: str
    unit_name: str
    words: tuple[Text, ...]
    tables: tuple[PrintedTable, ...]
    catalogue: tuple[tuple[str, str, str], ...]
    """For each table its label and title, 是 or 否 for whether it is empty, and the reason."""
    gaps: tuple[str, ...]
