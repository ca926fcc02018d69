"""What a resident does alone: enables the card in their hand, changes phone and address, chooses how a card comes."""

from __future__ import annotations

import pytest

from tests.cards.in_hand import a_card, set_rule
from tests.web.people import NUMBER, number_of
from tests.web.portal.test_children import a_child
from tests.web.portal.visiting import Visitor, code_in, words_of
from yikatong.cards import queries as cards
from yikatong.cards import rules
from yikatong.cards.models import Card, Order, Posting
from yikatong.office.models import Entry, Outlet
from yikatong.residents.models import Resident

pytestmark = pytest.mark.django_db
HOME = "陕西省咸阳市秦都区人民路街道12号"


def sealed(visitor: Visitor) -> str:
    """A card in hand that was not enabled yet; the number on it."""
    return str(a_card(Resident.objects.get(pk=visitor.person), "0", "inactive").bank_pan)


def state(visitor: Visitor) -> object:
    held = cards.valid_card_of(visitor.person)
    return held and held.state


def test_a_card_in_hand_is_enabled_by_the_number_on_it(resident: Visitor):
    number = sealed(resident)
    assert "启用这张卡" in resident.text() and "可以在这里启用" in resident.text()
    assert "银行卡号" in resident.text("/portal/enable/")
    answer = resident.client.post("/portal/enable/", {"account": "6217990000000000027"})
    assert "逐位核对" in words_of(answer) and state(resident) is rules.SEALED
    answer = resident.client.post("/portal/enable/", {"account": f"{number[:4]} {number[4:]}"}, follow=True)
    assert "社保功能已启用" in answer.content.decode() and state(resident) is rules.NORMAL
    assert resident.client.get("/portal/enable/")["Location"] == "/portal/"
    assert number not in str(list(Entry.objects.values()))


def test_where_the_city_does_not_enable_online_the_page_sends_to_an_outlet(resident: Visitor):
    from yikatong.office import clock, rulebook

    sealed(resident)
    table = rulebook.ruling("card.channels.enable", clock.today()).value
    set_rule("card.channels.enable", {**table, "online": "须当面启用"})
    text = resident.text()
    assert "启用这张卡" not in text and "到任一网点启用" in text
    assert resident.client.get("/portal/enable/")["Location"] == "/portal/"


def test_a_guardian_enables_the_childs_card_and_nobody_elses(resident: Visitor):
    number = sealed(resident)
    child = a_child()
    Card.objects.update(resident=child)
    assert "为孩子启用" in resident.text()
    assert "为 林小雨 启用" in resident.text(f"/portal/enable/child/{child}/")
    resident.client.post(f"/portal/enable/child/{child}/", {"account": number})
    assert Card.objects.get().state == "1"
    stranger = a_child(4, "20170301", number_of(9, "19850307"), "别小雨")
    assert resident.client.get(f"/portal/enable/child/{stranger}/").status_code == 404


def test_a_new_phone_is_proved_by_its_code(resident: Visitor):
    assert "138****0002" in resident.text("/portal/particulars/")
    refused = resident.client.post("/portal/particulars/phone/", {"phone": "123"})
    assert "11位手机号码" in words_of(refused)
    asked = resident.client.post("/portal/particulars/phone/", {"phone": "13912345678"}).content.decode()
    answer = resident.client.post(
        "/portal/particulars/phone/code/", {"phone": "13912345678", "code": code_in(asked)}, follow=True
    )
    assert "手机号已更换" in answer.content.decode() and "139****5678" in words_of(answer)
    assert (
        Resident.objects.get(number_key=Resident.objects.get(pk=resident.person).number_key).phone
        == "13912345678"
    )


def test_an_address_is_changed_on_ones_own_word(resident: Visitor):
    resident.client.post("/portal/particulars/address/", {"address": HOME})
    assert Resident.objects.get(pk=resident.person).address == HOME
    entry = Entry.objects.get(kind="resident.changed")
    assert entry.actor == f"resident:{resident.person}" and HOME not in str(entry.payload)


def test_what_the_rule_does_not_name_is_not_changed_here(resident: Visitor):
    set_rule("card.update_online", ["address"])
    assert "更换手机号" not in resident.text("/portal/particulars/")
    for page in ("phone", "phone/code"):
        answer = resident.client.post(f"/portal/particulars/{page}/", {"phone": "13912345678", "code": "1"})
        assert answer["Location"] == "/portal/particulars/"


def test_how_a_card_comes_is_chosen_again_while_it_is_under_way(resident: Visitor):
    Resident.objects.filter(pk=resident.person).update(address=HOME)
    wanted = {"outlet_code": "61040201", "bank_code": "102", "step": "send"}
    resident.client.post("/portal/apply/", wanted)
    assert "改一改怎样领卡" in resident.text() and "到秦都" in resident.text("/portal/collect/")
    resident.client.post("/portal/collect/", {"collect": "home"})
    assert Posting.objects.get().state == "wished" and "邮寄，寄出前可以改" in resident.text(
        "/portal/collect/"
    )
    resident.client.post("/portal/collect/", {"collect": "here"})
    assert Posting.objects.get().state == "withdrawn"
    assert Order.objects.get().resident_id == resident.person
    answer = resident.client.post("/portal/collect/", {"collect": "other", "post_name": "林"})
    assert "yk-error-summary" in answer.content.decode() and NUMBER not in answer.content.decode()


def test_where_a_card_is_collected_is_chosen_again_while_the_city_lets_one(resident: Visitor):
    wanted = {"outlet_code": "61040201", "bank_code": "102", "step": "send"}
    resident.client.post("/portal/apply/", wanted)
    page = resident.text("/portal/collect/")
    assert "在哪里领卡" in page and "请选择" not in page
    other = Outlet.objects.exclude(code="61040201").order_by("-code").first()
    assert other is not None
    there = {"outlet_code": other.code, "collect": "other", "post_name": "林"}
    assert "yk-error-summary" in resident.client.post("/portal/collect/", there).content.decode()
    assert Order.objects.get().outlet.code == "61040201"  # one no, nothing done
    resident.client.post("/portal/collect/", {"outlet_code": other.code, "collect": "here"})
    assert Order.objects.get().outlet == other and f"卡到{other.name}领取" in resident.text()
    set_rule("card.outlet_change_states", ["checking"])
    assert "在哪里领卡" not in resident.text("/portal/collect/")
