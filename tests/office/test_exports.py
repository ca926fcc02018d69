"""A list that leaves the house says who took it, and can be traced by its bytes."""

from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from yikatong.basics.refused import Refused
from yikatong.office import exports, rulebook
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, Rule

AUDITOR = Actor("staff:9", "孙审计", "610400")
ROWS = [("一", "=1+1"), ("二", "平&安")]


@pytest.fixture(autouse=True)
def rules(db):
    Rule.objects.create(code="export.most_rows", value=2, valid_from="2020-01-01")
    rulebook.forget()


def take(form: str = "xlsx", rows=ROWS, purpose: str = "季度抽查", **more):
    with open_act(AUDITOR, door=Door.CONSOLE, purpose=purpose) as act:
        return exports.export(
            act, exports.Table("日志", ("甲", "乙"), rows), form=form, subject="journal", **more
        )


def test_a_workbook_says_who_took_it_and_holds_no_formula():
    made = take()
    sheets = {
        name: CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_name(name).to_python()
        for name in ("导出说明", "内容")
    }
    said = {row[0]: row[1] for row in sheets["导出说明"] if len(row) > 1}
    assert (said["导出编号"], said["导出人"], said["用途"]) == (made.number, "孙审计", "季度抽查")
    assert sheets["内容"] == [["甲", "乙"], ["一", "=1+1"], ["二", "平&安"]]
    parts = zipfile.ZipFile(io.BytesIO(made.content))
    assert all(made.number in parts.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert b"<f>" not in parts.read("xl/worksheets/sheet2.xml")


def test_a_pdf_carries_its_mark_on_every_page():
    import shutil
    import subprocess

    Rule.objects.update(value=500)
    rulebook.forget()
    made = take("pdf", rows=[(str(n), "内容") for n in range(120)])
    assert made.content.startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=made.content, capture_output=True, check=True
    ).stdout.decode()
    pages = [page for page in text.split("\f") if page.strip()]
    # The foot stands upright; the tiled mark is read letter by letter, three dots to each.
    assert len(pages) > 1 and all(made.number in page and page.count("·") >= 20 for page in pages)


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_copy_is_traced_by_its_bytes_and_by_its_number(form):
    made = take(form)
    found = exports.trace(made.content)
    assert found is not None and found.actor_name == "孙审计" and found.purpose == "季度抽查"
    assert exports.export_numbered(made.number.lower()).entry == found.entry
    assert exports.trace(made.content + b" ") is None
    assert exports.export_numbered("") is None


def test_numbers_run_on():
    assert take().number != take().number


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("export.purpose", {"purpose": " "}),
        ("export.empty", {"rows": []}),
        ("export.too_many", {"rows": ROWS * 2}),
        ("export.form", {"form": "doc"}),
    ],
)
def test_what_does_not_leave_the_house(code, given):
    refused = take(**given)
    assert isinstance(refused, Refused) and refused.code == code and not Entry.objects.exists()


def test_the_journal_refuses_so_nothing_was_exported(journal_refuses):
    with journal_refuses():
        take()
    assert not Entry.objects.exists()
