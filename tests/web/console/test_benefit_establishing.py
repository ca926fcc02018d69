"""查实 at the desk: a reconciler says where the money is, finance agrees or does not, and the row shows it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.benefits.envelopes import answer_text, holder
from tests.benefits.stated import paid
from tests.web.console.desks import refusals
from tests.web.console.test_benefit_reconciling import file, stated
from tests.web.console.test_benefits import answer, sent

pytestmark = pytest.mark.usefixtures("centre")


def left_though_refused(desk_of) -> str:
    number = sent(desk_of, [holder("张三丰"), holder("李四光")])
    answer(desk_of, number, ["05", "00"])
    stated(desk_of("benefit_reconciler"), paid(file(), 1), paid(file(), 2))
    return f"benefits/{number}/rows/2/"


def test_the_row_says_that_its_money_left_and_offers_no_repair(desk_of):
    row = left_though_refused(desk_of)
    page = desk_of("benefit_payer").see(row)
    assert "对账单显示这笔钱已付出" in page and "修复并重新发放" not in page and "登记查实结果" not in page
    assert "登记查实结果" in desk_of("benefit_reconciler").see(row)


def test_who_brought_the_answer_is_told_that_another_mends_the_row(desk_of):
    number = sent(desk_of, [holder("张三丰"), holder("李四光")])
    payer, row = desk_of("benefit_payer"), f"benefits/{number}/rows/2/"
    upload = SimpleUploadedFile("回盘.txt", answer_text(file(), ["05", "00"]))
    assert payer.send(f"benefits/{number}/answer/", bank="102", file=upload).status_code == 302
    page = payer.see(row)
    assert "由另一人修复重发" in page and "修复并重新发放" not in page
    assert "修复并重新发放" in desk_of("benefit_payer").see(row)


def test_one_person_says_where_it_is_and_another_agrees(desk_of):
    row = left_though_refused(desk_of)
    reconciler, finance = desk_of("benefit_reconciler"), desk_of("benefit_finance")
    page = reconciler.confirm(f"{row}whereabouts/", outcome="arrived", reason="银行书面答复3号")
    assert "查实结果（待审批）" in page and "登记查实结果" not in page
    home = finance.see("")
    assert "待审批的查实" in home and row in home
    assert "同意查实结果" in finance.see(row)
    page = finance.confirm(f"{row}whereabouts/agree/")
    assert "已到账" in page and "对账单显示这笔钱已付出" not in page
    assert "待审批的查实" not in finance.see("")


def test_what_is_not_agreed_to_may_be_said_anew(desk_of):
    row = left_though_refused(desk_of)
    reconciler, finance = desk_of("benefit_reconciler"), desk_of("benefit_finance")
    reconciler.confirm(f"{row}whereabouts/", outcome="arrived", reason="银行电话答复")
    finance.confirm(f"{row}whereabouts/decline/", reason="须附书面答复")
    assert "登记查实结果" in reconciler.see(row)


def test_what_a_statement_shows_cannot_be_said_never_to_have_left(desk_of):
    row = left_though_refused(desk_of)
    reconciler = desk_of("benefit_reconciler")
    assert "没有付出" not in reconciler.see(f"{row}whereabouts/").replace("没有付出的可以", "")
    page = reconciler.confirm(f"{row}whereabouts/", outcome="never_left", reason="银行书面答复3号")
    assert any("钱在哪里" in line for line in refusals(page))
