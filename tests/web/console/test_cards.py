"""A card in its holder's hand, at the pages: both sides, losses, re-issue, exchange, errors."""

from __future__ import annotations

import re

from tests.cards.factories import CENTRE_OUTLET, at_outlet
from tests.web.console.desks import BANK_OUTLET, refusals
from yikatong.basics.masking import Sensitive, mask
from yikatong.cards.models import Card, Order
from yikatong.office.models import Entry
from yikatong.office.readers import look_up
from yikatong.residents.queries import looks, person

WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}
SOCIAL = {"which": "social", "role": "holder"}


def test_both_sides_of_a_card_stand_apart(clerk, card):
    page = clerk.see(f"cards/{card.card_no}/")
    assert "社保功能" in page and "金融账户" in page and "未激活" in page


def test_after_a_death_the_card_itself_leads_to_its_case_and_says_who_recorded_it(clerk, card):
    clerk.open(card.resident_id, "更新信息")
    page = clerk.confirm(f"residents/{card.resident_id}/death/", on="2025-03-01", source="死亡医学证明")
    assert re.search(r"测试·\w+ 登记死亡（来源：死亡医学证明）", page) and "查看社保卡" in page
    case = re.search(r'/console/(cases/\d+/propose/)">提出死亡注销', clerk.see(f"cards/{card.card_no}/"))
    assert case is not None
    clerk.confirm(case[1], paper="死亡医学证明")
    assert "死亡注销：待复核" in clerk.see(f"cards/{card.card_no}/")


def test_a_frozen_order_is_not_offered_to_be_posted(clerk):
    order = at_outlet()[0]
    assert "登记邮寄" in clerk.see(f"orders/{order.number}/")
    clerk.open(order.resident_id, "更新信息")
    clerk.confirm(f"residents/{order.resident_id}/death/", on="2025-03-01", source="死亡医学证明")
    page = clerk.see(f"orders/{order.number}/")
    assert "已冻结" in page and "登记邮寄" not in page


def test_a_card_wished_by_post_and_collected_after_all_is_not_said_to_be_posted(clerk):
    order = at_outlet()[0]
    clerk.confirm(
        f"orders/{order.number}/post/",
        name="李四",
        phone="13900000009",
        address="陕西省咸阳市秦都区人民路街道9号",
    )
    assert "待交寄" in clerk.see(f"orders/{order.number}/")
    clerk.hand_over(order)
    page = clerk.see(f"orders/{order.number}/")
    assert "已领取" in page and "待交寄" not in page


def test_enabling_twice_is_refused(clerk, card):
    assert refusals(clerk.confirm(f"cards/{card.card_no}/enable/", role="holder"))


def test_activation_twice_is_refused(desk_of, card):
    bank = desk_of("bank_operator")
    assert "已登记" in bank.confirm(f"cards/{card.card_no}/activate/", role="holder")
    assert refusals(bank.confirm(f"cards/{card.card_no}/activate/", role="holder"))


def test_a_temporary_loss_is_reported_and_released(clerk, card):
    page = clerk.check(f"cards/{card.card_no}/loss/", **SOCIAL)
    assert "7 天内有效" in page and Card.objects.get().state == "1"
    assert "已临时挂失" in clerk.confirm(f"cards/{card.card_no}/loss/", **SOCIAL)
    assert refusals(clerk.confirm(f"cards/{card.card_no}/loss/", **SOCIAL))
    assert "已解除" in clerk.confirm(f"cards/{card.card_no}/loss/release/", **SOCIAL)
    assert refusals(clerk.confirm(f"cards/{card.card_no}/loss/release/", **SOCIAL))


def test_the_hotline_reports_a_loss_by_its_own_door_only(desk_of, card):
    agent = desk_of("hotline_agent")
    assert agent.client.get(f"/console/cards/{card.card_no}/loss/").status_code == 403
    path = f"cards/{card.card_no}/loss-by-phone/"
    assert "已临时挂失" in agent.confirm(path, caller="called_back", **SOCIAL)


def test_the_hotline_calls_the_holder_back_at_the_phone_on_file(desk_of, card):
    agent, path = desk_of("hotline_agent"), f"cards/{card.card_no}/loss-by-phone/"
    phone = person(card.resident_id).phone
    page = agent.see(path)
    assert mask(Sensitive.PHONE, phone) in page and phone not in page
    assert refusals(agent.check(path, **SOCIAL)) == ["怎样核实来电人：请选择怎样核实来电人。"]
    assert Card.objects.get().state == "1"
    agent.confirm(path, caller="unreached", **SOCIAL)
    checked = look_up(subject=f"card:{card.pk}", kind="card.caller_checked")
    assert len(checked) == 1 and "打不通" in checked[0].zh


