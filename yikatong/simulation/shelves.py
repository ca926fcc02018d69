"""Blank cards and slots in the demo city: what is delivered, passed on, used, spoilt and counted in the course of a year.

Two people move every blank, as the pages want it. Like the registry it draws from its own dice. The slots of an outlet
are labelled in autumn; what lay on a shelf before lies in none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from yikatong.basics.refused import Refused
from yikatong.cards import shelving
from yikatong.cards.blanks import PaperKind
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import Mode
from yikatong.cards.services import blank_papers, blank_use, boxes, stock
from yikatong.cards.services.slots import open_slots
from yikatong.cards.shelf import balances
from yikatong.office.act import Door
from yikatong.office.places import OutletRow, outlets
from yikatong.office.scope import EVERYWHERE
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary

PREFIX = "YK"
LEAST = 1_000  # blanks of the year's delivery; a large city needs one for every tenth resident
SHARE = 5  # each outlet that makes cards is given a fifth of them
IN_HAND = 20  # drawn at a time
SPOILT = 0.03  # of the cards made on the spot, a blank is spoilt before
SPOILT_BY = ("打印偏移", "芯片无应答", "卡面划伤")
CABINETS = ("A", "B")
SLOTS, ROOM = 12, 50


@dataclass
class Shelves:
    """Keeps the blanks, and puts boxes into slots."""

    random: Random
    diary: Diary
    crew: Crew
    people: int
    delivered: int = 0
    hands: dict[str, list[str]] = field(default_factory=dict)
    labelled: bool = False

    def plan(self, year: int) -> None:
        """The year's deliveries, countings and labels."""
        self.diary.at(self._morning(date(year, 1, 6)), self._delivery)
        for month in (3, 6, 9, 12):
            self.diary.at(self._morning(date(year, month, 24)), self._counts)
        self.diary.at(self._morning(date(year, 11, 3)), self._labels)

    def _morning(self, day: date) -> datetime:
        while not self.diary.calendar.is_working(day):
            day = date.fromordinal(day.toordinal() + 1)
        return datetime.combine(day, time(8, 40), CHINA)

    # --- blanks --------------------------------------------------------------------------------------------------

    def _delivery(self, moment: datetime) -> None:
        """The supplier's boxes come to the centre, and each outlet that makes cards is given its share."""
        makers = [each for each in outlets() if each.instant]
        total = self.delivered = max(LEAST, self.people // 10)
        self.move(moment, PaperKind.DELIVERY, 1, total, target=makers[0], note="供卡商送货单0106")
        first = 1
        for place in makers[1:]:
            self.move(moment, PaperKind.TRANSFER, first, first + total // SHARE - 1, makers[0], place)
            first += total // SHARE

    def move(
        self,
        moment: datetime,
        kind: PaperKind,
        first: int,
        last: int,
        source: OutletRow | None = None,
        target: OutletRow | None = None,
        note: str = "",
        confirmed: bool = True,
    ) -> None:
        """One paper, written where the blanks come from and counted by the manager, unless it still waits."""
        writer = self.crew.clerks[(source or target or outlets()[0]).code]
        row = do(
            blank_papers.write_paper,
            writer,
            Door.CONSOLE,
            moment,
            kind=kind,
            prefix=PREFIX,
            first=first,
            last=last,
            source=source.code if source else "",
            target=target.code if target else "",
            note=note,
        )
        if isinstance(row, Refused):
            raise RuntimeError(row.zh)
        if confirmed:
            second = self.crew.clerks[target.code] if source and target else self.crew.staff["manager"]
            do(blank_papers.confirm_paper, second, Door.CONSOLE, moment, number=row.number)

    def made_here(self, moment: datetime, order: OrderRow) -> None:
        """A card was made on the spot: the next blank in the clerk's hand is gone, sometimes two."""
        if self.random.random() < SPOILT and (serial := self._next(moment, order.outlet)):
            reason = self.random.choice(SPOILT_BY)
            do(
                blank_use.spoil_blank,
                self.crew.clerks[order.outlet],
                Door.CONSOLE,
                moment,
                serial=serial,
                reason=reason,
            )
        if serial := self._next(moment, order.outlet):
            do(
                blank_use.use_blank,
                self.crew.clerks[order.outlet],
                Door.CONSOLE,
                moment,
                serial=serial,
                order_number=order.number,
            )

    def _next(self, moment: datetime, outlet: str) -> str:
        """The next serial of the outlet's clerk, who draws some when the hand is empty; empty: none is left."""
        hand = self.hands.setdefault(outlet, [])
        if not hand:
            clerk = self.crew.clerks[outlet]
            drawn = do(blank_use.draw_blanks, clerk, Door.CONSOLE, moment, outlet_code=outlet, count=IN_HAND)
            hand.extend(() if isinstance(drawn, Refused) else drawn)
        return hand.pop(0) if hand else ""

    def _counts(self, moment: datetime) -> None:
        for place in outlets():
            if place.instant:
                self.count(moment, place.code)

    def count(self, moment: datetime, outlet: str, *, second: bool = True, found: int = 0) -> None:
        """Two people count what lies at an outlet; `found` is what they find too much or too little."""
        lies = next((row.in_stock + row.in_hand for row in balances(EVERYWHERE) if row.outlet == outlet), 0)
        there = lies + found
        do(
            blank_use.begin_count,
            self.crew.clerks[outlet],
            Door.CONSOLE,
            moment,
            outlet_code=outlet,
            counted=there,
        )
        if second:
            do(
                blank_use.finish_count,
                self.crew.staff["clerk"],
                Door.CONSOLE,
                moment,
                outlet_code=outlet,
                counted=there,
            )

    # --- finished cards ------------------------------------------------------------------------------------------

    def _labels(self, moment: datetime) -> None:
        for place in outlets():
            for cabinet in CABINETS:
                do(
                    open_slots,
                    self.crew.clerks[place.code],
                    Door.CONSOLE,
                    moment,
                    outlet_code=place.code,
                    cabinet=cabinet,
                    first=1,
                    last=SLOTS,
                    capacity=ROOM,
                )
        self.labelled = True

    def take_in(self, moment: datetime, orders: tuple[OrderRow, ...]) -> None:
        """Each outlet takes in what has come: box by box into its slots once there are any."""
        if self.labelled:
            on_the_spot = {order.batch for order in orders if order.mode is Mode.INSTANT}
            free = {(row.outlet, row.code): row.free for row in shelving.slots(EVERYWHERE)}
            for box in shelving.boxes_awaited(EVERYWHERE):
                if box.batch not in on_the_spot:
                    self.take_in_box(moment, box, free)
        for outlet in sorted({order.outlet for order in orders}):
            do(stock.receive_box, self.crew.clerks[outlet], Door.CONSOLE, moment, outlet_code=outlet)

    def take_in_box(
        self, moment: datetime, box: shelving.BoxRow, free: dict[tuple[str, str], int], found: int = 0
    ) -> None:
        """One box, counted and put into the first slot with room for it; `found`: as in `count`."""
        here = [code for (outlet, code), room in free.items() if outlet == box.outlet and room >= box.cards]
        slot = here[0] if here else ""
        if slot:
            free[box.outlet, slot] -= box.cards
        do(
            boxes.count_box,
            self.crew.clerks[box.outlet],
            Door.CONSOLE,
            moment,
            outlet_code=box.outlet,
            batch_number=box.batch,
            box=box.box,
            counted=box.cards + found,
            slot=slot,
        )
