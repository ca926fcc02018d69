"""自评: points of figures, of what people judge and of spending; what is missing is named; only then is there a grade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from django.db import Error, transaction
from python_calamine import CalamineWorkbook

from tests.disclosure import desk
from tests.indicators.happenings import EDITOR, REVIEWER, caller, open_city
from tests.spending.books import posted
from yikatong.basics.periods import Period
from yikatong.disclosure.evaluation import EXECUTION, Evaluation, Spending, Told, evaluate, wrong
from yikatong.disclosure.formats import formats
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.models import Judgement
from yikatong.disclosure.queries import evaluation, open_judgements, performance_sheet
from yikatong.disclosure.services import confirm_judgements, judge, load_budget, send_judgement_back
from yikatong.indicators.queries import board, marks_of
from yikatong.indicators.services import fill, load_targets
from yikatong.office.models import Entry

as_editor, as_reviewer = caller(EDITOR), caller(REVIEWER)


def say(service, **given):
    return as_editor(partial(service, **given))


def confirm(**given):
    digest = open_judgements(2025, but=REVIEWER.code).digest
    return as_reviewer(partial(confirm_judgements, **{"year": 2025, "digest": digest, **given}))


def paid(*yuan: str, project: str = "社保卡管理业务工作经费") -> None:
    posted(*(f"记-{place},20250601,维护,项目,30213,{project},,{each}" for place, each in enumerate(yuan, 1)))


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
    assert (found.grade, found.execution, found.execution_missing) == (
        "",
        None,
        "本年度没有已入账的支出凭证，尚无计量",
    )
    assert found.most == 98  # 88 of the published weights and 10 for spending


def test_judgements_growth_reasons_and_spending_count(xianyang):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    say(judge, year=2025, code="XB2", told=Told(last=Decimal(100), this=Decimal(100), evidence="台账"))
    say(judge, year=2025, code="XL1", told=Told(reason="一张卡账户登记错误", measures="加一道核对"))
    paid("200000", "28000")
    assert confirm() == 2
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
    paid("1")
    as_editor(fill, YEAR)
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
    assert say(judge, year=2025, code=EXECUTION, told=Told(percent=100)).code == "evaluation.percent"
    assert confirm(year=1999).code == "disclosure.no_sheet"
    assert confirm().code == "evaluation.nothing_waits"


# --- money ------------------------------------------------------------------------------------------------------------


def test_money_comes_from_posted_vouchers_beside_the_published_budget_with_its_adjustments(xianyang):
    paid("240000")
    assert evaluation(2025).evaluation.spending == Spending(24_000_000, 24_000_000)
    row = desk.drafted()
    lines = desk.ledger("xianyang_2025").lines
    project = next(each for each in lines if each.project and each.phase == "年初")
    more = replace(project, phase="调整", fen=6_000_000)
    desk.do(desk.services.take_lines, desk.EDITOR, row.id, lines=[*lines, more], file_name="x.csv")
    desk.published(row)
    found = evaluation(2025).evaluation
    assert found.spending == Spending(30_001_000, 24_000_000), "the first budget and what was added to it"
    assert found.execution_missing == "执行率低于 90%，须说明原因"
    say(judge, year=2025, code=EXECUTION, told=Told(reason="合同跨年"))
    found = evaluation(2025)
    assert (found.evaluation.execution_missing, found.evaluation.why.reason) == ("", "合同跨年")
    assert ("执行率低的原因", "合同跨年") in [
        tuple(slot.text for slot in row) for row in found.publication.tables[0].facts
    ]


def test_what_was_spent_of_another_project_is_not_this_ones(xianyang):
    paid("1000", project="别的项目")
    assert evaluation(2025).evaluation.spending == Spending(24_000_000, 0)


def test_the_sheet_of_targets_tells_of_execution(xianyang):
    assert performance_sheet(2025).notes[-1] == "执行率分值（10 分）：本年度没有已入账的支出凭证，尚无计量。"
    paid("228000")
    assert (
        performance_sheet(2025).notes[-1] == "执行率分值（10 分）：预算 24.00万元，执行 95.00%，得 9.50 分。"
    )


# --- a second person --------------------------------------------------------------------------------------------------


def test_what_a_person_judged_gives_no_points_before_another_confirms_it(xianyang):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    found = line(evaluation(2025).evaluation, "XB1")
    assert (found.points, found.said, found.missing) == (None, "达成预期指标", "待另一人确认")
    digest = open_judgements(2025, but=REVIEWER.code).digest
    assert say(confirm_judgements, year=2025, digest=digest).code == "evaluation.nothing_waits"
    assert confirm() == 1
    found = line(evaluation(2025).evaluation, "XB1")
    assert (found.points, found.missing) == (Decimal("12.0000"), "")
    assert confirm().code == "evaluation.nothing_waits"


def test_told_again_it_waits_again_and_reasons_alone_wait_for_nobody(xianyang):
    say(judge, year=2025, code="XL1", told=Told(reason="一张卡账户登记错误"))
    assert open_judgements(2025, but=REVIEWER.code).rows == ()
    for percent in (80, 90):
        say(judge, year=2025, code="XB1", told=Told(percent=percent, evidence="问卷"))
        assert line(evaluation(2025).evaluation, "XB1").points is None
        assert confirm() == 1
    assert line(evaluation(2025).evaluation, "XB1").points == Decimal("13.5000")


def test_what_changed_since_the_page_was_opened_is_not_confirmed_unseen(xianyang):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    digest = open_judgements(2025, but=REVIEWER.code).digest
    say(judge, year=2025, code="XB1", told=Told(percent=100, evidence="问卷"))
    assert confirm(digest=digest).code == "evaluation.changed"


def test_a_judgement_is_sent_back_with_a_reason_and_told_again(xianyang):
    send = partial(send_judgement_back, year=2025, code="XB1")
    assert as_reviewer(partial(send, note="问卷不足")).code == "evaluation.nothing_waits"
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    assert as_reviewer(partial(send, note=" ")).code == "note.missing"
    assert say(send_judgement_back, year=2025, code="XB1", note="自己").code == "evaluation.nothing_waits"
    assert as_reviewer(partial(send, note="问卷不足")) == "XB1"
    found = evaluation(2025)
    assert (found.notes, line(found.evaluation, "XB1").points) == ({"XB1": "问卷不足"}, None)
    assert confirm().code == "evaluation.nothing_waits"
    say(judge, year=2025, code="XB1", told=Told(percent=60, evidence="问卷 300 份"))
    assert evaluation(2025).notes == {} and confirm() == 1


def test_not_even_raw_sql_confirms_for_oneself_or_changes_what_was_confirmed(xianyang):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    for changes in ({"state": "confirmed"}, {"state": "confirmed", "checker": EDITOR.code}):
        with pytest.raises(Error, match="judgement"), transaction.atomic():
            Judgement.objects.update(**changes)
    confirm()
    with pytest.raises(Error, match="stands"), transaction.atomic():
        Judgement.objects.update(percent=100)


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


def test_nothing_is_kept_when_the_journal_refuses(xianyang, journal_refuses):
    with journal_refuses():
        say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    assert not Judgement.objects.exists()


def test_nothing_is_confirmed_or_sent_back_when_the_journal_refuses(xianyang, journal_refuses):
    say(judge, year=2025, code="XB1", told=Told(percent=80, evidence="问卷"))
    with journal_refuses():
        confirm()
    with journal_refuses():
        as_reviewer(partial(send_judgement_back, year=2025, code="XB1", note="问卷不足"))
    assert Judgement.objects.get().state == "told"