def test_the_banks_window_reports_a_loss_and_takes_the_application_for_the_next_card(desk_of, card):
    bank = desk_of("bank_operator")
    assert "已临时挂失" in bank.confirm(f"cards/{card.card_no}/loss/", **SOCIAL)
    assert "已解除" in bank.confirm(f"cards/{card.card_no}/loss/release/", **SOCIAL)
    assert "已正式挂失" in bank.confirm(f"cards/{card.card_no}/formal-loss/", **SOCIAL)
    assert Entry.objects.get(kind="card.lost").payload["channel"] == "bank"
    assert "补领" in bank.confirm(f"cards/{card.card_no}/reissue/", **{**WISHES, "outlet_code": BANK_OUTLET})
    assert Order.objects.get(kind="reissue").channel == "bank"


def test_a_bank_has_no_business_with_another_banks_card(desk_of, card):
    stranger = desk_of("bank_operator", outlet="61042501")  # of bank 103
    for path in (
        "",
        "loss/",
        "loss/release/",
        "formal-loss/",
        "reissue/",
        "exchange/",
        "activate/",
        "close-account/",
    ):
        page = stranger.see(f"cards/{card.card_no}/{path}", status=403)
        assert "金融账户不在贵行" in page
        stranger.client.post(f"/console/cards/{card.card_no}/{path}", {"step": "confirm", **SOCIAL})
    card.refresh_from_db()
    assert (card.state, card.bank_state) == ("1", "inactive")


def test_a_bank_learns_that_a_person_has_another_banks_card_and_not_which(desk_of, card):
    order = Order.objects.get(card=card)
    for desk, known in (
        (desk_of("bank_operator"), True),
        (desk_of("bank_operator", outlet="61042501"), False),
    ):
        desk.open(card.resident_id, "咨询答复")
        page = desk.see(f"residents/{card.resident_id}/")
        assert (card.card_no in page, order.number in page) == (known, known)
        assert ("他行的卡" in page, "请到该银行或社保卡服务窗口办理" in page) == (not known, not known)
        assert "申领社保卡" not in page


def test_a_formal_loss_stands_where_the_rule_says_so(clerk, card):
    assert "已正式挂失" in clerk.confirm(f"cards/{card.card_no}/formal-loss/", **SOCIAL)
    assert refusals(clerk.confirm(f"cards/{card.card_no}/formal-loss/", **SOCIAL))
    assert any(
        "不能解除" in line
        for line in refusals(clerk.confirm(f"cards/{card.card_no}/formal-loss/release/", **SOCIAL))
    )


def test_a_reissue_reports_the_loss_and_ends_on_the_receipt(clerk, card):
    page = clerk.check(f"cards/{card.card_no}/reissue/", **WISHES)
    assert "同时办理正式挂失" in page
    assert "补领" in clerk.confirm(f"cards/{card.card_no}/reissue/", **WISHES)
    assert Card.objects.get().state == "2" and Order.objects.filter(kind="reissue").count() == 1
    assert refusals(clerk.confirm(f"cards/{card.card_no}/reissue/", **WISHES))


def test_an_exchange_for_expiry_is_too_early_and_for_damage_is_not(clerk, card):
    path = f"cards/{card.card_no}/exchange/"
    assert any("换领" in line for line in refusals(clerk.confirm(path, reason="expired", **WISHES)))
    assert "换领" in clerk.confirm(path, reason="damaged", **WISHES)
    assert Card.objects.get().state == "1" and Order.objects.filter(kind="exchange").count() == 1


def test_an_error_is_confirmed_once_and_not_by_the_counter(clerk, desk_of, card):
    assert clerk.client.get(f"/console/cards/{card.card_no}/error/").status_code == 403
    manager = desk_of("outlet_manager")
    assert refusals(manager.confirm(f"cards/{card.card_no}/error/", what=""))
    assert "已确认发卡差错" in manager.confirm(f"cards/{card.card_no}/error/", what="姓名印错")
    assert refusals(manager.confirm(f"cards/{card.card_no}/error/", what="姓名印错"))


def test_a_card_of_another_county_is_not_shown(desk_of, card):
    far = desk_of("outlet_clerk", region="610481")
    far.see(f"cards/{card.card_no}/", status=403)
    far.see(f"cards/{card.card_no}/formal-loss/", status=403)
    far.see("cards/Z99999999/", status=404)


def test_who_saw_the_card_and_for_what_is_read_by_its_holder_once_a_day(clerk, card):
    for _ in range(3):
        clerk.see(f"cards/{card.card_no}/")
        clerk.see(f"cards/{card.card_no}/formal-loss/")
    seen = [look.why for look in looks(card.resident_id)]
    assert seen.count("查看制卡与卡状态") == 1 and seen.count("挂失解挂") == 1


def test_a_queue_is_one_entry_with_the_people_on_it(clerk):
    order = at_outlet()[0]
    clerk.see("queues/at_outlet/")
    entry = Entry.objects.get(kind="resident.listed")
    assert entry.payload["shown"] == [order.resident_id]
