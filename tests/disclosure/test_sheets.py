"""The published sheets: as the centres printed them, with the year's figures beside."""

import os
import re
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.indicators.happenings import EDITOR, REVIEWER, City, caller, open_city
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.disclosure.budgets import read_budgets
from yikatong.disclosure.form import forms
from yikatong.disclosure.models import Fund, Project
from yikatong.disclosure.queries import performance_sheet, sheets
from yikatong.disclosure.render import render_html, render_xlsx
from yikatong.disclosure.rules import footing
from yikatong.disclosure.services import load_budget
from yikatong.disclosure.sheet import Sheet, SheetLine
from yikatong.indicators.services import fill, load_targets, lock, prepare
from yikatong.indicators.targets import read_tables

SHARED = Path(os.environ.get("YK_SHARED") or Path(__file__).resolve().parents[3] / "shared")
GOLDEN = Path(__file__).with_name("golden")
as_editor, as_reviewer = caller(EDITOR), caller(REVIEWER)


def opened(centre: str) -> City:
    city = open_city(centre)
    as_editor(load_targets, centre)
    as_editor(load_budget, centre)
    return city


def filled(year: int) -> Sheet:
    as_editor(fill, Period.parse(str(year)))
    sheet = performance_sheet(year)
    assert isinstance(sheet, Sheet)
    return sheet


def line(sheet: Sheet, code: str) -> SheetLine:
    return next(each for each in sheet.lines if each.code == code)


@pytest.fixture
def xianyang(db):
    """2025 in 咸阳: 20 cards handed over, one of them wrong, ready after 2 to 21 days."""
    city = opened("xianyang")
    for number in range(1, 21):
        city.applied(number, "2025-03-01", "2025-03-20")
        city.stocked(number, "2025-03-01", f"2025-03-{number + 2:02d}", "2025-03-20")
        city.collected(number, "2025-04-01")
    city.error(7, "2025-04-10")
    return city


@pytest.fixture
def xinzhou(db):
    city = opened("xinzhou")
    city.adopted(1, 2_421, "2024-02-01")
    return city


def test_table_13_has_the_funds_weights_and_figures(xianyang):
    sheet = filled(2025)
    assert (sheet.title, sheet.unit, sheet.project) == (
        "部门预算专项业务经费绩效目标表",
        "万元",
        "社保卡管理业务工作经费",
    )
    assert [(fund.label, fund.amount) for fund in sheet.funds] == [
        ("实施期资金总额", "24.00"),
        ("其中：财政拨款", "24.00"),
        ("其他资金", "0.00"),
    ]
    assert (line(sheet, "XQ1").actual, line(sheet, "XQ1").target) == ("0.002", "≥5")
    assert (line(sheet, "XL1").actual, line(sheet, "XL1").score) == ("95", "1.24")
    assert (line(sheet, "XT1").actual, line(sheet, "XT1").score) == ("21", "1.30")
    assert (line(sheet, "XT2").actual, line(sheet, "XT2").score) == ("90", "1.17")
    assert line(sheet, "XL1").remark
    assert (sheet.measured, sheet.indicators, sheet.weight_total) == (5, 37, "88")
    points = [Decimal(each.score) for each in sheet.lines if each.score]
    assert abs(Decimal(sheet.score_total) - sum(points)) <= Decimal("0.02")


def test_the_two_missing_points_of_table_13_are_noted(xianyang):
    assert any("88" in note and "90" in note for note in filled(2025).notes)


def test_what_is_not_measured_says_so_and_has_no_score(xianyang):
    sheet = filled(2025)
    assert (line(sheet, "XQ6").without, line(sheet, "XQ6").score) == ("尚无计量", "")
    assert line(sheet, "XB1").without == "尚无计量" and "定性" in line(sheet, "XB1").remark
    assert "执行率" in sheet.notes[-1]


def test_what_did_not_happen_is_said_and_not_scored(db):
    opened("xianyang")
    sheet = filled(2025)
    assert (line(sheet, "XL1").without, line(sheet, "XL1").score) == ("无发生", "")


def test_a_sheet_before_any_figure_is_all_unmeasured(db):
    opened("xianyang")
    sheet = performance_sheet(2025)
    assert isinstance(sheet, Sheet)
    assert sheet.measured == 0 and line(sheet, "XL1").without == "尚无计量"


def test_the_sheet_of_xinzhou_is_in_yuan_and_has_no_weights(xinzhou):
    sheet = filled(2024)
    assert (sheet.unit, sheet.weights, len(sheet.funds)) == ("元", False, 12)
    assert [fund.amount for fund in sheet.funds[:6]] == [
        "1,000,000.00",
        "0.00",
        "0.00",
        "1,000,000.00",
        "0.00",
        "",
    ]
    assert (line(sheet, "ZB2").actual, line(sheet, "ZB2").target) == ("0.09", "≥90%")
    assert line(sheet, "ZC2").label == "线路租赁成本（万元）"
    assert not any("分值" in note for note in sheet.notes)


def test_a_locked_year_prints_its_state_and_digest(xianyang):
    year = Period.parse("2025")
    as_editor(prepare, year)
    as_reviewer(lock, year)
    sheet = performance_sheet(2025)
    assert isinstance(sheet, Sheet)
    assert sheet.state == "已锁定" and sheet.digest in render_html(sheet)


def test_a_year_or_centre_without_a_sheet_is_refused(db):
    refused = performance_sheet(2025)
    assert isinstance(refused, Refused) and refused.code == "disclosure.no_form"
    assert sheets() == ()
    opened("xianyang")
    assert sheets() == ((2025, "部门预算专项业务经费绩效目标表"),)
    refused = performance_sheet(2024)
    assert isinstance(refused, Refused) and refused.code == "disclosure.no_sheet"


