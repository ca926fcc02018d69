"""Who gets a short message: the person, a minor's guardian, nobody for the dead."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import a_card, a_person, an_order, at, got
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.rules import ORDER, OrderKind
from yikatong.cards.services import cases, hand_over, lock, retained
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.apply import cancel_order
from yikatong.cards.services.telling import tell_cards, tell_orders
from yikatong.cards.standing import EndReason
from yikatong.office.act import Actor
from yikatong.office.lifecycle import advance
from yikatong.office.models import Message
from yikatong.residents.models import Resident

OTHER = Actor("staff:2", "李复核", in_hand.QINDU, in_hand.QINDU_COUNTER)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def texts() -> list[str]:
    return list(Message.objects.order_by("id").values_list("text", flat=True))


def test_a_set_of_orders_is_told_each_with_its_own_number_and_promised_day():
    one, other = an_order(a_person(), "made"), an_order(a_person(), "made", promised=date(2025, 5, 6))
    with at() as act:
        assert tell_orders(act, Step.MADE, [one.pk, other.pk]) == 2
    first, second = texts()
    assert one.number in first and "2025-04-30" in first and "社保卡服务窗口" in first
    assert other.number in second and "2025-05-06" in second


def test_a_minors_guardian_is_told_and_knows_that_it_is_for_a_ward():
    child = a_person(birth=date(2015, 6, 1), guardian=("张父", "610499198003070017"))
    card = a_card(child)
    with at() as act:
        tell_cards(act, Step.LOCKED, [card.pk])
    message = Message.objects.get()
    assert message.to == "13800000002" and message.text.startswith("致监护人：")
    assert message.person == child.pk


def test_nobody_is_told_of_somebody_who_died():
    gone, here = a_person(), a_person()
    orders = [an_order(each, "at_outlet") for each in (gone, here)]
    Resident.objects.filter(pk=gone.pk).update(state="dead")
    with at() as act:
        assert tell_orders(act, Step.AT_OUTLET, [order.pk for order in orders]) == 1
    assert Message.objects.get().person == here.pk


def test_who_has_no_phone_is_passed_over():
    with at() as act:
        assert tell_cards(act, Step.ENABLED, [a_card(a_person(phone="")).pk]) == 0


def test_the_survivor_of_merged_records_is_told():
    survivor, second = a_person(phone="13800000005"), a_person(phone="13800000006")
    order = an_order(second, "made")
    Resident.objects.filter(pk=second.pk).update(merged_into=survivor)
    with at() as act:
        tell_orders(act, Step.MADE, [order.pk])
    assert Message.objects.get().to == "13800000005"


def test_who_has_problem_data_hears_what_is_wrong_and_what_to_bring_where():
    order = an_order(a_person(), "problem")
    Order.objects.filter(pk=order.pk).update(
        problem_code="match.name_differs", problem_text="他们的话 13900000000"
    )
    with at() as act:
        tell_orders(act, Step.PROBLEM, [order.pk])
    said = Message.objects.get().text
    assert "姓名与公安信息不一致" in said and "更名证明" in said and "社保卡服务窗口" in said
    assert "13900000000" not in said


def test_a_withdrawn_application_is_told_once():
    order = an_order(a_person(), "submitted")
    with at() as act:
        got(cancel_order(act, order.number, "本人不办了"))
    assert [order.number in each and "已撤销" in each for each in texts()] == [True]


def test_a_stopped_order_is_told_once_however_it_closes():
    for state in ("submitted", "at_outlet"):
        Message.objects.all().delete()
        order = an_order(a_person(), state)
        with at() as act:
            got(retained.stop_order(act, order.number, reason="迁出本市"))
        with at() as act:
            retained.close_stopped(act)
        assert ["已停办" in each for each in texts()] == [True]


def test_a_card_that_goes_back_and_out_again_tells_where_it_is():
    order = an_order(a_person(), "retained")
    a_card(order=order, state="0", bank="inactive", collected=False)
    with at() as act:
        got(retained.take_back(act, order.number))
    with at() as act:
        got(retained.lay_out_again(act, order.number))
    assert ["退回中心" in each or "已到" in each for each in texts()] == [True, True]


def test_enabling_and_locking_are_told():
    card = a_card(state="0", bank="inactive")
    with at() as act:
        got(hand_over.enable(act, card_no=card.card_no))
    with at() as act:
        got(lock.report_locked(act, card_no=card.card_no, where="某药店终端"))
    assert ["已启用" in texts()[0], "已锁定" in texts()[1], len(texts())] == [True, True, 2]


def test_a_destroyed_card_is_told_once_with_its_order():
    order = an_order(a_person(), "retained")
    card = a_card(order=order, state="0", bank="inactive", collected=False)
    advance(order, ORDER, "take_back")
    with at() as act:
        got(retained.stop_order(act, order.number, reason="迁出本市"))
        retained.suggest_destruction(act)
    case = cases.Case.objects.get(card=card)
    Message.objects.all().delete()
    with at() as act:
        got(cases.propose_case(act, case.pk, paper="中心机房"))
    with at(actor=OTHER) as act:
        got(cases.confirm_case(act, case.pk))
    assert ["已按规定销毁" in each for each in texts()] == [True]


def test_after_a_death_nothing_more_is_said():
    holder = a_person()
    card = a_card(holder, state="4", bank="stopped")
    order = an_order(holder, "at_outlet", kind=OrderKind.EXCHANGE, replaces=card)
    Resident.objects.filter(pk=holder.pk).update(state="dead")
    with at() as act:
        follow_deaths(act)
        got(retained.take_back(act, order.number))
        case = cases.Case.objects.get(card=card)
        got(cases.propose_case(act, case.pk, paper="死亡证明"))
    with at(actor=OTHER) as act:
        got(cases.confirm_case(act, case.pk))
    assert texts() == [] and EndReason.DEATH.value == "death"
