"""Official terms with one character wrong, left out or put in, and names a class no longer has.

An edit leaves one half of a term as it is, so that only where a half stands without its other half a term is measured.
Both ends must stand: what is cut off or goes on is not judged here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from yikatong.disclosure.audit.document import Grid, Line, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.lists import rows_of
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.rules.nearness import beginning, edits
from yikatong.disclosure.audit.subjects import all_names, former_class
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View
from yikatong.disclosure.audit.vocabulary import bare

_HAN = re.compile(r"[一-鿿]+")
_EITHER = ("其他对个人和家庭补助", "国有资本经营预决算", "政府性基金预决算")


@cache
def _halves() -> tuple[dict[str, list[tuple[str, str, bool]]], re.Pattern[str], frozenset[str]]:
    """(half, term, whether it is the first) by the half's first two characters, where one may begin, and all right words."""
    terms = [row["term"] for row in rows_of("audit.rules", "terms")]
    found: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for term in terms:
        middle = len(term) // 2
        found[term[:2]].append((term[:middle], term, True))
        found[term[middle : middle + 2]].append((term[middle:], term, False))
    return dict(found), beginning(found), frozenset((*terms, *all_names(), *_EITHER))


def look(view: View) -> Iterator[Finding]:
    """Texts against the official terms; tables of classes against the names the classes have now."""
    clean: set[str] = set()
    for text in view.texts:
        if text.kind != "line" and len(text.text) > 3 and text.text not in clean and not text.text.isascii():
            found = list(_near(text, view.document.file))
            yield from found
            if not found:
                clean.add(text.text)
    for block in view.document.blocks:
        if not isinstance(block, Line):
            yield from _former(view, block)


def _near(text: Text, file: str) -> Iterator[Finding]:
    halves, begins, right = _halves()
    words = text.text
    for at in (found.start() for found in begins.finditer(words)):
        for half, term, first in halves[words[at : at + 2]]:
            if not words.startswith(half, at):
                continue
            start = at if first else at - (len(term) - len(half))
            if start >= 0 and words.startswith(term, start):
                continue
            printed = _window(words, at, half, term, first=first)
            if printed and not any(printed in name and name in words for name in right):
                place = text.place(at, file)
                yield of_text(
                    "term.near",
                    Grade.TYPO,
                    [place],
                    printed,
                    term,
                    f"规范名称为“{term}”",
                    "Not the official term",
                )


def _window(words: str, at: int, half: str, term: str, *, first: bool) -> str:
    """The stretch around a half that is one edit from the term and has its first and last character; "" for none."""
    for longer in (0, -1, 1):
        length = len(term) + longer
        start = at if first else at + len(half) - length
        printed = words[start : start + length] if start >= 0 else ""
        if (
            len(printed) == length
            and printed[0] == term[0]
            and printed[-1] == term[-1]
            and _HAN.fullmatch(printed)
            and edits(printed, term, 1) == 1
        ):
            return printed
    return ""


def _former(view: View, block: Grid | Loose) -> Iterator[Finding]:
    """In a table by 大类, a class under a name it had in another year."""
    if not any("大类" in cell.text for cell in block.printed):
        return
    # A line without columns holds several labels, a cell one.
    labels = [(cell.text, cell) for cell in block.printed]
    if isinstance(block, Loose):
        labels = [(word, line) for text, line in labels for word in text.split()]
    for label, cell in labels:
        name = bare(label)
        now = former_class(name, view.year)
        if now:
            place = Place(view.document.file, cell.page, cell.line, block.name)
            yield of_text(
                "term.former",
                Grade.TYPO,
                [place],
                name,
                now,
                f"该类科目现名“{now}”",
                "A name the class no longer has",
            )
