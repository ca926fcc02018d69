"""A clerk who knows nothing but the page: each service of the sheet is found by its link and done in three pages.

The pages counted are those after the record, the order or the card that was looked up, up to the one that says what
came of it. A link is found by the words on it; each page is answered as a browser has it, hidden fields and all.
"""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cards.bringing import a_unit, roll
from tests.cards.factories import CENTRE_OUTLET, at_outlet, number_of, resident, residents
from tests.cards.in_hand import a_card, a_person, an_order, set_rule
from tests.cards.test_hand_over_list import at_the_outlet
from tests.web.console.desks import BANK_OUTLET, Desk, refusals
from yikatong.bench._forms import Form, forms_in
from yikatong.cards.models import ApplicationList, Card, Order
from yikatong.residents.models import Resident

MOST = 3
WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}
HOLDER = {"role": "holder"}
SOCIAL = {"which": "social", **HOLDER}
PROOF = {**HOLDER, "unsigned_reason": "纸质签名存档", "no_photo_reason": "摄像头故障"}


def by_its_words(page: str, words: str) -> str:
    """Where the link with these words leads."""
    for where, said in re.findall(r'<a [^>]*href="(/console/[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if html.unescape(re.sub(r"<.*?>", "", said)).strip() == words:
            return html.unescape(where)
    raise AssertionError(f"no link says {words}")


def task_form(page: str) -> Form:
    """The form of the task: the one whose button is a step."""
    return next(each for each in forms_in(page) if any(name == "step" for name, _ in each.buttons))


def does(desk: Desk, start: str, words: str, **answers: object) -> int:
    """Do the service that the page at `start` offers in these words, as a browser would; how many pages it took."""
    return goes_through(desk, by_its_words(desk.see(start), words), **answers)


def goes_through(desk: Desk, path: str, **answers: object) -> int:
    """Answer what each page asks and press its first button, with what the page itself hides, until it is done."""
    answer, pages, given = desk.client.get(path), 1, False
    while answer.status_code == 200:
        assert pages <= MOST, f"{path}: still not done"
        page = answer.content.decode()
        assert not refusals(page), (path, refusals(page))
        form = task_form(page)
        sent: dict[str, object] = {
            name: each.values[-1]
            for name, each in form.questions.items()
            if each.kind == "hidden" and each.values
        }
        if not given and (missing := set(answers) - set(form.questions)) != set(answers):
            assert not missing, f"{path}: the page does not ask for {missing}"
            sent, given = {**sent, **answers}, True
        answer, pages = desk.client.post(path, {**sent, "step": form.buttons[0][1]}), pages + 1
    assert answer.status_code == 302, (path, answer.status_code)
    assert given or not answers, f"{path}: nobody asked for {set(answers)}"
    done = desk.client.get(answer.url).content.decode()
    assert not refusals(done), (path, refusals(done))
    return pages


@pytest.fixture
def in_use(clerk) -> Card:
    """A card that was handed over and enabled by its pages."""
    order = at_outlet()[0]
    assert does(clerk, f"orders/{order.number}/", "发卡", shown_name=order.resident.name, **PROOF) <= MOST
    card = Card.objects.get()
    assert does(clerk, f"cards/{card.card_no}/", "启用社保功能", **HOLDER) <= MOST
    card.refresh_from_db()
    assert card.state == "1"
    return card


def test_a_first_card_is_applied_for(clerk):
    person = resident()
    clerk.open(person.pk)
    assert does(clerk, f"residents/{person.pk}/", "申领社保卡", **WISHES) <= MOST
    assert Order.objects.get().kind == "new"


def test_a_card_is_handed_over_enabled_and_activated(clerk, desk_of, in_use):
    bank = desk_of("bank_operator")
    assert does(bank, f"cards/{in_use.card_no}/", "登记金融账户激活", **HOLDER) <= MOST


def test_a_card_is_lost_and_found(clerk, in_use):
    at = f"cards/{in_use.card_no}/"
    assert does(clerk, at, "临时挂失", **SOCIAL) <= MOST
    assert does(clerk, at, "解除临时挂失", **SOCIAL) <= MOST
    assert does(clerk, at, "正式挂失", **SOCIAL) <= MOST
    assert does(clerk, at, "补领", **WISHES) <= MOST
    assert Order.objects.filter(kind="reissue").count() == 1


def test_a_damaged_card_is_exchanged(clerk, in_use):
    assert does(clerk, f"cards/{in_use.card_no}/", "换领", reason="damaged", **WISHES) <= MOST


def test_a_pin_is_reset(clerk, in_use):
    assert does(clerk, f"cards/{in_use.card_no}/", "重置社保密码", **HOLDER) <= MOST


def test_a_card_is_cancelled(clerk, in_use):
    assert does(clerk, f"cards/{in_use.card_no}/", "注销", reason="moved", **HOLDER) <= MOST
    assert Card.objects.get().state == "9"


def test_particulars_are_changed(clerk):
    person = resident()
    clerk.open(person.pk, "更新信息")
    at = f"residents/{person.pk}/"
    assert (
        does(clerk, at, "更新手机号、住址", field="phone", value="13900000001", source="本人到窗口申请")
        <= MOST
    )
    assert does(clerk, at, "更正姓名", name="张新名", why="changed", proof="户口簿变更页") <= MOST


def test_a_person_is_registered(clerk):
    menu = clerk.see("")
    number = number_of(date(1991, 5, 5), 7)
    path = by_its_words(menu, "登记人员")
    assert (
        goes_through(clerk, path, number=number, name="单晓雨", region="610402", phone="13800000009") <= MOST
    )


def test_a_child_is_registered_and_its_guardian_applies_for_it(clerk):
    child, guardian = number_of(date(2019, 5, 5), 7), number_of(date(1990, 1, 1), 8)
    parent = {
        "guardian_name": "单大雨",
        "guardian_number": guardian,
        "guardian_relation": "父母",
        "guardian_proof": "居民户口簿",
    }
    path = by_its_words(clerk.see(""), "登记人员")
    known = {"number": child, "name": "单小雨", "region": "610402", "guardian_phone": "13800000008", **parent}
    assert goes_through(clerk, path, **known) <= MOST
    wishes = {**WISHES, "role": "guardian", "agent_name": "单大雨", "agent_number": guardian}
    person = Resident.objects.get()
    assert does(clerk, f"residents/{person.pk}/", "申领社保卡", **wishes) <= MOST


def test_an_agent_collects_with_a_letter(clerk):
    order = at_outlet()[0]
    agent = {
        "role": "agent",
        "agent_name": "吴代办",
        "agent_number": number_of(date(1988, 1, 1), 9),
        "agent_relation": "同事",
        "agent_letter": "委托书2025-3",
        "agent_letter_on": "2025-03-09",
        "agent_reason": "本人住院",
        "agent_proof": "授权委托书",
    }
    proof = {each: PROOF[each] for each in ("unsigned_reason", "no_photo_reason")}
    assert does(clerk, f"orders/{order.number}/", "发卡", **agent, **proof) <= MOST


def test_a_child_without_a_guardian_leads_to_where_one_is_registered(clerk):
    child = resident(birth=date(2019, 5, 5))
    path = f"/console/residents/{child.pk}/guardian/"
    assert f'href="{path}"' in clerk.see(f"residents/{child.pk}/apply/")
    assert f'href="{path}"' not in clerk.see(f"residents/{resident().pk}/apply/")


def test_a_loss_is_reported_by_phone(desk_of, in_use):
    assert (
        does(
            desk_of("hotline_agent"),
            f"cards/{in_use.card_no}/",
            "电话临时挂失",
            caller="called_back",
            **SOCIAL,
        )
        <= MOST
    )


def test_an_application_is_withdrawn(clerk):
    person = resident()
    clerk.open(person.pk)
    does(clerk, f"residents/{person.pk}/", "申领社保卡", **WISHES)
    number = Order.objects.get().number
    assert does(clerk, f"orders/{number}/", "撤销申请", reason="本人不办了") <= MOST


def test_the_banks_window_takes_an_application(desk_of):
    bank, person = desk_of("bank_operator", region="610402"), resident()
    bank.open(person.pk)
    wishes = {**WISHES, "outlet_code": BANK_OUTLET}
    assert does(bank, f"residents/{person.pk}/", "申领社保卡", **wishes) <= MOST
    assert Order.objects.get().channel == "bank"


def test_at_the_banks_window_a_card_is_lost_found_lost_for_good_and_made_again(desk_of, in_use):
    bank, at = desk_of("bank_operator", region="610402"), f"cards/{in_use.card_no}/"
    assert does(bank, at, "临时挂失", **SOCIAL) <= MOST
    assert does(bank, at, "解除临时挂失", **SOCIAL) <= MOST
    assert does(bank, at, "正式挂失", **SOCIAL) <= MOST
    assert does(bank, at, "补领", **{**WISHES, "outlet_code": BANK_OUTLET}) <= MOST
    assert Order.objects.filter(kind="reissue").count() == 1


def test_the_bank_closes_the_account_of_a_card_that_is_over(clerk, desk_of, in_use):
    at = f"cards/{in_use.card_no}/"
    does(clerk, at, "注销", reason="moved", **HOLDER)
    assert does(desk_of("bank_operator"), at, "登记金融账户销户") <= MOST
    assert Card.objects.get().bank_state == "closed"


def test_a_formal_loss_is_released_where_the_city_allows_it(clerk, in_use):
    set_rule("card.formal_loss_releasable", True)
    at = f"cards/{in_use.card_no}/"
    does(clerk, at, "正式挂失", **SOCIAL)
    assert does(clerk, at, "解除正式挂失", **SOCIAL) <= MOST
    assert Card.objects.get().state == "1"


def test_a_locked_card_is_unlocked(clerk, in_use):
    at = f"cards/{in_use.card_no}/"
    assert does(clerk, at, "登记应用锁定", where="某药店终端") <= MOST
    assert does(clerk, at, "解锁", **HOLDER) <= MOST
    assert Card.objects.get().state == "1"


def test_a_card_is_posted_and_signed_for(clerk):
    order, menu = at_outlet()[0], clerk.see("")
    to = {"name": order.resident.name, "phone": "13900000009", "address": "陕西省咸阳市秦都区人民路街道9号"}
    assert does(clerk, f"orders/{order.number}/", "登记邮寄", **to) <= MOST
    parcels = by_its_words(menu, "邮寄").removeprefix("/console/")
    assert does(clerk, parcels, "交寄", company="邮政速递", waybill="EA123456789CN") <= MOST
    assert does(clerk, parcels, "登记签收", signed_by=order.resident.name, on="2025-03-10") <= MOST
    order.refresh_from_db()
    assert order.state == "collected"


def test_a_childs_card_is_collected_by_its_guardian(clerk):
    parent = ("单大雨", number_of(date(1990, 1, 1), 8))
    order = an_order(a_person("单小雨", birth=date(2019, 5, 5), guardian=parent))
    a_card(order=order, state="0", bank="inactive", collected=False)
    came = {"role": "guardian", "agent_name": parent[0], "agent_number": parent[1]}
    proof = {each: PROOF[each] for each in ("unsigned_reason", "no_photo_reason")}
    assert does(clerk, f"orders/{order.number}/", "发卡", **came, **proof) <= MOST


def test_after_a_death_one_proposes_and_another_confirms_the_end_of_the_card(clerk, desk_of, in_use):
    clerk.open(in_use.resident_id, "更新信息")
    died = {"on": "2025-03-01", "source": "死亡医学证明"}
    assert does(clerk, f"residents/{in_use.resident_id}/", "登记死亡", **died) <= MOST
    assert does(clerk, f"cards/{in_use.card_no}/", "提出死亡注销", paper="死亡医学证明") <= MOST
    manager = desk_of("outlet_manager", region="610402")
    cases = by_its_words(manager.see(""), "待核办").removeprefix("/console/")
    assert does(manager, cases, "复核") <= MOST
    assert Card.objects.get().state == "9"


def test_a_school_brings_its_list_another_takes_it_and_two_teachers_collect_the_cards(clerk, desk_of):
    people, row = residents(2), a_unit()
    content = SimpleUploadedFile("三年级.csv", roll(people))
    told = {"unit_code": row.code, "outlet_code": CENTRE_OUTLET, "bank_code": "102", "mode": "whole"}
    lists = by_its_words(clerk.see(""), "集体申领").removeprefix("/console/")
    bring = by_its_words(clerk.see(lists), "上传名单").removeprefix("/console/")
    page = clerk.client.post(f"/console/{bring}", {**told, "file": content}, follow=True).content.decode()
    assert not refusals(page)
    number = ApplicationList.objects.get().number
    manager = desk_of("outlet_manager", region="610402")
    assert does(manager, f"unit-lists/{number}/", "审批") <= MOST
    assert Order.objects.count() == 2


def test_two_teachers_collect_what_came_for_their_school(clerk):
    row = at_the_outlet(residents(2))
    agents = {"name_1": "周老师", "number_1": number_of(date(1980, 2, 3), 21)}
    agents |= {"name_2": "吴老师", "number_2": number_of(date(1985, 2, 3), 22)}
    proof = {each: PROOF[each] for each in ("unsigned_reason", "no_photo_reason")}
    assert (
        does(clerk, f"unit-lists/{row.number}/", "集体发卡", letter="秦一小函3号", **agents, **proof) <= MOST
    )
    assert set(Order.objects.values_list("state", flat=True)) == {"collected"}
