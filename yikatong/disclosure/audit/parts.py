"""Several documents in one file: where the first table of a set comes again, another begins, and each is audited by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yikatong.disclosure.audit.document import Block, Document, Grid, Line, Loose

_FEWEST = 3
"""Tables that make a set; a table printed twice does not make two documents."""
_COVER = re.compile(r"[^，。；：]{0,40}20\d\d年(?:度)?[^，。；：]{0,8}(?:预算|决算)[^，。；：表]{0,12}")


def documents_of(document: Document) -> tuple[Document, ...]:
    """The documents of a file, in order; one that holds only one is left as it is. Places stay those of the file."""
    begins = _begins(document.blocks)
    if len(begins) < 2:
        return (document,)
    ends = [*begins[1:], len(document.blocks)]
    return tuple(
        _part(document, number, document.blocks[begin:end])
        for number, (begin, end) in enumerate(zip(begins, ends, strict=True), 1)
    )


def _begins(blocks: Sequence[Block]) -> list[int]:
    """The places of the first block of each document."""
    tables = [(place, key) for place, block in enumerate(blocks) if (key := _key(block))]
    if not tables:
        return [0]
    first = tables[0][1]
    starts = [which for which, (_, key) in enumerate(tables) if key == first]
    sets = [
        {key for _, key in tables[start:end]}
        for start, end in zip(starts, [*starts[1:], len(tables)], strict=True)
    ]
    if any(len(each & sets[0]) < _FEWEST for each in sets):
        return [0]
    return [0, *(_front(blocks, tables[start - 1][0] + 1, tables[start][0]) for start in starts[1:])]


def _key(block: Block) -> str:
    """What a table is called whatever the year and the unit: by its number, else by the last words of its title."""
    if isinstance(block, Line):
        return ""
    title = re.sub(r"\W|\d", "", re.sub(r"^.*20\d\d年度?", "", block.title))
    if not title or "绩效" in title or "目录" in title:
        return ""
    return title


def _front(blocks: Sequence[Block], after: int, table: int) -> int:
    """Where between two tables the next document begins: at its cover, else at its first table."""
    for place in range(after, table):
        block = blocks[place]
        if isinstance(block, Line) and _COVER.fullmatch("".join(block.text.split())):
            return place
    return table


def _part(document: Document, number: int, blocks: tuple[Block, ...]) -> Document:
    first, last = document.where(_line(blocks[0]))[0], document.where(_line(blocks[-1]))[0]
    unread = tuple(each for each in document.unread if first <= each[0] <= last)
    return replace(document, file=f"{document.file}（第{number}份）", blocks=blocks, unread=unread)


def _line(block: Line | Grid | Loose) -> int:
    return block.number if isinstance(block, Line) else block.line
