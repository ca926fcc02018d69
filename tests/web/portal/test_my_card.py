from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.people import CARD_NO, NAME, NUMBER, number_of, register_person
from tests.web.portal.visiting import MOMENT, Visitor, words_of
from yikatong.cards import queries as cards
from yikatong.cards import rules
from yikatong.cards.models import Posting
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import ORDER, Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.loss import report_formal_loss
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.models import Resident
from yikatong.residents.services import look
from yikatong.web.portal import words

pytestmark = pytest.mark.django_db
ANSWERS = {"outlet_code": "61040201", "bank_code": "102"}


def test_the_card_is_told_in_plain_words_both_sides_apart(resident: Visitor):
    resident.hold_card()
    text = resident.text()
    assert "社保功能 正常" in text and "银行功能 正常" in text
    assert NUMBER not in text and "****0019" in text and "6217990" not in text


def test_nobody_is_sent_to_the_bank_with_a_card_they_do_not_have_yet(resident: Visitor):
    resident.hold_card()
    held = cards.valid_card_of(resident.person)
    assert held is not None
    lying = replace(held, state=rules.SEALED, bank_state=rules.BANK_INACTIVE, collected_at=None)
    for card, said in ((lying, True), (replace(lying, collected_at=MOMENT), False)):
        assert words.of_bank(card, cards.meaning_of(card)).advice.startswith("领卡以后") is said


def test_who_has_no_card_is_offered_one(resident: Visitor):
    text = resident.text()
    assert "您还没有社保卡" in text and "挂失" not in text


def test_a_loss_is_reported_after_a_question_and_stops_both_sides(resident: Visitor):
    resident.hold_card()
    assert "7 天内有效" in resident.text("/portal/loss/")
    assert resident.client.post("/portal/loss/")["Location"] == "/portal/"
    held = cards.valid_card_of(resident.person)
    assert held and (held.state, held.bank_state) == (rules.TEMP_LOST, rules.BANK_STOPPED)
    text = resident.text()
    assert "已临时挂失" in text and "2026-03-11 10:00 后自动恢复" in text and "银行功能 已临时挂失" in text


def test_looking_at_the_loss_page_reports_nothing(resident: Visitor):
    resident.hold_card()
    resident.client.get("/portal/loss/")
    held = cards.valid_card_of(resident.person)
    assert held and held.state == rules.NORMAL


def test_a_card_that_was_found_is_released(resident: Visitor):
    resident.hold_card()
    resident.client.post("/portal/loss/")
    assert "卡在您手里吗" in resident.text("/portal/loss/undo/")
    resident.client.post("/portal/loss/undo/")
    held = cards.valid_card_of(resident.person)
    assert held and (held.state, held.bank_state) == (rules.NORMAL, rules.BANK_NORMAL)


def test_a_formal_loss_cannot_be_undone_here_but_a_new_card_applied_for(resident: Visitor):
    resident.hold_card()
    with open_act(Actor.system("test"), door=Door.CONSOLE) as act:
        assert report_formal_loss(act, card_no=CARD_NO, channel="window")
    assert resident.client.post("/portal/loss/undo/")["Location"] == "/portal/"
    held = cards.valid_card_of(resident.person)
    assert held and held.state == rules.LOST
    assert "申请补领新卡" in resident.text()
    answer = resident.client.post("/portal/apply/", {**ANSWERS, "step": "send"})
    (order,) = cards.orders_of(resident.person)
    assert answer["Location"] == f"/portal/apply/{order.number}/" and order.kind is OrderKind.REISSUE


def test_the_act_is_the_residents_own(resident: Visitor):
    from django.db import connection

    resident.hold_card()
    resident.client.post("/portal/loss/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor, actor_name, door FROM office_entry WHERE kind = 'card.temp_lost'")
        assert cursor.fetchall() == [(f"resident:{resident.person}", NAME, "portal")]


def test_an_application_is_checked_before_it_is_sent(resident: Visitor):
    assert "申领新卡" in resident.text("/portal/apply/")
    check = resident.client.post("/portal/apply/", {**ANSWERS, "step": "check"})
    assert "核对后提交" in words_of(check) and "秦都" in words_of(check) and "工商银行" in words_of(check)
    assert cards.orders_of(resident.person) == ()
    back = resident.client.post("/portal/apply/", {**ANSWERS, "step": "change"}).content.decode()
    assert 'value="61040201" selected' in back and "yk-error-summary" not in back
    answer = resident.client.post("/portal/apply/", {**ANSWERS, "step": "send"}, follow=True)
    (order,) = cards.orders_of(resident.person)
    assert order.number in words_of(answer) and f"{order.promised_on}" in words_of(answer)
    home = resident.text()
    assert order.number in home and f"承诺 {order.promised_on} 前可以领卡" in home and "已申请 进行中" in home


