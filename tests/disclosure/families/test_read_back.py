"""What a family prints as PDF, DOCX and XLSX, our own audit reads again: every cell, and nothing to find fault with."""

from __future__ import annotations

import io
import re
from random import Random

import pypdfium2
import pytest
from docx import Document as Word

from yikatong.disclosure.audit.document import Cell, Document, Grid
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading import read_document
from yikatong.disclosure.audit.reading.heads import join_codes
from yikatong.disclosure.family import families
from yikatong.disclosure.formats import formats
from yikatong.disclosure.layout import ACROSS, UPRIGHT, layout_of, width_of
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.publication import PrintedTable, Publication

SEEDS = {"SX13": "xinzhou_2024", "SN15": "xianyang_2025"}
KNOWN = {"SN15": ["target.unit", "target.vague", "target.vague"]}
"""Published targets that are printed as they are: 2.75/季 among 万/年, 有效提升, 逐年增长."""
USES = [
    ("2080150", "30101", "50501", "人员", ""), ("2080505", "30108", "50501", "人员", ""), ("2210201", "30113", "50501", "人员", ""),
    ("2080150", "30201", "50502", "公用", ""), ("2080502", "30217", "50502", "公用", ""), ("2101102", "30215", "50502", "公用", ""),
    ("2080108", "30227", "50502", "项目", "卡片制作与发放"), ("2080109", "30211", "50502", "项目", "信息系统运行维护与网络安全保障"),
]  # fmt: skip


def book(code: str) -> Ledger:
    """The published budget of that family, or one of large amounts from several funds."""
    if code in SEEDS:
        return ledger(SEEDS[code])
    family, random = families()[code], Random(15)
    lines = []
    phases = ((2025, "年初"), (2025, "上年")) if family.phase == "年初" else ((2025, "执行"), (2024, "执行"))
    for year, phase in phases:
        for function, economic, government, category, project in USES:
            for fund in family.funds[:2]:
                if not family.lacks("function", function, fund):
                    fen = 100 * random.randint(20_000, 90_000_000)
                    lines.append(BaseLine(
                        year, "999001", function, economic, government, category, fund, fen, project, phase=phase
                    ))  # fmt: skip
    return Ledger(2025, "999001", "某市社会保障卡服务中心", "999", "某市人力资源和社会保障局", tuple(lines))


def printed(code: str) -> Publication:
    publication = publish(book(code), families()[code])
    assert isinstance(publication, Publication), publication
    return publication


def read(code: str, form: str) -> Document:
    publication = printed(code)
    content = formats()[form].render(publication, book(code))
    document = read_document(f"own.{form}", content)
    assert isinstance(document, Document), document
    return document


def texts(rows: list[list[str]]) -> list[list[str]]:
    """Rows without what is blank; signs alone, as a line broken in two, or a number without separators, is the same text."""
    plain = [[re.sub(r"(?<=\d),(?=\d{3})", "", "".join(text.split())) for text in row] for row in rows]
    return [kept for row in plain if (kept := [text for text in row if text])]


def cells_of(table: PrintedTable) -> list[list[str]]:
    """As they are read: codes in a column for each level are one."""
    facts = [[slot.text for slot in row] for row in table.facts]
    rows = [*table.head, *(tuple(slot.text for slot in row) for row in table.rows)]
    joined = join_codes([tuple(Cell(text, 0) for text in row) for row in rows])
    return texts([*facts, *([cell.text for cell in row] for row in joined)])


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
@pytest.mark.parametrize("code", sorted(families()))
def test_every_cell_is_read_again_and_nothing_is_found(code, form):
    document = read(code, form)
    found = [block for block in document.blocks if isinstance(block, Grid) and block.title]
    tables = printed(code).tables
    assert [(grid.title, grid.unit) for grid in found] == [(table.title, table.unit) for table in tables]
    for grid, table in zip(found, tables, strict=True):
        assert texts([[cell.text for cell in row] for row in grid.rows]) == cells_of(table), table.title
    report = audit(document)
    assert [each.rule for each in report.findings if each.grade is not Grade.ROUNDING] == KNOWN.get(code, [])
    assert report.numbers > 100


def test_a_pdf_is_titled_and_tagged_and_turns_wide_tables_on_their_side():
    publication = printed("SN15")
    content = formats()["pdf"].render(publication, book("SN15"))
    pdf = pypdfium2.PdfDocument(content)
    assert pdf.get_metadata_dict()["Title"] == publication.title
    assert b"/Marked true" in content and b"zh" in content
    sizes = [page.get_size() for page in pdf]
    assert {tuple(map(round, size)) for size in sizes} == {(595, 842), (842, 595)}
    outline = [item.get_title() for item in pdf.get_toc()]
    assert set(outline) >= {"目录", *(table.title for table in publication.tables)}
    pdf.close()


def test_a_head_is_printed_again_on_every_page_of_a_long_table():
    subjects = [f"30{one}{two:02}" for one in (1, 2, 3) for two in range(1, 15)]
    lines = tuple(
        BaseLine(2025, "999001", f"2080{first}{last:02}", economic, "50502", "公用", "一般公共预算", 10_000 * last)
        for first in (1, 5, 8)
        for last, economic in enumerate(subjects, 1)
    )  # fmt: skip
    told = Ledger(2025, "999001", "某中心", "999", "某局", lines)
    long = publish(told, families()["N8"])
    table = long.tables[1]
    assert len(table.rows) > 60
    pdf = pypdfium2.PdfDocument(formats()["pdf"].render(long, told))
    heads = [page.get_textpage().get_text_range().count("科目编码") for page in pdf]
    assert sum(heads) > len([each for each in long.tables if "科目编码" in str(each.head)]) + 1
    pdf.close()
    word = Word(io.BytesIO(formats()["docx"].render(long, told)))
    assert word.tables[2]._tbl.tr_lst[0].trPr.xpath("w:tblHeader")


@pytest.mark.parametrize("code", sorted(families()))
def test_a_word_document_turns_its_paper_for_wide_tables_and_repeats_all_that_stands_over_their_rows(code):
    publication = printed(code)
    word = Word(io.BytesIO(formats()["docx"].render(publication, book(code))))
    tables = publication.tables
    sections = list(word.sections)[-len(tables) :]
    across = [layout_of(table).across for table in tables]
    assert [section.page_width > section.page_height for section in sections] == across
    assert {round(max(each.page_width.mm, each.page_height.mm)) for each in sections} == {297}
    for table, drawn in zip(tables, word.tables[-len(tables) :], strict=True):
        again = [bool(row.trPr.xpath("w:tblHeader")) for row in drawn._tbl.tr_lst]
        over = len(table.facts) + len(table.head)
        assert again == [True] * over + [False] * len(table.rows)


def test_no_column_is_narrower_than_its_amounts_and_none_leaves_the_page():
    for code in sorted(families()):
        for table in printed(code).tables:
            layout = layout_of(table)
            assert sum(layout.widths) <= (ACROSS if layout.across else UPRIGHT)
            for row in table.rows:
                for slot, width in zip(row, layout.widths, strict=True):
                    if slot.about is not None:
                        assert width_of(slot.text) * layout.size // 100 <= width, (code, table.title)


def test_words_of_a_head_span_what_is_under_them():
    for code in sorted(families()):
        for table in printed(code).tables:
            covered = [
                (row + down, head.column + across)
                for row, heads in enumerate(table.heads)
                for head in heads
                for down in range(head.down)
                for across in range(head.across)
            ]
            assert sorted(covered) == [
                (row, column) for row in range(len(table.head)) for column in range(len(table.head[0]))
            ]
