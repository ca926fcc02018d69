"""What a programme (补贴项目) is: a plug-in file per programme in `programmes/` offers one as ENTRY. Pure.

The file says who is paid for what; who is of the age for it, rates, caps, days and excluded programmes are dated rules of the
centre (`benefit.<programme>.*`), each with its document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yikatong.basics.periods import Period, read_period
from yikatong.basics.refused import Refused
from yikatong.basics.registry import entries

Rates = Mapping[str, int]


class Cycle(StrEnum):
    """How long a period of the programme is."""

    MONTH = "month"
    YEAR = "year"

    @property
    def months(self) -> int:
        return 1 if self is Cycle.MONTH else 12


class Payee(StrEnum):
    """Whose card gets the money: each person's own, or that of the head of the household (财办〔2020〕37号)."""

    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class Due:
    """What a row may come to, in fen: at least and at most."""

    least: int
    most: int


@dataclass(frozen=True)
class Programme:
    """One programme. `code` has at most twelve characters, for banks' forms. `basis` is the column the amount follows from; `due` gives what is due for it at these rates
    (Refused: the basis cannot be read). `noted` is what the centre of a programme is called on the bank statement."""

    code: str
    zh: str
    en: str
    cycle: Cycle
    payee: Payee
    basis: tuple[str, ...]
    basis_note: str
    due: Callable[[str, Rates], Due | Refused]
    noted: str
    names: tuple[str, ...] = ("姓名",)
    numbers: tuple[str, ...] = ("证件号码", "社会保障号码", "身份证号", "身份证号码", "公民身份号码")
    more: frozenset[str] = field(default_factory=frozenset)
    insurance: bool = False
    """A benefit of social insurance: those are what the indicators XQ3, XL3 and XT3 are about."""

    def read_period(self, text: str) -> Period | Refused:
        """The period somebody typed: a month for what is paid monthly, a year for what is paid yearly. Refused:
        benefit.period."""
        period = read_period(text)
        if isinstance(period, Period) and period.length == self.cycle.months:
            return period
        zh, en, what = (
            ("按月", "by the month", "2025-03")
            if self.cycle is Cycle.MONTH
            else ("按年", "by the year", "2025")
        )
        return Refused(
            "benefit.period",
            f"{self.zh}{zh}发放，期间应写成 {what} 的样子。",
            f"This programme is paid {en}: write its period like {what}.",
            at="period",
        )

    def rule(self, name: str) -> str:
        """The code of a dated rule of this programme."""
        return f"benefit.{self.code}.{name}"


def programmes() -> dict[str, Programme]:
    """Every programme by its code."""
    return {each.code: each for each in entries("yikatong.benefits.programmes", Programme).values()}


def hundredths(text: str) -> int | None:
    """A plain number with at most two decimals, times a hundred; None where it is none, or nothing."""
    whole, _, decimals = text.partition(".")
    if not (whole.isdecimal() and whole.isascii()) or len(whole) > 7 or len(decimals) > 2:
        return None
    if decimals and not (decimals.isdecimal() and decimals.isascii()):
        return None
    return int(whole + decimals.ljust(2, "0")) or None


def wrong_basis(what: str, zh: str, en: str) -> Refused:
    """The answer to a basis that cannot be read."""
    return Refused("benefit.basis", f"{what}应为{zh}。", f"It must be {en}.")
