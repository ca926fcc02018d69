"""Writes: what people tell of a year's targets and of its spending (自评)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.evaluation import Spending as Executed
from yikatong.disclosure.evaluation import Told, wrong
from yikatong.disclosure.models import Judgement, Spending
from yikatong.disclosure.queries import evaluation, sheet_project
from yikatong.indicators.queries import marks_of
from yikatong.indicators.scoring import spent
from yikatong.office.act import Act


def judge(act: Act, *, year: int, code: str, told: Told) -> Told | Refused:
    """Keep what people tell of one target of the year's sheet; again replaces it.

    Refused: what `queries.evaluation` refuses, `evaluation.unknown_target`, and what `evaluation.wrong` says.
    """
    page = evaluation(year)
    if isinstance(page, Refused):
        return page
    line = next((each for each in page.evaluation.lines if each.row.id == code), None)
    if line is None:
        return Refused(
            "evaluation.unknown_target",
            f"本表没有指标 {code}。",
            f"The sheet has no target {code}.",
            at="code",
        )
    refused = wrong(line.row.nature, told)
    if refused is not None:
        return refused
    Judgement.objects.update_or_create(**_key(year), code=code, defaults=asdict(told))
    act.record(
        facts.TARGET_JUDGED, subject=_subject(year), year=year, code=code, name=line.row.name, **_shown(told)
    )
    return told


def tell_spending(act: Act, *, year: int, spending: Executed) -> Executed | Refused:
    """Keep what was spent of the year's project, beside its budget after adjustments; again replaces it.

    Refused: what `queries.evaluation` refuses, `evaluation.no_budget`, `evaluation.amount`, `evaluation.reason` (little spent and
    no reason).
    """
    page = evaluation(year)
    if isinstance(page, Refused):
        return page
    if spending.executed_fen < 0:
        return Refused(
            "evaluation.amount", "执行数不能小于零。", "Less than nothing was spent.", at="executed"
        )
    marks = marks_of(Period((year, 1), 12))
    scored = spent(1, spending.executed_fen, spending.adjusted_fen, marks)
    if isinstance(scored, Refused):
        return scored
    if scored.explain and not spending.reason:
        return Refused(
            "evaluation.reason",
            f"执行率低于 {marks.explain_below}%，请说明原因。",
            f"Less than {marks.explain_below} % was spent: say why.",
            at="reason",
        )
    Spending.objects.update_or_create(**_key(year), defaults=asdict(spending))
    act.record(
        facts.SPENDING_TOLD,
        subject=_subject(year),
        year=year,
        project=page.project,
        executed=print_yuan(spending.executed_fen),
        adjusted=print_yuan(spending.adjusted_fen),
        reason=spending.reason,
    )
    return spending


def _key(year: int) -> dict[str, Any]:
    """Which sheet: that of the centre's project in its province's form; there is one where `evaluation` answered."""
    project = sheet_project(year)
    if project is None:
        raise LookupError(f"no sheet of {year}")
    return {"centre": project.centre, "year": year, "table": project.table}


def _subject(year: int) -> str:
    return "budget:{centre}-{year}-{table}".format(**_key(year))


def _shown(told: Told) -> dict[str, Any]:
    return {key: str(value) for key, value in asdict(told).items() if value not in (None, "")}
