"""银行预开户: each bank is asked for its own customers once, and only it may answer."""

from __future__ import annotations

import pytest

from tests.cards.factories import (
    DESK,
    TODAY,
    account_file,
    acting,
    asked,
    code,
    entries,
    matched,
    picture,
    ready,
    received,
    reload,
    simulated,
    states,
)
from yikatong.cards.files import opening
from yikatong.cards.files.answer import Answer
from yikatong.cards.files.frame import Parsed
from yikatong.cards.models import Order
from yikatong.cards.rows import FileReport
from yikatong.cards.services.apply import resubmit
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.office.models import WireFile
from yikatong.office.wires.simulators.bank import account

pytestmark = pytest.mark.django_db


def asking(how_many: int = 1, bank: str = "102") -> list[Order]:
    orders = matched(how_many, bank_code=bank)
    with acting(DESK) as act:
        ask_accounts(act)
    return reload(orders)


def take(content: bytes, bank: str = "102") -> FileReport:
    with acting(DESK) as act:
        report = take_account_answer(act, received(f"bank-{bank}", content))
    assert isinstance(report, FileReport), report
    return report


def answers(*rows: Answer, to: Order) -> bytes:
    return opening.ANSWERS.write("A1", TODAY, rows, answers=to.asked)


def test_each_bank_is_asked_for_its_own_customers(centre):
    orders = matched(2) + matched(1, bank_code="103")
    with acting(DESK) as act:
        assert ask_accounts(act) == 3
    assert states(orders) == ["bank_opening"] * 3
    assert WireFile.objects.filter(counterpart__startswith="bank-").count() == 2
    parsed = opening.QUESTIONS.read(bytes(asked("bank-103").content))
    assert isinstance(parsed, Parsed)
    assert [row.order_number for row in parsed.rows] == [orders[2].number]
    assert parsed.rows[0].card_no == orders[2].card_no
    assert entries("card.account_asked") == 3


def test_nobody_is_asked_for_twice(centre):
    asking(2)
    with acting(DESK) as act:
        assert ask_accounts(act) == 0
    assert WireFile.objects.filter(counterpart="bank-102").count() == 1


def test_an_opened_account_makes_the_order_ready(centre):
    [order] = ready()
    assert (order.state, order.bank_pan) == ("ready", account("102", order.number))
    assert entries("card.account_opened") == 1


def test_a_refused_account_says_why_and_the_order_may_try_again(centre):
    [order] = asking()
    report = take(account_file([order], results=[("2", "证件有效期已过")]))
    assert report.failed == 1
    order = reload([order])[0]
    assert (order.state, order.problem_code, order.problem_text) == (
        "bank_failed",
        "bank.document_expired",
        "证件有效期已过",
    )
    with acting() as act:
        resubmit(act, order.number)
    assert states([order]) == ["submitted"]


def test_half_an_answer_leaves_the_rest_waiting(centre):
    orders = asking(3)
    report = take(account_file(orders[:1]))
    assert (report.taken, report.unfinished) == (1, 2)
    assert states(orders) == ["ready", "bank_opening", "bank_opening"]


def test_another_banks_answer_is_not_taken(centre):
    [order] = asking()
    report = take(account_file([order]), bank="103")
    assert [p.refused.code for p in report.strangers] == ["row.other_bank"]
    assert states([order]) == ["bank_opening"]


@pytest.mark.parametrize("pan", ["", "6220001020000000001", "12345", "6220 0010 2000 0000 0001"])
def test_a_wrong_account_number_is_not_taken(centre, pan):
    [order] = asking()
    report = take(answers(Answer(order.number, order.resident.number, "0", "", pan), to=order))
    assert [p.refused.code for p in report.strangers] == ["row.account"]
    assert states([order]) == ["bank_opening"]


def test_strangers_are_named_and_block_nobody(centre):
    orders = asking(2)
    mine, other = orders
    pan = account("102", mine.number)
    report = take(
        answers(
            Answer("S999999999", "x", "0", "", account("102", "S999999999")),
            Answer(other.number, mine.resident.number, "0", "", account("102", other.number)),
            Answer(mine.number, mine.resident.number, "0", "", pan),
            to=mine,
        )
    )
    assert [p.refused.code for p in report.strangers] == ["row.unknown", "row.other_person"]
    assert (report.taken, report.unfinished) == (1, 1)


def test_one_account_for_two_people_is_given_to_neither(centre):
    orders = asking(2)
    pan = account("102", orders[0].number)
    report = take(answers(*(Answer(o.number, o.resident.number, "0", "", pan) for o in orders), to=orders[0]))
    assert [p.refused.code for p in report.strangers] == ["row.value_repeated"] * 2


def test_an_unreadable_file_is_rejected(centre):
    orders = asking(1)
    file = received("bank-102", account_file(orders).replace("开户成功".encode(), "开户失败".encode()))
    with acting(DESK) as act:
        assert code(take_account_answer(act, file)) == "file.control"
    assert WireFile.objects.get(pk=file.id).state == "rejected"
    assert states(orders) == ["bank_opening"]


def test_the_bank_played_answers_every_row(centre):
    asking(4)
    assert take(simulated("bank", bytes(asked("bank-102").content))).taken == 4


def test_ask_accounts_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    matched(2)
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        ask_accounts(act)
    assert picture() == before


def test_take_account_answer_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    file = received("bank-102", account_file(asking(2)))
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        take_account_answer(act, file)
    assert picture() == before
