"""Running text cut into sentences, each character with the line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yikatong.disclosure.audit.document import Line

_NEW_PARAGRAPH = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.、．](?!\d)|附件|表\d|注[：:])"
)
_SENTENCE_END = "。；;"
_PIECE = re.compile(f"[^{_SENTENCE_END}]*[{_SENTENCE_END}]|[^{_SENTENCE_END}]+$")
HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分.*|20\d\d年度?(?:部门|单位)?预算(?:编制|情况)说明|(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])[^，。；：,;:]{2,30})$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without spaces; `spots[i]` is (page, line) of its i-th character."""

    text: str
    spots: tuple[tuple[int, int], ...]
    begins: bool
    """Whether it opens a paragraph or a numbered item."""


def sentences_of(lines: Iterable[Line]) -> Iterator[Sentence]:
    """Wrapped lines joined again and cut at 。 and ；; a numbered line begins anew, a heading stands alone."""
    text = ""
    where: list[tuple[int, int]] = []
    begins = True
    for line in lines:
        plain = "".join(line.text.split())
        begins_anew = _NEW_PARAGRAPH.match(plain) or HEADING.match(plain)
        if text and (HEADING.match(text) or (begins_anew and _ends(text))):
            yield Sentence(text, tuple(where), begins)
            text, where, begins = "", [], True
        for piece in _PIECE.findall(plain):
            text += piece
            where += [(line.page, line.number)] * len(piece)
            if piece[-1] in _SENTENCE_END:
                yield Sentence(text, tuple(where), begins)
                text, where, begins = "", [], piece[-1] == "。"
    if text:
        yield Sentence(text, tuple(where), begins)


def _ends(text: str) -> bool:
    """A numbered line begins no paragraph within a bracket, an enumeration or a number."""
    return text[-1] not in "（(，、" and not text[-1].isdigit()
