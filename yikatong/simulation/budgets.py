"""The budgets of the demo city: published ones brought before the public again by three people, and a draft with a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from yikatong.basics.refused import Refused
from yikatong.disclosure import services
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.documents import VersionRow, ledger_of
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.lines import Ledger
from yikatong.office.act import Door
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary

SEEDS = (("xinzhou_2024", "SX13", date(2024, 2, 19)), ("xianyang_2025", "SN15", date(2025, 2, 17)))
"""Ledger, family and day of the reply."""
FAULTS = {
    "SN15": {"301": "工资和社会保险缴费较上年增加12.50万元"},
    "SX13": {"总体": "人员经费较上年增加12.50万元"},
}
"""An amount among the reasons that no line bears out: the audit finds it, and the draft cannot be put up for review."""
LEFT = 3  # days to the draft's last day when the demo is opened


@dataclass
class Budgets:
    """Opens, drafts and publishes; every step by its own person on its own day."""

    diary: Diary
    crew: Crew

    def plan(self, year: int) -> None:
        """The budgets that were replied to by that year; one of an earlier year is entered when the city's year begins."""
        begin = datetime(year, 1, 2, 9, 30, tzinfo=CHINA)
        for name, family, replied_on in SEEDS:
            if replied_on.year <= year:
                after = datetime.combine(replied_on + timedelta(days=2), time(9, 30), CHINA)
                self._publish(ledger(name), family, replied_on, max(begin, after))

    def _publish(self, book: Ledger, family: str, replied_on: date, first: datetime) -> None:
        opened: list[VersionRow] = []
        self.diary.at(first, lambda moment: opened.append(self._drafted(book, family, replied_on, moment)))
        steps: tuple[tuple[Callable[..., VersionRow | Refused], str, int, dict[str, Any]], ...] = (
            (services.prepare_version, "editor", 1, {}),
            (services.review_version, "reviewer", 2, {}),
            (services.approve_version, "director", 4, {}),
            (services.publish_version, "editor", 7, {"published_on": replied_on + timedelta(days=9)}),
        )
        for service, who, later, more in steps:

            def step(
                moment: datetime,
                service: Callable[..., VersionRow | Refused] = service,
                who: str = who,
                more: dict[str, Any] = more,
            ) -> None:
                version = opened[0].id
                said = ledger_of(version)
                assert said is not None
                self._do(service, who, moment, version, digest=print_out(said, family).digest, **more)

            self.diary.at(first + timedelta(days=later), step)

    def draft(self, moment: datetime) -> None:
        """The budget of the year after, with the same lines for want of better, a fault in it, and its day near."""
        name, family, _ = next(each for each in reversed(SEEDS) if each[2].year < moment.year)
        book = ledger(name)
        lines = tuple(replace(line, year=moment.year) for line in book.lines)
        book = replace(book, year=moment.year, lines=lines, reasons={**book.reasons, **FAULTS[family]})
        self._drafted(book, family, moment.date() - timedelta(days=20 - LEFT), moment)

    def _drafted(self, book: Ledger, family: str, replied_on: date, moment: datetime) -> VersionRow:
        row = self._do(
            services.open_document, "editor", moment, unit=book.unit, unit_name=book.unit_name, parent=book.parent,
            parent_name=book.parent_name, year=book.year, family=family, replied_on=replied_on,
        )  # fmt: skip
        self._do(
            services.take_lines,
            "editor",
            moment,
            row.id,
            lines=book.lines,
            file_name=f"基础行{book.year}.xlsx",
        )
        return self._do(
            services.give_words, "editor", moment, row.id, reasons=book.reasons, facts_told=book.facts,
            remarks=book.remarks,
        )  # fmt: skip

    def _do(
        self,
        service: Callable[..., VersionRow | Refused],
        who: str,
        moment: datetime,
        *args: Any,
        **named: Any,
    ) -> VersionRow:
        outcome = do(service, self.crew.staff[who], Door.CONSOLE, moment, *args, **named)
        if isinstance(outcome, Refused):
            raise RuntimeError(outcome.zh)
        return outcome
