"""What a department may be admitted for: to bring the rosters of a programme from its own system."""

from __future__ import annotations

from collections.abc import Iterable

from yikatong.benefits.programme import Programme, programmes

PAY = "pay:"
"""A partner with the purpose `pay:farmland` may bring rosters of the programme farmland, and follows its own batches."""


def programmes_of(purposes: Iterable[str]) -> dict[str, Programme]:
    """The programmes among these purposes, by code."""
    known = programmes()
    codes = (each.removeprefix(PAY) for each in purposes if each.startswith(PAY))
    return {code: known[code] for code in codes if code in known}


def payment_purpose_words(purpose: str) -> tuple[str, str]:
    """The purpose under which a department is admitted to bring rosters, in Chinese and English."""
    code = purpose.removeprefix(PAY)
    found = programmes().get(code)
    zh, en = (found.zh, found.en) if found else (code, code)
    return f"报送发放清册（{zh}）", f"bring rosters: {en}"
