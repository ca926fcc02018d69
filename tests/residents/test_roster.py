"""Lists as files: no bytes make the reader fail, and every bad cell is named by row and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.residents.people import ADULT, number_of
from yikatong.basics.refused import Refused
from yikatong.residents.roster import COLUMNS, Roster, read_roster

TODAY = date(2025, 3, 10)
HEAD = "证件号码,姓名,居住地区划,联系电话,联系地址,民族"
LINE = f"{ADULT},林小满,610402,13800000001,秦都区,01"


def read(text: str, encoding: str = "utf-8") -> Roster:
    roster = read_roster(text.encode(encoding), TODAY)
    assert isinstance(roster, Roster), roster
    return roster


def cells(roster: Roster) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.refused.code) for problem in roster.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_both_encodings_and_all_line_ends_read_the_same(encoding: str, end: str):
    roster = read(end.join([HEAD, LINE, ""]), encoding)
    (row,) = roster.rows
    assert (row.identity.number, row.name, row.phone, row.row) == (ADULT, "林小满", "13800000001", 2)
    assert row.warnings == ("id.area_unknown",)


def test_columns_may_stand_anywhere_and_some_are_passed_over():
    roster = read(f"序号,姓名,区划代码,身份证号,备注\n1,林小满,610402,'{ADULT},新\n\n,,,,\n")
    assert roster.count == 1 and roster.rows[0].identity.number == ADULT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file.empty"),
        (b"\n\n", "file.empty"),
        (b"\xff\xfe1\x00", "file.unreadable"),
        (b"PK\x03\x04 a spreadsheet", "file.unreadable"),
        (b"\x81\xff\xff", "file.unreadable"),
        (f'{HEAD}\n"{LINE}'.encode(), "file.unreadable"),
        (f"{HEAD}\0".encode(), "file.unreadable"),
        (f"{HEAD},血型\n".encode(), "file.column_unknown"),
        (f"{HEAD},姓名\n".encode(), "file.column_twice"),
        ("证件号码,姓名\n".encode(), "file.column_missing"),
    ],
)
def test_files_that_cannot_be_read_are_refused_as_a_whole(content: bytes, reason: str):
    refused = read_roster(content, TODAY)
    assert isinstance(refused, Refused) and refused.code == reason


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (LINE.replace(ADULT, "610499199003070012"), "证件号码", "id.check_digit"),
        (LINE.replace(ADULT, "610499199002300011"), "证件号码", "id.birth_date"),
        (LINE.replace(ADULT, "6.10499E+17"), "证件号码", "id.length"),
        (LINE.replace(ADULT, ""), "证件号码", "id.empty"),
        (LINE.replace("林小满", ""), "姓名", "name.empty"),
        (LINE.replace("林小满", "=HYPERLINK(1)"), "姓名", "cell.formula"),
        (LINE.replace("秦都区", "@SUM(A1)"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", "'-2"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", "＝A1"), "联系地址", "cell.formula"),
        (LINE.replace("13800000001", "+1"), "联系电话", "cell.formula"),
        (LINE.replace("13800000001", "138"), "联系电话", "phone.format"),
        (LINE.replace("610402", "秦都区"), "居住地区划", "region.format"),
        (LINE.replace(",01", ",99x"), "民族", "ethnicity.unknown"),
        (LINE + ",", "", "row.width"),
        (LINE[:-3], "", "row.width"),
    ],
)
def test_bad_cells_are_named_by_row_and_column(line: str, column: str, reason: str):
    good = LINE.replace(ADULT, number_of(5))
    roster = read(f"{HEAD}\n{good}\n{line}")
    assert cells(roster) == [(3, column, reason)]
    assert [row.row for row in roster.rows] == [2]


def test_every_bad_cell_of_a_row_is_told_and_masked():
    roster = read(f"{HEAD}\n{ADULT[:-1]}2,林3满,6104,138,秦都区,77")
    assert [code for *_, code in cells(roster)] == [
        "id.check_digit",
        "name.digits",
        "phone.format",
        "region.format",
        "ethnicity.unknown",
    ]
    assert ADULT[4:-4] not in "".join(problem.value_masked for problem in roster.problems)


def test_a_number_that_comes_again_is_taken_from_no_row():
    roster = read("\n".join([HEAD, LINE, LINE.replace("林小满", "周兰"), LINE.replace(ADULT, number_of(5))]))
    assert cells(roster) == [(2, "证件号码", "row.repeated"), (3, "证件号码", "row.repeated")]
    assert [row.row for row in roster.rows] == [4]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(content: bytes):
    assert isinstance(read_roster(content, TODAY), (Roster, Refused))


_CELL = st.text(max_size=30) | st.sampled_from([ADULT, "林小满", "610402", "=1", '"', ""])


@given(st.lists(st.lists(_CELL, min_size=1, max_size=7), max_size=6), st.sampled_from(["utf-8", "gb18030"]))
def test_no_table_makes_the_reader_fail_and_every_row_is_accounted_for(table: list[list[str]], encoding: str):
    head = [each[0] for each in COLUMNS.values()][:3]
    text = "\n".join(",".join(line) for line in [head, *table])
    roster = read_roster(text.encode(encoding, "replace"), TODAY)
    assert isinstance(roster, (Roster, Refused))
    if isinstance(roster, Roster):
        bad = {problem.row for problem in roster.problems}
        assert len(roster.rows) + len(bad) == roster.count
        assert not bad & {row.row for row in roster.rows}


@given(st.permutations(list(range(6))))
def test_the_order_of_the_rows_decides_nothing(order: list[int]):
    lines = [LINE.replace(ADULT, number_of(i)) for i in range(4)] + [LINE, LINE.replace("林小满", "周兰")]
    roster = read("\n".join([HEAD, *(lines[i] for i in order)]))
    assert sorted(row.identity.number for row in roster.rows) == sorted(number_of(i) for i in range(4))
    assert len(roster.problems) == 2
