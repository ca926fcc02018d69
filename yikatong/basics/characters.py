"""What keyboards, scanners and spreadsheets do to numbers, undone."""

from __future__ import annotations

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width ASCII and the ideographic space to their plain forms, for `str.translate`."""

INVISIBLE = dict.fromkeys(
    (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)
)
"""Zero-width spaces, joiners and direction marks that ride along when text is pasted, for `str.translate`."""

_SMALL = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def ascii_folded(text: str) -> str:
    """The text with full-width forms made plain, a-z in capitals, and every space and invisible mark taken
    out."""
    plain = text.translate(FULL_WIDTH).translate(INVISIBLE).translate(_SMALL)
    return "".join(plain.split())


def first_foreign(text: str, allowed: str, offset: int = 0) -> tuple[int, str] | None:
    """Position (from 1, plus `offset`) and character of the first that is not allowed."""
    for position, character in enumerate(text, start=offset + 1):
        if character not in allowed:
            return position, character
    return None
