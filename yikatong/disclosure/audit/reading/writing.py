"""Signs put together again: lines of writing by where they stand, and pieces of a line by the gaps between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.reading.pages import Glyph


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs of one line without a wide gap between them."""

    text: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Written:
    """A line of writing: its pieces from left to right, and where it lies."""

    pieces: tuple[Piece, ...]
    top: int
    bottom: int

    @property
    def text(self) -> str:
        """The line as one string."""
        return "  ".join(piece.text for piece in self.pieces)

    @property
    def middle(self) -> int:
        """Half its height."""
        return (self.top + self.bottom) // 2


def lines_of(glyphs: Iterable[Glyph]) -> list[Written]:
    """The lines of some signs, from above: signs are of one line where the middle of one lies well within the other."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: each.top + each.bottom):
        if lines and _beside(lines[-1][-1], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [_written(line) for line in lines]


def _beside(before: Glyph, glyph: Glyph) -> bool:
    apart = abs(before.top + before.bottom - glyph.top - glyph.bottom)
    return apart < min(before.bottom - before.top, glyph.bottom - glyph.top)


def _written(glyphs: list[Glyph]) -> Written:
    glyphs.sort(key=lambda each: each.left)
    top, bottom = min(each.top for each in glyphs), max(each.bottom for each in glyphs)
    pieces: list[Piece] = []
    text, left, right = "", glyphs[0].left, glyphs[0].left
    last = Glyph("", 0, 0, 0, 0)
    for glyph in glyphs:
        size = glyph.bottom - glyph.top
        if glyph.text == last.text and (glyph.left - last.left) * 6 < size and _beside(last, glyph):
            continue  # struck twice to look bold
        if text and (glyph.left - right) * 10 > size * 11:
            pieces.append(Piece(text, left, right))
            text, left = "", glyph.left
        elif text and (glyph.left - right) * 5 > size * 2:
            text += " "
        text += glyph.text
        right = max(right, glyph.right) if text != glyph.text else glyph.right
        last = glyph
    pieces.append(Piece(text, left, right))
    return Written(tuple(pieces), top, bottom)


def joined(lines: Sequence[Written]) -> str:
    """The text of a cell whose lines are wrapped: no space between them but where two Latin words meet."""
    text = ""
    for line in lines:
        words = " ".join(piece.text for piece in line.pieces)
        between = " " if text[-1:].isascii() and text[-1:].isalpha() and words[:1].isascii() else ""
        text += between + words
    return text
