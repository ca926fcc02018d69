"""One document in five formats is read alike; what cannot be read is refused with what to do."""

import io
import re
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
import typst
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from tests.disclosure.audit.test_documents import CLEAN
from yikatong.basics.refused import Refused
from yikatong.cli import app
from yikatong.disclosure.audit.document import Document, Grid
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading import read_document
from yikatong.disclosure.audit.reading.apart import read_apart

FONTS = [str(Path(__file__).resolve().parents[3] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc")]
TITLE, UNIT = "2025年部门支出预算总表", "单位：万元"
HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
Rows = tuple[tuple[str, ...], ...]


def markdown(rows: Rows) -> bytes:
    lines = [TITLE, UNIT, "|" + "|".join(rows[0]) + "|", "|" + "--|" * len(rows[0])]
    return "\n".join([*lines, *("|" + "|".join(row) + "|" for row in rows[1:])]).encode()


def workbook(rows: Rows) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet, money = book.add_worksheet("表3"), book.add_format({"num_format": "#,##0.00"})
    sheet.merge_range(0, 0, 0, len(rows[0]) - 1, TITLE)
    sheet.write(1, len(rows[0]) - 1, UNIT)
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            if down and across > 1 and text:
                sheet.write_formula(2 + down, across, "=1+1", money, text)
            else:
                sheet.write_string(2 + down, across, text)
    book.close()
    return held.getvalue()


def word(rows: Rows) -> bytes:
    held, written = io.BytesIO(), docx.Document()
    written.add_paragraph(TITLE)
    written.add_paragraph(UNIT)
    table = written.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    written.save(held)
    return held.getvalue()


def printed(rows: Rows, *, ruled: bool = True, before: str = "") -> bytes:
    cells = ",".join(f'"{text}"' for row in rows for text in row)
    stroke = "0.5pt" if ruled else "none"
    made = (
        f'#set page(paper: "a4", flipped: true, numbering: "- 1 -")\n#set text(font: "Noto Sans SC", size: 10pt)\n{before}\n'
        f"#align(center)[{TITLE}]\n#align(right)[{UNIT}]\n"
        f"#table(columns: {len(rows[0])}, column-gutter: {'0pt' if ruled else '3em'}, stroke: {stroke},"
        f"align: (x, y) => if x > 1 {{ right }} else {{ left }}, {cells})"
    )
    return typst.compile(made.encode(), font_paths=FONTS)


def table_of(name: str, content: bytes) -> Grid:
    document = read_document(name, content)
    assert isinstance(document, Document), document
    (grid,) = document.grids
    return grid


def texts_of(grid: Grid) -> Rows:
    return tuple(tuple(cell.text.replace(",", "") for cell in row) for row in grid.rows)


AMOUNT = st.integers(1, 10**9).map(lambda number: f"{number // 100}.{number % 100:02}")
NAME = st.sampled_from(
    ["一般公共服务支出", "社会保障和就业支出", "财政事务", "行政运行", "卫生健康支出", "住房保障支出"]
)
ROW = st.tuples(st.integers(2010000, 2299999).map(str), NAME, AMOUNT, AMOUNT, st.one_of(st.just(""), AMOUNT))


@settings(max_examples=12, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60))
def test_the_same_table_in_every_format_reads_back_to_the_same_cells(body):
    rows = (HEAD, *body, ("合计", "", "1.00", "2.00", "3.00"))
    made = {"a.md": markdown(rows), "a.xlsx": workbook(rows), "a.docx": word(rows), "a.pdf": printed(rows)}
    for name, content in made.items():
        grid = table_of(name, content)
        assert texts_of(grid) == rows, name
        assert (grid.title, grid.unit) == (TITLE, "万元"), name


def test_a_table_without_rulings_has_the_columns_its_amounts_make():
    body = [
        (f"20{place:05}", "社会保障和就业支出", f"{place}.10", f"{place}.20", f"{place}.30")
        for place in range(1, 9)
    ]
    assert texts_of(table_of("a.pdf", printed((HEAD, *body), ruled=False))) == (HEAD, *body)


def test_a_page_drawn_sideways_is_read_upright():
    made = pypdfium2.PdfDocument(printed((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))))
    made[0].set_rotation(90)
    held = io.BytesIO()
    made.save(held)
    assert texts_of(table_of("a.pdf", held.getvalue()))[1] == ("20801", "行政运行", "1.00", "1.00", "")


def packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return held.getvalue()


def scanned() -> bytes:
    held = io.BytesIO()
    Image.new("L", (600, 800), 200).save(held, "PDF")
    return held.getvalue()


def without_pages() -> bytes:
    held = io.BytesIO()
    pypdfium2.PdfDocument.new().save(held)
    return held.getvalue()


NOES = [
    ("a.pdf", without_pages(), "audit.corrupt"),
    ("a.pdf", b"", "audit.empty"),
    ("a.pdf", b"%PDF-1.7 and nothing else", "audit.corrupt"),
    ("a.pdf", "不是 PDF".encode(), "audit.format"),
    ("a.pdf", scanned(), "audit.scanned"),
    ("a.docx", b"{\\rtf1\\ansi renamed}", "audit.format"),
    ("a.docx", packed(word__document_xml=b"<w:document"), "audit.corrupt"),
    ("a.xlsx", packed(xl__workbook_xml=b"<workbook/>"), "audit.corrupt"),
    ("a.xlsx", workbook((HEAD, HEAD))[:-40], "audit.corrupt"),
    ("a.zip", packed(a=b"b"), "audit.format"),
    ("a.xlsx", packed(xl__workbook_xml=b"0" * 201_000_000), "audit.bomb"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "audit.format"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "audit.encrypted"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "audit.corrupt"),
    ("a.txt", b"\xff\xfe\x00\x81", "audit.encoding"),
    ("a.txt", "单位：元".encode("utf-16"), "audit.encoding"),
    ("a.txt", b"1" * 5_000_001, "audit.large"),
    ("a.pdf", b"%PDF-" + bytes(50_000_000), "audit.large"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code"), NOES, ids=[f"{name}-{code}" for name, _, code in NOES])
def test_what_cannot_be_read_is_refused_with_what_to_do(name, content, code):
    refused = read_document(name, content)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.zh.startswith(name)) == (code, True)


def locked() -> bytes:
    """A PDF of one empty page, closed by a password that is not the empty one."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        f"<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj{each}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<{'00' * 16}><{'00' * 16}>]>>"
    return made + f"xref\n0 5\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{len(made)}\n%%EOF".encode()


def test_a_pdf_with_a_password_is_refused():
    assert read_document("a.pdf", locked()).code == "audit.encrypted"


def test_a_sheet_that_claims_a_million_rows_and_columns_is_refused_before_it_is_opened():
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("宽")
    sheet.write(0, 0, "a")
    sheet.write(1_000_000, 16_000, "b")
    book.close()
    assert read_document("a.xlsx", held.getvalue()).code == "audit.large"


def test_a_scanned_page_among_others_is_said_to_be_unread():
    made = pypdfium2.PdfDocument(printed((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))))
    made.import_pages(pypdfium2.PdfDocument(scanned()))
    held = io.BytesIO()
    made.save(held)
    report = audit(read_document("a.pdf", held.getvalue()))
    assert [(each.place.page, "扫描" in each.zh) for each in report.not_checked if each.what == "第2页"] == [
        (2, True)
    ]


def test_several_sheets_are_several_tables_and_hidden_ones_are_told():
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    for name in ("表1", "表2", "底稿"):
        sheet = book.add_worksheet(name)
        for row, texts in enumerate(
            (("2025年部门收入预算总表",), (UNIT,), ("项目", "预算数"), ("合计", "1.00"))
        ):
            sheet.write_row(row, 0, texts)
        if name == "底稿":
            sheet.hide()
    book.close()
    document = read_document("a.xlsx", held.getvalue())
    assert [document.where(grid.line) for grid in document.grids] == [(1, 1), (2, 1)]
    assert [page for page, _, _ in document.unread] == [3]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("#,##0.00", 173.405, "173.41"),
        ("0.00%", 0.3905, "39.05%"),
        ("General", 0.1 + 0.2, "0.3"),
        ('#,##0.00;-#,##0.00;"-"', 0, "-"),
        ("#,##0.00;-#,##0.00;", 0, ""),
        ("0_ ", 1234567.0, "1234567"),
    ],
)
def test_a_number_of_a_sheet_is_read_as_it_is_printed(code, value, shown):
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("表1")
    sheet.write_row(0, 0, ("项目", "预算数", "备注"))
    sheet.write_row(1, 0, ("合计", "x", "y"))
    sheet.write_number(1, 1, value, book.add_format({"num_format": code}))
    book.close()
    assert table_of("a.xlsx", held.getvalue()).rows[1][1].text == shown


def test_a_part_of_a_code_without_its_zero_is_told_and_read_with_it():
    rows = (
        ("类", "款", "科目名称", "合计"),
        ("301", "", "工资福利支出", "6.00"),
        ("301", "01", "基本工资", "1.00"),
        ("301", "2", "津贴补贴", "2.00"),
        ("301", "03", "奖金", "3.00"),
    )
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("表8")
    for down, row in enumerate(rows):
        sheet.write_row(down, 0, row)
    book.close()
    document = read_document("a.xlsx", held.getvalue())
    assert [row[0].text for row in document.grids[0].rows[1:]] == ["301", "30101", "30102", "30103"]
    assert [each.expected for each in audit(document).findings if each.rule == "code.digits"] == ["30102"]


def test_a_document_read_apart_is_the_same():
    content = printed((HEAD, ("20801", "行政运行", "1.00", "1.00", "")))
    assert read_apart("a.pdf", content) == read_document("a.pdf", content)
    assert read_apart("a.pdf", b"%PDF-").code == "audit.corrupt"


def test_a_reader_that_takes_too_long_is_ended():
    assert read_apart("a.pdf", printed((HEAD,) * 2), seconds=0).code == "audit.unreadable"


SMALL = {
    "a.pdf": printed((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))),
    "a.xlsx": workbook((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))),
    "a.docx": word((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))),
    "a.md": markdown((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))),
}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_no_damage_to_a_file_breaks_its_reader(name, data):
    content = bytearray(SMALL[name])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    assert isinstance(read_document(name, bytes(content)), Document | Refused)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["<w:tbl>", "<w:tr>", "<w:tc>", "gridSpan", "vMerge", "<row", 't="s"', 's="', "<v>"]),
    st.data(),
)
def test_no_damage_within_a_packed_part_breaks_its_reader(mark, data):
    name = "a.docx" if mark.startswith("<w") or mark[0] in "gv" else "a.xlsx"
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SMALL[name])) as whole, zipfile.ZipFile(held, "w") as spoilt:
        for part in whole.namelist():
            content = whole.read(part)
            if mark.encode() in content:
                at = content.index(mark.encode())
                end = at + data.draw(st.integers(1, 40))
                content = content[:at] + data.draw(st.binary(max_size=8)) + content[end:]
            spoilt.writestr(part, content)
    assert isinstance(read_document(name, held.getvalue()), Document | Refused)


def test_the_report_as_a_page_marks_what_was_found_and_escapes_the_rest(tmp_path):
    file, out = tmp_path / "a.md", tmp_path / "a.html"
    file.write_text(
        CLEAN.replace("占39.05%", "占9.05%").replace("某市某中心2024", "<某>市某中心2024", 1),
        encoding="utf-8",
    )
    done = CliRunner().invoke(app, ["audit", str(file), "--format", "html", "--out", str(out)])
    page = out.read_text(encoding="utf-8")
    assert done.exit_code == 1
    assert re.search(r'<mark class="error" title="[^"]+">9.05%</mark>', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))
    assert "&lt;某&gt;" in page
    assert "<某>" not in page
    assert not re.search(r"https?://|<script", page)
