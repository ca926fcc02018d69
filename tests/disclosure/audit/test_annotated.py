"""Copies with the findings written in: opened again by what reads such files, and audited as before."""

import ctypes
import io
import zipfile

import docx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import python_calamine as calamine
from lxml import etree
from typer.testing import CliRunner

from tests.disclosure.audit.test_reading import HEAD, markdown, printed, word, workbook
from yikatong.basics.refused import Refused
from yikatong.cli import app
from yikatong.disclosure.audit.annotated import annotate
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading import read_document
from yikatong.disclosure.audit.reading.apart import annotate_apart

ROWS = (
    HEAD,
    ("208", "社会保障和就业支出", "3.00", "1.00", "2.00"),
    ("210", "卫生健康支出", "9.00", "4.00", "1.00"),
    ("合计", "", "8.00", "5.00", "3.00"),
)


def findings(name: str, content: bytes) -> list[tuple[str, str, int]]:
    return [
        (each.rule, each.printed, each.place.line) for each in audit(read_document(name, content)).findings
    ]


def notes_of(content: bytes) -> list[tuple[str, str]]:
    """What each highlight says, and the words under it."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
            note = pdfium.FPDFPage_GetAnnot(page.raw, index)
            held = ctypes.create_string_buffer(4096)
            size = pdfium.FPDFAnnot_GetStringValue(
                note, b"Contents", ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), 4096
            )
            box = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box))
            said = held.raw[: size - 2].decode("utf-16-le")
            under = text.get_text_bounded(box.left, box.bottom, box.right, box.top)
            found.append((said, under.strip()))
    return found


@pytest.mark.parametrize("quarter", [0, 90])
def test_a_pdf_has_each_finding_over_the_words_it_is_about(quarter):
    made = pypdfium2.PdfDocument(printed(ROWS))
    made[0].set_rotation(quarter)
    held = io.BytesIO()
    made.save(held)
    copy = annotate("a.pdf", held.getvalue())
    assert copy.name == "a-审核.pdf"
    told = audit(read_document("a.pdf", held.getvalue())).findings
    assert told
    notes = notes_of(copy.content)
    assert [under for _, under in notes] == [each.printed for each in told]
    assert all(each.zh in said for each, (said, _) in zip(told, notes, strict=True))
    assert findings("a.pdf", copy.content) == findings("a.pdf", held.getvalue())


def test_a_docx_has_each_finding_as_a_comment_on_its_cell():
    content = word(ROWS)
    copy = annotate("a.docx", content)
    told = audit(read_document("a.docx", content)).findings
    made = docx.Document(io.BytesIO(copy.content))
    assert [each.zh in comment.text for each, comment in zip(told, made.comments, strict=True)] == [
        True for _ in told
    ]
    marks = made.element.body.xpath("//w:tc[.//w:commentRangeStart]//w:t")
    assert {mark.text for mark in marks} == {each.printed for each in told}
    assert findings("a.docx", copy.content) == findings("a.docx", content)


def test_a_workbook_has_each_finding_as_a_comment_in_its_cell_and_a_second_copy_has_both():
    content = workbook(ROWS)
    copy = annotate("a.xlsx", content)
    (told, *_) = audit(read_document("a.xlsx", content)).findings
    for made in (copy.content, annotate("a.xlsx", copy.content).content):
        with zipfile.ZipFile(io.BytesIO(made)) as packed:
            (part,) = [name for name in packed.namelist() if "comments" in name]
            (comment,) = etree.fromstring(packed.read(part)).iter("{*}comment")
            assert told.zh in "".join(comment.itertext())
            drawing = etree.fromstring(packed.read("xl/drawings/audit-1.vml"))
            assert len(list(drawing.iter("{*}ClientData"))) == 1
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(made)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        ref = comment.get("ref")
        assert str(rows[int(ref[1:]) - 1][ord(ref[0]) - 65]) in told.printed
        assert findings("a.xlsx", made) == findings("a.xlsx", content)


def test_text_comes_back_as_a_page():
    copy = annotate("a.md", markdown(ROWS))
    assert copy.name == "a-审核.html"
    assert b"<mark" in copy.content


def test_a_strangers_file_is_annotated_apart():
    content = printed(ROWS)
    assert notes_of(annotate_apart("a.pdf", content).content) == notes_of(annotate("a.pdf", content).content)
    refused = annotate_apart("a.pdf", b"%PDF-")
    assert isinstance(refused, Refused)
    assert refused.code == "audit.corrupt"


def test_the_command_writes_the_copy_of_one_file(tmp_path):
    file, copy = tmp_path / "a.pdf", tmp_path / "b.pdf"
    file.write_bytes(printed(ROWS))
    assert CliRunner().invoke(app, ["audit", str(file), "--annotated", str(copy)]).exit_code == 1
    assert notes_of(copy.read_bytes())
    assert CliRunner().invoke(app, ["audit", str(file), str(file), "--annotated", str(copy)]).exit_code == 2


def test_a_file_of_300_megabytes_is_not_even_opened(tmp_path):
    file = tmp_path / "a.txt"
    with file.open("wb") as large:
        large.truncate(300_000_000)
    done = CliRunner().invoke(app, ["audit", str(file)])
    assert done.exit_code == 2
    assert "300 MB" in done.output


def test_two_documents_in_one_file_are_audited_each_by_itself(tmp_path):
    tables = "\n".join(
        f"\n{{year}}年{title}\n单位：万元\n| 科目编码 | 科目名称 | 合计 | 基本支出 |\n|--|--|--|--|\n| 208 | 社会保障和就业支出 | {{amount}} | {{amount}} |\n"
        for title in ("部门收支预算总表", "部门支出预算总表", "一般公共预算支出表")
    )
    text = "".join(
        f"某市某{name}2024年度单位预算公开\n" + tables.format(year=2024, amount=amount)
        for name, amount in (("中心", "1.00"), ("学校", "2.00"))
    )
    file = tmp_path / "both.md"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["audit", str(file)])
    assert done.exit_code == 0, done.output
    assert "both.md（第1份）" in done.output
    assert "both.md（第2份）" in done.output
