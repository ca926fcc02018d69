"""导入名单 at the desk: upload, watch, look, correct; and another person's yes or no."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cards.factories import number_of
from tests.web.console.desks import refusals
from yikatong.office.models import Entry
from yikatong.residents.facts import LIST_APPROVED
from yikatong.residents.models import ImportList, Resident
from yikatong.residents.tasks import work_through_lists

BORN = date(1990, 3, 7)
GOOD = (f"{number_of(BORN, 1)},林小满,610402", f"{number_of(BORN, 2)},单晓雨,610481")
WRONG = "610499199003070000,王二,610402"


def people_file(*rows: str, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(("证件号码,姓名,居住地区划", *rows)).encode())


def uploaded(desk, *rows: str, mode: str = "whole", trust: str = "3") -> int:
    answer = desk.send("lists/upload/", file=people_file(*rows), source="公安局", trust=trust, mode=mode)
    assert answer.status_code == 302, refusals(answer.content.decode())
    return int(re.search(r"/lists/(\d+)/", answer["Location"])[1])


def judgement(page: str) -> str:
    return re.search(r'name="judgement" value="([0-9a-f]{64})"', page)[1]


@pytest.fixture
def maker(desk_of):
    return desk_of("card_desk")


@pytest.fixture
def checker(desk_of):
    return desk_of("card_reviewer")


def test_a_good_list_is_uploaded_by_one_and_approved_by_another(maker, checker):
    number = uploaded(maker, *GOOD)
    page = maker.see(f"lists/{number}/")
    assert "马上开始核验" in page and 'hx-trigger="every 2s"' in page
    work_through_lists()
    page = maker.see(f"lists/{number}/")
    assert "待审批" in page and "等待另一人审批" in page and "hx-trigger" not in page
    assert f"lists/{number}/approve/" not in page and not Resident.objects.exists()
    assert maker.client.get(f"/console/lists/{number}/approve/").status_code == 403
    check = checker.see(f"lists/{number}/approve/")
    assert "新增" in check
    page = checker.confirm(f"lists/{number}/approve/", judgement=judgement(check))
    assert "已批准" in page
    work_through_lists()
    assert Resident.objects.count() == 2 and "已导入" in maker.see(f"lists/{number}/")
    assert "people.csv" in checker.see("lists/")


def named(page: str) -> str:
    return re.search(r'name="act" value="([^"]+)"', page)[1]


def test_a_list_uploaded_by_a_double_press_is_one_list(maker):
    told = {"source": "公安局", "trust": "3", "mode": "whole", "act": named(maker.see("lists/upload/"))}
    first = maker.send("lists/upload/", file=people_file(*GOOD), **told)
    second = maker.send("lists/upload/", file=people_file(*GOOD), **told)
    assert first.status_code == 302 and second["Location"] == first["Location"]
    assert ImportList.objects.count() == 1 and "没有重复办理" in maker.see(first["Location"][9:])


def test_an_approval_pressed_twice_is_one_approval(maker, checker):
    number = uploaded(maker, *GOOD)
    work_through_lists()
    path = f"lists/{number}/approve/"
    page = checker.check(path, judgement=judgement(checker.see(path)))
    sent = {"judgement": judgement(page), "act": named(page), "step": "confirm"}
    first, second = checker.send(path, **sent), checker.send(path, **sent)
    assert first.status_code == 302 and second["Location"] == first["Location"]
    assert Entry.objects.filter(kind=LIST_APPROVED.code).count() == 1
    work_through_lists()
    assert Resident.objects.count() == 2


def test_the_jobs_are_asked_to_begin_at_once(maker, django_capture_on_commit_callbacks):
    from procrastinate.contrib.django.models import ProcrastinateJob

    uploaded(maker, *GOOD)
    assert ProcrastinateJob.objects.filter(task_name="residents.work_through_lists").exists()


def test_progress_can_be_left_and_come_back_to(maker):
    number = uploaded(maker, *GOOD)
    response = maker.client.get(f"/console/lists/{number}/progress/")
    assert "HX-Refresh" not in response and "马上开始核验" in response.content.decode()
    ImportList.objects.filter(pk=number).update(state="judging")
    ImportList.objects.filter(pk=number).update(rows_done=1, rows_all=2)
    page = maker.see(f"lists/{number}/progress/")
    assert "已读 1 行，共 2 行" in page and 'value="50"' in page
    work_through_lists()
    assert maker.client.get(f"/console/lists/{number}/progress/")["HX-Refresh"] == "true"


def test_problems_stand_by_row_and_column_and_go_out_as_a_workbook(maker, checker):
    number = uploaded(maker, *GOOD, WRONG)
    work_through_lists()
    page = maker.see(f"lists/{number}/")
    assert "证件号码" in page and ">4<" in page and "6104**********0000" in page
    assert "610499199003070000" not in page and "不能批准" in page
    assert "approve/" not in checker.see(f"lists/{number}/")
    assert "证件号码" in maker.see(f"lists/{number}/?outcome=cells")
    assert "6104**********0000" not in maker.see(f"lists/{number}/?outcome=changed")
    response = maker.client.get(f"/console/lists/{number}/problems.xlsx")
    assert response.status_code == 200 and response.content.startswith(b"PK")
    assert checker.client.get(f"/console/lists/{number}/problems.xlsx").status_code == 403
    page = checker.confirm(f"lists/{number}/turn-down/", reason="请更正第4行")
    assert "名单已退回" in page and "请更正第4行" in maker.see(f"lists/{number}/")


def test_row_by_row_the_good_rows_come_in(maker, checker):
    number = uploaded(maker, *GOOD, WRONG, mode="rows")
    work_through_lists()
    check = checker.see(f"lists/{number}/approve/")
    checker.confirm(f"lists/{number}/approve/", judgement=judgement(check))
    work_through_lists()
    assert Resident.objects.count() == 2
    assert "下载问题表" in maker.see(f"lists/{number}/")


def test_an_approver_of_a_list_of_the_police_is_told_what_it_overrides(maker, checker):
    number = uploaded(maker, *GOOD, trust="4")
    work_through_lists()
    assert "取代其他任何来源" in checker.see(f"lists/{number}/approve/")


def test_an_unreadable_file_and_the_same_file_again_are_refused_at_their_question(maker):
    broken = SimpleUploadedFile("people.csv", b"\xff\xfe\x00\x00\x81")
    page = maker.send("lists/upload/", file=broken, source="公安局", trust="4", mode="whole").content.decode()
    assert any("无法读取" in line for line in refusals(page)) or "无法读取" in page or refusals(page) == []
    number = uploaded(maker, *GOOD)
    page = maker.send(
        "lists/upload/", file=people_file(*GOOD), source="公安局", trust="4", mode="whole"
    ).content.decode()
    assert any("同一文件已于" in line for line in refusals(page))
    page = maker.confirm(f"lists/{number}/withdraw/")
    assert "名单已撤回" in page
    assert uploaded(maker, *GOOD) > number


def test_wrong_columns_are_told_on_the_page_of_the_list(maker):
    number = uploaded(maker)
    ImportList.objects.filter(pk=number).delete()
    answer = maker.send(
        "lists/upload/",
        file=SimpleUploadedFile("x.csv", "姓名,血型\n王二,A".encode()),
        source="学校",
        trust="0",
        mode="whole",
    )
    work_through_lists()
    page = maker.client.get(answer["Location"]).content.decode()
    assert "缺少" in page and "血型" in page and "不予导入" in page


def test_a_list_of_another_region_is_not_there(maker, desk_of):
    number = uploaded(maker, *GOOD)
    other = desk_of("card_reviewer", region="610481")
    for path in ("", "approve/", "turn-down/", "progress/"):
        assert other.client.get(f"/console/lists/{number}/{path}").status_code == 404
    assert "people.csv" not in other.see("lists/")


def test_the_empty_form_has_the_columns_that_are_read(maker):
    import io

    from python_calamine import CalamineWorkbook

    from yikatong.residents.roster import fits

    content = maker.client.get("/console/lists/form.xlsx").content
    assert fits(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0])
