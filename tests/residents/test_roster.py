"""Cells: every bad one is named by row and column, and what is taken at a glance is what the counter would take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.residents.lists import HEAD, TODAY, read, text_file
from tests.residents.people import ADULT, number_of
from yikatong.basics.ids import DocumentType, check_digit, read_identity_number
from yikatong.basics.refused import Refused
from yikatong.residents.headings import Columns
from yikatong.residents.roster import CellProblem, RosterRow, find_columns

LINE = f"{ADULT},林小满,610402,13800000001,秦都区,01"


def rows_of(*lines: str, head: str = HEAD) -> tuple[list[RosterRow], list[CellProblem]]:
    found = read(text_file(*lines, head=head))
    assert not isinstance(found, Refused), found
    return found


def cells(problems: list[CellProblem]) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.refused.code) for problem in problems]


def test_columns_may_stand_anywhere_and_some_are_passed_over():
    (row,), problems = rows_of(
        f"1,林小满,610402,'{ADULT},新", "", ",,,,", head="序号,姓名,区划代码,身份证号,备注"
    )
    assert (row.row, row.number, row.name) == (2, ADULT, "林小满") and not problems


def test_all_that_is_wrong_with_the_columns_is_said_at_once():
    refused = find_columns(["证件号码", "姓名", "姓名", "血型", "备注"])
    assert isinstance(refused, Refused) and refused.code == "file.columns"
    for word in ("居住地区划", "血型", "姓名", "缺少", "不认识", "重复"):
        assert word in refused.zh
    found = find_columns([*HEAD.split(","), "单位名称"])
    assert isinstance(found, Columns) and found.passed_over == ("单位名称",)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (LINE.replace(ADULT, "610499199003070012"), "证件号码", "id.check_digit"),
        (LINE.replace(ADULT, "610499199002300011"), "证件号码", "id.birth_date"),
        (LINE.replace(ADULT, "6.10499E+17"), "证件号码", "cell.rounded"),
        (LINE.replace(ADULT, "61049919900307001"), "证件号码", "id.length"),
        (LINE.replace(ADULT, ""), "证件号码", "id.empty"),
        (LINE.replace(ADULT, f"={ADULT}"), "证件号码", "cell.formula"),
        (LINE.replace("林小满", ""), "姓名", "name.empty"),
        (LINE.replace("林小满", "=HYPERLINK(1)"), "姓名", "cell.formula"),
        (LINE.replace("秦都区", "@SUM(A1)"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", "'-2"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", " -2"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", "＝A1"), "联系地址", "cell.formula"),
        (LINE.replace("秦都区", "区" * 121), "联系地址", "address.length"),
        (LINE.replace("13800000001", "+1"), "联系电话", "cell.formula"),
        (LINE.replace("13800000001", "138"), "联系电话", "phone.format"),
        (LINE.replace("610402", "秦都区"), "居住地区划", "region.format"),
        (LINE.replace("610402", "+610402"), "居住地区划", "cell.formula"),
        (LINE.replace(",01", ",99x"), "民族", "ethnicity.unknown"),
        (LINE + ",", "", "row.width"),
        (LINE[:-3], "", "row.width"),
    ],
)
def test_bad_cells_are_named_by_row_and_column(line: str, column: str, reason: str):
    good, problems = rows_of(LINE.replace(ADULT, number_of(5)), line)
    assert cells(problems) == [(3, column, reason)]
    assert [row.row for row in good] == [2]


def test_a_phone_may_begin_with_the_code_of_the_country():
    (row, full), _ = rows_of(LINE.replace("138", "+86138"), LINE.replace("138", "＋86 138"))
    assert row.phone == full.phone == "13800000001"


def test_every_bad_cell_of_a_row_is_told_and_masked():
    _, problems = rows_of(f"{ADULT[:-1]}2,林3满,6104,138,秦都区,77")
    assert [code for *_, code in cells(problems)] == [
        "id.check_digit",
        "region.format",
        "ethnicity.unknown",
        "name.digits",
        "phone.format",
    ]
    assert ADULT[4:-4] not in "".join(problem.value_masked for problem in problems)


@pytest.mark.parametrize(
    ("sex", "birth", "reasons"),
    [
        ("男", "19900307", []),
        ("1", "1990-03-07", []),
        ("", "1990年03月07日", []),
        ("女", "19900307", ["sex.differs"]),
        ("男", "19900308", ["birth.differs"]),
        ("女", "19910307", ["sex.differs", "birth.differs"]),
        ("雄", "三月", ["sex.unknown", "birth.format"]),
    ],
)
def test_sex_and_birth_are_held_against_the_number(sex: str, birth: str, reasons: list[str]):
    _, problems = rows_of(
        f"{ADULT},林小满,610402,{sex},{birth}", head="证件号码,姓名,居住地区划,性别,出生日期"
    )
    assert [problem.refused.code for problem in problems] == reasons


def test_a_passport_says_nothing_that_could_be_contradicted():
    head = "证件类型,证件号码,姓名,居住地区划,性别,出生日期"
    (row,), problems = rows_of("护照,E12345678,John Smith,610402,男,19900307", head=head)
    assert not problems and (row.document, row.number) == (DocumentType.PASSPORT, "E12345678")
    _, problems = rows_of(f"护照,{ADULT}1,林小满,610402,,", "血型卡,E1,林小满,610402,,", head=head)
    assert {code for *_, code in cells(problems)} >= {"id.length", "document.unknown"}


NUMBERS = st.builds(
    lambda area, birth, serial: (first := f"{area}{birth:%Y%m%d}{serial:03d}") + check_digit(first),
    st.sampled_from(["610499", "140999", "610402", "110101", "810000", "999999", "000000"]),
    st.dates(date(1840, 1, 1), TODAY + timedelta(days=400)),
    st.integers(0, 999),
)
DAMAGED = st.builds(
    lambda number, place, character: number[:place] + character + number[place + 1 :],
    NUMBERS,
    st.integers(0, 17),
    st.sampled_from("0123456789Xx＊ "),
)


@given(st.lists(NUMBERS | DAMAGED, min_size=1, max_size=30))
def test_numbers_read_in_pieces_are_read_as_the_counter_reads_them(numbers: list[str]):
    good, problems = rows_of(
        *(f"{number},林小满,610402" for number in numbers), head="证件号码,姓名,居住地区划"
    )
    by_line = {row.row: row.number for row in good} | {each.row: each.refused.code for each in problems}
    for line, number in enumerate(numbers, start=2):
        expected = read_identity_number(number, TODAY)
        assert by_line[line] == (expected.code if isinstance(expected, Refused) else expected.number)
