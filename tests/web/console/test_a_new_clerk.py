"""A clerk who knows nothing but the page: each service of the sheet is found by its link and done in three pages.

The pages counted are those after the record, the order or the card that was looked up: the questions, the answers
checked over, and what came of it. A link is found by the words on it, a question by its field on the page.
"""

from __future__ import annotations

import html
import re

import pytest
from django.urls import resolve

from tests.cards.factories import CENTRE_OUTLET, at_outlet, resident
from tests.web.console.desks import Desk, refusals
from yikatong.cards.models import Card, Order

MOST = 3
WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}
HOLDER = {"role": "holder"}
SOCIAL = {"which": "social", **HOLDER}
PROOF = {**HOLDER, "unsigned_reason": "纸质签名存档", "no_photo_reason": "摄像头故障"}
SUMMARY = re.compile(r'<section class="yk-error-summary')


def by_its_words(page: str, words: str) -> str:
    """Where the link with these words leads."""
    for where, said in re.findall(r'<a [^>]*href="(/console/[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL):
        if html.unescape(re.sub(r"<.*?>", "", said)).strip() == words:
            return html.unescape(where)
    raise AssertionError(f"no link says {words}")


def asked(page: str) -> set[str]:
    """The names of the questions on the page."""
    form = re.search(r"<main.*</main>", page, re.DOTALL)
    assert form is not None
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", form[0])
    shown = [each for each in fields if 'type="hidden"' not in each]
    return {name for each in shown for name in re.findall(r'\bname="([^"]+)"', each)}


def does(desk: Desk, start: str, words: str, **answers: object) -> int:
    """Do the service that the page at `start` offers in these words; how many pages it took."""
    path = by_its_words(desk.see(start), words)
    assert resolve(path.split("?")[0])
    page, pages = desk.client.get(path).content.decode(), 1
    left = set(answers)
    if asked(page):
        missing = left - asked(page)
        assert not missing, f"{words}: the page does not ask for {missing}"
        page, pages = desk.client.post(path, {"step": "check", **answers}).content.decode(), pages + 1
        assert not refusals(page), (words, refusals(page))
    answer = desk.client.post(path, {"step": "confirm", **answers}, follow=True)
    page, pages = answer.content.decode(), pages + 1
    assert answer.status_code == 200 and answer.redirect_chain, f"{words}: {refusals(page)}"
    assert not SUMMARY.search(page), (words, refusals(page))
    return pages


@pytest.fixture
def manager(desk_of) -> Desk:
    return desk_of("outlet_manager", region="610402", outlet=CENTRE_OUTLET)


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


def test_an_application_is_withdrawn(clerk):
    person = resident()
    clerk.open(person.pk)
    does(clerk, f"residents/{person.pk}/", "申领社保卡", **WISHES)
    number = Order.objects.get().number
    assert does(clerk, f"orders/{number}/", "撤销申请", reason="本人不办了") <= MOST
