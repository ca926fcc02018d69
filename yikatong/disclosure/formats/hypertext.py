"""A publication as HTML: a fragment for a page, tables with captions, heads and amounts that say what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from yikatong.disclosure.charts import svg_of
from yikatong.disclosure.formats import Format
from yikatong.disclosure.publication import Head, PrintedTable, Publication, Slot, Span, Text

Address = Callable[[str], str]


def as_html(
    publication: Publication, address: Address | None = None, of_measure: Address | None = None
) -> str:
    """The document as one `<article>`; everything of it is escaped.

    `address` gives, for the place of an amount (`t3-2-4`, `p5-2`; see `behind.amount_at`), where the lines behind it are
    told; without it amounts are no links. `of_measure` gives by its code where an indicator is told, empty where there is none.
    """
    parts = [f'<article class="publication"><h1>{escape(publication.title)}</h1>', *_catalogue(publication)]
    for number, table in enumerate(publication.tables, 1):
        parts += _table(table, number, address, of_measure)
    for number, words in enumerate(publication.words, 1):
        parts += [_line(words, number, address), *_chart(words, number, address)]
    return "\n".join([*parts, "</article>"]) + "\n"


def _catalogue(publication: Publication) -> Iterator[str]:
    yield "<table><caption>目录</caption><thead><tr>"
    yield "".join(f'<th scope="col">{word}</th>' for word in ("报表", "是否空表", "公开空表理由"))
    yield "</tr></thead><tbody>"
    for number, (name, empty, reason) in enumerate(publication.catalogue, 1):
        link = f'<a href="#table-{number}">{escape(name)}</a>'
        yield f'<tr><th scope="row">{link}</th><td>{escape(empty)}</td><td>{escape(reason)}</td></tr>'
    yield "</tbody></table>"


def _table(
    table: PrintedTable, number: int, address: Address | None, of_measure: Address | None
) -> Iterator[str]:
    lead = "，".join((*table.lead, f"单位：{table.unit}"))
    caption = escape(f"{table.label} {table.title}（{lead}）".strip())
    # A table that moves sideways must be reached by the keyboard too, also where it has no links.
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
    yield f'<table id="table-{number}"><caption>{caption}</caption><thead>'
    for row, (label, *told) in enumerate(table.facts, 1):
        last = f' colspan="{len(table.head[0]) - len(told)}"'
        facts = [
            f"<td{last if slot is told[-1] else ''}>{_amount(slot, f'f{number}-{row}-{column}', address)}</td>"
            for column, slot in enumerate(told, 2)
        ]
        yield f'<tr><th scope="row">{escape(label.text)}</th>{"".join(facts)}</tr>'
    for level in table.heads:
        yield f"<tr>{''.join(_head(each) for each in level)}</tr>"
    yield "</thead><tbody>"
    for row, slots in enumerate(table.rows, 1):
        cells = "".join(
            _cell(slot, column, f"t{number}-{row}-{column}", address, of_measure)
            for column, slot in enumerate(slots, 1)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"
    if table.note:
        yield f"<p>{escape(table.note)}</p>"


def _head(head: Head) -> str:
    span = (f' colspan="{head.across}"' if head.across > 1 else "") + (
        f' rowspan="{head.down}"' if head.down > 1 else ""
    )
    return f'<th scope="{"colgroup" if head.across > 1 else "col"}"{span}>{escape(head.text)}</th>'


def _cell(slot: Slot, column: int, place: str, address: Address | None, of_measure: Address | None) -> str:
    if slot.about is None:
        words = escape(slot.text)
        where = of_measure(slot.measure) if of_measure and slot.measure else ""
        if where:
            return f'<td><a href="{escape(where)}">{words}</a></td>'
        return f'<th scope="row">{words}</th>' if column == 1 and words else f"<td>{words}</td>"
    return f'<td class="amount">{_amount(slot, place, address)}</td>'


def _line(words: Text, number: int, address: Address | None) -> str:
    tag = f"h{words.level + 1}" if words.level else "p"
    said = (
        (f"</{tag}><{tag}>" if place in words.items else "")
        + _amount(span, f"p{number}-{place + 1}", address)
        for place, span in enumerate(words.spans)
    )
    return f"<{tag}>{''.join(said)}</{tag}>"


def _chart(words: Text, number: int, address: Address | None) -> Iterator[str]:
    """The chart under a sentence, and under that what it shows as a table."""
    drawing = words.drawing
    if drawing is None:
        return
    unit = f"（单位：{drawing.unit}）"
    yield f'<figure class="chart">{svg_of(drawing)}<figcaption>{escape(drawing.title)}{unit}</figcaption>'
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("项目", f"金额（{drawing.unit}）", "占比"))
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    for bar, (name, slot, share) in enumerate(drawing.bars, 1):
        amount = _amount(slot, f"c{number}-{bar}", address)
        cells = f'<td class="amount">{amount}</td><td class="amount">{share}</td>'
        yield f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
    yield "</tbody></table></figure>"


def _amount(printed: Slot | Span, place: str, address: Address | None) -> str:
    words = escape(printed.text)
    if address is None or printed.about is None or not words:
        return words
    return f'<a href="{escape(address(place))}">{words}</a>'


def as_webpage(publication: Publication) -> str:
    """The article as a page of its own, which needs nothing else."""
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(publication.title)}</title><style>{_STYLE}</style>\n<main>{as_html(publication)}</main></html>\n"
    )


_STYLE = """
:root{color-scheme:light}body{font:16px/1.7 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;
max-width:75rem;padding:1.5rem;color:#1b1f24;background:#fff}h1{font-size:1.6rem}table{border-collapse:collapse;margin:2rem 0
.5rem;font-size:.9rem}.scroll{overflow-x:auto}th,td{border:1px solid #8c959f;padding:.2rem .6rem}th{background:#f0f2f4;
font-weight:600}caption{text-align:left;font-weight:600}.chart{margin:1rem 0}.chart svg{max-width:100%;height:auto}
.amount{text-align:right;font-variant-numeric:tabular-nums}
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
