"""Forms of bank files. Each is one file of this folder with `ENTRY = Format(...)`; none knows Django or a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yikatong.basics.refused import Refused
from yikatong.basics.registry import entries
from yikatong.benefits.bankfiles.lines import (
    Answers,
    FileHeader,
    NotWritten,
    PaymentLine,
    Problem,
    Statement,
)
from yikatong.benefits.bankfiles.profiles import Form, Profile


@dataclass(frozen=True, slots=True)
class Format:
    """One form. What it cannot do is None: a form of answers writes no payments.

    `rows` puts payments into this form, one after the other, with what is wrong with those that cannot be; `framed` makes
    such rows, of however many slices, a file that is whole and adds up (`exchange.framed`). `read` and `read_statement` take any bytes at all and never
    raise. `mark` stands near the beginning of every statement of this form, and of no answer. `ask` writes the enquiry
    about a file.
    """

    name: str
    name_en: str
    suffix: str
    rows: Callable[[Profile, Sequence[PaymentLine]], tuple[bytes, tuple[Problem, ...]]] | None = None
    framed: Callable[[Profile, FileHeader, bytes], bytes | NotWritten] | None = None
    read: Callable[[Profile, bytes], Answers] | None = None
    read_statement: Callable[[Profile, bytes], Statement] | None = None
    mark: bytes = b""
    ask: Callable[[Form, FileHeader], bytes | Refused] | None = None


def formats() -> dict[str, Format]:
    """All forms by the name that profiles use for them."""
    return entries(__name__, Format)
