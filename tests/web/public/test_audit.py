"""The audit on the public window."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.disclosure.audit.test_documents import CLEAN

pytestmark = pytest.mark.django_db


def looked_over(name: str, content: bytes) -> str:
    answer = Client().post("/audit/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", main)


def test_a_document_is_looked_over_and_the_place_is_marked():
    page = looked_over("预算.md", CLEAN.replace("占39.05%", "占9.05%").encode())
    assert "发现错误 1 处" in page
    assert "<mark>9.05%</mark>" in page
    assert "39.05%" in page


def test_what_was_not_looked_at_is_listed():
    assert "没有核对的内容" in looked_over("a.txt", "补充绩效工资3.7万元列入年初预算。".encode())


@pytest.mark.parametrize(
    ("name", "content", "said"), [("a.exe", b"MZ", "能读的格式"), ("a.txt", b"", "空文件|空|empty")]
)
def test_what_cannot_be_read_says_so_beside_the_file(name, content, said):
    assert re.search(said, looked_over(name, content))


def test_a_file_too_large_for_a_document_is_refused_unread():
    assert "超过 20 MB" in looked_over("a.txt", b"1" * 20_000_001)


def test_what_somebody_uploads_cannot_write_the_page():
    page = looked_over("<b>.txt", "本单位<script>alert(1)</script>支出3.7万元。".encode())
    assert "<script>alert" not in page


def test_last_years_document_may_stand_beside_it():
    last = CLEAN.replace("2024", "2023").replace("164.06", "100.00").encode()
    files = {
        "file": SimpleUploadedFile("今年.md", CLEAN.encode()),
        "last": SimpleUploadedFile("去年.md", last),
    }
    page = Client().post("/audit/", files).content.decode()
    assert "由此推得的上年数与上年文件不符" in page


def test_a_copy_with_the_findings_in_it_can_be_taken_away():
    file = SimpleUploadedFile("预算.md", CLEAN.replace("占39.05%", "占9.05%").encode())
    answer = Client().post("/audit/", {"file": file, "copy": "1"})
    assert "%E5%AE%A1%E6%A0%B8.html" in answer["Content-Disposition"]
    assert b'<mark class="error"' in answer.content
    broken = Client().post("/audit/", {"file": SimpleUploadedFile("a.exe", b"MZ"), "copy": "1"})
    assert "能读的格式" in broken.content.decode()
