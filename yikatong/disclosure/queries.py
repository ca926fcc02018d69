"""Reads: the published performance sheets with the year's figures beside their targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.disclosure.evaluation import Evaluation, Told, evaluate, publication
from yikatong.disclosure.evaluation import Spending as Executed
from yikatong.disclosure.form import Form, forms
from yikatong.disclosure.models import Judgement, Project, Spending
from yikatong.disclosure.publication import Publication
from yikatong.disclosure.sheet import Sheet, funds_of, lines_of, notes_of, totals
from yikatong.indicators import queries as indicators
from yikatong.indicators.rules import OPEN, tree_problems
from yikatong.office.queries import centre


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

    Refused: `disclosure.no_form` (no centre, or a province without a form), `disclosure.no_sheet` (no budget on file).
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
        lines=lines_of(form, board),
        weights=form.points is not None,
        points=form.points,
        execution_points=form.execution_points,
        weight_total=weight_total,
        score_total=score_total,
        measured=measured,
        indicators=count,
        notes=notes_of(form, problems, measured, count),
    )


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
    told = {
        row.code: Told(row.percent, row.last, row.this, row.evidence, row.reason, row.measures)
        for row in Judgement.objects.filter(**key)
    }
    spending = Spending.objects.filter(**key).first()
    evaluated = evaluate(
        indicators.board(period, table=form.table),
        told,
        Executed(spending.adjusted_fen, spending.executed_fen, spending.reason) if spending else None,
        form.execution_points,
        indicators.marks_of(period),
    )
    first = {(fund.span, fund.source): fund.amount_fen for fund in found.funds.all()}
    budget = first.get(("year", "total"), first.get(("whole", "total"), 0))
    facts = (
        ("项目名称", found.name), ("主管部门", found.department), ("实施单位", found.unit_name),
        ("年初预算数", form.unit.printed(budget)), ("年度目标", found.goal_year),
    )  # fmt: skip
    printed = publication(evaluated, form, year, facts, found.unit_name)
    return EvaluationPage(year, found.name, budget, evaluated, printed)


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


def _form() -> Form | None:
    here = centre()
    return forms().get(here.region[:2]) if here else None
