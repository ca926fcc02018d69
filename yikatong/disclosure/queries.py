"""Reads: the published performance sheets with the year's figures beside their targets."""

from __future__ import annotations

from decimal import Decimal

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.disclosure.form import Form, forms
from yikatong.disclosure.models import Project
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


def _form() -> Form | None:
    here = centre()
    return forms().get(here.region[:2]) if here else None
