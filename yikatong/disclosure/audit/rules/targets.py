"""Sheets of targets: weights against what the head promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yikatong.disclosure.audit.document import Loose
from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View

_HEAD = re.compile(r"[（(](\d{2,3})分[）)]")
_WEIGHT = re.compile(r"(?:\S+\s+)?(\d{1,2}(?:\.\d)?)")
_TARGET = re.compile(r"[≥≤＝=<>]|\d|提升|增长|改善|完善|保障|有效|显著")


def look(view: View) -> Iterator[Finding]:
    """A sheet whose weights do not sum to the points its head names."""
    for block in view.loose:
        if isinstance(block, Loose) and "绩效" in block.title:
            yield from _weights(view, block)


def _weights(view: View, block: Loose) -> Iterator[Finding]:
    """The lines between 「分值权重（90分）」 and the next words: a target and its weight each."""
    head = next(
        (place for place, line in enumerate(block.lines) if _HEAD.search(line.text) and "90" in line.text),
        None,
    )
    if head is None:
        return
    points = Decimal(_HEAD.search(block.lines[head].text).group(1))  # type: ignore[union-attr]
    weights = []
    for line in block.lines[head + 1 :]:
        words = line.text.split()
        if len(words) > 1 and _WEIGHT.fullmatch(words[-1]) and (_TARGET.search(words[-2])):
            weights.append((Decimal(words[-1]), line))
    total = sum((weight for weight, _ in weights), Decimal(0))
    if not weights or total == points:
        return
    shown = " + ".join(str(weight) for weight, _ in weights)
    yield Finding(
        "weights.sum", Grade.ERROR, Place(view.document.file, 0, block.lines[head].number, block.name),
        f"{total.normalize():f}", f"{points}", f"{shown} = {total.normalize():f}", (),
        f"{block.name}分值权重合计 {total.normalize():f}，表头为 {points} 分。",
        f"The weights sum to {total.normalize():f}; the head says {points}.", f"调整权重，使合计为 {points}。",
    )  # fmt: skip
