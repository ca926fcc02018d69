"""Reads about blank stock: the balance of each place, papers and counts. Frozen rows out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from yikatong.basics.states import State
from yikatong.cards.blanks import (
    COUNT,
    DIFFERS,
    IN_HAND,
    IN_STOCK,
    ONE_COUNTED,
    PAPER,
    SENT_BACK,
    SPOILT,
    UNDER_WAY,
    USED,
    WRITTEN,
    PaperKind,
    serial,
)
from yikatong.cards.models import Blank, StockCount, StockPaper
from yikatong.cards.rules import AT_OUTLET, COLLECTED, MADE, Mode
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class Balance:
    """One place: of everything that ever came to be there, where it is now. `known` is their sum."""

    outlet: str
    outlet_name: str
    in_stock: int
    in_hand: int
    under_way: int
    used: int
    spoilt: int
    sent_back: int
    known: int


@dataclass(frozen=True)
class PaperRow:
    """One stock paper."""

    number: str
    kind: PaperKind
    first: str
    last: str
    count: int
    source: str
    target: str
    source_code: str
    target_code: str
    note: str
    written_by: str
    written_at: datetime
    state: State


@dataclass(frozen=True)
class Hand:
    """The blanks in one clerk's hand: how many, and the serial of the next (empty: there is none)."""

    count: int
    next: str


@dataclass(frozen=True)
class CountRow:
    """One count. While it waits for its second person it says nothing of what the first found."""

    id: int
    outlet: str
    outlet_name: str
    first_by: str
    first_at: datetime
    first: int | None
    first_expected: int | None
    second: int | None
    second_expected: int | None
    explanation: str
    state: State


def balances(scope: Scope | None = None) -> tuple[Balance, ...]:
    """Every place that has or had blanks, by its code. One statement."""
    rows = Blank.objects.all()
    if scope is not None:
        rows = scope.narrow(rows, region="place__region__code", outlet="place__code")
    order = (IN_STOCK, IN_HAND, UNDER_WAY, USED, SPOILT, SENT_BACK)
    sums = {f"n_{state.code}": Count("id", filter=Q(state=state.code)) for state in order}
    found = (
        rows.values_list("place__code", "place__name")
        .annotate(**sums, known=Count("id"))
        .order_by("place__code")
    )
    return tuple(Balance(*row) for row in found)


def received() -> int:
    """How many blanks confirmed deliveries say there are; the sum of all balances is the same, always."""
    papers = StockPaper.objects.filter(kind=PaperKind.DELIVERY.value, state="confirmed")
    return sum(papers.values_list("count", flat=True))


def paper_row(paper: StockPaper) -> PaperRow:
    return PaperRow(
        paper.number,
        PaperKind(paper.kind),
        serial(paper.prefix, paper.first),
        serial(paper.prefix, paper.last),
        paper.count,
        paper.source.name if paper.source else "",
        paper.target.name if paper.target else "",
        paper.source.code if paper.source else "",
        paper.target.code if paper.target else "",
        paper.note,
        paper.written_by,
        paper.written_at,
        PAPER.state(paper.state),
    )


def open_papers(scope: Scope | None = None) -> tuple[PaperRow, ...]:
    """Papers that wait for their second person, oldest first: of the places that send and of those that receive."""
    rows = StockPaper.objects.select_related("source", "target").filter(state=WRITTEN.code)
    if scope is not None:
        keys = [
            row.pk
            for row in rows
            if any(place and scope.covers(place.region_id, place.code) for place in (row.source, row.target))
        ]
        rows = rows.filter(pk__in=keys)
    return tuple(map(paper_row, rows.order_by("id")))


def paper(number: str, scope: Scope | None = None) -> PaperRow | None:
    """One paper that waits, None where there is none within the scope."""
    return next((row for row in open_papers(scope) if row.number == number.strip().upper()), None)


def count_row(row: StockCount) -> CountRow:
    waits = row.state == ONE_COUNTED.code
    return CountRow(
        row.pk,
        row.place.code,
        row.place.name,
        row.first_by,
        row.first_at,
        None if waits else row.first,
        None if waits else row.first_expected,
        row.second,
        row.second_expected,
        row.explanation,
        COUNT.state(row.state),
    )


def open_counts(scope: Scope | None = None) -> tuple[CountRow, ...]:
    """Counts that wait for their second person or for an explanation, oldest first."""
    rows = StockCount.objects.select_related("place").filter(state__in=(ONE_COUNTED.code, DIFFERS.code))
    if scope is not None:
        rows = scope.narrow(rows, region="place__region__code", outlet="place__code")
    return tuple(map(count_row, rows.order_by("id")))


def in_hand(holder: str) -> Hand:
    """What this member of staff has drawn and not used yet; `holder` is an actor's code."""
    found = Blank.objects.filter(state=IN_HAND.code, holder=holder).aggregate(
        count=Count("id"), next=Min("serial")
    )
    return Hand(found["count"], found["next"] or "")


def blank_of(order_id: int) -> str:
    """The serial of the blank an order's card was made on, empty where none is known."""
    return Blank.objects.filter(order=order_id).values_list("serial", flat=True).first() or ""


def blank_owed(mode: Mode, state: State) -> bool:
    """Whether the card of such an order is there, so that it should be written down on which blank it was made."""
    return mode is Mode.INSTANT and state in (MADE, AT_OUTLET, COLLECTED)
