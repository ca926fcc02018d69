"""空白卡到货、调拨、退回: one person writes the paper, another counts and confirms it."""

from __future__ import annotations

from django.db import connection

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.blanks import BLANK, IN_STOCK, PAPER, PaperKind, range_wrong, serial
from yikatong.cards.models import Blank, StockPaper
from yikatong.cards.shelf import PaperRow, paper_row
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.numbering import next_number
from yikatong.office.places import OutletRow, outlet
from yikatong.office.scope import Scope, outside

_BEAR = """
INSERT INTO cards_blank (serial, delivery_id, place_id, holder, reason, state, state_since)
SELECT %(prefix)s || lpad(n::text, 8, '0'), %(paper)s, %(place)s, '', '', %(state)s, %(at)s
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


def write_paper(
    act: Act,
    *,
    kind: PaperKind,
    prefix: str,
    first: int,
    last: int,
    source: str = "",
    target: str = "",
    note: str = "",
    scope: Scope | None = None,
) -> PaperRow | Refused:
    """Write a paper for the serials from `first` to `last`; what leaves a place is under way from now on.

    Refused: `blank.prefix`, `blank.range`, `blank.too_many`, `blank.place`, `scope.outside`, `blank.known` (delivery:
    a serial is here already), `blank.not_in_stock` (else: not all of them lie in stock at `source`).
    """
    prefix = prefix.strip().upper()
    refused = range_wrong(prefix, first, last)
    if refused is not None:
        return refused
    places = _places(kind, source, target, scope)
    if isinstance(places, Refused):
        return places
    come_from, go_to = (place.id if place else None for place in places)
    count = last - first + 1
    bounds = (serial(prefix, first), serial(prefix, last))
    there = Blank.objects.filter(serial__range=bounds, serial__startswith=prefix).order_by("serial")
    if kind is PaperKind.DELIVERY:
        if there.exists() or _written_already(prefix, first, last):
            return Refused(
                "blank.known",
                "这些序列号中有的已经到货或正待确认，请核对起止序号。",
                "Some of these serials are here already or wait to be confirmed; check the range.",
                at="first",
            )
    else:
        lying = list(
            there.filter(state=IN_STOCK.code, place=come_from)
            .select_for_update(no_key=True)
            .values_list("pk", flat=True)
        )
        if len(lying) != count:
            return Refused(
                "blank.not_in_stock",
                f"这 {count} 张中只有 {len(lying)} 张在该处库存里，请核对起止序号。",
                f"Only {len(lying)} of these {count} lie in stock there; check the range.",
                at="first",
            )
    paper = StockPaper.objects.create(
        number=next_number("K"),
        kind=kind.value,
        prefix=prefix,
        first=first,
        last=last,
        count=count,
        source_id=come_from,
        target_id=go_to,
        note=note.strip()[:60],
        written_by=act.actor.code,
        written_at=act.at,
    )
    if kind is not PaperKind.DELIVERY:
        advance_all(Blank.objects.filter(pk__in=lying), BLANK, "send", state_since=act.at, paper=paper)
    _record(act, facts.PAPER_WRITTEN, paper)
    return paper_row(paper)


def confirm_paper(act: Act, *, number: str, scope: Scope | None = None) -> PaperRow | Refused:
    """The second person has counted: a delivery is born on its shelf, a transfer arrives, a return leaves the house.

    Refused: `paper.unknown`, `scope.outside`, `paper.closed`, `paper.same_person`.
    """
    paper = _locked(number, scope, arriving=True)
    if isinstance(paper, Refused):
        return paper
    if paper.written_by == act.actor.code:
        return Refused(
            "paper.same_person",
            "填单人不能自己确认，请由另一人清点后确认。",
            "Who wrote the paper may not confirm it; another person counts and confirms.",
            at="number",
        )
    advance(paper, PAPER, "confirm", closed_by=act.actor.code, closed_at=act.at)
    under_way = Blank.objects.filter(paper=paper)
    match PaperKind(paper.kind):
        case PaperKind.DELIVERY:
            _bear(act, paper)
        case PaperKind.TRANSFER:
            advance_all(under_way, BLANK, "arrive", state_since=act.at, place_id=paper.target_id, paper=None)
        case PaperKind.RETURN:
            advance_all(under_way, BLANK, "leave", state_since=act.at)
    _record(act, facts.PAPER_CONFIRMED, paper)
    return paper_row(paper)


def withdraw_paper(act: Act, *, number: str, scope: Scope | None = None) -> PaperRow | Refused:
    """A paper that was written wrongly: what was under way lies in stock again.

    Refused: `paper.unknown`, `scope.outside`, `paper.closed`.
    """
    paper = _locked(number, scope, arriving=False)
    if isinstance(paper, Refused):
        return paper
    advance(paper, PAPER, "withdraw", closed_by=act.actor.code, closed_at=act.at)
    advance_all(Blank.objects.filter(paper=paper), BLANK, "arrive", state_since=act.at, paper=None)
    _record(act, facts.PAPER_WITHDRAWN, paper)
    return paper_row(paper)


def _bear(act: Act, paper: StockPaper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _BEAR,
            {
                "prefix": paper.prefix,
                "paper": paper.pk,
                "place": paper.target_id,
                "state": IN_STOCK.code,
                "at": act.at,
                "first": paper.first,
                "last": paper.last,
            },
        )


def _places(
    kind: PaperKind, source: str, target: str, scope: Scope | None
) -> tuple[OutletRow | None, OutletRow | None] | Refused:
    """Where the blanks come from and go to, as the kind of paper wants it; both within the clerk's reach.

    A transfer goes to any outlet: its receiver confirms it.
    """
    come_from = outlet(source) if kind is not PaperKind.DELIVERY else None
    go_to = outlet(target) if kind is not PaperKind.RETURN else None
    if (come_from is None) is not (kind is PaperKind.DELIVERY) or (go_to is None) is not (
        kind is PaperKind.RETURN
    ):
        return _no_place()
    if come_from is not None and go_to is not None and come_from.id == go_to.id:
        return _no_place()
    own = come_from or go_to
    if scope is not None and own is not None and not scope.covers(own.region, own.code):
        return outside(own.region)
    return come_from, go_to


def _no_place() -> Refused:
    return Refused(
        "blank.place",
        "请选择调出和调入网点：到货只选调入，退回只选调出，调拨两处不能相同。",
        "Choose the places: a delivery goes to one, a return leaves one, a transfer has two different ones.",
        at="target",
    )


def _written_already(prefix: str, first: int, last: int) -> bool:
    """Whether a delivery that still waits holds some of them; its blanks are not born yet."""
    waiting = StockPaper.objects.filter(
        kind=PaperKind.DELIVERY.value,
        state=PAPER.firsts[0].code,
        prefix=prefix,
        first__lte=last,
        last__gte=first,
    )
    return waiting.exists()


def _locked(number: str, scope: Scope | None, *, arriving: bool) -> StockPaper | Refused:
    paper = (
        StockPaper.objects.select_for_update(no_key=True, of=("self",))
        .select_related("source", "target")
        .filter(number=number.strip().upper())
        .first()
    )
    if paper is None:
        return Refused(
            "paper.unknown", f"没有出入库单 {number}。", f"There is no paper {number}.", at="number"
        )
    place = (paper.target or paper.source) if arriving else (paper.source or paper.target)
    if scope is not None and place is not None and not scope.covers(place.region_id, place.code):
        return outside(place.region_id)
    state = PAPER.state(paper.state)
    if state not in PAPER.firsts:
        return Refused("paper.closed", f"该单{state.zh}。", f"This paper is {state.en}.", at="number")
    return paper


def _record(act: Act, kind: Kind, paper: StockPaper) -> None:
    place = paper.target or paper.source
    act.record(
        kind,
        subject=f"paper:{paper.pk}",
        region=place.region_id if place else "",
        outlet=place.code if place else "",
        paper=paper.number,
        paper_kind=PaperKind(paper.kind).zh,
        range=f"{serial(paper.prefix, paper.first)}–{serial(paper.prefix, paper.last)}",
        count=paper.count,
    )
