"""Sheets of performance targets in a document, and the charts of its sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from xml.etree import ElementTree as ET

import pytest

from yikatong.bench._ledgers import random_ledger
from yikatong.disclosure.aims import Aim, Goals
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.charts import svg_of
from yikatong.disclosure.family import families
from yikatong.disclosure.form import PROJECT, SPECIAL, Form
from yikatong.disclosure.formats.hypertext import as_html
from yikatong.disclosure.formats.markdown import as_markdown
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.lines import FUNDS, BaseLine, Ledger
from yikatong.disclosure.printing import publish


def sheets(name: str, code: str, **changed):
    publication = publish(replace(ledger(name), **changed), families()[code])
    return publication, {table.title: table for table in publication.tables if table.facts}


def told(table) -> dict[str, str]:
    return {row[0].text: row[1].text for row in table.facts}


def test_xianyang_prints_its_project_and_its_whole_unit_and_says_that_the_third_sheet_is_empty():
    publication, found = sheets("xianyang_2025", "SN15")
    project, whole, special = found.values()
    assert (project.label, whole.label, special.label) == ("表13", "表14", "表15")
    assert told(project)["项目名称"] == "社保卡管理业务工作经费"
    assert told(project)["实施期资金总额"] == "24.00"
    assert ("", "", "社保卡业务申报时限（天）") not in [
        tuple(slot.text for slot in row[:3]) for row in project.rows
    ]
    rows = [tuple(slot.text for slot in row) for row in project.rows]
    assert ("产出指标", "数量指标", "实体卡领用补换（万张）", "≥5", "1.4") in rows
    assert ("", "时效指标", "社保卡业务申报时限（天）", "≤60", "1.3") in rows
    assert project.note == "注：分值权重合计 88 分，应为 90 分。" and whole.note == ""
    amounts = {row[0].text: [slot.text for slot in row[2:]] for row in whole.facts if len(row) == 5}
    assert amounts["公用经费"] == ["3.58", "3.58", "0.00"]
    assert amounts["金额合计"] == ["173.41", "173.41", "0.00"]
    assert special.empty and ("表15 专项资金总体绩效目标表", "是", "不涉及") in publication.catalogue


def test_xinzhou_prints_its_project_in_yuan_with_both_spans_side_by_side():
    publication, found = sheets("xinzhou_2024", "SX13")
    (project,) = found.values()
    assert (project.unit, project.label) == ("元", "")
    first = next(row for row in project.facts if row[0].text == "实施期资金总额")
    assert [slot.text for slot in first] == ["实施期资金总额", "1,000,000.00", "年度资金总额", "1,000,000.00"]
    assert publication.gaps == ()


def test_funds_that_are_not_those_of_the_lines_and_projects_without_goals_are_told():
    book = ledger("xinzhou_2024")
    (goals,) = book.goals
    wrong = replace(goals, funds={"year": {"total": 99_000_000}})
    publication, _ = sheets("xinzhou_2024", "SX13", goals=(wrong,))
    assert publication.gaps == (f"项目支出绩效目标表“{goals.name}”：资金总额与基础行中该项目的支出不一致",)
    publication, found = sheets("xinzhou_2024", "SX13", goals=())
    assert publication.gaps == (f"项目“{goals.name}”没有绩效目标",)
    assert all(table.empty for table in found.values())


def test_several_projects_have_a_sheet_each():
    book = ledger("xinzhou_2024")
    second = replace(book.goals[0], name="另一项目", funds={})
    publication, _ = sheets("xinzhou_2024", "SX13", goals=(*book.goals, second))
    numbers = [table.number for table in publication.tables if table.facts]
    assert numbers == ["项目支出绩效目标表-1", "项目支出绩效目标表-2"]


def test_where_nobody_told_of_goals_the_document_has_no_such_sheets():
    _, found = sheets("xinzhou_2024", "SX13", goals=None)
    assert found == {}


def test_charts_stand_under_their_sentences_with_their_figures_as_a_table():
    publication, _ = sheets("xinzhou_2024", "SX13")
    income, classes = [words.drawing for words in publication.words if words.drawing]
    assert (income.title, [bar[0] for bar in income.bars]) == ("收入预算图", ["一般公共预算"])
    assert [(name, slot.text, share) for name, slot, share in classes.bars] == [
        ("社会保障和就业支出", "155.76", "94.94%"), ("卫生健康支出", "2.87", "1.75%"), ("住房保障支出", "5.43", "3.31%"),
    ]  # fmt: skip
    assert "住房保障支出5.43万元，占3.31%" in classes.said
    page = as_html(publication)
    assert page.count('<figure class="chart">') == 2 and '<th scope="row">住房保障支出</th>' in page


def test_a_bar_is_as_long_as_its_share_and_the_drawing_is_sound_xml():
    publication, _ = sheets("xinzhou_2024", "SX13")
    *_, drawing = [words.drawing for words in publication.words if words.drawing]
    root = ET.fromstring(svg_of(drawing))
    lengths = [int(each.get("width")) for each in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert lengths[1::2] == [
        lengths[0] * slot.fen // sum(slot.fen for _, slot, _ in drawing.bars) for _, slot, _ in drawing.bars
    ]
    assert root.get("aria-label") == drawing.said


def test_without_income_there_is_no_chart():
    publication, _ = sheets("xinzhou_2024", "SX13", lines=(), goals=None)
    assert [words.drawing for words in publication.words if words.drawing] == []


# --- every family that has sheets


def goals_for(form: Form, book: Ledger) -> tuple[Goals, ...]:
    """Goals of everything that a sheet of the form is about, one target under every heading, 90 points in all."""
    headings = [(level1, level2) for level1, seconds in form.levels for level2 in seconds]
    targets = tuple(
        Aim(
            f"T{place}", level1, level2, f"各项{level2.removesuffix('指标')}达标率", f"≥{80 + place}%", "%",
            Decimal(8 if place < len(headings) else 98 - 8 * place),
        )
        for place, (level1, level2) in enumerate(headings, 1)
    )  # fmt: skip
    words = {"department": book.parent_name, "goal_year": "完成全年任务。", "goal_whole": "完成各年任务。"}
    names = {PROJECT: book.members("project"), SPECIAL: ("便民服务",)}.get(form.kind, ("",))
    return tuple(Goals(form.kind, name, words, {}, targets) for name in names)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("code", [code for code, family in sorted(families().items()) if family.sheets])
def test_its_sheets_have_nothing_but_rounding(code, seed):
    family = families()[code]
    book = random_ledger(Random(seed), family)
    book = replace(book, goals=tuple(each for form in family.sheets for each in goals_for(form, book)))
    publication = publish(book, family)
    assert publication.gaps == ()
    sheets = [table for table in publication.tables if table.facts]
    assert len(sheets) == len(book.goals or family.sheets)
    assert {table.note for table in sheets if not table.empty} == {""}
    report = audit(read_text("own.md", as_markdown(publication)))
    assert [each.zh for each in report.findings if each.grade is not Grade.ROUNDING] == []


def test_guangxi_and_sichuan_number_their_sheets_as_they_published_them():
    for code, labels in (("GX10", ["预算公开10表"]), ("SC14", ["表6", "表7"])):
        family = families()[code]
        publication = publish(replace(random_ledger(Random(1), family), goals=()), family)
        assert [table.label for table in publication.tables[-len(labels) :]] == labels
        assert all(table.empty for table in publication.tables[-len(labels) :])


@pytest.mark.parametrize(
    ("printed", "unit", "told"),
    [
        ("≥81%", "%", ("≥", "81", "%")),
        ("≥5", "万张", ("≥", "5", "万张")),
        ("8", "项", ("＝", "8", "项")),
        ("≤23.8万", "万元", ("≤", "23.8", "万元")),
        ("2.75/季", "万元/季", ("＝", "2.75", "万元/季")),
        ("5万张", "张", ("＝", "5", "万张")),
        ("100%", "", ("＝", "100", "%")),
        ("2024年12月31日", "", ("定性", "2024年12月31日", "")),
        ("有效提升", "", ("定性", "有效提升", "")),
    ],
)
def test_sichuan_tells_a_target_in_three_columns(printed, unit, told):
    family = families()["SC14"]
    book = ledger("xinzhou_2024")
    aim = Aim("T1", "产出指标", "时效指标", "按期完成", printed, unit, Decimal(8))
    goals = (replace(book.goals[0], targets=(aim,)),)
    sheet = publish(replace(book, goals=goals), family).tables[-2]
    assert sheet.head[-1] == (
        "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值权重（90分）",
    )  # fmt: skip
    rows = [tuple(slot.text for slot in row) for row in sheet.rows]
    assert ("", "时效指标", "按期完成", *told, "8") in rows
    assert sheet.note == "注：分值权重合计 8 分，应为 90 分。"


def test_what_is_not_appropriated_is_other_money_also_where_it_lies_in_the_special_account():
    family = families()["GX10"]
    lines = tuple(
        BaseLine(2023, "999001", "2080199", "30201", "50502", "项目", fund, 100_00 * 10_000, "系统运维")
        for fund in FUNDS
        if fund in family.funds
    )
    book = replace(ledger("xinzhou_2024"), year=2023, lines=lines, goals=None)
    book = replace(book, goals=goals_for(family.sheets[0], book))
    facts = told(publish(book, family).tables[-1])
    assert [facts[name] for name in ("年度资金总额", "其中：财政拨款", "其他资金")] == [
        "500.00",
        "300.00",
        "200.00",
    ]


def test_a_target_under_a_heading_that_the_sheet_lacks_is_refused_with_its_name_and_the_sheet():
    book = ledger("xianyang_2025")
    strange = Aim("T1", "产出指标", "安全指标", "数据零泄露", "0", "起", Decimal(2))
    first, *others = book.goals
    for goals in (
        (replace(first, targets=(*first.targets, strange)), *others),
        (replace(first, targets=(strange,)),),
    ):
        refused = publish(replace(book, goals=goals), families()["SN15"])
        assert refused.code == "disclosure.no_heading" and refused.at == "goals"
        assert "表13《部门预算专项业务经费绩效目标表》没有“产出指标／安全指标”" in refused.zh
        assert "“数据零泄露”无处可列" in refused.zh and "产出指标／安全指标" in refused.en
