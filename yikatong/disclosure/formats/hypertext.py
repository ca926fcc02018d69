"""A publication as HTML: a fragment for a page, tables with captions, heads and amounts that say what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from yikatong.disclosure.publication import PrintedTable, Publication, Slot


def as_html(publication: Publication) -> str:
    """The document as one `<article>`; everything of it is escaped."""
    parts = [f'<article class="publication"><h1>{escape(publication.title)}</h1>']
    for table in publication.tables:
        parts += _table(table)
    parts += [f"<p>{escape(words.text)}</p>" for words in publication.words]
    return "\n".join([*parts, "</article>"]) + "\n"


def _table(table: PrintedTable) -> Iterator[str]:
    lead = "，".join((*table.lead, f"单位：{table.unit}"))
    yield f"<table><caption>{escape(f'{table.label} {table.title}（{lead}）')}</caption><thead>"
    for row in table.head:
        heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in row)
        yield f"<tr>{heads}</tr>"
    yield "</thead><tbody>"
    for slots in table.rows:
        cells = "".join(_cell(slot) for slot in slots)
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"
    if table.note:
        yield f"<p>{escape(table.note)}</p>"


def _cell(slot: Slot) -> str:
    kind = "" if slot.about is None else ' class="amount"'
    return f"<td{kind}>{escape(slot.text)}</td>"
