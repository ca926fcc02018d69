"""The nine faults by which a bank bridge was seen to lose or to double money (the names say what was done to it), here.

What keeps it from happening stands over each. Two at once are two connections; who is killed is a process of its own.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.benefits.envelopes import (
    FINANCE,
    OLD,
    PAYER,
    SCOPE,
    again,
    answer_text,
    approved,
    digest,
    funded,
    granted,
    holder,
    judged,
    ledger,
    paying,
    reasons,
    received,
    row,
    sealed,
    sent,
    states,
    submitted,
)
from tests.cards.in_hand import NOON, a_card, a_person, at, got, open_city
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.bankfiles.simulator import Bank, Mood
from yikatong.benefits.models import Answer, BankFile, FileLine, Payment, PaymentBatch
from yikatong.benefits.rows import BatchRow, FileRow
from yikatong.benefits.services.answers import Report, take_answer
from yikatong.benefits.services.approving import fund_batch
from yikatong.benefits.services.judging import judge_again, judge_batch
from yikatong.benefits.services.mending import repair_row
from yikatong.benefits.services.paying import doubt_files, seal_files, send_file
from yikatong.benefits.tasks import judge_waiting, take_answers
from yikatong.office import clock, journal, post
from yikatong.office.act import Actor
from yikatong.office.wires.folder import FolderWire
from yikatong.residents.models import Resident

DESK = Actor.system("benefits")
DAY = date(2025, 3, 10)
LATER = NOON + timedelta(hours=30)
NAMES = ("张三丰", "李四光", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "郑一", "冯二")


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """咸阳, open and committed, at noon."""
    open_city()
    with clock.fixed(NOON):
        yield


class OurBank:
    """A bank that takes what lies in our folder away, pays each file's number once, and keeps its own books."""

    def __init__(self, mood: Mood = Mood.PROMPT, failing: int = 0) -> None:
        self.bank = Bank(profiles()["common"], failing=failing)
        self.mood = mood
        self.names: list[str] = []
        self.answers: list[bytes] = []

    def look(self) -> None:
        for path in sorted(out().iterdir()) if out().exists() else []:
            content = path.read_bytes()
            path.unlink()
            self.names.append(path.name)
            taken = self.bank.receive(content, DAY, Random(len(self.names)), self.mood)
            self.answers += [each.content for each in taken.deliveries]

    def credited(self) -> list[int]:
        return sorted(self.bank.credited().values())


def out(bank: str = "102") -> Path:
    return FolderWire(settings.WIRES_FOLDER, f"pay-{bank}").out


def people(count: int) -> list[Resident]:
    return [holder(name) for name in NAMES[:count]]


