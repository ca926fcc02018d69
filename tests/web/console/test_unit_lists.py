"""集体申领 at the desk: a school is registered, its list brought, looked at, and taken by another."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cards.bringing import PARTICULARS, roll, unit_code
from tests.cards.factories import number_of, resident, residents
from tests.web.console.desks import refusals
from yikatong.cards.models import ApplicationList, Order, Unit

STRANGER = f"{number_of(date(2001, 2, 3), 77)},陌生人,一班"


@pytest.fixture
def manager(desk_of):
    return desk_of("outlet_manager", region="610402", outlet="61040000")


@pytest.fixture
def school(clerk) -> str:
    """A school, registered at the desk."""
    code = unit_code()
    page = clerk.confirm("units/register/", code=code, name="秦都区第一小学", **PARTICULARS)
    assert "单位已登记" in page and "秦都区第一小学" in page
    return code


def bring(desk, school: str, content: bytes, mode: str = "whole"):
    return desk.send(
        "unit-lists/bring/",
        unit_code=school,
        file=SimpleUploadedFile("三年级.csv", content),
        outlet_code="61040000",
        bank_code="102",
        mode=mode,
    )


def brought(desk, school: str, content: bytes, mode: str = "whole") -> str:
    answer = bring(desk, school, content, mode)
    assert answer.status_code == 302, refusals(answer.content.decode())
    return re.search(r"/unit-lists/(L\d+)/", answer["Location"])[1]


def judgement(page: str) -> str:
    return re.search(r'name="judgement" value="([0-9a-f]{64})"', page)[1]


def test_a_list_brought_by_a_double_press_is_one_list(clerk, school):
    page = clerk.see("unit-lists/bring/")
    act = re.search(r'name="act" value="([^"]+)"', page)[1]
    told = {"unit_code": school, "outlet_code": "61040000", "bank_code": "102", "mode": "whole", "act": act}
    content = roll(residents(2))
    answers = [
        clerk.send("unit-lists/bring/", file=SimpleUploadedFile("三年级.csv", content), **told) for _ in "12"
    ]
    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"] and ApplicationList.objects.count() == 1


def test_a_school_is_registered_corrected_closed_and_reopened(clerk, school):
    page = clerk.see("units/")
    assert school in page and "周老师" in page and PARTICULARS["phone"] not in page
    page = clerk.confirm(
        f"units/{school}/correct/", name="秦都区实验小学", contact="周老师", phone="13800000008"
    )
    assert "已更正" in page and "秦都区实验小学" in page and "13800000008" not in page
    page = clerk.confirm(f"units/{school}/close/", reason="合并")
    assert "已停用" in page and "恢复" in page
    assert "在册" in clerk.confirm(f"units/{school}/reopen/")
    page = clerk.check("units/register/", code="12", name="某校", **PARTICULARS)
    page = clerk.confirm("units/register/", code="12", name="某校", **PARTICULARS)
    assert any("统一社会信用代码" in line for line in refusals(page))
    assert clerk.see("units/X/close/", status=404)
    assert Unit.objects.count() == 1


def test_a_list_is_brought_by_one_and_taken_by_another(clerk, manager, school):
    people = residents(3)
    number = brought(clerk, school, roll(people))
    page = clerk.see(f"unit-lists/{number}/")
    assert "可以受理" in page and "等待另一人审批" in page and "take/" not in page
    assert clerk.client.get(f"/console/unit-lists/{number}/take/").status_code == 403
    assert number in manager.see("unit-lists/") and "1 份集体申领名单等待审批" in manager.see("unit-lists/")
    check = manager.see(f"unit-lists/{number}/take/")
    page = manager.confirm(f"unit-lists/{number}/take/", judgement=judgement(check))
    assert "已受理 3 人的申领" in page and "办理进度" in page and "三年级1班" in page
    assert Order.objects.count() == 3
    assert people[0].number not in page and people[0].name not in page
    shown = clerk.see(f"unit-lists/{number}/?show=making")
    assert Order.objects.first().number in shown
    assert Order.objects.first().number not in clerk.see(f"unit-lists/{number}/?show=collected")
    assert number in clerk.see(f"orders/{Order.objects.first().number}/")


def test_wrong_rows_are_shown_and_go_out_as_a_workbook(clerk, manager, school):
    number = brought(clerk, school, roll(residents(1), STRANGER, "610499199003070000,李四,"), mode="whole")
    page = clerk.see(f"unit-lists/{number}/")
    assert "不能批准" in page and "人员库中没有" in page and "6104**********0000" in page
    assert "take/" not in manager.see(f"unit-lists/{number}/")
    page = clerk.see(f"unit-lists/{number}/?show=cells")
    assert "6104**********0000" in page and "陌" not in page
    answer = clerk.client.get(f"/console/unit-lists/{number}/problems.xlsx")
    assert answer.status_code == 200 and answer.content.startswith(b"PK")
    assert manager.client.get(f"/console/unit-lists/{number}/problems.xlsx").status_code == 403
    assert "重新核验" in clerk.confirm(f"unit-lists/{number}/again/")
    page = manager.confirm(f"unit-lists/{number}/turn-down/", reason="请更正第4行")
    assert "名单已退回" in page and "请更正第4行" in page


def test_the_phones_of_a_list_are_shown_masked_before_it_is_approved(clerk, manager, school):
    person = resident(phone="")
    bring(clerk, school, f"社会保障号码,姓名,手机\n{person.number},{person.name},13911110001".encode())
    number = ApplicationList.objects.get().number
    page = manager.see(f"unit-lists/{number}/?show=phone-new")
    assert "补登手机" in page and "139****0001" in page and "13911110001" not in page
    assert "补登手机" in manager.see(f"unit-lists/{number}/take/")


def test_the_same_file_again_is_said_plainly(clerk, manager, school):
    content = roll(residents(2))
    number = brought(clerk, school, content)
    assert any("同一文件" in line for line in refusals(bring(clerk, school, content).content.decode()))
    manager.confirm(
        f"unit-lists/{number}/take/", judgement=judgement(manager.see(f"unit-lists/{number}/take/"))
    )
    second = brought(clerk, school, content)
    page = clerk.see(f"unit-lists/{second}/")
    assert f"同一文件已作为名单 {number} 受理" in page and "已有在办申请" in page
    assert "名单已撤回" in clerk.confirm(f"unit-lists/{second}/withdraw/")


def test_what_is_no_list_is_refused_at_its_question(clerk, school):
    assert refusals(bring(clerk, school, b"").content.decode())
    assert any(
        "列名" in line for line in refusals(bring(clerk, school, "姓名\n王二".encode()).content.decode())
    )
    assert clerk.client.get("/console/unit-lists/form.xlsx").content.startswith(b"PK")
    assert clerk.see("unit-lists/L00000000/", status=404)
    assert not ApplicationList.objects.exists()


def test_another_countys_clerk_sees_nothing_of_it(desk_of, clerk, school):
    number = brought(clerk, school, roll(residents(1)))
    far = desk_of("outlet_clerk", region="610481")
    assert number not in far.see("unit-lists/") and far.see(f"unit-lists/{number}/", status=404)
    assert school not in far.see("units/")
