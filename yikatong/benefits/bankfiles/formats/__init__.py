"""Forms of bank files. Each is one file of this folder with `ENTRY = Format(...)`; none knows Django or a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yikatong.basics.refused import Refused
from yikatong.basics.registry import entries
from yikatong.benefits.bankfiles.lines import Answers, FileHeader, NotWritten, PaymentLine, Statement
from yikatong.benefits.bankfiles.profiles import Profile


@dataclass(frozen=True, slots=True)
class Format:
    """One form. What it cannot do is None: a form of answers writes no payments.

    `unfit` says why one payment cannot be put into this form, None if it can; `write` is asked only for files that are
    whole and add up (`exchange.write`). `read` and `read_statement` take any bytes at all and never raise.
    """

    name: str
    name_en: str
    suffix: str
    unfit: Callable[[Profile, PaymentLine], Refused | None] | None = None
    write: Callable[[Profile, FileHeader, Sequence[PaymentLine]], bytes | NotWritten] | None = None
    read: Callable[[Profile, bytes], Answers] | None = None
    read_statement: Callable[[Profile, bytes], Statement] | None = None


def formats() -> dict[str, Format]:
    """All forms by the name that profiles use for them."""
    return entries(__name__, Format)
