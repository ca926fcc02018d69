"""A bank sends applications: with its own purpose only, each key once, and nothing told that is not its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.web.partner.asking import Asking
from tests.web.people import CARD_NO, NUMBER
from yikatong.cards.models import Order
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import admit_partner

pytestmark = pytest.mark.django_db
BODY = {"number": NUMBER, "name": "林小满", "outlet": "61040201", "case_number": "柜面-1"}


@pytest.fixture
def bank(partner: Asking) -> Asking:
    with open_act(Actor.system("test"), door=Door.TASK) as act:
        _, key = admit_partner(
            act, code="icbc", name="工商银行", purposes=["apply:102"], expires_on=date(2026, 12, 31)
        )
    return Asking(partner.client, key, partner.person)


def send(asking: Asking, key: str | None = "一", **other: Any) -> Any:
    headers = {"Authorization": f"Bearer {asking.key}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return asking.client.post(
        "/api/v1/applications", BODY | other, content_type="application/json", headers=headers
    )


def test_an_application_is_taken_once_for_each_key(bank: Asking):
    first, again = send(bank, "k-1"), send(bank, "k-1")
    assert first.status_code == again.status_code == 200
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert first.json()["order_number"] == again.json()["order_number"] == Order.objects.get().number
    other = send(bank, "k-1", case_number="柜面-2")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.other_body")


def test_a_holder_is_refused_without_the_cards_number(bank: Asking, card: None):
    answer = send(bank, "k-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "order.has_card")
    assert CARD_NO not in answer.content.decode()


def test_a_key_must_come_with_it(bank: Asking):
    assert send(bank, None).status_code == 422
    assert send(bank, "k" * 65).status_code == 422
    assert not Order.objects.exists()


def test_another_banks_outlet_is_refused(bank: Asking):
    answer = send(bank, "k-1", outlet="61040301")
    assert (answer.status_code, answer.json()["code"]) == (422, "order.outlet_other_bank")


def test_who_may_only_ask_may_not_apply_and_the_other_way_round(partner: Asking, bank: Asking):
    assert send(partner, "k-1").status_code == 403
    assert bank.ask(purpose="apply:102").status_code == 403
    told = bank.get("/api/v1/purposes").json()["purposes"]
    assert [each["zh"] for each in told] == ["受理社保卡申领（工商银行）"]
