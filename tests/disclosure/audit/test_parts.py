"""A part that is more than its whole, where no sum shows it."""

from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text


def table(title: str, amount: str) -> str:
    return f"2025年{title}\n\n单位：万元\n\n| 科目编码 | 科目名称 | 合计 |\n|--|--|--|\n| 2080108 | 信息化建设 | {amount} |\n\n"


def found(part: str) -> list[tuple[str, str]]:
    text = table("支出预算总表", "41.97") + table("政府性基金预算支出预算表", part)
    return [
        (each.printed, each.arithmetic)
        for each in audit(read_text("x.md", text)).findings
        if each.rule == "part.more"
    ]


def test_what_one_fund_pays_is_no_more_than_what_all_pay():
    assert found("93.07") == [("93.07", "93.07 > 41.97")]


def test_a_smaller_part_says_nothing():
    assert found("41.97") == found("13.07") == []


LEFT = """
2025年收入支出决算总表
单位：万元
| 收入 | | 支出 | |
|--|--|--|--|
| 项目 | 决算数 | 项目 | 决算数 |
| 一、事业收入 | 100.00 | 八、社会保障和就业支出 | 90.00 |
| 本年收入合计 | 100.00 | 本年支出合计 | 90.00 |
| 年初结转和结余 | {brought} | 年末结转和结余 | {left} |
| 总计 | {all} | 总计 | {all} |

2025年收入决算表
单位：万元
| 科目编码 | 科目名称 | 本年收入合计 |
|--|--|--|
| 合计 | | 100.00 |
| 208 | 社会保障和就业支出 | 100.00 |
| 20801 | 人力资源和社会保障管理事务 | 100.00 |
| 2080108 | 信息化建设 | {first} |
| 2080109 | 社会保险经办机构 | {second} |

2025年支出决算表
单位：万元
| 科目编码 | 科目名称 | 本年支出合计 |
|--|--|--|
| 合计 | | 90.00 |
| 208 | 社会保障和就业支出 | 90.00 |
| 20801 | 人力资源和社会保障管理事务 | 90.00 |
| 2080108 | 信息化建设 | 60.00 |
| 2080109 | 社会保险经办机构 | 30.00 |
"""


def unpaid(first: str, second: str, *, brought: str = "") -> list[tuple[str, str]]:
    whole = {"": ("10.00", "100.00"), "5.00": ("15.00", "105.00")}[brought]
    text = LEFT.format(first=first, second=second, brought=brought, left=whole[0], all=whole[1])
    findings = [each for each in audit(read_text("x.md", text)).findings if each.grade is Grade.ERROR]
    assert {each.rule for each in findings} <= {"part.unpaid"}
    return [(each.printed, each.arithmetic) for each in findings]


def test_no_more_is_spent_than_came_in_where_nothing_was_brought_over():
    assert unpaid("65.00", "35.00") == []
    assert unpaid("35.00", "65.00") == [("35.00", "60.00 > 35.00")]
    assert unpaid("35.00", "65.00", brought="5.00") == []


MORE = """| 210 | 卫生健康支出 | 10.00 |
| 21011 | 行政事业单位医疗 | 10.00 |
| 2101102 | 事业单位医疗 | 10.00 |
"""


def test_a_total_told_in_yuan_is_the_same_as_one_rounded_to_ten_thousand():
    right = LEFT.format(first="60.00", second="30.00", brought="", left="", all="100.00")
    for before, after in (
        ("208 | 社会保障和就业支出 | 100.00", "208 | 社会保障和就业支出 | 90.00"),
        ("20801 | 人力资源和社会保障管理事务 | 100.00", "20801 | 人力资源和社会保障管理事务 | 90.00"),
        ("| 合计 | | 90.00 |", "| 合计 | | 100.00 |"),
        ("本年支出合计 | 90.00", "本年支出合计 | 100.00"),
        ("| 本年收入合计 | 1", "| | | 十、卫生健康支出 | 10.00 |\n| 本年收入合计 | 1"),
        ("| 2080109 | 社会保险经办机构 | 30.00 |\n", f"| 2080109 | 社会保险经办机构 | 30.00 |\n{MORE}"),
    ):
        assert before in right
        right = right.replace(before, after)
    wrong = right.replace("信息化建设 | 60.00", "信息化建设 | 30.00", 1).replace(
        "机构 | 30.00", "机构 | 60.00", 1
    )
    spent = "\n2025年支出决算1000012.00元。\n"
    for text, rules in (
        (right, set()),
        (right + spent, set()),
        (wrong, {"balance"}),
        (wrong + spent, {"balance"}),
    ):
        found = audit(read_text("x.md", text)).findings
        assert {each.rule for each in found if each.grade is Grade.ERROR} == rules
