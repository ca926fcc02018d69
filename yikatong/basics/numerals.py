"""Chinese numerals as documents number their parts: 一 to 九十九."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"


def in_han(number: int) -> str:
    """1 to 99 in Chinese: 21 -> 「二十一」, 10 -> 「十」."""
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"


def of_han(text: str) -> int:
    """The number from 1 to 99 a Chinese numeral says: 「二十一」 -> 21; 0 for what is none."""
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not text:
        return 0
    value = DIGITS.find(ones) if ones else 0
    if ten:
        value += 10 * (DIGITS.find(tens) if tens else 1) if value >= 0 else 0
    return max(0, value)
