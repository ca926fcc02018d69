"""Tables whose text kept its rows but lost its columns: cells are given back where the row leaves only one way."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yikatong.basics.numerals import of_han
from yikatong.disclosure.audit.document import Cell, Grid, Line, Loose
from yikatong.disclosure.audit.printed import is_amount

_PREFIX = re.compile(r"^(?:([一二三四五六七八九十]+)\s*、|(\d+)、|[（(](\d+)[）)])")
_LAST_WORDS = ("备注", "项目简介", "说明")


def table_of_lines(loose: Loose) -> Grid | Loose:
    """A `Grid` where a head of one line tells the columns and the rows fit it, else what came."""
    lines = loose.lines
    if not lines:
        return loose
    head = lines[0].text.split()
    if len(head) == 2 and "项" in head[0]:
        return loose
    if head[:2] == ["项", "目"]:
        head = ["项目", *head[2:]]
    if head.count("预算数") > 1:
        rows = _side_by_side(lines[1:], len(head) // 2)
    elif head and ("编码" in head[0] or "编码" in "".join(head[:1])):
        rows = _coded(lines[1:], head)
    else:
        return loose
    if rows is None:
        return loose
    first = tuple(Cell(text, lines[0].number) for text in head)
    heading = (loose.title, loose.number, loose.unit, loose.line, loose.unit_line, loose.title_line)
    return Grid(*heading, rows=(first, *rows))


# --- code, name, amounts ---------------------------------------------------------------------------------------------


def _coded(lines: Sequence[Line], head: Sequence[str]) -> list[tuple[Cell, ...]] | None:
    """Rows of code and name (once or twice) and one amount for each further heading; remarks at the end may be missing."""
    names = sum(1 for word in head if word.endswith(("编码", "名称")))
    values = len([word for word in head[names:] if word not in _LAST_WORDS])
    rows = []
    for line in lines:
        words = line.text.split()
        amounts: list[str] = []
        while words and len(amounts) < values and is_amount(words[-1]):
            amounts.insert(0, words.pop())
        if len(amounts) != values:
            continue  # a line of the head's or a remark's words
        lead = _lead(words, names)
        if lead is None:
            return None
        cells = [*lead, *amounts, *[""] * (len(head) - names - values)]
        rows.append(tuple(Cell(text, line.number) for text in cells))
    return rows or None


def _lead(words: Sequence[str], names: int) -> list[str] | None:
    """Codes before names, 「合计」 and other bare names in the second place."""
    if words and not words[0].isdigit():
        return ["", "".join(words), *[""] * (names - 2)]
    if len(words) in (2, names):
        return [*words, *[""] * (names - len(words))]
    return None


# --- label, amount, label, amount ------------------------------------------------------------------------------------


def _side_by_side(lines: Sequence[Line], groups: int) -> list[tuple[Cell, ...]] | None:
    """Rows of up to `groups` pairs of label and amount; a row with fewer is placed by what its numbering goes on from."""
    last: list[dict[str, int]] = [{} for _ in range(groups)]
    rows = []
    for line in lines:
        pairs = _pairs(line.text)
        if not pairs or len(pairs) > groups or len(pairs[0][0]) > 30:
            continue
        where = _columns(pairs, last)
        cells = [""] * (2 * groups)
        for group, (label, amount) in zip(where, pairs, strict=True):
            cells[2 * group], cells[2 * group + 1] = label, amount
            kind, count = _numbering(label)
            if kind:
                last[group][kind] = count
                if kind != "()":
                    last[group].pop("()", None)
        rows.append(tuple(Cell(text, line.number) for text in cells))
    return rows or None


def _pairs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for word in text.split():
        if is_amount(word):
            if not found or found[-1][1]:
                return []
            found[-1] = (found[-1][0], word)
        elif found and not found[-1][1] and re.fullmatch(r"[一二三四五六七八九十]", found[-1][0]):
            found[-1] = (found[-1][0] + word, "")  # a numbering that was torn from its label
        else:
            found.append((word, ""))
    return found


def _numbering(label: str) -> tuple[str, int]:
    found = _PREFIX.match(label)
    if found is None:
        return "", 0
    han, plain, inner = found.groups()
    if han:
        return "han", of_han(han)
    return ("1、", int(plain)) if plain else ("()", int(inner))


def _columns(pairs: Sequence[tuple[str, str]], last: Sequence[dict[str, int]]) -> list[int]:
    """The groups, from left to right, that fit the numbering best; where nothing tells, the leftmost."""
    if len(pairs) == len(last):
        return list(range(len(last)))
    best: tuple[int, list[int]] = (-1, [])

    def place(which: int, start: int, fits: int, taken: list[int]) -> None:
        nonlocal best
        if which == len(pairs):
            if fits > best[0]:
                best = (fits, taken)
            return
        for group in range(start, len(last) - (len(pairs) - which) + 1):
            kind, count = _numbering(pairs[which][0])
            fit = bool(kind) and last[group].get(kind, 0) + 1 == count and (count > 1 or bool(last[group]))
            place(which + 1, group + 1, fits + fit, [*taken, group])

    place(0, 0, 0, [])
    return best[1]
