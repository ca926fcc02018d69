"""What a document says of last year against last year's document, and whether it was published in time."""

import pytest
from typer.testing import CliRunner

from tests.disclosure.audit.test_documents import CLEAN
from yikatong.cli import app
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Report
from yikatong.disclosure.audit.reading.text import read_text

LAST = """
某市某中心2023年度单位预算公开
2023年度某市某中心预算收入140.30万元，其中：一般公共预算拨款收入140.30万元，占100%；政府性基金预算拨款收入0万元，占0%。
2023年度某市某中心支出预算140.30万元，其中：基本支出50.30万元，占35.85%；项目支出90.00万元，占64.15%。
"""


def beside(text: str, last: str = LAST) -> Report:
    return audit(read_text("今年.md", text), read_text("去年.md", last))


def told(report: Report) -> list[tuple[str, str]]:
    return [(each.rule, each.printed) for each in report.findings if each.rule == "last.year"]


def test_a_change_that_leads_to_last_years_figure_is_right():
    report = beside(CLEAN)
    assert told(report) == []
    assert report.errors == 0


def test_a_change_that_leads_to_another_figure_is_told_with_both():
    report = beside(CLEAN, LAST.replace("140.30", "141.30"))
    assert told(report) == [("last.year", "23.76万元")]
    (finding,) = [each for each in report.findings if each.rule == "last.year"]
    assert "140.30" in finding.arithmetic
    assert "141.30" in finding.arithmetic
    assert finding.cells[-1].place.file == "去年.md"


def test_last_years_column_is_compared_cell_by_cell():
    table = "\n2024年支出预算表\n单位：万元\n| 科目编码 | 科目名称 | 2024年预算数 | 上年预算数 |\n|--|--|--|--|\n| 合计 | | 5.00 | 4.00 |\n"
    last = "\n2023年支出预算表\n单位：万元\n| 科目编码 | 科目名称 | 合计 |\n|--|--|--|\n| 合计 | | {} |\n"
    assert told(beside(table, last.format("4.00"))) == []
    assert told(beside(table, last.format("3.00"))) == [("last.year", "4.00")]


@pytest.mark.parametrize(
    ("text", "last", "said"),
    [
        (CLEAN, LAST.replace("2023", "2021"), "不是 2023"),
        (CLEAN, "2023年度单位预算公开\n2023年单位概况。", "没有找到同一事项"),
        (CLEAN.replace("比上年增长", "比上年执行数增长"), LAST, "执行数"),
    ],
)
def test_what_cannot_be_compared_is_told_as_not_checked(text, last, said):
    report = beside(text, last)
    assert told(report) == []
    assert any(said in each.zh for each in report.not_checked)


def test_the_command_takes_last_years_document(tmp_path):
    now, last = tmp_path / "now.md", tmp_path / "last.md"
    now.write_text(CLEAN, encoding="utf-8")
    last.write_text(LAST.replace("140.30", "141.30"), encoding="utf-8")
    assert CliRunner().invoke(app, ["audit", str(now)]).exit_code == 0
    assert CliRunner().invoke(app, ["audit", str(now), "--last-year", str(last)]).exit_code == 1


@pytest.mark.parametrize(
    ("dates", "late"),
    [
        ("市财政局于2024年2月1日批复我单位预算，2024年2月21日向社会公开。", False),
        ("市财政局于2024年2月1日批复我单位预算，2024年2月22日向社会公开。", True),
        ("批复日期：2024年2月20日。公开日期：2024年2月11日。", True),
        ("批复日期：2024年2月20日。", False),
    ],
)
def test_a_budget_is_published_within_twenty_days_of_its_approval(dates, late):
    rules = [each.rule for each in audit(read_text("x.md", CLEAN + "\n" + dates)).findings]
    assert ("deadline.published" in rules) is late


def test_tables_of_no_known_set_are_said_to_be_audited_by_the_general_rules():
    table = (
        "\n{}\n单位：万元\n| 科目编码 | 科目名称 | 合计 |\n|--|--|--|\n| 208 | 社会保障和就业支出 | 1.00 |\n"
    )
    unknown = "".join(map(table.format, ("甲类资金明细表", "乙类资金明细表", "丙类资金明细表")))
    assert [each.what for each in audit(read_text("x.md", unknown)).not_checked] == ["表套"]
    assert audit(read_text("x.md", CLEAN)).not_checked == ()
