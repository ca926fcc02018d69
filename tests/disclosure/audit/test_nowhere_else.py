"""What no second place repeats outright: units by size, income by function, years of whole sentences."""

import pytest

from tests.disclosure.audit.test_documents import CLEAN, errors

BESIDE = """
2024年设备更新安排表
单位：{unit}
| 名称 | 金额 |
|--|--|
| 自助机 | {first} |
| 打印机 | {second} |
"""
PROJECTS = """
2024年项目支出表
单位：{unit}
| 项目名称 | 合计 | 一般公共预算 |
|--|--|--|
| 某市某中心 | 100.00 | 100.00 |
| 系统运行维护 | 60.35 | 60.35 |
| 卡片制作 | 39.65 | {card} |
"""


def errors_beside(text: str) -> list[tuple[str, str]]:
    return [(rule, expected) for rule, _, expected in errors(CLEAN + text)]


@pytest.mark.parametrize(
    ("unit", "first", "second", "found"),
    [
        ("元", "12.35", "8.61", [("unit.label", "万元")]),
        ("万元", "123500", "86100", [("unit.label", "元")]),
        ("万元", "12.35", "8.61", []),
        ("元", "123500", "86100", []),
        ("元", "123500.25", "86100.50", []),
        ("元", "1235", "861", []),
        ("元", "1235.00", "861.00", []),
    ],
)
def test_a_unit_that_makes_nothing_or_far_more_than_everything_of_a_table_is_wrong(
    unit, first, second, found
):
    assert errors_beside(BESIDE.format(unit=unit, first=first, second=second)) == found


def test_the_unit_over_its_projects_is_all_there_is_of_them():
    assert errors_beside(PROJECTS.format(unit="万元", card="39.65")) == []
    assert errors_beside(PROJECTS.format(unit="元", card="39.65")) == [("unit.label", "万元")]
    assert errors_beside(PROJECTS.format(unit="万元", card="29.65")) == [("sum.rows", "39.65")]
    total = PROJECTS.format(unit="万元", card="39.65").replace("100.00 | 100.00", "100.00 | 90.00")
    assert errors_beside(total) == [("sum.rows", "100.00")]


BROUGHT = """
2024年收入总表
单位：万元
| 科目编码 | 科目名称 | 本年收入 | 上年结转 |
|--|--|--|--|
| 合计 | | 154.06 | 10.00 |
| 208 | 社会保障和就业支出 | 130.00 | 10.00 |
| 20801 | 人力资源和社会保障管理事务 | 130.00 | 10.00 |
| 2080108 | 信息化建设 | {first} |
| 2080109 | 社会保险经办机构 | {second} |
| 2080150 | 事业运行 | 30.00 | |
| 221 | 住房保障支出 | 24.06 | |
| 22102 | 住房改革支出 | 24.06 | |
| 2210201 | 住房公积金 | 24.06 | |

2024年支出总表
单位：万元
| 科目编码 | 科目名称 | 合计 |
|--|--|--|
| 合计 | | 164.06 |
| 208 | 社会保障和就业支出 | 140.00 |
| 20801 | 人力资源和社会保障管理事务 | 140.00 |
| 2080108 | 信息化建设 | 60.00 |
| 2080109 | 社会保险经办机构 | 50.00 |
| 2080150 | 事业运行 | 30.00 |
| 221 | 住房保障支出 | 24.06 |
| 22102 | 住房改革支出 | 24.06 |
| 2210201 | 住房公积金 | 24.06 |
"""


def test_what_a_function_is_given_this_year_and_had_left_is_what_it_spends():
    right, wrong = (
        {"first": "50.00 | 10.00", "second": "50.00 | "},
        {"first": "50.00 | ", "second": "50.00 | 10.00"},
    )
    assert errors(BROUGHT.format(**right)) == []
    swapped = errors(BROUGHT.format(**wrong))
    assert {rule for rule, _, _ in swapped} == {"sum.sources"} and len(swapped) == 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2021年，某市某中心项目支出预算100.00万元，按用途：1.设备2024年预算安排100.00万元。", ["2024年"]),
        ("2024年，某市某中心项目支出预算100.00万元，按用途：1.设备2023年预算安排80.00万元。", []),
        ("2023年预算数60.00万元，2024年预算数64.06万元。", []),
        ("某市某中心2021年表8《政府性基金预算支出表》没有数据，按空表公开。", ["2024年"]),
        ("某市某中心2024年表8《政府性基金预算支出表》没有数据，按空表公开。", []),
    ],
)
def test_a_sentence_of_another_year_is_told_also_where_a_list_or_a_table_follows(line, found):
    told = [expected for rule, _, expected in errors(f"{CLEAN}\n{line}\n") if rule == "date.year"]
    assert told == found


def test_the_head_of_the_text_is_read_by_itself_after_a_catalogue_without_stops():
    before, _, behind = CLEAN.partition("一、收支预算情况")
    text = f"{before}目录\n2021年部门预算编制说明\n一、收支预算情况{behind}"
    assert ("date.year", "2024年") in [(rule, expected) for rule, _, expected in errors(text)]
    assert errors(text.replace("2021年", "2024年")) == []
