"""集体发卡 at the desk: the unit's agents take the cards of their list, and the sheet is printed."""

from __future__ import annotations

import pytest

from tests.cards.factories import residents
from tests.cards.test_hand_over_list import ONE, TWO, at_the_outlet
from tests.web.console.desks import refusals
from yikatong.cards.models import ListHandOver, Order

ANSWERS = {
    "letter": "秦一小函〔2025〕3号",
    "name_1": ONE.name,
    "number_1": ONE.number,
    "name_2": TWO.name,
    "number_2": TWO.number,
    "unsigned_reason": "纸质签名存档",
    "no_photo_reason": "摄像头故障",
}


@pytest.fixture
def row(centre):
    return at_the_outlet(residents(3))


def test_the_cards_of_a_list_leave_at_once_and_the_sheet_is_printed(clerk, row):
    path = f"unit-lists/{row.number}/"
    assert "集体发卡" in clerk.see(path) and "待领卡" in clerk.see("unit-lists/")
    page = clerk.see(f"{path}hand-over/")
    assert "经办人2证件号码" in page and "单位介绍信编号" in page
    check = clerk.check(f"{path}hand-over/", **ANSWERS)
    assert "周老师" in check and "确认已全部发给单位经办人" in check
    page = clerk.confirm(f"{path}hand-over/", **ANSWERS)
    assert "已向单位发卡 3 张" in page and "交接记录" in page and ONE.number not in page
    assert set(Order.objects.values_list("state", flat=True)) == {"collected"}
    sheet = ListHandOver.objects.get().number
    first = clerk.send(f"{path}{sheet}/print/", step="confirm")
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    again = clerk.send(f"{path}{sheet}/print/", step="confirm").content.decode()
    assert any("补打原因" in line for line in refusals(again))
    assert clerk.send(f"{path}{sheet}/print/", step="confirm", reason="卡纸").content.startswith(b"%PDF")
    assert clerk.see(f"{path}H000000000/print/", status=404) and ListHandOver.objects.get().copies == 2


def test_each_no_stands_at_its_question(clerk, row):
    path = f"unit-lists/{row.number}/hand-over/"
    page = clerk.confirm(path, **{**ANSWERS, "number_2": ONE.number})
    assert any("须为不同的人" in line for line in refusals(page))
    page = clerk.confirm(path, **{**ANSWERS, "name_2": ""})
    assert any("经办人2姓名" in line for line in refusals(page))
    page = clerk.confirm(path, **{**ANSWERS, "unsigned_reason": ""})
    assert any("签名" in line for line in refusals(page))
    assert not ListHandOver.objects.exists()


def test_who_may_not_hand_over_does_not(desk_of, row):
    reviewer = desk_of("card_reviewer")
    assert "集体发卡" not in reviewer.see(f"unit-lists/{row.number}/")
    assert reviewer.client.get(f"/console/unit-lists/{row.number}/hand-over/").status_code == 403