def at_once(*work: Callable[[], object]) -> list[object]:
    """Each piece on a connection of its own, all past the starting line together."""
    line = threading.Barrier(len(work), timeout=20)
    results: list[object] = [None] * len(work)

    def one(place: int, piece: Callable[[], object]) -> None:
        try:
            with clock.fixed(NOON):
                line.wait()
                results[place] = piece()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(work)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def killed(work: Callable[[], object]) -> None:
    """Do this in a process of its own, which kills itself (-9) on its way."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)  # it should not have come here
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def take_in(file: FileRow, content: bytes) -> Report:
    with at(LATER, DESK) as act:
        report = take_answer(act, received(file, content))
    assert isinstance(report, Report), report
    return report


def seal(batch: BatchRow) -> tuple[FileRow, ...] | Refused:
    with at(NOON, PAYER) as act:
        return seal_files(act, batch.number, scope=SCOPE)


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


# --- 1 ------------------------------------------------------------------------------------------------------------
# The rows' locks and their states: who comes second finds nothing left to do.


def test_two_workers_at_once_judge_send_and_take_in_once_and_neither_stumbles(committed):
    whole = people(4)
    batch = got(submitted([row(each) for each in whole]))
    at_once(judge_waiting, judge_waiting)
    assert states(batch) == ["valid"] * 4
    (file,) = sent(funded(again(batch)))
    at_once(post.send_files, post.send_files)
    bank = OurBank()
    bank.look()
    assert (bank.names, bank.credited()) == ([file.name], [1] * 4)
    received(file, bank.answers[0])
    at_once(take_answers, take_answers)
    assert Answer.objects.count() == 1 and states(batch) == ["paid"] * 4
    assert ledger() == {"budget": -100_000_000, "available": 99_920_000, "paid": 80_000}
    journal.seal()
    assert journal.prove().sound


# --- 2 ------------------------------------------------------------------------------------------------------------
# The batch's lock, and under it `fileline_one_attempt`: a payment has one line that is unanswered, unknown or paid.


def test_a_second_tick_before_the_first_is_done_pays_nobody_again(committed):
    batch = funded([row(each) for each in people(3)])
    first_done = threading.Event()

    def slow() -> object:
        with at(NOON, PAYER) as act:
            files = seal_files(act, batch.number, scope=SCOPE)
            time.sleep(0.5)  # the second has begun and waits for this act's end
            first_done.set()
        return files

    def second() -> object:
        time.sleep(0.1)
        files = seal(batch)
        assert first_done.is_set()
        return files

    files, told = at_once(slow, second)
    assert isinstance(files, tuple) and code(told) == "benefit.nothing_to_send"
    number = files[0].number

    def send() -> object:
        with at(NOON, PAYER) as act:
            return send_file(act, number, scope=SCOPE)

    results = at_once(send, send)
    assert sorted(isinstance(each, Refused) for each in results) == [False, True]
    assert post.send_files() == 1 and post.send_files() == 0
    assert FileLine.objects.count() == 3 and [path.name for path in out().iterdir()] == [files[0].name]


# --- 3 ------------------------------------------------------------------------------------------------------------
# The machines: no step leads from 发送中 or 结果不明 back to a payable row but the bank's own word.


@pytest.mark.usefixtures("city")
def test_a_bank_that_answers_after_the_time_out_has_paid_once():
    batch, file = paying(people(3))
    post.send_files()
    bank = OurBank(Mood.TIMEOUT)
    bank.look()
    for hours in (25, 49, 73):  # tick after tick
        with at(NOON + timedelta(hours=hours)) as act:
            doubt_files(act)
        post.send_files()
        with at(NOON + timedelta(hours=hours), PAYER) as act:
            assert code(send_file(act, file.number, scope=SCOPE)) == "benefit.file_not_waiting"
        with at(NOON + timedelta(hours=hours), PAYER) as act:
            assert code(seal_files(act, batch.number, scope=SCOPE)) == "benefit.nothing_to_send"
        with at(NOON + timedelta(hours=hours), PAYER) as act:
            assert code(repair_row(act, batch.number, line=2, how="没有回音", scope=SCOPE)) == "benefit.row"
        bank.look()
    assert BankFile.objects.get().state == "in_doubt"
    assert (len(bank.names), bank.credited()) == (1, [1] * 3)
    take_in(file, bank.answers[0])
    assert states(batch) == ["paid"] * 3 and ledger()["paid"] == 60_000


# --- 4 ------------------------------------------------------------------------------------------------------------
# `FolderWire.deliver`, and behind it that a bank's word about a copy of a file fails nobody.


def test_a_worker_killed_after_the_bank_took_the_file_and_before_our_commit_sends_it_once(committed):
    batch, file = paying(people(3))
    bank = OurBank()

    def send_and_die() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(post, "advance", die)  # the file lies there; that it does was not committed
            post.send_files()

    killed(send_and_die)
    assert post.WireFile.objects.get().state == "queued"
    bank.look()
    assert list(out().iterdir()) == [] and bank.names == [file.name]
    assert post.send_files() == 1  # now we know that it was delivered: nothing is laid out
    bank.look()
    assert (bank.names, bank.credited()) == ([file.name], [1] * 3)
    assert post.WireFile.objects.get().state == "sent"
    take_in(file, bank.answers[0])
    assert states(batch) == ["paid"] * 3


@pytest.mark.parametrize("place", ["_write", "_to_disk"])
def test_a_worker_killed_before_the_file_lay_there_sends_it_after_all(committed, place):
    _batch, file = paying(people(2))

    def die_before() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(f"yikatong.office.wires.folder.{place}", die)
            post.send_files()

    killed(die_before)
    assert list(out().iterdir()) == []
    assert post.send_files() == 1
    assert [path.name for path in out().iterdir()] == [file.name]


@pytest.mark.usefixtures("city")
def test_a_copy_of_a_file_that_reached_the_bank_all_the_same_is_no_failure_of_anybody():
    # Whatever else brings a file to the bank twice: the bank knows its number, and what it says of the copy is not
    # believed of the people in it. Taken for a failure, all of them would be mended and paid again.
    batch, file = paying(people(3))
    post.send_files()
    bank = OurBank(Mood.DELAYED)
    bank.look()
    out().joinpath("copy.txt").write_bytes(BankFile.objects.get().content)
    bank.look()
    late, refusal = bank.answers
    report = take_in(file, refusal)
    assert (report.failed, states(batch)) == (0, ["sent"] * 3)
    assert "重复" in report.problems[-1][1]
    with at(LATER, PAYER) as act:
        assert code(repair_row(act, batch.number, line=2, how="银行退回", scope=SCOPE)) == "benefit.row"
    take_in(file, late)
    assert states(batch) == ["paid"] * 3 and bank.credited() == [1] * 3


@pytest.mark.usefixtures("city")
def test_a_file_the_bank_cannot_read_fails_as_a_whole_unless_it_has_told_of_single_payments():
    first, file = paying(people(2))
    torn = OurBank()
    out().mkdir(parents=True, exist_ok=True)
    out().joinpath("torn.txt").write_bytes(BankFile.objects.get().content[:-20])
    torn.look()
    take_in(file, answer_text(file, {1: "00"}))
    report = take_in(file, torn.answers[0])
    assert (report.failed, states(first)) == (0, ["paid", "sent"])
    other, second = paying([holder("冯二")])
    out().joinpath("torn.txt").write_bytes(BankFile.objects.latest("pk").content[:-20])
    torn.look()
    assert take_in(second, torn.answers[1]).failed == 1 and states(other) == ["failed"]


# --- 5 ------------------------------------------------------------------------------------------------------------
# The batch's machine, and `paymentbatch_finance_approved`: nothing is paid that three people have not seen.


@pytest.mark.usefixtures("city")
def test_sending_before_the_people_were_matched_is_refused_and_loses_nobody():
    batch = got(submitted([row(each) for each in people(3)]))
    assert code(seal(batch)) == "benefit.not_waiting"
    assert again(batch).state.code == "uploaded" and not BankFile.objects.exists()
    with at(NOON) as act:
        batch = got(judge_batch(act, batch.number))
    assert code(seal(batch)) == "benefit.not_waiting"  # nor before three people have looked at it
    assert states(batch) == ["valid"] * 3
    (file,) = sealed(funded(batch))
    assert file.rows == 3 and states(batch) == ["sent"] * 3


# --- 6 ------------------------------------------------------------------------------------------------------------
# Each row has a state of its own; what is held is asked again, and a dropped row does not take the person's place.


@pytest.mark.usefixtures("city")
def test_who_has_no_account_yet_is_held_alone_and_paid_once_there_is_one():
    fine, unlinked = people(9), a_person("冯二", OLD, phone="13712345678")
    person = Resident.objects.get(pk=unlinked.pk)
    batch = judged([row(each) for each in (*fine, person)])
    assert (states(batch), reasons(batch)[-1]) == (["valid"] * 9 + ["held"], "C13")
    a_card(person)  # linked while the batch waits: asked again, the row is payable
    with at(NOON, PAYER) as act:
        got(judge_again(act, batch.number, scope=SCOPE))
    (file,) = sent(funded(again(batch)))
    assert file.rows == 10


@pytest.mark.usefixtures("city")
def test_who_gets_an_account_only_after_the_batch_is_paid_by_the_next_roster():
    fine, unlinked = people(2), a_person("冯二", OLD, phone="13712345678")
    person = Resident.objects.get(pk=unlinked.pk)
    batch = judged([row(each) for each in (*fine, person)])
    (file,) = sent(funded(batch))
    take_in(file, answer_text(file, ["00", "00"]))
    assert (again(batch).state.code, states(batch)) == ("settled", ["paid", "paid", "dropped"])
    a_card(person)
    later = judged([row(person)])
    (second,) = sent(funded(later))
    take_in(second, answer_text(second, ["00"]))
    assert states(later) == ["paid"]


# --- 7 ------------------------------------------------------------------------------------------------------------
# Finding C08 of the rows, and `payment_person_once_a_period` below it.


@pytest.mark.usefixtures("city")
def test_one_person_twice_in_a_roster_holds_these_two_rows_and_nobody_else():
    whole = people(9)
    batch = judged([row(each) for each in (*whole, whole[0])])
    assert states(batch) == ["held", *["valid"] * 8, "held"]
    assert (reasons(batch)[0], reasons(batch)[-1]) == ("C08", "C08")
    (file,) = sent(funded(batch))
    assert (file.rows, states(batch).count("sent")) == (8, 8)


@pytest.mark.usefixtures("city")
def test_one_person_in_two_batches_of_a_period_is_paid_by_one_of_them():
    whole = people(3)
    first = funded([row(each) for each in whole])
    second = judged([row(each, "210.00") for each in whole])
    assert reasons(second) == ["C09"] * 3 and states(first) == ["valid"] * 3


# --- 8 ------------------------------------------------------------------------------------------------------------
# Numbers of a sequence, `paymentbatch_file_once`, the turn of a programme, and the ledger's own trigger.


def test_rosters_brought_at_once_are_all_kept_whole_and_the_same_one_once(committed):
    whole = people(6)
    rosters = [[row(each, f"{n}00.00")] for n, each in enumerate(whole, start=2)]
    results = at_once(*(lambda rows=each: submitted(rows) for each in (*rosters, rosters[0], rosters[0])))
    kept = [each for each in results if isinstance(each, BatchRow)]
    told = [code(each) for each in results if isinstance(each, Refused)]
    assert len(kept) == 6 and told == ["benefit.known"] * 2
    assert len({each.number for each in kept}) == 6
    at_once(judge_waiting, judge_waiting)
    rows = PaymentBatch.objects.values_list("state", "declared_rows", "received_rows")
    assert list(rows) == [("judged", 1, 1)] * 6 and Payment.objects.count() == 6


def test_two_batches_of_the_same_people_judged_at_once_pay_each_of_them_once(committed):
    whole = people(5)
    one, other = (got(submitted([row(each, yuan) for each in whole])) for yuan in ("200.00", "300.00"))

    def judge(number: str) -> object:
        with at(NOON) as act:
            return judge_batch(act, number)

    at_once(lambda: judge(one.number), lambda: judge(other.number))
    assert sorted([states(one), states(other)]) == [["held"] * 5, ["valid"] * 5]


def test_two_batches_approved_at_once_block_no_more_than_there_is(committed):
    batches = [judged([row(each)]) for each in people(2)]
    seen = [digest(each) for each in batches]
    granted(fen=30_000)  # enough for one of them

    batches = [approved(each) for each in batches]

    def fund(place: int) -> object:
        with at(NOON, FINANCE) as act:
            return fund_batch(act, batches[place].number, digest=seen[place], scope=SCOPE)

    results = at_once(lambda: fund(0), lambda: fund(1))
    assert [code(each) for each in results if isinstance(each, Refused)] == ["benefit.funds"]
    assert ledger() == {"budget": -30_000, "available": 10_000, "blocked": 20_000}


# --- 9 ------------------------------------------------------------------------------------------------------------
# A line that cannot be read or is of no payment of the file is told of, and the others are taken.


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "foreign",
    [
        "D|101|999999999|00|不是我们的|20250311093000|S9|20000",
        "D|101||||||20000",
        "这一行不属于任何格式|20000",
    ],
)
def test_one_foreign_line_among_a_hundred_is_named_and_the_hundred_come_home(foreign):
    whole = [holder(NAMES[n % 10]) for n in range(100)]
    batch, file = paying(whole)
    report = take_in(file, answer_text(file, ["00"] * 100, more=[foreign]))
    assert report.paid == 100 and report.problems
    assert states(batch) == ["paid"] * 100 and again(batch).state.code == "settled"
