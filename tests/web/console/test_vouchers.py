"""Vouchers at the desks: the editor enters a file, the reviewer posts it, and the cost indicator counts it."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.spending.books import HEAD, POWER
from tests.web.console.desks import refusals
from yikatong.spending.models import VoucherList
from yikatong.spending.queries import spent

WAGES = "记-2,20250228,工资,人员,30101,,,200000"
pytestmark = pytest.mark.usefixtures("centre")


def file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("三月.csv", "\n".join([HEAD, *lines]).encode())


def entered(editor) -> str:
    page = editor.send("vouchers/enter/", file=file(POWER, WAGES)).content.decode()
    row = VoucherList.objects.latest("pk")
    assert row.number in page or editor.see(f"vouchers/{row.number}/"), refusals(page)
    return row.number


def test_one_enters_another_posts_and_both_see_the_lines(desk_of):
    editor, reviewer = desk_of("performance_editor"), desk_of("performance_reviewer")
    number = entered(editor)
    page = editor.see(f"vouchers/{number}/")
    assert (
        "201000.50" in page.replace(",", "")
        and "机房电费" in page
        and "撤回" in page
        and "/post/" not in page
    )
    assert "1 份清单等待复核" in reviewer.see("vouchers/")
    waits = r"等我审核的.*?支出凭证</a> <span class=\"yk-number\">1<"
    assert re.search(waits, reviewer.see(""), re.DOTALL) and not re.search(waits, editor.see(""), re.DOTALL)
    digest = VoucherList.objects.get().digest.hex()
    assert "已入账" in reviewer.confirm(f"vouchers/{number}/post/", digest=digest)
    assert sum(each.fen for each in spent(2025)) == 20_100_050


def test_a_wrong_cell_is_shown_with_its_row_and_nothing_is_taken_in(desk_of):
    page = (
        desk_of("performance_editor")
        .send("vouchers/enter/", file=file(POWER, "记-9,x,,公用,30206,,,1"))
        .content.decode()
    )
    assert "没有收下" in page and "摘要" in page and "应为8位数字的日期" in page
    assert not VoucherList.objects.exists()


def test_what_is_sent_back_says_why(desk_of):
    editor, reviewer = desk_of("performance_editor"), desk_of("performance_reviewer")
    number = entered(editor)
    reviewer.confirm(f"vouchers/{number}/send-back/", note="摘要不清")
    assert "摘要不清" in editor.see(f"vouchers/{number}/")


def test_what_is_withdrawn_can_be_entered_again(desk_of):
    editor = desk_of("performance_editor")
    number = entered(editor)
    editor.confirm(f"vouchers/{number}/withdraw/")
    assert entered(editor) != number


def test_the_empty_form_is_a_workbook(desk_of):
    assert desk_of("performance_editor").client.get("/console/vouchers/form.xlsx").content.startswith(b"PK")
