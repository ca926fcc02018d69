"""How near two words are: the fewest characters put in, left out or changed."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein


def edits(first: str, second: str, most: int) -> int:
    """That number, or `most` + 1 where it is more: 「债务付息」 and 「债务利息」 are 1 apart."""
    return Levenshtein.distance(first, second, score_cutoff=most)
