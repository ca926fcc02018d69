"""What must hold between printed numbers: sums of rows and of columns. The same region in two places is the same fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import COMPLETE, Region, joined, part, region
from yikatong.disclosure.audit.tables import Head, Table


@dataclass(frozen=True, slots=True)
class Claim:
    """`total` is the sum of `parts`; `rule` says on what ground."""

    rule: str
    total: Printed
    parts: tuple[Printed, ...]

    @property
    def cells(self) -> tuple[Printed, ...]:
        """All numbers it speaks of."""
        return (self.total, *self.parts)

    @property
    def off(self) -> int:
        """By how many fen the printed parts differ from the printed total."""
        return sum(part.fen for part in self.parts) - self.total.fen

    @property
    def slack(self) -> int:
        """The most that rounding of its cells can explain, in fen."""
        return sum(cell.step // 2 for cell in self.cells)


_Key = tuple[int, int]


def claims_of(table: Table) -> Iterator[Claim]:
    """Every sum a table promises: each row that has parts, in each column, and each column that has parts, in each row."""
    for rule, _, keys in _wholes(table):
        known = [cell for key in keys if (cell := table.amounts.get(key)) is not None]
        if len(known) == len(keys):
            yield Claim(rule, known[0], tuple(known[1:]))


def gaps_of(table: Table) -> Iterator[tuple[int, int, tuple[Printed, ...]]]:
    """(row, column, parts) of totals that are not printed though their parts are, and are not all zero."""
    for rule, whole, (total, *others) in _wholes(table):
        if total in table.amounts or not (whole.total or rule == "sum.columns"):
            continue
        parts = tuple(cell for key in others if (cell := table.amounts.get(key)) is not None)
        if len(parts) == len(others) and any(part.fen for part in parts):
            yield (*total, parts)


def _wholes(table: Table) -> Iterator[tuple[str, Head, list[_Key]]]:
    """Each row and column that has parts: the rule, what it is, and the places of the whole and of its parts."""
    for side in table.sides:
        yield from _along("sum.rows", side.rows, side.columns, turned=False)
        yield from _along("sum.columns", side.columns, side.rows, turned=True)


def _along(
    rule: str, along: dict[int, Head], across: dict[int, Head], *, turned: bool
) -> Iterator[tuple[str, Head, list[_Key]]]:
    children: dict[int, list[int]] = defaultdict(list)
    for place, head in along.items():
        if head.parent is not None and not head.partial:
            children[head.parent].append(place)
    for parent, parts in children.items():
        if turned and len(parts) < 2:
            continue  # one column beside a total says nothing of what else there is
        for other in across:
            keys = [(other, place) if turned else (place, other) for place in (parent, *parts)]
            yield rule, along[parent], keys


def claims_of_lists(
    cells: Iterable[Printed], lists: Iterable[tuple[Region, Sequence[Printed]]]
) -> Iterator[Claim]:
    """Enumerations of running text: their items sum to the whole, wherever that is printed."""
    known: dict[Region, list[Printed]] = defaultdict(list)
    for cell in cells:
        known[cell.about].append(cell)
    for about, parts in lists:
        if about in known:
            begins = parts[0].place.line
            nearest = min(known[about], key=lambda cell: abs(cell.place.line - begins))
            yield Claim("sum.list", nearest, tuple(parts))


def claims_between(cells: Iterable[Printed]) -> Iterator[Claim]:
    """What holds between numbers wherever they stand: wholes and their named parts, and income against expenditure."""
    first: dict[Region, Printed] = {}
    for cell in cells:
        known = first.setdefault(cell.about, cell)
        if 0 < cell.step < known.step:
            first[cell.about] = cell  # the one told most finely
    for about, total in first.items():
        for dimension, whole, parts in COMPLETE:
            if part(about, dimension) != whole or (dimension == "category" and _elsewhere(about)):
                continue
            found = [first.get(joined(about, region(**{dimension: member}))) for member in parts]
            if (dimension, whole) == ("category", "") and any(found):
                more = (first.get(joined(about, region(category=member))) for member in _BESIDE)
                found += [each for each in more if each is not None]
            if all(found):
                yield Claim("sum.parts", total, tuple(each for each in found if each is not None))
    income, spending = first.get(region(flow="收入")), first.get(region(flow="支出"))
    spending = first.get(region(flow="支出", end="总计"), spending)
    if income is not None and spending is not None:
        yield Claim("balance", income, (spending,))
    yield from _mirrored(first)


def _mirrored(first: Mapping[Region, Printed]) -> Iterator[Claim]:
    """Income told by function is what each function spends, in documents in which nearly all functions show it."""
    pairs = []
    for about, income in first.items():
        if part(about, "flow") == "收入" and part(about, "function") and len(about) == 2:
            spending = first.get(joined(about, region(flow="支出")))
            if spending is not None:
                pairs.append((income, spending))
    spent, end = first.get(region(flow="支出")), first.get(region(flow="支出", end="总计"))
    if spent is not None and end is not None and spent.fen != end.fen:
        return  # what is left was brought in for a function, not spent
    alike = sum(1 for income, spending in pairs if income.fen == spending.fen)
    if alike >= _ALIKE and alike * 5 >= len(pairs) * 4:
        yield from (Claim("balance", income, (spending,)) for income, spending in pairs)


_BESIDE = ("上缴上级", "经营支出", "补助附属")
"""What a unit may also spend on: counted where it is printed."""
_ALIKE = 4
"""Fewer functions than this with the same income and expenditure show nothing."""


def _elsewhere(about: Region) -> bool:
    """Income and single items are not divided into 基本 and 项目."""
    return part(about, "flow") != "支出" or bool(part(about, "item")) or bool(part(about, "end"))
