"""Whatever a bank says, and in whatever order: nobody is sent beside money that is known to be gone, and every way ends.

A town of three people and a bank of which the truth is known: it loses files, answers late, wrongly, torn or of the whole,
pays again by itself and takes back, books files in one sum or row by row. The house takes random steps. In the end the bank
tells everything as it is, and everybody who may be paid has been paid, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.benefits.envelopes import (
    FINANCE,
    PAYER,
    SCOPE,
    again,
    answer_text,
    funded,
    holder,
    ledger,
    received,
    row,
)
from tests.benefits.stated import DAY, DESK, OPENING, written
from tests.benefits.test_enquiring import whole
from tests.benefits.test_reconciling import one as reconciled_at
from tests.benefits.test_whereabouts import RECONCILER
from tests.benefits.test_withdrawing import dies
from tests.cards.in_hand import NOON, at
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.bankfiles.played import Entry
from yikatong.benefits.models import BankFile, Discrepancy, FileLine, Payment, Whereabouts
from yikatong.benefits.proof import prove
from yikatong.benefits.rows import FileRow
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.enquiring import ask_bank, ask_to_resend, resend_file
from yikatong.benefits.services.establishing import agree_established, establish
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import doubt_files, seal_files, send_file
from yikatong.benefits.services.reconciliation import reconcile_batches
from yikatong.benefits.services.recovering import open_recoveries
from yikatong.benefits.services.statements import take_statement
from yikatong.benefits.services.withdrawing import withdraw_file
from yikatong.office import clock, post

pytestmark = pytest.mark.usefixtures("city")
STEPS = 60
REFUSALS = ("01", "03", "05", "09")


@dataclass
class Copy:
    """What a bank made of a file that reached it: the result of each row by sequence, as it really was."""

    truth: dict[int, str]
    in_one_sum: bool


@dataclass
class Town:
    """The batch, the bank and its truth. `out` is how often money of a payment is out and did not come back, `known` how
    often the bank has said so."""

    chance: Random
    now: datetime = NOON
    copies: dict[str, Copy] = field(default_factory=dict)
    unsaid: list[tuple[str, int, int]] = field(default_factory=list)
    out: dict[tuple[str, int], int] = field(default_factory=dict)
    balance: int = OPENING
    statements: int = 0
    told_times: int = 0
    excess: set[int] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    stated_rows: set[tuple[str, int]] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = [holder(name) for name in ("张三丰", "李四光", "王五")]
        self.batch = funded([row(each) for each in self.people])

    # --- what is looked at

    def files(self, *states: str) -> list[FileRow]:
        rows = BankFile.objects.filter(batch_id=self.batch.id, state__in=states).order_by("pk")
        return [queries.file(each.number, SCOPE) for each in rows]  # type: ignore[misc]

    def lines(self, number: str) -> dict[int, FileLine]:
        return {each.sequence: each for each in FileLine.objects.filter(file__number=number)}

    def any_of(self, rows: list[FileRow]) -> FileRow | None:
        return self.chance.choice(rows) if rows else None

    def out_of(self, payment: int) -> int:
        """How often the money of a payment is out, in truth."""
        return sum(
            times
            for (number, sequence), times in self.out.items()
            if self.lines(number)[sequence].payment_id == payment
        )

    def known_out(self, number: str) -> set[int]:
        """The payments of a file whose money is out by another file, and of which the bank has said so.

        A bank that booked a file in one sum is believed where it says that a row of it failed.
        """
        mine = {line.payment_id for line in self.lines(number).values()}
        unsaid = {(file, sequence) for file, sequence, _ in self.unsaid}
        found = set()
        for (file, sequence), times in self.out.items():
            line = self.lines(file)[sequence]
            refused = line.result in REFUSALS and (file, sequence) not in self.stated_rows
            said = line.said_paid_at is not None or ((file, sequence) not in unsaid and not refused)
            if file != number and times > 0 and said and line.payment_id in mine:
                found.add(line.payment_id)
        return found

    # --- the bank

    def moves(self, number: str, sequence: int, times: int) -> None:
        key, payment = (number, sequence), self.lines(number)[sequence].payment_id
        if times > 0 and self.out_of(payment):  # it was paid by another attempt, which nobody could know
            self.excess.add(payment)
        self.out[key] = self.out.get(key, 0) + times
        self.unsaid.append((number, sequence, times))

    def bank_takes(self) -> None:
        """A file that left reaches the bank, or is lost on the way; a second copy of one is turned away."""
        for wire in post.WireFile.objects.filter(outgoing=True, state="sent", name__startswith="pay-"):
            number = wire.name.removeprefix("pay-").removesuffix(".txt")
            times = f"{number}/{wire.sendings}"
            if times in self.lost or number in self.copies:
                continue
            self.lost.add(times)
            if self.chance.random() < 0.3:
                continue
            truth = {
                sequence: "00" if self.chance.random() < 0.6 else self.chance.choice(REFUSALS)
                for sequence in self.lines(number)
            }
            self.copies[number] = Copy(truth, self.chance.random() < 0.5)
            for sequence, result in truth.items():
                if result == "00" or self.copies[number].in_one_sum:
                    self.moves(number, sequence, 1)
                if result != "00" and self.copies[number].in_one_sum:
                    self.moves(number, sequence, -1)

    def bank_goes_back(self) -> None:
        """A payment comes back, or one that failed is paid after all."""
        number = self.any_of([file for file in self.files_sent() if file.number in self.copies])
        if number is None:
            return
        copy, file = self.copies[number.number], number.number
        sequence = self.chance.choice(list(copy.truth))
        if self.out.get((file, sequence), 0) > 0:
            if not self.came_back(file, sequence):
                copy.truth[sequence] = "03"
                self.moves(file, sequence, -1)
        elif not self.came_back(file, sequence) and copy.truth[sequence] != "00":
            copy.truth[sequence] = "00"
            self.moves(file, sequence, 1)

    def came_back(self, number: str, sequence: int) -> bool:
        said = any(one == number and two == sequence and times < 0 for one, two, times in self.unsaid)
        return said or self.lines(number)[sequence].returned_at is not None

    def files_sent(self) -> list[FileRow]:
        return self.files("sending", "in_doubt", "missing", "acknowledged", "settled", "withdrawn")

    def bank_answers(self, *, honest: bool = False) -> None:
        file = self.any_of([each for each in self.files_sent() if each.number in self.copies])
        if file is None:
            return
        truth = dict(self.copies[file.number].truth)
        if not honest:
            for sequence, result in truth.items():
                if self.chance.random() < 0.2:
                    truth[sequence] = self.chance.choice([*REFUSALS, "98"]) if result == "00" else "98"
            for sequence in list(truth):
                if self.chance.random() < 0.15:
                    del truth[sequence]
        text = self.words()
        content = answer_text(file, truth, text=text)
        if not honest and self.chance.random() < 0.2:
            content = whole(file, self.chance.choice(["10", "11", "97", "98"]), text)
        if not honest and self.chance.random() < 0.15:
            content = content[: self.chance.randrange(10, len(content))]
        self.told(file, content)

    def bank_says_never(self) -> None:
        """It says so of what it really has not got."""
        file = self.any_of([each for each in self.files_sent() if each.number not in self.copies])
        if file is not None:
            self.told(file, whole(file, "97", self.words()))

    def words(self) -> str:
        """The bank's own, never twice the same."""
        self.told_times += 1
        return str(self.told_times)

    def told(self, file: FileRow, content: bytes) -> None:
        with at(self.now, DESK) as act:
            take_answer(act, received(file, content))

    def bank_states(self) -> None:
        """A statement of everything that has moved since the last."""
        if not self.unsaid:
            return
        entries, summed = [], set()
        for number, sequence, times in self.unsaid:
            lines = self.lines(number)
            fen, payment = lines[sequence].fen, str(lines[sequence].payment_id)
            first = times > 0 and self.copies[number].in_one_sum and number not in self.stated
            if first:
                if number not in summed:
                    summed.add(number)
                    total = sum(line.fen for line in lines.values())
                    entries.append(Entry(number, "", -total, DAY, f"D{self.statements}", "", returned=False))
                continue
            if times > 0:
                self.stated_rows.add((number, sequence))
            sign = "P" if times > 0 else "R"
            serial = f"{sign}{self.statements}-{len(entries)}"
            entries.append(Entry(number, payment, -times * fen, DAY, serial, "", returned=times < 0))
        self.statements += 1
        content = written(*entries, opening=self.balance, place=self.statements)
        self.balance += sum(each.fen for each in entries)
        self.unsaid.clear()
        self.stated |= summed
        file = self.files_sent()[0]
        with at(self.now, DESK) as act:
            taken = take_statement(act, received(file, content))
        assert not isinstance(taken, Refused), taken

    # --- the house

    def seals(self) -> None:
        with at(self.now, PAYER) as act:
            seal_files(act, self.batch.number, scope=SCOPE)

    def sends(self) -> None:
        file = self.any_of(self.files("sealed"))
        if file is None:
            return
        beside = self.known_out(file.number)
        with at(self.now, PAYER) as act:
            result = send_file(act, file.number, scope=SCOPE)
        if not isinstance(result, Refused):
            assert not beside, f"{file.number} was sent beside money that is known to be out: {beside}"

    def lays_out(self) -> None:
        with clock.fixed(self.now):
            post.send_files()

    def asks(self) -> None:
        file = self.any_of(self.files("sending", "in_doubt", "acknowledged"))
        if file is not None:
            with at(self.now, PAYER) as act:
                ask_bank(act, file.number, scope=SCOPE)

    def asks_to_resend(self) -> None:
        file = self.any_of(self.files("missing"))
        if file is not None:
            with at(self.now, PAYER) as act:
                ask_to_resend(act, file.number, reason="银行未收到", scope=SCOPE)

    def resends(self) -> None:
        file = self.any_of(self.files("missing"))
        if file is None:
            return
        said = self.known_out(file.number)
        with at(self.now, FINANCE) as act:
            result = resend_file(act, file.number, scope=SCOPE)
        if not isinstance(result, Refused):
            assert not said, f"{file.number} was sent again beside money that is known to be out: {said}"

    def takes_back(self) -> None:
        file = self.any_of(self.files("sealed", "missing"))
        if file is not None:
            with at(self.now, FINANCE) as act:
                withdraw_file(act, file.number, reason="撤回", scope=SCOPE)

    def repairs(self) -> None:
        for payment in Payment.objects.filter(batch_id=self.batch.id, state__in=["failed", "held"]):
            with at(self.now, PAYER) as act:
                repair_row(act, self.batch.number, line=payment.line, how="已更正", scope=SCOPE)

    def finds_out(self) -> None:
        """Of one row, as it is in truth."""
        for payment in Payment.objects.filter(batch_id=self.batch.id):
            outcome = "arrived" if self.out_of(payment.pk) > 0 else "never_left"
            with at(self.now, RECONCILER) as act:
                establish(
                    act,
                    self.batch.number,
                    line=payment.line,
                    outcome=outcome,
                    reason="银行书面答复",
                    scope=SCOPE,
                )
            waits = Whereabouts.objects.filter(line__payment=payment, state="proposed").first()
            if waits is not None and waits.outcome == outcome:
                with at(self.now, FINANCE) as act:
                    agree_established(act, self.batch.number, line=payment.line, scope=SCOPE)

    def night(self) -> None:
        with at(self.now, DESK) as act:
            doubt_files(act)
            open_recoveries(act)
            reconcile_batches(act)

    def somebody_dies(self) -> None:
        if self.chance.random() < 0.1:
            dies(self.chance.choice(self.people))

    # --- all of it

    def go_on(self) -> None:
        self.now += timedelta(hours=self.chance.choice([1, 1, 1, 30]))
        step = self.chance.choice(
            [
                self.seals, self.sends, self.sends, self.lays_out, self.lays_out, self.bank_takes, self.bank_takes,
                self.bank_answers, self.bank_answers, self.bank_states, self.bank_goes_back, self.bank_says_never,
                self.asks, self.asks, self.asks_to_resend, self.resends, self.takes_back, self.repairs, self.finds_out,
                self.night, self.somebody_dies,
            ]
        )  # fmt: skip
        self.done.append(step.__name__)
        step()
        self.holds()

    def holds(self) -> None:
        """What is so at every moment."""
        books = ledger()
        assert all(fen >= 0 for account, fen in books.items() if account != "budget"), books
        for each in reconciled_at(self.batch, self.now).steps:
            if each.parts:
                assert each.whole.rows == sum(part.whole.rows for part in each.parts), each
                assert each.whole.fen == sum(part.whole.fen for part in each.parts), each

    def comes_to_its_end(self) -> None:
        """The bank tells everything as it is, and the house does what there is to do."""
        for turn in range(40):
            self.now += timedelta(hours=30)
            for step in (
                self.seals, self.sends, self.lays_out, self.bank_takes, self.bank_states, self.night, self.asks,
                self.bank_says_never, self.asks_to_resend, self.resends, self.takes_back, self.finds_out, self.repairs,
            ):  # fmt: skip
                step()
                self.holds()
            for _ in range(3):
                self.bank_answers(honest=True)
            if turn == 20:  # who may not be paid any more waits until their money goes back
                self.now += timedelta(days=400)
            if turn > 20:
                with at(self.now, PAYER) as act:
                    return_to_treasury(act, self.batch.number, scope=SCOPE)
            if again(self.batch).state.code == "settled" and not self.unsaid:
                return
        lines = FileLine.objects.order_by("pk").values_list(
            "file__number", "file__state", "sequence", "result", "said_paid_at", "returned_at", "arrived_at"
        )
        stands = list(Payment.objects.order_by("line").values_list("line", "state", "reason"))
        raise AssertionError(f"it came to no end: {stands} {list(lines)} {self.out} {self.done}")


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_a_bank_says_it_nobody_is_paid_twice_and_everybody_in_the_end(seed):
    town = Town(Random(seed))
    for _ in range(STEPS):
        town.go_on()
    town.comes_to_its_end()
    for payment in Payment.objects.filter(batch_id=town.batch.id).select_related("resident"):
        times = town.out_of(payment.pk)
        if payment.pk in town.excess:
            assert Discrepancy.objects.filter(batch=town.batch.id).exists()
        elif payment.state == "paid":
            assert times == 1, (payment.line, times, town.done)
        else:
            assert payment.resident.state == "dead" and times == 0, (payment.line, payment.state, times)
    if not town.excess:
        assert prove(town.batch.number).contradictions == ()
