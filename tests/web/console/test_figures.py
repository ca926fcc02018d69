"""Indicators with their events, closing a period, the public table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.disclosure.audit.test_documents import CLEAN
from tests.spending.books import posted
from tests.web.console.desks import Desk, appointed, refusals
from tests.web.public.a_year import a_small_year
from yikatong.disclosure.queries import open_judgements
from yikatong.office.models import Entry


@pytest.fixture
def year(db: None) -> Iterator[None]:
    with a_small_year():
        yield


@pytest.fixture
def desk(year: None):
    def of(role: str) -> Desk:
        client = Client()
        client.force_login(appointed(role))
        return Desk(client)

    return of


def test_the_board_shows_targets_beside_figures_and_says_what_is_not_measured(desk):
    page = desk("performance_editor").see("indicators/?period=2025")
    assert "实体卡领用补换" in page and "未测" in page and "/console/indicators/XQ1/2025/" in page
    assert desk("performance_editor").see("indicators/?period=2025Q1&region=610402")


def test_a_period_that_is_none_is_refused(desk):
    page = desk("performance_editor").see("indicators/?period=2025Q7", status=404)
    assert refusals(page)


def test_a_figure_leads_down_to_its_events_and_its_definition(desk):
    editor = desk("performance_editor")
    page = editor.see("indicators/XQ1/2025/")
    assert page.count("<tr>") - 1 == 6
    assert "SELECT" in editor.see("indicators/XQ1/")
    editor.see("indicators/NONE/", status=404)
    editor.see("indicators/NONE/2025/", status=404)


def test_a_period_is_prepared_by_one_and_locked_by_another(desk):
    editor, reviewer = desk("performance_editor"), desk("performance_reviewer")
    assert refusals(reviewer.confirm("periods/2025/lock/"))
    assert "等待审核" in editor.confirm("periods/2025/prepare/")
    assert editor.client.post("/console/periods/2025/lock/", {"step": "confirm"}).status_code == 403
    assert "已锁定" in reviewer.confirm("periods/2025/lock/")
    assert refusals(editor.confirm("periods/2025/prepare/"))
    assert refusals(editor.confirm("periods/2030/prepare/"))


def test_the_public_table_is_previewed_and_its_workbook_is_journalled(desk):
    editor = desk("performance_editor")
    assert "实体卡" in editor.see("disclosure/")
    answer = editor.client.get("/console/disclosure/2025.xlsx")
    assert answer.content.startswith(b"PK") and Entry.objects.filter(kind="office.exported").exists()
    editor.see("disclosure/1999.xlsx", status=404)
    editor.see("disclosure/?year=1999", status=404)


def test_a_document_is_looked_over_at_the_desk_and_not_kept(desk):
    editor = desk("performance_editor")
    assert 'href="/console/audit/"' in editor.see("")
    file = SimpleUploadedFile("预算.md", CLEAN.replace("占39.05%", "占9.05%").encode())
    before = Entry.objects.count()
    page = editor.client.post("/console/audit/", {"file": file}).content.decode()
    assert "<mark>9.05%</mark>" in page
    assert Entry.objects.count() == before
    desk("outlet_clerk").see("audit/", status=403)


def test_a_county_reads_its_own_events_and_no_other_countys(year):
    client = Client()
    client.force_login(appointed("performance_editor", region="610402"))
    narrow = Desk(client)
    assert refusals(narrow.see("indicators/XQ1/2025/?region=610425", status=403))
    assert refusals(narrow.see("indicators/XQ1/2025/?region=610400", status=403))
    assert refusals(narrow.see("indicators/XQ1/2025/?region=6104", status=403))
    own = narrow.see("indicators/XQ1/2025/").count("<tr>")
    assert own == narrow.see("indicators/XQ1/2025/?region=610402").count("<tr>")


def test_what_people_know_of_a_target_is_told_on_a_page_and_counts(desk):
    editor = desk("performance_editor")
    page = editor.see("disclosure/2025/evaluation/")
    assert "/console/indicators/XQ1/2025/" in page and "尚未评完" in page
    answers = {"percent": "80", "evidence": "年度问卷"}
    said = editor.confirm("disclosure/2025/evaluation/XB1/", **answers)
    assert "已保存" in said and "待另一人确认" in said
    assert refusals(editor.confirm("disclosure/2025/evaluation/XB1/", percent="80"))
    posted("记-1,20250601,维护,项目,30213,社保卡管理业务工作经费,,200000")
    assert "8.33" in editor.see("disclosure/2025/evaluation/")
    assert "合同跨年" in editor.confirm("disclosure/2025/evaluation/execution/", reason="合同跨年")
    assert refusals(editor.confirm("disclosure/2025/evaluation/execution/", reason=""))
    reviewer = desk("performance_reviewer")
    assert "已退回" in reviewer.confirm("disclosure/2025/evaluation/XB1/back/", note="问卷不足")
    assert refusals(reviewer.confirm("disclosure/2025/evaluation/confirm/"))
    editor.confirm("disclosure/2025/evaluation/XB1/", **answers)
    assert "年度问卷" in reviewer.see("disclosure/2025/evaluation/confirm/")
    digest = open_judgements(2025, but="").digest
    assert "12.00" in reviewer.confirm("disclosure/2025/evaluation/confirm/", digest=digest)
    taken = editor.client.get("/console/disclosure/2025/evaluation.pdf")
    assert taken.status_code == 200 and taken.content.startswith(b"%PDF-")
    editor.see("disclosure/2025/evaluation.exe", status=404)
    editor.see("disclosure/1999/evaluation/", status=404)
    editor.see("disclosure/2025/evaluation/NONE/", status=404)
