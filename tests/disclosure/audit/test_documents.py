"""Documents looked over: what must be found, and what must not."""

import json

import pytest
from typer.testing import CliRunner

from yikatong.cli import app
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade, Report
from yikatong.disclosure.audit.reading.text import read_text

CLEAN = """
某市某中心2024年度单位预算公开
一、收支预算情况
2024年度某市某中心预算收入164.06万元，其中：一般公共预算拨款收入164.06万元，占100%；政府性基金预算拨款收入0万元，占0%。
2024年度某市某中心支出预算164.06万元，其中：基本支出64.06万元，占39.05%；项目支出100.00万元，占60.95%，比上年增长23.76万元，增长16.94%。

2024年预算支出总表
单位：万元
| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |
|--|--|--|--|--|
| 合计 | | 164.06 | 64.06 | 100.00 |
| 208 | 社会保障和就业支出 | 155.76 | 55.76 | 100.00 |
| 20801 | 人力资源和社会保障管理事务 | 147.88 | 47.88 | 100.00 |
| 20805 | 行政事业单位养老支出 | 7.88 | 7.88 | |
| 2080502 | 事业单位离退休 | 1.44 | 1.44 | |
| 2080505 | 机关事业单位基本养老保险缴费支出 | 6.43 | 6.43 | |
| 210 | 卫生健康支出 | 2.87 | 2.87 | |
| 221 | 住房保障支出 | 5.43 | 5.43 | |
"""


def look_over(text: str) -> Report:
    return audit(read_text("x.md", text))


def errors(text: str) -> list[tuple[str, int, str]]:
    return [
        (each.rule, each.place.line, each.expected)
        for each in look_over(text).findings
        if each.grade is Grade.ERROR
    ]


def test_a_clean_document_has_no_findings_but_its_rounding():
    report = look_over(CLEAN)
    assert {(each.grade, each.printed) for each in report.findings} == {(Grade.ROUNDING, "7.88")}
    assert report.claims > 15


@pytest.mark.parametrize(
    ("before", "after", "rule", "expected"),
    [
        ("| 221 | 住房保障支出 | 5.43 | 5.43 |", "| 221 | 住房保障支出 | 5.43 | 5.34 |", "sum.rows", "5.43"),
        ("基本支出64.06万元", "基本支出64.60万元", "sum.parts", "64.06"),
        ("占39.05%", "占39.50%", "percent.share", "39.05%"),
        ("增长16.94%", "增长14.48%", "percent.growth", "16.94%"),
        ("单位：万元", "单位：元", "unit.label", "万元"),
        ("| 2080502 | 事业单位离退休 |", "| 2080502 | 行政单位离退休 |", "code.subject", "事业单位离退休"),
    ],
)
def test_one_slip_is_one_error_on_its_line(before, after, rule, expected):
    spoilt = CLEAN.replace(before, after)
    assert spoilt != CLEAN
    found = errors(spoilt)
    assert len(found) == 1
    assert found[0][2] == expected
    assert found[0][0] == rule or rule.startswith("sum")
    line = next(number for number, text in enumerate(spoilt.splitlines(), 1) if after in text)
    assert abs(found[0][1] - line) <= (2 if rule == "unit.label" else 0)


def test_a_difference_that_only_a_wild_coincidence_explains_is_told_with_its_chance():
    rows = "\n".join(f"| 20801{place:02} | 事务{place} | 1.00 | 1.00 | |" for place in range(1, 9))
    text = (
        "2024年预算支出总表\n单位：万元\n| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |\n|--|--|--|--|--|\n"
        f"| 20801 | 管理事务 | 8.03 | 8.03 | |\n{rows}\n"
    )
    (finding, *_) = [each for each in look_over(text).findings if each.rule == "sum.rows"]
    assert finding.grade is Grade.ROUNDING
    assert "偶然发生的概率" in finding.zh


def test_what_was_not_looked_at_is_told_apart_from_what_passed():
    report = look_over("本年度补充绩效工资3.7万元列入年初预算。")
    assert report.findings == ()
    assert [each.what for each in report.not_checked] == ["3.7万元"]


@pytest.mark.parametrize(("text", "code"), [(CLEAN, 0), (CLEAN.replace("占39.05%", "占9.05%"), 1)])
def test_the_command_ends_with_what_it_found(tmp_path, text, code):
    file = tmp_path / "budget.md"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["audit", str(file), "--format", "json"])
    assert done.exit_code == code
    (report,) = json.loads(done.stdout)
    assert {"findings", "not_checked", "claims", "numbers", "file"} == set(report)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF-1.7", "audit.corrupt"),
        ("a.txt", b"", "audit.empty"),
        ("a.txt", b"\xff\xfe\x00\x81", "audit.encoding"),
    ],
)
def test_what_cannot_be_read_ends_with_two_and_says_why(tmp_path, name, content, said):
    file = tmp_path / name
    file.write_bytes(content)
    done = CliRunner().invoke(app, ["audit", str(file)])
    assert done.exit_code == 2


def test_a_file_in_gb18030_is_read(tmp_path):
    file = tmp_path / "budget.txt"
    file.write_bytes(CLEAN.encode("gb18030"))
    assert CliRunner().invoke(app, ["audit", str(file)]).exit_code == 0
