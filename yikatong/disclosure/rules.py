"""Pure decisions about what is disclosed: whether the parts of a project's funds add up."""

from __future__ import annotations

from collections.abc import Mapping

TOTAL = "total"
SPANS = ("whole", "year")


def footing(funds: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """The spans (whole, year) whose sources do not sum to their total. Amounts in fen by span and source."""
    return tuple(
        span
        for span, amounts in funds.items()
        if sum(fen for source, fen in amounts.items() if source != TOTAL) != amounts.get(TOTAL)
    )