class Cells(HTMLParser):
    """The indicator table's cells; every row must cover the same columns once spans are laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[int, int]]] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "table":
            self.inside = "sheet-indicators" in (values.get("class") or "")
        elif self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in ("td", "th"):
            self.rows[-1].append((int(values.get("colspan") or 1), int(values.get("rowspan") or 1)))


@pytest.mark.parametrize(("centre", "year", "columns"), [("xianyang", 2025, 8), ("xinzhou", 2024, 6)])
def test_the_html_table_is_rectangular_and_shows_every_line(db, centre, year, columns):
    opened(centre)
    sheet = filled(year)
    html = render_html(sheet)
    for each in sheet.lines:
        assert each.level2 in html and each.target in html and each.name in html
    cells = Cells()
    cells.feed(html)
    still_down: list[int] = []  # rows left to cover, of each heading that reaches further down
    for row in cells.rows:
        assert sum(across for across, _ in row) + len(still_down) == columns
        still_down = [left - 1 for left in (*still_down, *(down for _, down in row)) if left > 1]


def test_the_workbook_says_what_the_sheet_says(xianyang):
    sheet = filled(2025)
    rows = CalamineWorkbook.from_filelike(BytesIO(render_xlsx(sheet))).get_sheet_by_index(0).to_python()
    by_name = {row[2]: row for row in rows}
    assert rows[0][0] == sheet.title and "万元" in str(rows[1][0])
    assert by_name["实体卡发放准确率"][3:7] == ["100%", 95, 1.3, 1.24]
    assert by_name["12333热线接听量（万通）"][4:7] == ["尚无计量", 1.4, ""]
    sums = next(row for row in rows if str(row[0]).startswith("合计"))
    assert sums[5] == 88 and Decimal(str(sums[6])) == Decimal(sheet.score_total)
    assert any("88" in str(row[0]) and "90" in str(row[0]) for row in rows)


def test_the_same_sheet_gives_the_same_bytes(xianyang):
    sheet = filled(2025)
    assert render_xlsx(sheet) == render_xlsx(sheet)


@pytest.mark.parametrize("name", ["xianyang_2025", "xinzhou_2024"])
def test_the_page_fragment_is_the_one_we_looked_at(request, name):
    """To accept a new look, run with YK_GOLDEN=write and look at what changed."""
    centre, year = name.split("_")
    request.getfixturevalue(centre)
    html = (
        "\n".join(text.strip() for text in render_html(filled(int(year))).splitlines() if text.strip()) + "\n"
    )
    path = GOLDEN / f"{name}.html"
    if os.environ.get("YK_GOLDEN") == "write":
        path.write_text(html, "utf-8")
    assert html == path.read_text("utf-8")


@pytest.mark.parametrize(("province", "centre"), [("61", "xianyang"), ("14", "xinzhou")])
def test_the_form_of_a_province_has_a_heading_for_each_indicator_its_centre_published(province, centre):
    form = forms()[province]
    headings = {(level1, level2) for level1, seconds in form.levels for level2 in seconds}
    tables = [table for table in read_tables(centre) if table.code == form.table]
    assert tables
    for table in tables:
        assert {(target.level1, target.level2) for target in table.targets} <= headings


def test_funds_that_do_not_add_up_are_refused(db, monkeypatch):
    assert footing({"year": {"total": 10, "fiscal": 9, "other": 1}}) == ()
    assert footing({"year": {"total": 10, "fiscal": 9}}) == ("year",)
    open_city("xianyang")
    book = {**read_budgets("xianyang")[0], "funds": {"whole": {"total": 10, "fiscal": 9}}}
    monkeypatch.setattr("yikatong.disclosure.services.loading.read_budgets", lambda _: (book,))
    assert as_editor(load_budget, "xianyang").code == "budget.footing"
    assert not Project.objects.exists()


def test_loading_a_budget_twice_leaves_one(db):
    opened("xianyang")
    assert as_editor(load_budget, "xianyang") == 1
    assert (Project.objects.count(), Fund.objects.count()) == (1, 3)
    assert as_editor(load_budget, "nowhere").code == "budget.unknown_centre"


def test_no_budget_is_loaded_when_the_journal_refuses(db, journal_refuses):
    open_city("xianyang")
    with journal_refuses():
        as_editor(load_budget, "xianyang")
    assert not Project.objects.exists()


def test_funds_are_those_of_the_documents():
    texts = {}
    for centre, name in (("xianyang", "xianyang-2025-budget.txt"), ("xinzhou", "xinzhou-2024-budget.txt")):
        path = SHARED / "seeds" / name
        if not path.exists():
            pytest.skip("the published budgets are not here")
        texts[centre] = path.read_text("utf-8")
    (ours,) = read_budgets("xianyang")
    part = texts["xianyang"][
        texts["xianyang"].index("\n表13\n\n实施期") : texts["xianyang"].index("\n表14\n\n总额")
    ]
    assert ours["project"] in part and ours["department"] in part
    printed = re.search(r"^(\d+)\n(\d+)\n(\d+)\n", part[part.index("提升政策咨询增长率") :], re.MULTILINE)
    assert printed is not None
    assert [int(each) * 1_000_000 for each in printed.groups()] == list(ours["funds"]["whole"].values())
    (theirs,) = read_budgets("xinzhou")
    sheet = texts["xinzhou"][texts["xinzhou"].index("项目支出绩效目标表\n") :]
    for label, source in (("资金总额", "total"), ("中央财政资金", "central"), ("单位自筹", "own")):
        amounts = re.findall(rf"{label}:? \| ([\d,]+) \|", sheet)
        for span, amount in zip(("whole", "year"), amounts, strict=True):
            assert int(amount.replace(",", "")) * 100 == theirs["funds"][span][source]
