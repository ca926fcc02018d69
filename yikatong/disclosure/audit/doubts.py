"""What else speaks against a number where sums cannot tell which of several is wrong.

Never the ground of a finding: of the fewest cells that must be wrong these decide which, where there is a choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import part
from yikatong.disclosure.audit.share import Share

_STRONG, _WEAK = 4, 1
WHOLE = 20
"""So many amounts printed to the fen, nearly all of them whole yuan, make one with fen stand out."""


def doubts_of(cells: Sequence[Printed], claims: Sequence[Claim], shares: Sequence[Share]) -> dict[int, int]:
    """By `id` of a cell how much speaks against it; less than nothing where something speaks for it."""
    found: dict[int, int] = defaultdict(int)
    for share in shares:
        weight = -_WEAK if share.fits else _WEAK
        for cell in (share.part, share.whole, share.change):
            if cell is not None and share.percent:
                found[id(cell)] += weight
    for cell in cells:
        if cell.fen < 0 and not part(cell.about, "phase"):
            found[id(cell)] += _STRONG
        elif not cell.fen:
            found[id(cell)] -= _WEAK  # a wrong digit is likelier than a number left out
    for cell in (*with_fen(cells), *_exchanged(claims)):
        found[id(cell)] += _STRONG
    return found


def with_fen(cells: Sequence[Printed]) -> list[Printed]:
    """Amounts with fen where nearly all others that show theirs are whole yuan."""
    told = [cell for cell in cells if cell.unit == "元" and "." in cell.text and cell.fen]
    odd = [cell for cell in told if cell.fen % 100]
    return odd if len(told) >= WHOLE * max(1, len(odd)) else []


def _exchanged(claims: Sequence[Claim]) -> Iterator[Printed]:
    """Two cells of a column that, put in each other's place, mend every sum of it that is broken."""
    columns: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.rule == "sum.rows":
            columns[claim.total.place.table, claim.total.place.column].append(claim)
    for own in columns.values():
        broken = [claim for claim in own if abs(claim.off) > claim.slack]
        if len(broken) < 2:
            continue
        suspects = {id(cell): cell for claim in broken for cell in claim.cells}
        for one, other in combinations(suspects.values(), 2):
            if one.fen != other.fen and all(_mended(claim, one, other) for claim in own):
                yield one
                yield other


def _mended(claim: Claim, one: Printed, other: Printed) -> bool:
    gap = other.fen - one.fen
    off = claim.off
    for cell, change in ((one, gap), (other, -gap)):
        off += change * (sum(1 for part in claim.parts if part is cell) - (claim.total is cell))
    return abs(off) <= claim.slack + abs(one.step - other.step)
