"""数据比对: one file out, one answer home, and no row that does not belong to an order moves anything."""

from __future__ import annotations

import pytest

from tests.cards.factories import (
    DESK,
    TODAY,
    acting,
    apply,
    asked,
    code,
    entries,
    match_file,
    matched,
    picture,
    received,
    reload,
    residents,
    simulated,
    states,
)
from yikatong.basics.refused import Refused
from yikatong.cards.files import matching
from yikatong.cards.files.answer import Answer
from yikatong.cards.files.frame import Parsed
from yikatong.cards.models import Order
from yikatong.cards.rows import FileReport
from yikatong.cards.services.apply import resubmit
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.office.models import Entry, WireFile

pytestmark = pytest.mark.django_db


def sent(how_many: int) -> list[Order]:
    orders = [apply(person) for person in residents(how_many)]
    with acting(DESK) as act:
        assert send_to_match(act) == how_many
    return reload(orders)


def take(content: bytes, name: str = "") -> FileReport:
    with acting(DESK) as act:
        report = take_match_answer(act, received("province", content, name))
    assert isinstance(report, FileReport), report
    return report


def answers(*rows: Answer, to: Order) -> bytes:
    return matching.ANSWERS.write("A1", TODAY, rows, answers=to.asked)


def test_everything_submitted_goes_out_in_one_file(centre):
    orders = sent(3)
    assert states(orders) == ["checking"] * 3
    parsed = matching.QUESTIONS.read(bytes(asked("province").content))
    assert isinstance(parsed, Parsed)
    assert [row.order_number for row in parsed.rows] == [order.number for order in orders]
    assert parsed.rows[0].person_number == orders[0].resident.number
    assert {order.asked for order in orders} == {parsed.number}
    assert entries("card.sent_to_match") == 3


def test_nothing_submitted_sends_nothing(centre):
    with acting(DESK) as act:
        assert send_to_match(act) == 0
    assert not WireFile.objects.exists()


def test_matched_orders_get_their_card_numbers_and_wait_for_the_bank(centre):
    orders = matched(2)
    assert states(orders) == ["bank_opening"] * 2
    assert [order.card_no for order in orders] == [f"E{order.number[1:9]}" for order in orders]
    assert {order.asked for order in orders} == {""}
    assert entries("card.checked") == 2


def test_problem_data_say_what_is_wrong(centre):
    good, bad = sent(2)
    report = take(match_file([good, bad], results=[("0", "比对通过"), ("2", "姓名与公安信息不一致")]))
    assert (report.taken, report.failed, report.strangers, report.unfinished) == (1, 1, (), 0)
    order = reload([bad])[0]
    assert (order.state, order.problem_code) == ("problem", "match.name_differs")
    assert order.problem_text == "姓名与公安信息不一致"


def test_half_an_answer_leaves_the_rest_waiting_and_the_rest_may_follow(centre):
    orders = sent(4)
    report = take(match_file(orders[:2]))
    assert (report.taken, report.unfinished) == (2, 2)
    assert states(orders) == ["bank_opening", "bank_opening", "checking", "checking"]
    assert take(match_file(orders[2:])).unfinished == 0


def test_strangers_are_named_and_block_nobody(centre):
    orders = sent(3)
    mine, other, third = orders
    number = mine.resident.number
    report = take(
        answers(
            Answer("S999999999", number, "0", "", "E99999999"),
            Answer(other.number, number, "0", "", "E99999998"),
            Answer(mine.number, number, "0", "", "E11111111"),
            Answer(mine.number, number, "0", "再说一遍", "E11111111"),
            Answer(third.number, third.resident.number, "0", "", "短"),
            to=mine,
        )
    )
    assert (report.rows, report.taken, report.failed) == (5, 1, 0)
    assert [(p.line, p.named, p.refused.code) for p in report.strangers] == [
        (3, "S999999999", "row.unknown"),
        (4, other.number, "row.other_person"),
        (6, mine.number, "row.repeated"),
        (7, third.number, "row.card_number"),
    ]
    assert states(orders) == ["bank_opening", "checking", "checking"]
    assert report.unfinished == 2


def test_a_card_number_given_twice_is_given_to_nobody(centre):
    orders = sent(2)
    report = take(
        answers(*(Answer(o.number, o.resident.number, "0", "", "E11111111") for o in orders), to=orders[0])
    )
    assert [p.refused.code for p in report.strangers] == ["row.value_repeated"] * 2
    assert states(orders) == ["checking"] * 2


def test_a_card_number_of_somebody_else_is_not_taken(centre):
    holder = matched()[0]
    [order] = sent(1)
    report = take(answers(Answer(order.number, order.resident.number, "0", "", holder.card_no), to=order))
    assert [p.refused.code for p in report.strangers] == ["row.card_number_taken"]


def test_an_old_answer_does_not_move_a_resubmitted_order(centre):
    [order] = sent(1)
    old = match_file([order])
    take(match_file([order], results=[("3", "照片不符合要求")]))
    with acting() as act:
        resubmit(act, order.number)
        send_to_match(act)
    report = take(old)
    assert [p.refused.code for p in report.strangers] == ["row.late"]
    assert states([order]) == ["checking"]
    assert take(match_file(reload([order]))).taken == 1


def test_an_unreadable_file_is_rejected_with_its_place_and_changes_no_order(centre):
    orders = sent(2)
    content = match_file(orders)[:-30]
    file = received("province", content)
    with acting(DESK) as act:
        assert code(take_match_answer(act, file)) == "file.truncated"
    row = WireFile.objects.get(pk=file.id)
    assert row.state == "rejected"
    assert "不完整" in row.note
    assert states(orders) == ["checking"] * 2
    assert Entry.objects.filter(kind="card.file_rejected").count() == 1


def test_a_file_somebody_else_has_applied_is_not_applied_again(centre):
    orders = sent(1)
    file = received("province", match_file(orders))
    with acting(DESK) as act:
        take_match_answer(act, file)
    before = picture()
    with acting(DESK) as act:
        assert code(take_match_answer(act, file)) == "file.already_taken"
    assert picture() == before


def test_the_province_played_answers_every_row(centre):
    orders = sent(5)
    assert take(simulated("province", bytes(asked("province").content))).taken == 5
    assert states(orders) == ["bank_opening"] * 5


def test_send_to_match_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    apply(residents(1)[0])
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        send_to_match(act)
    assert picture() == before


def test_take_match_answer_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    orders = sent(2)
    file = received("province", match_file(orders, results=[("0", ""), ("1", "查无此人")]))
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        take_match_answer(act, file)
    assert picture() == before


def test_a_rejection_is_not_kept_when_the_journal_refuses(centre, journal_refuses):
    file = received("province", b"nonsense")
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        assert isinstance(take_match_answer(act, file), Refused)
    assert picture() == before
