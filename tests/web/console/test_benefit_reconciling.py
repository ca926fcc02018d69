"""发放对账 at the desk: statements brought, six figures side by side, a difference looked into, the bank asked."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.benefits.envelopes import holder
from tests.benefits.stated import back, debit, foreign, written
from tests.web.console.desks import refusals
from tests.web.console.test_benefits import answer, sent
from yikatong.benefits import queries
from yikatong.benefits.models import BankFile, Discrepancy
from yikatong.benefits.rows import FileRow
from yikatong.office.scope import EVERYWHERE

pytestmark = pytest.mark.usefixtures("centre")


def file() -> FileRow:
    found = queries.file(BankFile.objects.get().number, EVERYWHERE)
    assert found is not None
    return found


def stated(desk, *entries, **how) -> str:
    """A statement as somebody uploads it; the page that shows it."""
    upload = SimpleUploadedFile("对账单.xml", written(*entries, **how))
    page = desk.send("benefits/statements/bring/", bank="102", file=upload)
    assert page.status_code == 302, refusals(page.content.decode())
    return str(desk.see(page.headers["Location"].removeprefix("/console/")))


def test_a_statement_is_brought_and_shows_what_each_entry_is(desk_of):
    number = sent(desk_of, [holder("张三丰"), holder("李四光")])
    answer(desk_of, number, ["00", "00"])
    desk = desk_of("benefit_reconciler")
    page = stated(desk, debit(file()), back(file(), 2), foreign())
    assert "代发文件扣款" in page and "单笔退回" in page and "未认出" in page
    page = desk.see("benefits/reconciling/")
    assert "对账单分录不属于任何代发文件" in page and number in page and "相符" in page
    page = desk.see(f"benefits/reconciling/{number}/")
    assert "一路相等" in page and "退回 1" in page and "张三丰" not in page
    assert "那时还没有核验过的批次" in desk.see("benefits/reconciling/?at=2020-01-01T00:00")


def test_who_differs_is_shown_masked(desk_of):
    number = sent(desk_of, [holder("张三丰"), holder("李四光")])
    answer(desk_of, number, ["00", "03"])
    desk = desk_of("benefit_reconciler")
    stated(desk, debit(file()))
    page = desk.see(f"benefits/reconciling/{number}/?kind=not_back&at=2035-01-01T00:00")
    assert "有差异" in desk.see("benefits/reconciling/?at=2035-01-01T00:00")
    assert "发放失败的钱没有退回账户" in page and "李*光" in page and "李四光" not in page


def test_a_year_that_is_still_being_typed_is_no_error(desk_of):
    desk = desk_of("benefit_reconciler")
    for at in ("0001-01-01T00:00", "9999-12-31T23:59", "x"):
        assert "发放对账" in desk.see(f"benefits/reconciling/?at={at}")


def test_a_difference_is_taken_and_closed_by_one_person(desk_of):
    sent(desk_of, [holder()])
    desk = desk_of("benefit_reconciler")
    stated(desk, foreign())
    number = Discrepancy.objects.get().pk
    assert "认领" in desk.see(f"benefits/differences/{number}/")
    assert "处理完毕" in desk.confirm(f"benefits/differences/{number}/take/")
    page = desk.confirm(f"benefits/differences/{number}/close/", outcome="银行结息，与代发无关")
    assert "已处理" in page and "银行结息" in page
    desk_of("benefit_payer").see(f"benefits/differences/{number}/take/", status=403)
    desk_of("benefit_reconciler", region="610402").see(f"benefits/differences/{number}/", status=404)


def test_the_bank_is_asked_from_the_batch_and_only_while_something_is_open(desk_of):
    number = sent(desk_of, [holder()])
    payer = desk_of("benefit_payer")
    assert "向银行查询</a>" in payer.see(f"benefits/{number}/")
    assert "已登记查询" in payer.confirm(f"benefits/{number}/files/{file().number}/ask/")
    again = payer.confirm(f"benefits/{number}/files/{file().number}/ask-again/", reason="等不及了")
    assert "只有银行查询答复“没有收到”的文件才能再次发送" in " ".join(refusals(again))
    answer(desk_of, number, ["00"])
    page = payer.see(f"benefits/{number}/")
    assert "向银行查询</a>" not in page and "向银行查询（" in page  # as what was done


def test_a_broken_upload_is_told_beside_its_question(desk_of):
    page = desk_of("benefit_reconciler").send(
        "benefits/statements/bring/", bank="102", file=SimpleUploadedFile("x.xml", b"no statement")
    )
    assert "没有采用" in " ".join(refusals(page.content.decode()))
