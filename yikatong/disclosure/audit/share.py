"""A percentage of running text and the amounts it is of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yikatong.disclosure.audit.printed import Place, Printed


@dataclass(frozen=True, slots=True)
class Share:
    """「占 39.05%」 or 「增长 16.94%」: a percentage of one amount to another. For growth `whole` is last year's amount."""

    kind: str
    part: Printed
    whole: Printed | None
    change: Printed | None
    percent: Decimal
    step: Decimal
    text: str
    place: Place

    @property
    def reach(self) -> tuple[Decimal | None, Decimal | None]:
        """The least and the greatest percentage of amounts that print so; None where the base is nothing."""
        if self.kind == "growth":
            assert self.change is not None
            ends = [
                (Decimal(change), Decimal(now - change))
                for change in (self.change.low, self.change.high)
                for now in (self.part.low, self.part.high)
            ]
        else:
            assert self.whole is not None
            ends = [
                (Decimal(part), Decimal(whole))
                for part in (self.part.low, self.part.high)
                for whole in (self.whole.low, self.whole.high)
            ]
        if any(base <= 0 for _, base in ends):
            nothing = self.part.fen == 0 and self.percent == 0
            return (Decimal(0), Decimal(0)) if nothing else (None, None)
        found = [100 * part / base for part, base in ends]
        return min(found), max(found)

    @property
    def fits(self) -> bool:
        """Whether amounts that print so can give the percentage that is printed."""
        low, high = self.reach
        return (
            low is not None
            and high is not None
            and low - self.step / 2 <= self.percent <= high + self.step / 2
        )
