"""Blank stock, told a second time: where every blank lies, in whose hand, on which paper, on which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.db import connection

from yikatong.bench._desks import DESKS, OUTLETS, Desk
from yikatong.bench._life import Life
from yikatong.cards.blanks import PaperKind, serial
from yikatong.cards.services import blank_papers as papers
from yikatong.cards.services import blank_use as using
from yikatong.cards.shelf import CountRow, PaperRow
from yikatong.office.act import Act

PREFIX = "WB"
BEING_MADE = ("making", "made", "at_outlet", "collected")
_BLANKS = """
SELECT b.serial, p.code, b.state, b.holder, coalesce(o.number, ''), coalesce(s.number, '')
  FROM cards_blank b JOIN office_outlet p ON p.id = b.place_id
  LEFT JOIN cards_order o ON o.id = b.order_id LEFT JOIN cards_stockpaper s ON s.id = b.paper_id"""


@dataclass(frozen=True)
class Blank:
    place: str
    stands: str = "stock"
    holder: str = ""
    order: str = ""
    paper: str = ""


@dataclass
class Paper:
    kind: PaperKind
    serials: tuple[str, ...]
    source: str
    target: str
    by: str
    stands: str = "written"


@dataclass(frozen=True)
class ShelfWork:
    """`foretold` None: it must be refused; else what becomes of the stock, given what the house answered."""

    name: str
    desk: Desk
    call: Callable[[Act], object]
    foretold: Callable[[object], None] | None


@dataclass
class Shelf:
    """All blanks, papers and counts, as they must be."""

    random: Random
    lives: dict[int, Life]
    blanks: dict[str, Blank] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    counting: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    differing: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    newest: int = 0

    def draw(self) -> ShelfWork:
        """Something a desk may do with blanks, most of it sensible."""
        kinds = (self.deliver, self.move, self.move, self.close, self.close, self.close, self.take, self.take,
                 self.give_back, self.use, self.use, self.spoil, self.count, self.count, self.explain)  # fmt: skip
        return self.random.choice(kinds)(self.random.choice(DESKS))

    def differs(self) -> dict[str, tuple[Blank | None, Blank | None]]:
        """Every blank that is not where it must be: as foretold, as found."""
        with connection.cursor() as cursor:
            cursor.execute(_BLANKS)
            found = {row[0]: Blank(*row[1:]) for row in cursor.fetchall()}
        every = found.keys() | self.blanks.keys()
        return {
            name: (self.blanks.get(name), found.get(name))
            for name in every
            if self.blanks.get(name) != found.get(name)
        }

    def lying(self, place: str) -> list[str]:
        return sorted(n for n, b in self.blanks.items() if b.place == place and b.stands == "stock")

    def held(self, place: str, by: str = "") -> list[str]:
        return sorted(
            name
            for name, blank in self.blanks.items()
            if blank.place == place and blank.stands == "hand" and by in ("", blank.holder)
        )

    def _rarely(self) -> bool:
        return self.random.random() < 0.08

    def _near(self, desk: Desk) -> str:
        """The desk's own place, or any."""
        own = desk.actor.outlet if desk.actor.outlet and not self._rarely() else ""
        return own or self.random.choice([*OUTLETS])

    @staticmethod
    def _reaches(desk: Desk, place: str) -> bool:
        return desk.reaches(OUTLETS[place][0], place)

    # --- papers --------------------------------------------------------------------------------------------------

    def deliver(self, desk: Desk) -> ShelfWork:
        place, again = self._near(desk), self._rarely() and self.newest > 0
        first = self.newest if again else self.newest + 1
        last = first - 1 if self._rarely() else first + self.random.randint(0, 11)
        coming = {
            name
            for paper in self.papers.values()
            if paper.kind is PaperKind.DELIVERY and paper.stands == "written"
            for name in paper.serials
        } | self.blanks.keys()
        known = any(serial(PREFIX, number) in coming for number in range(first, last + 1))
        allowed = self._reaches(desk, place) and not known and last >= first
        if last >= first:
            self.newest = max(self.newest, last)
        return self._paper(desk, PaperKind.DELIVERY, first, last, "", place, allowed=allowed)

    def move(self, desk: Desk) -> ShelfWork:
        """Some that lie beside one another go to another place, or back to the supplier."""
        source = self._near(desk)
        lying = [int(name[len(PREFIX) :]) for name in self.lying(source)]
        first = self.random.choice(lying) if lying else 1
        last = first + self.random.randint(0, 2)
        kind = self.random.choice((PaperKind.TRANSFER, PaperKind.RETURN))
        target = self.random.choice([*OUTLETS]) if kind is PaperKind.TRANSFER else ""
        allowed = self._reaches(desk, source) and target != source
        allowed = allowed and all(number in lying for number in range(first, last + 1))
        return self._paper(desk, kind, first, last, source, target, allowed=allowed)

    def _paper(
        self, desk: Desk, kind: PaperKind, first: int, last: int, source: str, target: str, *, allowed: bool
    ) -> ShelfWork:
        def call(act: Act) -> object:
            return papers.write_paper(
                act, kind=kind, prefix=PREFIX, first=first, last=last, source=source, target=target, scope=desk.scope
            )  # fmt: skip

        def effect(result: object) -> None:
            assert isinstance(result, PaperRow)
            serials = tuple(serial(PREFIX, number) for number in range(first, last + 1))
            self.papers[result.number] = Paper(kind, serials, source, target, desk.actor.code)
            if kind is not PaperKind.DELIVERY:
                for name in serials:
                    self.blanks[name] = Blank(source, "way", paper=result.number)

        return ShelfWork(f"write_{kind}", desk, call, effect if allowed else None)

    def close(self, desk: Desk) -> ShelfWork:
        """Confirm a paper, or withdraw it."""
        waiting = [number for number, paper in self.papers.items() if paper.stands == "written"]
        number = self.random.choice(waiting or [*self.papers] or ["K000000000"])
        paper, confirm = self.papers.get(number), self.random.random() < 0.75
        service = papers.confirm_paper if confirm else papers.withdraw_paper
        allowed = paper is not None and paper.stands == "written"
        if paper is not None:
            place = (paper.target or paper.source) if confirm else (paper.source or paper.target)
            allowed = allowed and self._reaches(desk, place) and not (confirm and paper.by == desk.actor.code)

        def effect(_: object) -> None:
            assert paper is not None
            paper.stands = "confirmed" if confirm else "withdrawn"
            if paper.kind is PaperKind.DELIVERY and not confirm:
                return
            after = Blank(paper.target or paper.source)
            if paper.kind is PaperKind.RETURN and confirm:
                after = Blank(paper.source, "sent_back", paper=number)
            elif not confirm:
                after = Blank(paper.source)
            self.blanks.update(dict.fromkeys(paper.serials, after))

        return ShelfWork(
            "confirm_paper" if confirm else "withdraw_paper", desk,
            lambda act: service(act, number=number, scope=desk.scope), effect if allowed else None,
        )  # fmt: skip

    # --- hands ---------------------------------------------------------------------------------------------------

    def take(self, desk: Desk) -> ShelfWork:
        place, count = self._near(desk), self.random.choice((0, 1, 1, 2, 5))
        lying = self.lying(place)
        allowed = self._reaches(desk, place) and 0 < count <= len(lying)

        def effect(_: object) -> None:
            for name in lying[:count]:
                self.blanks[name] = Blank(place, "hand", desk.actor.code)

        return ShelfWork(
            "draw_blanks", desk,
            lambda act: using.draw_blanks(act, outlet_code=place, count=count, scope=desk.scope),
            effect if allowed else None,
        )  # fmt: skip

    def give_back(self, desk: Desk) -> ShelfWork:
        place = self._near(desk)

        def effect(_: object) -> None:
            for name in self.held(place, desk.actor.code):
                self.blanks[name] = Blank(place)

        return ShelfWork(
            "give_back_blanks", desk,
            lambda act: using.give_back_blanks(act, outlet_code=place, scope=desk.scope),
            effect if self._reaches(desk, place) else None,
        )  # fmt: skip

    def use(self, desk: Desk) -> ShelfWork:
        """The card of an instant order was made on a blank."""
        orders = [life.order for life in self.lives.values() if life.order is not None and life.order.number]
        fitting = [each for each in orders if each.mode == "instant" and each.stands in BEING_MADE]
        order = self.random.choice(fitting or orders) if orders else None
        name = self._some(desk)
        blank, number = self.blanks.get(name), order.number if order else "S000000000"
        allowed = order is not None and order in fitting and desk.reaches(order.region, order.outlet)
        allowed = allowed and all(each.order != number for each in self.blanks.values())
        allowed = allowed and blank is not None and self._reaches(desk, blank.place)
        allowed = allowed and blank is not None and (blank.stands, blank.holder) == ("hand", desk.actor.code)

        def effect(_: object) -> None:
            assert blank is not None
            self.blanks[name] = Blank(blank.place, "used", order=number)

        return ShelfWork(
            "use_blank", desk,
            lambda act: using.use_blank(act, serial=name, order_number=number, scope=desk.scope),
            effect if allowed else None,
        )  # fmt: skip

    def spoil(self, desk: Desk) -> ShelfWork:
        name, reason = self._some(desk), " " if self._rarely() else "打印偏色"
        blank = self.blanks.get(name)
        allowed = bool(reason.strip()) and blank is not None and self._reaches(desk, blank.place)
        allowed = allowed and blank is not None and blank.stands in ("stock", "hand")
        allowed = allowed and blank is not None and blank.holder in ("", desk.actor.code)

        def effect(_: object) -> None:
            assert blank is not None
            self.blanks[name] = Blank(blank.place, "spoilt")

        return ShelfWork(
            "spoil_blank", desk,
            lambda act: using.spoil_blank(act, serial=name, reason=reason, scope=desk.scope),
            effect if allowed else None,
        )  # fmt: skip

    def _some(self, desk: Desk) -> str:
        """A blank in the desk's own hand, mostly."""
        own = [name for name, blank in self.blanks.items() if blank.holder == desk.actor.code]
        if own and not self._rarely():
            return self.random.choice(own)
        return self.random.choice([*self.blanks] or [f"{PREFIX}99999999"])

    # --- counts --------------------------------------------------------------------------------------------------

    def count(self, desk: Desk) -> ShelfWork:
        """The first or the second person's count of a place, right or one short."""
        place = self._near(desk)
        expected = len(self.lying(place)) + len(self.held(place))
        counted = expected - (self.random.random() < 0.3)
        begun = self.counting.get(place)
        second = begun is not None if self.random.random() < 0.9 else begun is None
        allowed = counted >= 0 and self._reaches(desk, place) and (begun is not None) is second
        if second:
            allowed = allowed and begun is not None and begun[2] != desk.actor.code

        def effect(result: object) -> None:
            if begun is None:
                self.counting[place] = (counted, expected, desk.actor.code)
                return
            del self.counting[place]
            assert isinstance(result, CountRow)
            agrees = (begun[0], counted) == (begun[1], expected)
            assert result.state.code == ("agrees" if agrees else "differs"), (
                result,
                begun,
                counted,
                expected,
            )
            if not agrees:
                self.differing[result.id] = (place, begun[2], desk.actor.code)

        service = using.finish_count if second else using.begin_count
        return ShelfWork(
            "finish_count" if second else "begin_count", desk,
            lambda act: service(act, outlet_code=place, counted=counted, scope=desk.scope),
            effect if allowed else None,
        )  # fmt: skip

    def explain(self, desk: Desk) -> ShelfWork:
        key = self.random.choice([*self.differing] or [0])
        known, why = self.differing.get(key), " " if self._rarely() else "一张夹在报表里"
        allowed = known is not None and bool(why.strip()) and self._reaches(desk, known[0])
        allowed = allowed and known is not None and desk.actor.code not in known[1:]
        return ShelfWork(
            "explain_count", desk,
            lambda act: using.explain_count(act, count_id=key, explanation=why, scope=desk.scope),
            (lambda _: self.differing.pop(key) and None) if allowed else None,
        )  # fmt: skip
