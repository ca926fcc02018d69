"""How near two words are: the fewest characters put in, left out or changed."""

from __future__ import annotations


def edits(first: str, second: str, most: int) -> int:
    """That number, or `most` + 1 where it is more: 「债务付息」 and 「债务利息」 are 1 apart."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    above = list(range(len(second) + 1))
    for row, sign in enumerate(first, 1):
        here = [row]
        for column, other in enumerate(second, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (sign != other)))
        if min(here) > most:
            return most + 1
        above = here
    return above[-1]
