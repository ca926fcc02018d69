"""How near two words are: the fewest characters put in, left out or changed; and where words of a list may begin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein


def edits(first: str, second: str, most: int) -> int:
    """That number, or `most` + 1 where it is more: 「债务付息」 and 「债务利息」 are 1 apart."""
    return Levenshtein.distance(first, second, score_cutoff=most)


def beginning(starts: Iterable[str]) -> re.Pattern[str]:
    """Finds each place at which two characters begin as one of these; its match is the first of them."""
    second: dict[str, list[str]] = defaultdict(list)
    for start in sorted(set(starts)):
        second[start[0]].append(re.escape(start[1]))
    return re.compile("|".join(f"{re.escape(one)}(?=[{''.join(others)}])" for one, others in second.items()))
