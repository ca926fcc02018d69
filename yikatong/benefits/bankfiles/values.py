"""Amounts, counts, days and times as banks write them. None where the text is no such thing. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from yikatong.basics.money import print_yuan

_YUAN = re.compile(r"(\d{1,15})(?:\.(\d{1,2}))?", re.ASCII)
_ISO_AMOUNT = re.compile(r"(\d{1,15})(?:\.(\d{0,2})0*)?", re.ASCII)
BEIJING = timezone(timedelta(hours=8))
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)", re.ASCII)


def printed_fen(fen: int, in_yuan: bool) -> str:
    """An amount as the bank wants it: "1234", or "12.34" in yuan."""
    return print_yuan(fen) if in_yuan else str(fen)


def read_whole(text: str) -> int | None:
    """A count without sign or spaces."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def read_fen(text: str, in_yuan: bool) -> int | None:
    """An amount that is nought or more, in fen. Yuan may be written 1234, 1234.5 or 1234.56, nothing else."""
    if not in_yuan:
        return read_whole(text)
    found = _YUAN.fullmatch(text)
    return int(found[1] + (found[2] or "").ljust(2, "0")) if found else None


@lru_cache(maxsize=10_000)
def read_time(text: str) -> datetime | None:
    """A time written 20250310143000 or 2025-03-10 14:30:00; the bank's own, without a zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def read_iso_fen(text: str) -> int | None:
    """An ISO 20022 amount of yuan in fen; a third decimal that is not nought is no amount of money here."""
    found = _ISO_AMOUNT.fullmatch(text)
    return int(found[1] + (found[2] or "").ljust(2, "0")[:2]) if found else None


def read_iso_time(text: str) -> datetime | None:
    """An ISO 20022 date and time as Beijing time without its zone; one without a zone is the bank's own."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return at if at.tzinfo is None else at.astimezone(BEIJING).replace(tzinfo=None)
    except OverflowError:
        return None


def read_iso_day(text: str) -> date | None:
    """An ISO 20022 date, or the day of a date and time."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
