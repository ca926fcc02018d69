"""A publication as Markdown, which our own audit reads back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yikatong.disclosure.formats import Format
from yikatong.disclosure.publication import Publication


def as_markdown(publication: Publication) -> str:
    """Title, catalogue, tables, sentences."""
    lines = [publication.title, "", "目录", ""]
    lines += _bars([("报表", "是否空表", "公开空表理由"), *publication.catalogue], 1)
    for table in publication.tables:
        lines += ["", *([table.label, ""] if table.label else []), table.title, ""]
        for line in table.lead:
            lines += [line, ""]
        lines += [f"单位：{table.unit}", ""]
        body = [tuple(slot.text for slot in row) for row in table.rows]
        width = len(table.head[0])
        facts = [(*(slot.text for slot in row), *[""] * (width - len(row))) for row in table.facts]
        lines += _bars([*facts, *table.head, *body], 1)
        if table.note:
            lines += ["", table.note]
    for words in publication.words:
        lines += ["", words.text]
        if words.drawing is not None:
            drawing = words.drawing
            bars = [(name, slot.text, share) for name, slot, share in drawing.bars]
            lines += ["", drawing.title, "", *_bars([("项目", f"金额（{drawing.unit}）", "占比"), *bars], 1)]
    return "\n".join(lines) + "\n"


def _bars(rows: Sequence[Sequence[str]], head: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if number == head - 1:
            yield f"|{'--|' * len(row)}"


ENTRY = Format(
    "md",
    "Markdown 文本",
    "Markdown",
    "md",
    "text/markdown; charset=utf-8",
    lambda publication, _: as_markdown(publication).encode(),
    rank=5,
)
