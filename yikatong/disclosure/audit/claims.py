"""What must hold between printed numbers: sums of rows and of columns. The same region in two places is the same fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import COMPLETE, Region, joined, part, region
from yikatong.disclosure.audit.rows import Head
from yikatong.disclosure.audit.tables import Table


@dataclass(frozen=True, slots=True)
class Claim:
    """`total` is the sum of `parts`; `rule` says on what ground."""

    rule: str
    total: Printed
    parts: tuple[Printed, ...]
    off: int = field(init=False, compare=False)
    """By how many fen the printed parts differ from the printed total."""
    slack: int = field(init=False, compare=False)
    """The most that rounding of its cells can explain, in fen."""

    def __post_init__(self) -> None:
        """Both are asked for again and again."""
        off, slack = -self.total.fen, self.total.step // 2
        for cell in self.parts:
            off += cell.fen
            slack += cell.step // 2
        object.__setattr__(self, "off", off)
        object.__setattr__(self, "slack", slack)

    @property
    def cells(self) -> tuple[Printed, ...]:
        """All numbers it speaks of."""
        return (self.total, *self.parts)


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
    listed = {(about - {pair}, len(pair[1])) for about in first for pair in about if pair[0] == "function"}
    for about, total in first.items():
        named = dict(about)
        for dimension, whole, parts in COMPLETE:
            if named.get(dimension, "") != whole or (dimension == "category" and _elsewhere(about)):
                continue
            found = [first.get(joined(about, region(**{dimension: member}))) for member in parts]
            if (dimension, whole) == ("category", "") and any(found):
                more = (first.get(joined(about, region(category=member))) for member in _BESIDE)
                found += [each for each in more if each is not None]
            if dimension == "fund" and part(about, "function") and any(found):
                found = [
                    each
                    for each, member in zip(found, parts, strict=True)
                    if each is not None or not _left_out(joined(about, region(fund=member)), first, listed)
                ]
            if all(found):
                yield Claim("sum.parts", total, tuple(each for each in found if each is not None))
    income, spending = first.get(region(flow="收入")), first.get(region(flow="支出"))
    spending = first.get(region(flow="支出", end="总计"), spending)
    if income is not None and spending is not None:
        yield Claim("balance", income, (spending,))
    yield from _mirrored(first)
    yield from _between_years(first)


def _left_out(about: Region, first: Mapping[Region, Printed], listed: Collection[tuple[Region, int]]) -> bool:
    """Whether a function that is not printed has nothing of that fund: its functions of that rank are, or it has no money at all."""
    code = part(about, "function")
    rest = about - {("function", code)}
    total = first.get(rest)
    return total is not None and (not total.fen or (rest, len(code)) in listed)


def _mirrored(first: Mapping[Region, Printed]) -> Iterator[Claim]:
    """Income told by function or by fund is what each spends, in documents in which most of them show it."""
    spent, end = first.get(_SPENDING), first.get(region(flow="支出", end="总计"))
    if spent is not None and end is not None and not spent.meets(end):
        return  # what is left was brought in for a function, not spent
    groups: dict[Region, list[Claim]] = defaultdict(list)
    for about in first:
        by = next((pair for pair in about if pair[0] in ("function", "fund")), None)
        if by is None or part(about, "flow") != "收入" or part(about, "phase"):
            continue
        by = next((pair for pair in about if pair[0] == "function"), by)
        claim = _mirror(first, about)
        if claim is not None and any(cell.fen for cell in claim.cells):
            groups[about - {by} | {(by[0], "")}].append(claim)
    for about, claims in groups.items():
        alike = sum(1 for claim in claims if abs(claim.off) <= claim.slack)
        fewest = _ALIKE if ("function", "") in about else _FUNDS_ALIKE
        if alike >= fewest and alike * 2 > len(claims):
            yield from claims


def _mirror(first: Mapping[Region, Printed], about: Region) -> Claim | None:
    """What is spent beside an income; of an income only told as this year's and as carried over, beside both together."""
    spending = first.get(joined(about, _SPENDING))
    if spending is not None:
        return Claim("balance", first[about], (spending,))
    whole = about - _THIS_YEAR
    carried, spending = first.get(whole | _CARRIED), first.get(joined(whole, _SPENDING))
    if whole == about or whole in first or carried is None or spending is None:
        return None
    return Claim("sum.sources", spending, (first[about], carried))


def _between_years(first: Mapping[Region, Printed]) -> Iterator[Claim]:
    """Last year and the change make this year; where income is spending in both years, they change alike.

    A document with a place for what is left for the next year does not show that nothing was left last year.
    """
    leaves = any(part(about, "end") or part(about, "category") == "结转下年" for about in first)
    for about, told in first.items():
        phase = part(about, "phase")
        if phase not in ("上年", "增减"):
            continue
        now = _this_year(first, about)
        if phase == "上年":
            change = first.get(joined(about, region(phase="增减")))
            if now is not None and change is not None:
                yield Claim("sum.change", now, (told, change))
        elif part(about, "flow") == "收入" and not leaves:
            beside = joined(about, _SPENDING)
            change, spent = first.get(beside), _this_year(first, beside)
            if change is not None and now is not None and spent is not None and now.meets(spent):
                yield Claim("balance", told, (change,))


def _this_year(first: Mapping[Region, Printed], about: Region) -> Printed | None:
    """The amount of this year beside one of last year or a change; it may have lost a fund that this year has alone."""
    now = frozenset(pair for pair in about if pair[0] != "phase")
    return first.get(now) or first.get(frozenset(pair for pair in now if pair[0] != "fund"))


_SPENDING = region(flow="支出")
_THIS_YEAR, _CARRIED = region(carry="本年"), region(carry="结转")
_BESIDE = ("上缴上级", "经营支出", "补助附属")
"""What a unit may also spend on: counted where it is printed."""
_ALIKE = 4
"""Fewer functions than this with the same income and expenditure show nothing."""
_FUNDS_ALIKE = 2
"""A unit has few funds: of three, two that are spent as they came in show it."""


def _elsewhere(about: Region) -> bool:
    """Income and single items are not divided into 基本 and 项目."""
    return part(about, "flow") != "支出" or bool(part(about, "item")) or bool(part(about, "end"))
