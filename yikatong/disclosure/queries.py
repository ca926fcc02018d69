"""Reads: the published performance sheets with the year's figures beside their targets."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from decimal import Decimal

from yikatong.basics.crypto import sm3
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.disclosure import documents
from yikatong.disclosure.charts import percent
from yikatong.disclosure.evaluation import (
    NO_VOUCHERS,
    Evaluation,
    Spending,
    Told,
    evaluate,
    publication,
)
from yikatong.disclosure.execution import Use, executed
from yikatong.disclosure.form import Form, forms
from yikatong.disclosure.models import Judgement, Project
from yikatong.disclosure.publication import Publication
from yikatong.disclosure.rules import CONFIRMED, TOLD
from yikatong.disclosure.sheet import Sheet, funds_of, lines_of, notes_of, totals
from yikatong.indicators import queries as indicators
from yikatong.indicators.rules import OPEN, tree_problems
from yikatong.indicators.scoring import Score, execution, on_form
from yikatong.office.queries import centre
from yikatong.spending import queries as spending


def sheets() -> tuple[tuple[int, str], ...]:
    """The sheets on file for this centre: (year, title), latest first."""
    here = centre()
    form = _form()
    if here is None or form is None:
        return ()
    years = (
        Project.objects.filter(centre=here.code, table=form.table)
        .order_by("-year")
        .values_list("year", flat=True)
    )
    return tuple((year, form.title) for year in years)


def performance_sheet(year: int) -> Sheet | Refused:
    """The centre's performance sheet of a year in its province's form, targets beside the figures last computed.

    Refused: `disclosure.no_form` (no centre, or a province without a form), `disclosure.no_sheet` (no budget on file),
    `disclosure.no_heading` (a target under a heading that the form does not have).
    """
    here, form = centre(), _form()
    if here is None or form is None:
        return Refused(
            "disclosure.no_form",
            "本中心所在省份没有公开表模板。",
            "There is no form for this centre's province.",
        )
    project = Project.objects.filter(centre=here.code, year=year, table=form.table).first()
    if project is None:
        return Refused(
            "disclosure.no_sheet",
            f"没有{year}年的绩效目标表。",
            f"There is no performance sheet for {year}.",
            at="year",
        )
    period = Period((year, 1), 12)
    board = indicators.board(period, table=form.table)
    lines = lines_of(form, board)
    if isinstance(lines, Refused):
        return lines
    table = next((each for each in indicators.tables(year) if each.code == form.table), None)
    # A form that has no weights is not wanting any.
    problems = tree_problems(table.targets, Decimal(form.points)) if table and form.points is not None else ()
    weight_total, score_total, measured, count = totals(board)
    reported = indicators.period_of(period)
    return Sheet(
        title=form.title,
        year=year,
        unit=form.unit.value,
        project=project.name,
        department=project.department,
        unit_name=project.unit_name,
        document=project.document,
        state=(reported.state if reported else OPEN).zh,
        digest=reported.digest if reported else "",
        goals=tuple((label, str(getattr(project, field))) for label, field in form.goals),
        funds=funds_of(form, {(fund.span, fund.source): fund.amount_fen for fund in project.funds.all()}),
        lines=lines,
        weights=form.points is not None,
        points=form.points,
        execution_points=form.execution_points,
        weight_total=weight_total,
        score_total=score_total,
        measured=measured,
        indicators=count,
        notes=notes_of(problems, measured, count, _execution_note(form, project)),
    )


def _execution_note(form: Form, project: Project) -> str:
    """The points for execution, which stand beside those of the targets; empty where the form has none."""
    if form.execution_points is None:
        return ""
    head = f"执行率分值（{form.execution_points} 分）："
    money = _spending(project)
    if money is None:
        return f"{head}{NO_VOUCHERS}。"
    marks = indicators.marks_of(Period((project.year, 1), 12))
    scored = execution(form.execution_points, money.executed_fen, money.adjusted_fen, marks)
    if not isinstance(scored, Score):
        return f"{head}{scored.zh}"
    rate = percent(money.executed_fen, money.adjusted_fen)
    return f"{head}预算 {form.unit.printed(money.adjusted_fen)}{form.unit}，执行 {rate}%，得 {on_form(scored.points)} 分。"


def evaluation(year: int) -> EvaluationPage | Refused:
    """A year's self-evaluation (自评) of the centre's project. Refused as `performance_sheet`; `evaluation.no_weights`."""
    form, found = _form(), sheet_project(year)
    if form is None or found is None:
        return Refused(
            "disclosure.no_sheet",
            f"没有{year}年的绩效目标表。",
            f"There is no performance sheet for {year}.",
            at="year",
        )
    if form.points is None or form.execution_points is None:
        return Refused(
            "evaluation.no_weights",
            "本省的绩效目标表没有分值权重，不能计分。",
            "This province's sheet has no weights to score by.",
        )
    period, key = Period((year, 1), 12), {"centre": found.centre, "year": year, "table": form.table}
    rows = list(Judgement.objects.filter(**key))
    evaluated = evaluate(
        indicators.board(period, table=form.table),
        {row.code: _told(row) for row in rows},
        _spending(found),
        form.execution_points,
        indicators.marks_of(period),
        {row.code for row in rows if row.state != CONFIRMED.code},
    )
    budget = _first_budget(found)
    facts = (
        ("项目名称", found.name), ("主管部门", found.department), ("实施单位", found.unit_name),
        ("年初预算数", form.unit.printed(budget)), ("年度目标", found.goal_year),
    )  # fmt: skip
    printed = publication(evaluated, form, year, facts, found.unit_name)
    notes = {row.code: row.note for row in rows if row.note}
    return EvaluationPage(year, found.name, budget, evaluated, printed, notes)


def _told(row: Judgement) -> Told:
    return Told(row.percent, row.last, row.this, row.evidence, row.reason, row.measures)


def _first_budget(project: Project) -> int:
    """The project's money of the year as its sheet tells it."""
    first = {(fund.span, fund.source): fund.amount_fen for fund in project.funds.all()}
    return first.get(("year", "total"), first.get(("whole", "total"), 0))