@pytest.mark.parametrize(
    "answers",
    [{}, {"outlet_code": "nowhere", "bank_code": "102"}, {"outlet_code": "61040201", "bank_code": "999"}],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_an_application_with_missing_or_invented_answers_is_not_taken(
    resident: Visitor, answers: dict[str, str], step: str
):
    answer = resident.client.post("/portal/apply/", {**answers, "step": step})
    assert "yk-error-summary" in answer.content.decode()
    assert cards.orders_of(resident.person) == ()


def test_a_card_in_use_is_exchanged_with_a_reason(resident: Visitor):
    resident.hold_card()
    assert "为什么换" in resident.text("/portal/apply/")
    resident.client.post("/portal/apply/", {**ANSWERS, "reason": "damaged", "step": "send"})
    (order,) = cards.orders_of(resident.person)
    assert (order.kind, order.reason) == (OrderKind.EXCHANGE, "卡面损坏")


def test_a_services_no_is_shown_beside_the_question(resident: Visitor):
    resident.hold_card()
    answer = resident.client.post("/portal/apply/", {**ANSWERS, "reason": "expired", "step": "send"})
    assert "yk-error-summary" in answer.content.decode() and "2034-03-03" in words_of(answer)
    assert cards.orders_of(resident.person) == ()


def test_a_card_is_posted_to_the_address_on_file_or_to_another_after_a_look_at_it(resident: Visitor):
    row = Resident.objects.get(pk=resident.person)
    row.address = "陕西省咸阳市秦都区人民路街道12号"
    row.save()
    page = resident.text("/portal/apply/")
    assert "寄到登记的地址" in page and "12号" not in page
    other = {"collect": "other", "post_name": "李四", "post_phone": "13900000009", "post_address": "乙路"}
    answer = resident.client.post("/portal/apply/", {**ANSWERS, **other, "step": "send"})
    assert "yk-error-summary" in answer.content.decode() and cards.orders_of(resident.person) == ()
    other["post_address"] = "陕西省咸阳市渭城区文汇路街道7号"
    check = words_of(resident.client.post("/portal/apply/", {**ANSWERS, **other, "step": "check"}))
    assert "寄到其他地址" in check and other["post_address"] in check
    resident.client.post("/portal/apply/", {**ANSWERS, "collect": "home", "step": "send"})
    posting = Posting.objects.get()
    assert (posting.name, posting.address) == (NAME, row.address) and posting.phone == row.phone


def test_while_an_order_is_open_there_is_no_second(resident: Visitor):
    resident.client.post("/portal/apply/", {**ANSWERS, "step": "send"})
    assert resident.client.get("/portal/apply/")["Location"] == "/portal/"
    assert resident.client.post("/portal/apply/", {**ANSWERS, "step": "send"})["Location"] == "/portal/"
    assert len(cards.orders_of(resident.person)) == 1


def test_nobody_sees_anothers_order(resident: Visitor):
    with open_act(Actor.system("test"), door=Door.CONSOLE) as act:
        other = register_person(act, number=number_of(4), name="赵大江", phone="")
        order = apply_for_card(
            act,
            resident_id=other,
            kind=OrderKind.NEW,
            mode=Mode.BATCH,
            outlet_code="61040201",
            bank_code="102",
            channel="window",
        )
    assert isinstance(order, OrderRow)
    assert resident.client.get(f"/portal/apply/{order.number}/").status_code == 404


def test_a_late_order_says_so_with_the_number_to_call(resident: Visitor):
    resident.client.post("/portal/apply/", {**ANSWERS, "step": "send"})
    with clock.fixed(MOMENT + timedelta(days=70)):
        assert "已超过承诺日期" in resident.text()


def test_who_looked_is_shown_with_purpose(resident: Visitor):
    assert "还没有人看过" in resident.text("/portal/looks/")
    with open_act(Actor("staff:1", "网点经办·何敏"), door=Door.CONSOLE, purpose="办理领卡") as act:
        assert look(act, resident.person, purpose="办理领卡")
    text = resident.text("/portal/looks/")
    assert "何敏" in text and "办理领卡" in text and "2026-03-04 10:00" in text


def test_every_state_of_an_order_has_its_step():
    placed = {code for _name, codes in words.STEPS for code in codes}
    assert placed == {state.code for state in ORDER.states} - {"cancelled", "destroyed"}
    assert set(words.STUCK) <= placed
