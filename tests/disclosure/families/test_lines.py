"""Base lines: what is read of the bureau's sheets, what is told of a bad cell, what a region sums."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import xlsxwriter

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import families
from yikatong.disclosure.intake import HEADINGS, read_lines
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.lines import BaseLine, Ledger, above
from yikatong.disclosure.printing import publish

GOOD = [
    "2025",
    "999001",
    "2080150",
    "30101",
    "50501",
    "人员",
    "",
    "一般公共预算",
    "年初",
    "本年",
    "",
    "917120",
]


def sheet(*rows: list[str], heads: list[str] | None = None) -> bytes:
    return "\n".join(",".join(row) for row in (heads or list(HEADINGS.values()), *rows)).encode()


def test_a_sheet_is_read_by_its_headings_in_csv_and_in_a_workbook():
    (line,) = read_lines("a.csv", sheet(GOOD)).lines
    assert (line.function, line.category, line.fen) == ("2080150", "人员", 91_712_000)
    assert read_lines("a.csv", sheet(GOOD, heads=list(HEADINGS))).lines == (line,)
    assert read_lines("a.csv", sheet(GOOD).decode().encode("gb18030")).lines == (line,)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS.values())
        page.write_row(1, 0, [2025, 999001, 2080150, 30101, 50501, *GOOD[5:11], 917120])
    assert read_lines("a.xlsx", buffer.getvalue()).lines == (line,)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (0, "25", "lines.year"),
        (2, "20801", "lines.code"),
        (3, "50501", "lines.code"),
        (4, "", "lines.code"),
        (5, "办公", "lines.member"),
        (7, "财政拨款", "lines.member"),
        (11, "1.234", "lines.amount"),
        (11, "", "lines.amount"),
    ],
)
def test_every_bad_cell_is_told_with_its_place(column, text, code):
    bad = [text if place == column else cell for place, cell in enumerate(GOOD)]
    intake = read_lines("a.csv", sheet(GOOD, bad, bad))
    assert [(each.code, each.at) for each in intake.refused] == [
        (code, f"{chr(65 + column)}{row}") for row in (3, 4)
    ]
    assert len(intake.lines) == 1


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("a.doc", b"", "lines.format"),
        ("a.xlsx", b"PK", "lines.format"),
        ("a.csv", b"\xff\xff\x81", "lines.format"),
        ("a.csv", b"PK\x03\x04", "lines.format"),
        ("a.csv", b'"' + sheet(GOOD), "lines.format"),
        ("a.csv", b"", "lines.empty"),
        ("a.xlsx", b"", "lines.empty"),
        ("a.csv", sheet(), "lines.empty"),
        ("a.csv", sheet(GOOD, heads=["年度"]), "lines.heading"),
    ],
)
def test_what_is_no_sheet_of_lines_is_refused(file, content, code):
    intake = read_lines(file, content)
    assert (intake.lines, [each.code for each in intake.refused]) == ((), [code])


def test_a_workbook_tells_the_row_as_it_stands_there_and_why_it_cannot_be_read():
    def workbook(top: int, *, merged: bool = False) -> bytes:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            page = book.add_worksheet()
            page.write_row(top, 0, list(HEADINGS.values()))
            page.write_row(top + 1, 0, [*GOOD[:-1], "1.234"])
            if merged:
                page.merge_range(top + 3, 0, top + 3, 2, "合计")
        return buffer.getvalue()

    assert [each.at for each in read_lines("a.xlsx", workbook(2)).refused] == ["L4"]
    (refused,) = read_lines("a.xlsx", workbook(0, merged=True)).refused
    assert refused.code == "lines.format" and "合并单元格（A4:C4）" in refused.zh


def test_a_region_sums_the_lines_in_it():
    book = ledger("xianyang_2025")
    assert book.fen(region()) == 173_409_000
    assert book.fen(region(function="208", category="基本")) == 130_908_000
    assert book.fen(region(economic="302", category="公用", fund="财政拨款")) == 3_584_000
    assert book.fen(region(function="2080108", phase="增减")) == -3_998_000
    assert book.fen(region(item="三公")) == 0
    assert ledger("xinzhou_2024").fen(region(item="采购")) == 200_000


def test_codes_stand_under_those_they_lie_under():
    assert above(["2080150", "2080108", "2101102"], (3, 5, 7)) == (
        "208", "20801", "2080108", "2080150", "210", "21011", "2101102",
    )  # fmt: skip


def test_a_line_that_no_table_has_a_place_for_is_refused():
    book = ledger("xianyang_2025")
    odd = replace(book, lines=(*book.lines, replace(book.lines[0], fund="国有资本经营")))
    refused = publish(odd, families()["SN15"])
    assert (refused.code, refused.at) == ("disclosure.no_place", "fund")


def test_a_final_account_is_of_what_was_spent_and_what_is_left_was_not():
    def line(fen, phase, year=2025, category="项目", carry="本年"):
        return BaseLine(
            year, "1", "2080108", "30201", "50502", category, "一般公共预算", fen, "", carry, phase
        )

    lines = (
        line(900, "年初"), line(-100, "调整"), line(700, "执行"), line(50, "执行", category="结转下年"), line(500, "执行", 2024),
    )  # fmt: skip
    book = Ledger(2025, "1", "某中心", "", "", lines, phase="执行")
    assert [book.fen(region(phase=phase)) for phase in ("年初", "调整", "执行", "上年")] == [
        900,
        800,
        750,
        500,
    ]
    assert book.fen(region(flow="收入")) == book.fen(region(flow="支出", end="总计")) == 750
    assert book.fen(region(flow="支出")) == 700
    assert book.fen(region(flow="支出", category="结转下年")) == 50
    assert book.fen(region(flow="支出", phase="增减")) == 200


def test_only_an_office_has_what_keeps_it_running():
    book = ledger("xianyang_2025")
    running = region(flow="支出", item="机关运行")
    assert book.fen(running) == 0
    assert replace(book, administrative=True).fen(running) == book.fen(region(category="公用")) > 0
