"""自评: points of figures, of what people judge and of spending; what is missing is named; only then is there a grade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.indicators.happenings import EDITOR, caller, open_city
from yikatong.basics.periods import Period
from yikatong.disclosure.evaluation import Evaluation, Spending, Told, evaluate, wrong
from yikatong.disclosure.formats import formats
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.models import Judgement
from yikatong.disclosure.models import Spending as SpendingRow
from yikatong.disclosure.queries import evaluation
from yikatong.disclosure.services import judge, load_budget, tell_spending
from yikatong.indicators.queries import board, marks_of
from yikatong.indicators.services import fill, load_targets
from yikatong.office.models import Entry

as_editor = caller(EDITOR)


def say(service, **given):
    return as_editor(partial(service, **given))


YEAR = Period.parse("2025")


@pytest.fixture
def xianyang(db):
    """2025 in 咸阳: 20 cards handed over, one of them wrong."""
    city = open_city("xianyang")
    as_editor(load_targets, "xianyang")
    as_editor(load_budget, "xianyang")
    for number in range(1, 21):
        city.applied(number, "2025-03-01", "2025-03-20")
        city.stocked(number, "2025-03-01", f"2025-03-{number + 2:02d}", "2025-03-20")
        city.collected(number, "2025-04-01")
    city.error(7, "2025-04-10")
    as_editor(fill, YEAR)
    return city


def line(of: Evaluation, code: str):
    return next(each for each in of.lines if each.row.id == code)


def test_figures_have_their_points_and_what_people_owe_is_named(xianyang):
    found = evaluation(2025).evaluation
    assert (line(found, "XL1").points, line(found, "XL1").missing) == (
        Decimal("1.2350"),
        "请说明偏差原因和改进措施",
    )
    assert (line(found, "XT1").points, line(found, "XT1").missing) == (Decimal("1.3000"), "")
    assert (line(found, "XQ6").points, line(found, "XQ6").missing) == (None, "请凭佐证评定")
    assert line(found, "XB2").missing == "请填上年和本年的实际值"
    assert (found.grade, found.execution, found.execution_missing) == ("", None, "尚未填报预算执行")
    assert found.most == 98  # 88 of the published weights and 10 for spending


def test_judgements_growth_reasons_and_spending_count(xianyang):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    say(judge, year=2025, code="XB2", told=Told(last=Decimal(100), this=Decimal(100), evidence="台账"))
    say(judge, year=2025, code="XL1", told=Told(reason="一张卡账户登记错误", measures="加一道核对"))
    say(tell_spending, year=2025, spending=Spending(24_000_000, 22_800_000))
    found = evaluation(2025).evaluation
    assert (line(found, "XB1").points, line(found, "XB1").said) == (Decimal("12.0000"), "达成预期指标")
    assert (line(found, "XB2").points, line(found, "XB2").missing) == (
        Decimal("9.0000"),
        "请说明偏差原因和改进措施",
    )
    assert line(found, "XL1").missing == ""
    assert (found.execution, found.rate) == (Decimal("9.5000"), Decimal("95.0000"))
    measured = sum(each.points for each in found.lines if each.points is not None)
    assert found.points == measured + Decimal("9.5")
    assert Entry.objects.filter(kind="disclosure.target_judged").count() == 3


def test_an_answer_told_again_replaces_the_first(xianyang):
    for percent in (60, 90):
        say(judge, year=2025, code="XB1", told=Told(percent=percent, evidence="问卷"))
    assert Judgement.objects.get().percent == 90


def test_a_grade_needs_every_target(xianyang):
    rows = board(YEAR, table="13")
    told = {row.id: Told(percent=100, last=Decimal(1), this=Decimal(2), evidence="佐证") for row in rows}
    whole = evaluate(rows, told, Spending(100, 100), 10, marks_of(YEAR))
    assert (whole.points > 95, whole.grade) == (True, "优")
    without = evaluate(rows, {**told, "XQ6": Told()}, Spending(100, 100), 10, marks_of(YEAR))
    assert without.grade == ""
    assert evaluate(rows, told, None, 10, marks_of(YEAR)).grade == ""


def test_a_documented_part_of_an_exact_target_that_was_missed_earns_its_share(xianyang):
    row = replace(
        line(evaluation(2025).evaluation, "XL1").row,
        nature="=",
        id="XQ3",
        weight=Decimal("1.4"),
        score=Decimal(0),
    )
    told = {"XQ3": Told(percent=50, evidence="八项中办成四项")}
    (found,) = evaluate((row,), told, None, 10, marks_of(YEAR)).lines
    assert found.points == Decimal("0.7000")


@pytest.mark.parametrize(
    ("nature", "told", "code"),
    [
        ("qualitative", Told(percent=101, evidence="问卷"), "evaluation.percent"),
        ("qualitative", Told(percent=80), "evaluation.evidence"),
        ("growth", Told(last=Decimal(1), evidence="台账"), "evaluation.figures"),
        ("growth", Told(last=Decimal(-1), this=Decimal(1), evidence="台账"), "evaluation.figures"),
        ("growth", Told(last=Decimal(1), this=Decimal(1)), "evaluation.evidence"),
        (">=", Told(reason="原因"), None),
    ],
)
def test_an_answer_that_cannot_be_is_refused(nature, told, code):
    refused = wrong(nature, told)
    assert (None if refused is None else refused.code) == code


def test_services_refuse_what_is_not_of_the_sheet(xianyang):
    assert say(judge, year=2025, code="NONE", told=Told()).code == "evaluation.unknown_target"
    assert say(judge, year=1999, code="XB1", told=Told()).code == "disclosure.no_sheet"
    assert say(judge, year=2025, code="XB1", told=Told(percent=80)).code == "evaluation.evidence"
    assert say(tell_spending, year=1999, spending=Spending(1, 1)).code == "disclosure.no_sheet"
    assert say(tell_spending, year=2025, spending=Spending(0, 1)).code == "evaluation.no_budget"
    assert say(tell_spending, year=2025, spending=Spending(1, -1)).code == "evaluation.amount"
    assert say(tell_spending, year=2025, spending=Spending(100, 89)).code == "evaluation.reason"
    assert say(tell_spending, year=2025, spending=Spending(100, 90)) is not None


def test_a_form_without_weights_has_no_evaluation(db):
    open_city("xinzhou")
    as_editor(load_targets, "xinzhou")
    as_editor(load_budget, "xinzhou")
    assert evaluation(2024).code == "evaluation.no_weights"


def test_the_sheet_is_printed_in_every_format_with_two_decimals(xianyang):
    say(judge, year=2025, code="XL1", told=Told(reason="一张卡账户登记错误", measures="加一道核对"))
    printed = evaluation(2025).publication
    book = Ledger(2025, "", "", "", "", ())
    for code in ("pdf", "docx", "html"):
        assert formats()[code].render(printed, book)
    sheet = CalamineWorkbook.from_filelike(
        BytesIO(formats()["xlsx"].render(printed, book))
    ).get_sheet_by_index(0)
    rows = [[str(cell) for cell in row] for row in sheet.to_python()]
    (error,) = [row for row in rows if "实体卡发放准确率" in row]
    assert error[3:8] == ["100%", "95%", "1.30", "1.24", "一张卡账户登记错误；加一道核对"]


@pytest.mark.parametrize("service", ["judge", "tell_spending"])
def test_nothing_is_kept_when_the_journal_refuses(xianyang, journal_refuses, service):
    with journal_refuses():
        if service == "judge":
            say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
        else:
            say(tell_spending, year=2025, spending=Spending(100, 95))
    assert not Judgement.objects.exists() and not SpendingRow.objects.exists()
