"""Texts as PostgreSQL's COPY takes them."""

from __future__ import annotations

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def escaped(text: str) -> str:
    """The text with what parts columns and rows written otherwise."""
    return text if not text or text.isalnum() else text.translate(_ESCAPES)
