"""Charts of what an amount is made of: bars with their names and amounts, drawn as SVG from the same sums as the tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from yikatong.basics.money import print_in
from yikatong.disclosure.audit.region import joined, region
from yikatong.disclosure.audit.subjects import name_of
from yikatong.disclosure.family import Chart, Family
from yikatong.disclosure.lines import Ledger, above
from yikatong.disclosure.publication import Drawing, Slot

_WIDTH, _ROW, _BAR = 720, 46, 16
"""In points of the drawing: all of it and the bar of the whole, a part with its words, the bar alone."""


def drawing_of(chart: Chart, ledger: Ledger, family: Family) -> Drawing | None:
    """The chart with its amounts, parts that are nothing left out; None where nothing can be drawn."""
    whole = ledger.fen(chart.of)
    if whole <= 0:
        return None
    parts = chart.parts
    if chart.dimension:
        codes = above(ledger.members(chart.dimension, chart.of), (chart.length,))
        parts = tuple((name_of(code, ledger.year), region(**{chart.dimension: code})) for code in codes)
    bars = []
    for name, about in parts:
        where = joined(chart.of, about)
        fen = ledger.fen(where)
        text = print_in(family.unit, fen, family.decimals, thousands=family.thousands)
        if fen:
            bars.append((name, Slot(text, where, fen), f"{percent(fen, whole)}%"))
    return Drawing(chart.title.format(year=ledger.year), family.unit, tuple(bars))


def percent(part: int, whole: int) -> str:
    """How many per cent a part is, to two decimals: 「39.05」."""
    return f"{(Decimal(100) * part / whole).quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def svg_of(drawing: Drawing) -> str:
    """The chart as SVG: under each part's words its bar, on the length of the whole. Nothing is told by colour alone."""
    height = _ROW * len(drawing.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(drawing.said)}" font-family="Noto Sans SC, sans-serif" font-size="14">'
        f"{''.join(_bars(drawing))}</svg>"
    )


def _bars(drawing: Drawing) -> Iterator[str]:
    whole = sum(abs(slot.fen) for _, slot, _ in drawing.bars)
    for place, (name, slot, share) in enumerate(drawing.bars):
        top = place * _ROW
        words = escape(f"{name}　{slot.text}　{share}")
        length = max(1, _WIDTH * max(0, slot.fen) // whole)
        yield f'<text x="0" y="{top + 16}" fill="#1b1f24">{words}</text>'
        yield f'<rect x="0" y="{top + 22}" width="{_WIDTH}" height="{_BAR}" fill="#e7ebef"/>'
        yield f'<rect x="0" y="{top + 22}" width="{length}" height="{_BAR}" fill="#1f5f99"/>'
