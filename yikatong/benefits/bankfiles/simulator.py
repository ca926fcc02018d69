"""A bank, played: takes payment files, moves the money once, and answers in its mood. Pure: bytes in, bytes out.

What it pays is decided when the file is taken, from the given random numbers; every answer, enquiry and statement after
that tells of the same outcomes. A file number it has seen it never pays again, whatever the bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from types import ModuleType

from yikatong.benefits.bankfiles.played import Entry, NotTaken, Order, Outcome, Payment, iso20022, mt940, text
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.results import Result

_TAKING: dict[str, ModuleType] = {"delimited": text, "fixed": text, "pain001": iso20022}
_STATING: dict[str, ModuleType] = {"camt053": iso20022, "mt940": mt940}
_NEVER_DRAWN = frozenset(
    {Result.PAID, Result.UNKNOWN, Result.NOT_RECEIVED, Result.DUPLICATE, Result.FORMAT, Result.OTHER}
)


class Mood(StrEnum):
    """How the bank answers a file that it has taken."""

    PROMPT = "prompt"
    DELAYED = "delayed"
    TIMEOUT = "timeout"
    PARTIAL = "partial"
    REPEATED = "repeated"
    REORDERED = "reordered"
    TRUNCATED = "truncated"


@dataclass(frozen=True)
class Delivery:
    """A file the bank sends, so long after it got ours."""

    after: timedelta
    name: str
    content: bytes


@dataclass(frozen=True)
class Taken:
    """What sending a file led to. Not `acknowledged`: the line broke before the bank said anything, it may have paid."""

    number: str
    acknowledged: bool
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class _Kept:
    order: Order
    on: date
    outcomes: tuple[Outcome, ...]


def taking(profile: Profile, content: bytes) -> Order:
    """The payments of a file as a bank of this agreement reads them; NotTaken where it is not whole."""
    order: Order = _TAKING[profile.payments.format].take(profile, content)
    return order


class Bank:
    """One bank with one agreement. `failing` (which may change) and `unclear` are so many of a thousand payments.

    A payment that is `unclear` is answered with the bank's code for "outcome unknown"; an enquiry tells what became of it.
    """

    def __init__(self, profile: Profile, *, failing: int = 20, unclear: int = 0) -> None:
        self.profile = profile
        self.failing, self._unclear = failing, unclear
        self._side = _TAKING[profile.payments.format]
        self._kept: dict[str, _Kept] = {}

    def receive(self, content: bytes, on: date, random: Random, mood: Mood = Mood.PROMPT) -> Taken:
        """Take a file on this day. One that is not whole, or whose number was taken before, is refused and moves no money."""
        try:
            order = taking(self.profile, content)
        except NotTaken as wrong:
            return self._refused(wrong.number, on, Result.FORMAT)
        if order.number in self._kept:
            return self._refused(order.number, on, Result.DUPLICATE)
        outcomes = tuple(self._decided(order, on, payment, random) for payment in order.payments)
        kept = self._kept[order.number] = _Kept(order, on, outcomes)
        return Taken(order.number, mood is not Mood.TIMEOUT, tuple(self._deliveries(kept, random, mood)))

    def enquire(self, number: str) -> bytes | None:
        """The outcome of every payment of a file; None if it never came."""
        kept = self._kept.get(number)
        return None if kept is None else self._answer(kept, kept.outcomes)

    def told(self, content: bytes, on: date) -> tuple[str, bytes] | None:
        """The answer to an enquiry's file: what file it asks about, and every outcome, or that it never came. None where
        it is no enquiry."""
        number = text.asked_about(self.profile, content)
        return (number, self.enquire(number) or self._never_came(number, on)) if number else None

    def _never_came(self, number: str, on: date) -> bytes:
        code = next(code for code, ours in self.profile.file_codes.items() if ours is Result.NOT_RECEIVED)
        content: bytes = self._side.answer(self.profile, number, on, (), code=code, text="没有收到该文件")
        return content

    def credited(self) -> Counter[str]:
        """How often money arrived for each row, over all files: nobody may stand here twice."""
        return Counter(each.row_id for kept in self._kept.values() for each in kept.outcomes if each.moved)

    def credited_fen(self) -> int:
        """All money that arrived."""
        return sum(each.fen for kept in self._kept.values() for each in kept.outcomes if each.moved)

    def accounts(self) -> tuple[str, ...]:
        """The accounts that files were paid from, in the order in which they came."""
        return tuple(dict.fromkeys(kept.order.payer_account for kept in self._kept.values()))

    def movements(self, account: str) -> int:
        """How many movements the payer's account has had."""
        return sum(1 for _ in self._entries(account))

    def statement(self, account: str, on: date, opening_fen: int, *, after: int = 0, place: int = 1) -> bytes:
        """The statement of the payer's account, up to this day, of what moved after its first `after` movements.

        `opening_fen` is what the account held before all of them. `place` is which statement of its day this is.
        """
        if self.profile.statements is None:
            raise ValueError(f"{self.profile.name} agrees on no statements")
        side = _STATING[self.profile.statements.format]
        entries = [each for each in self._entries(account) if each.on <= on]
        opening_fen += sum(each.fen for each in entries[:after])
        content: bytes = side.statement(self.profile, account, on, opening_fen, entries[after:], place)
        return content

    def _decided(self, order: Order, on: date, payment: Payment, random: Random) -> Outcome:
        codes = self.profile.codes
        bad = [code for code, result in codes.items() if result not in _NEVER_DRAWN]
        moved = random.randrange(1000) >= self.failing
        code = self._code(Result.PAID) if moved else random.choice(bad)
        at = datetime.combine(on, time(10)) + timedelta(seconds=payment.sequence // 100)
        serial = f"{order.number}{payment.sequence:08d}"[-20:]
        return Outcome(
            payment.sequence,
            payment.row_id,
            payment.fen,
            code,
            codes[code].zh,
            at,
            serial if moved else "",
            moved,
        )

    def _deliveries(self, kept: _Kept, random: Random, mood: Mood) -> Iterator[Delivery]:
        said = [self._first_said(each, random) for each in kept.outcomes]
        soon, later = timedelta(minutes=5), timedelta(hours=20)
        name, second = (f"{kept.order.number}-{each}" for each in (1, 2))
        if mood is Mood.PARTIAL:
            half = random.randint(0, len(said))
            yield Delivery(soon, name, self._answer(kept, said[:half]))
            yield Delivery(later, second, self._answer(kept, said[half:]))
            return
        if mood is Mood.REORDERED:
            random.shuffle(said)
        whole = self._answer(kept, said)
        if mood is Mood.TRUNCATED:
            yield Delivery(soon, name, whole[: random.randrange(len(whole))])
            name = second
        slow = mood in (Mood.DELAYED, Mood.TIMEOUT, Mood.TRUNCATED)
        yield Delivery(later if slow else soon, name, whole)
        if mood is Mood.REPEATED:
            yield Delivery(later, second, whole)

    def _first_said(self, outcome: Outcome, random: Random) -> Outcome:
        if random.randrange(1000) >= self._unclear:
            return outcome
        return outcome._replace(code=self._code(Result.UNKNOWN), text=Result.UNKNOWN.zh, serial="")

    def _answer(self, kept: _Kept, outcomes: Sequence[Outcome]) -> bytes:
        content: bytes = self._side.answer(self.profile, kept.order.number, kept.on, outcomes)
        return content

    def _refused(self, number: str, on: date, why: Result) -> Taken:
        if not number:
            return Taken("", acknowledged=True, deliveries=())
        code = next(code for code, result in self.profile.file_codes.items() if result is why)
        content = self._side.answer(self.profile, number, on, (), code=code, text=why.zh)
        return Taken(number, True, (Delivery(timedelta(), f"{number}-refused", content),))

    def _entries(self, account: str) -> Iterator[Entry]:
        for kept in self._kept.values():
            order = kept.order
            if order.payer_account != account:
                continue
            total = sum(each.fen for each in kept.outcomes)
            yield Entry(order.number, "", -total, kept.on, f"D{order.number}", "batch", returned=False)
            for each in kept.outcomes:
                if not each.moved:
                    yield Entry(
                        order.number,
                        each.row_id,
                        each.fen,
                        kept.on,
                        f"R{each.sequence}",
                        each.code,
                        returned=True,
                    )

    def _code(self, result: Result) -> str:
        return next(code for code, ours in self.profile.codes.items() if ours is result)
