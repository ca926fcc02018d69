"""What a quality figure is: a plug-in file per figure in `figures/` offers one as ENTRY. Pure.

A figure is one SELECT that yields a row for each thing that ought to be right: subject (`resident:7`), person, region,
and the reasons why it is not (empty: it is right). Its value is the share of rows without a reason, so every figure can
be followed down to the rows behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yikatong.basics.registry import entries


@dataclass(frozen=True)
class Figure:
    """One of the five. `select` may use the parameters that `services.counting.parameters` gives; `reasons`: code ->
    (Chinese, English)."""

    code: str
    order: int
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    select: str
    reasons: Mapping[str, tuple[str, str]]


def figures() -> dict[str, Figure]:
    """The figures by their codes, in the order in which the centre names them."""
    found = entries("yikatong.quality.figures", Figure).values()
    return {each.code: each for each in sorted(found, key=lambda figure: figure.order)}