def _spending(project: Project) -> Spending | None:
    """What posted vouchers spent of the project beside its budget: that of the unit's published budget with its adjustments, or
    of its sheet where none is published. None while no voucher of the year is posted."""
    posted = spending.spent(project.year)
    if not posted:
        return None
    rows = executed(documents.published_lines(project.unit_name, project.year), posted)
    row = next((each for each in rows if each.use == Use("项目", project.name)), None)
    if row is None:
        return Spending(_first_budget(project), 0)
    return Spending(row.budget_fen or _first_budget(project), row.spent_fen)


@dataclass(frozen=True)
class Waiting:
    """A judgement that somebody else has to confirm."""

    code: str
    told: Told
    maker_name: str


@dataclass(frozen=True)
class WaitingJudgements:
    """All of a year that wait, and the SM3 (hex) over what they say."""

    rows: tuple[Waiting, ...]
    digest: str


def open_judgements(year: int, *, but: str) -> WaitingJudgements:
    """The judgements of the year's sheet that give points and wait for another person than that actor."""
    project = sheet_project(year)
    rows = (
        Judgement.objects.none()
        if project is None
        else Judgement.objects.filter(
            centre=project.centre, year=year, table=project.table, state=TOLD.code
        ).exclude(maker=but)
    )
    found = tuple(
        Waiting(row.code, _told(row), row.maker_name)
        for row in rows.order_by("code")
        if _told(row).gives_points
    )
    text = json.dumps([[each.code, *map(str, astuple(each.told))] for each in found], ensure_ascii=False)
    return WaitingJudgements(found, sm3(text.encode()).hex())


def sheet_project(year: int) -> Project | None:
    """The project whose sheet the centre prints that year (for this package's services)."""
    here, form = centre(), _form()
    if here is None or form is None:
        return None
    return Project.objects.filter(centre=here.code, year=year, table=form.table).first()


@dataclass(frozen=True)
class EvaluationPage:
    """A project's evaluation: its budget at the beginning of the year in fen, and the document that prints it."""

    year: int
    project: str
    budget_fen: int
    evaluation: Evaluation
    publication: Publication
    notes: dict[str, str]
    """Why judgements were sent back, by code."""


def _form() -> Form | None:
    here = centre()
    return forms().get(here.region[:2]) if here else None
