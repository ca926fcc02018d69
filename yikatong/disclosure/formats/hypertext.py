"""A publication as HTML: a fragment for a page, tables with captions, heads and amounts that say what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from yikatong.disclosure.formats import Format
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


def as_webpage(publication: Publication) -> str:
    """The article as a page of its own, which needs nothing else."""
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(publication.title)}</title><style>{_STYLE}</style>\n<main>{as_html(publication)}</main></html>\n"
    )


_STYLE = """
:root{color-scheme:light}body{font:16px/1.7 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;
max-width:75rem;padding:1.5rem;color:#1b1f24;background:#fff}h1{font-size:1.6rem}table{border-collapse:collapse;margin:2rem 0
.5rem;font-size:.9rem;display:block;overflow-x:auto}th,td{border:1px solid #8c959f;padding:.2rem .6rem}th{background:#f0f2f4;
font-weight:600}caption{text-align:left;font-weight:600}.amount{text-align:right;font-variant-numeric:tabular-nums}
"""

ENTRY = Format(
    "html",
    "网页",
    "Web page",
    "html",
    "text/html; charset=utf-8",
    lambda publication, _: as_webpage(publication).encode(),
    rank=1,
)
