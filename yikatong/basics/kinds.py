"""What a journal entry can be about.

Every package lists the facts it records as `Kind`s in its `facts.py`. A kind carries the sentence people read and
says what happens to the entry's personal particulars when their keeping time is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Erasure(StrEnum):
    """How long what an entry speaks of is kept beside it; the entry itself, which holds masked particulars only, stays
    (ADR 12). Card data: the life of the card and ten years; looks and messages: three years."""

    NOTHING = "nothing"  # holds no personal particulars
    CARD_PLUS_10 = "card+10y"
    AUDIT_3 = "3y"  # access and operation logs: processing records are kept three years


@dataclass(frozen=True)
class Kind:
    """`code` is `area.what_happened`; `zh`/`en` are str.format sentences over the entry's payload and `actor`.

    `read` marks looks at personal data: the resident sees these as "who looked at my data".
    """

    code: str
    zh: str
    en: str
    erasure: Erasure = Erasure.CARD_PLUS_10
    read: bool = False


SYSTEM_ZH, SYSTEM_EN = "系统", "System"
"""Who acts where nobody does: timed work and imports."""


class _Blank(dict[str, object]):
    """A sentence must still be readable when a particular has been erased."""

    def __missing__(self, key: str) -> str:
        return "—"


def sentence(kind: Kind, *, actor: str, payload: dict[str, object], language: str = "zh") -> str:
    """The entry as people read it."""
    if not language.startswith("en"):
        return kind.zh.format_map(_Blank(payload, actor=actor))
    return kind.en.format_map(_Blank(payload, actor=SYSTEM_EN if actor == SYSTEM_ZH else actor))
