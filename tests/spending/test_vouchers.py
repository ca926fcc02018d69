"""Files of vouchers: what is read of them, and every cell that is told."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from tests.spending.books import HEAD, LIMITS, POWER, WAGES, codes, good, read, required
from yikatong.basics.refused import Refused
from yikatong.spending.vouchers import Vouchers, read_vouchers


def test_lines_are_read_in_fen_and_their_days_in_any_usual_writing():
    power, wages = good(POWER, WAGES).lines
    assert (power.fen, power.paid_on.isoformat(), power.project, power.tag) == (
        100050,
        "2025-03-10",
        "一卡通运行",
        "",
    )
    assert (wages.fen, wages.category, wages.economic) == (20_000_000, "人员", "30101")


def test_the_lines_of_one_voucher_are_counted():
    assert [line.place for line in good(POWER, POWER, WAGES).lines] == [1, 2, 1]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",20250310,电费,公用,30206,,,1", "凭证号", "voucher.number"),
        ("记-1,20250230,电费,公用,30206,,,1", "日期", "voucher.day"),
        ("记-1,20260106,电费,公用,30206,,,1", "日期", "voucher.day"),
        ("记-1,20250310,,公用,30206,,,1", "摘要", "voucher.summary"),
        ("记-1,20250310,电费,其他,30206,,,1", "支出类别", "voucher.category"),
        ("记-1,20250310,电费,公用,50206,,,1", "部门经济科目编码", "voucher.economic"),
        ("记-1,20250310,电费,项目,30206,,,1", "项目名称", "voucher.project"),
        ("记-1,20250310,电费,公用,30206,运行,,1", "项目名称", "voucher.project"),
        ("记-1,20250310,电费,公用,30206,,Z,1", "成本指标", "voucher.tag"),
        ("记-1,20250310,电费,公用,30206,,,一百", "金额（元）", "voucher.amount"),
        ("记-1,20250310,电费,公用,30206,,,0", "金额（元）", "voucher.amount"),
        ("记-1,20250310,=HYPERLINK(),公用,30206,,,1", "摘要", "cell.formula"),
    ],
)
def test_a_cell_that_cannot_be_right_is_told_with_its_row_and_column(line, column, code):
    assert codes(read(WAGES, line)) == [(3, column, code)]


def test_all_wrong_cells_are_told_at_once_and_rows_of_another_width():
    assert codes(read("记-1,x,,公用,30206,,,1", "记-2,20250310")) == [
        (2, "日期", "voucher.day"),
        (2, "摘要", "voucher.summary"),
        (3, "", "row.width"),
    ]


def test_what_was_reversed_is_an_amount_below_nothing():
    assert good("记-9,20250401,冲销,项目,30206,一卡通运行,,-12.30").lines[0].fen == -1230


def test_a_file_without_lines_or_columns_is_refused_whole():
    for found, code in ((read(), "vouchers.empty"), (read(POWER, head="摘要,金额"), "file.columns")):
        assert isinstance(found, Refused) and found.code == code
    missing = read(POWER, head="摘要,金额")
    assert isinstance(missing, Refused)
    assert all(name in missing.zh for name in required())


def test_a_workbook_reads_as_the_same_lines_as_text():
    held = io.BytesIO()
    with Workbook(held) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        sheet.write_row(1, 0, ["记-1", 20250310, "机房电费", "项目", 30206, "一卡通运行", "", 1000.5])
    found = read_vouchers(held.getvalue(), LIMITS, good(POWER).lines[0].paid_on)
    assert isinstance(found, Vouchers) and found.lines == good(POWER).lines


@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=9), max_size=5))
def test_no_text_makes_the_reader_fail(rows):
    found = read(*(",".join(cells) for cells in rows))
    assert isinstance(found, (Vouchers, Refused))
