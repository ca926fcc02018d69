"""A part that is more than its whole, where no sum shows it."""

from yikatong.disclosure.audit.engine import audit
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
