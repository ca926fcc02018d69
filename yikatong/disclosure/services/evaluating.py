"""Writes: what people tell of a year's targets (自评), and another person's word to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.evaluation import EXECUTION, Told, wrong
from yikatong.disclosure.models import Judgement
from yikatong.disclosure.queries import EvaluationPage, evaluation, open_judgements, sheet_project
from yikatong.disclosure.rules import JUDGEMENT, TOLD
from yikatong.disclosure.services.locked import note_problem
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance


def judge(act: Act, *, year: int, code: str, told: Told) -> Told | Refused:
    """Keep what people tell of one target of the year's sheet, or of EXECUTION; again replaces it, and it waits to be confirmed
    anew.

    Refused: what `queries.evaluation` refuses, `evaluation.unknown_target`, and what `evaluation.wrong` says.
    """
    page = evaluation(year)
    if isinstance(page, Refused):
        return page
    subject = _about(page, code)
    if isinstance(subject, Refused):
        return subject
    name, nature = subject
    refused = wrong(nature, told)
    if refused is not None:
        return refused
    words = {**asdict(told), "maker": act.actor.code, "maker_name": act.actor.name}
    row, new = Judgement.objects.select_for_update(no_key=True).get_or_create(
        **_key(year), code=code, defaults=words
    )
    if not new:
        anew = {**words, "checker": "", "checker_name": "", "note": ""}
        if row.state == TOLD.code:
            Judgement.objects.filter(pk=row.pk).update(**anew)
        else:
            advance(row, JUDGEMENT, "tell_again", **anew)
    act.record(facts.TARGET_JUDGED, subject=_subject(year), year=year, code=code, name=name, **_shown(told))
    return told


def confirm_judgements(act: Act, *, year: int, digest: str) -> int | Refused:
    """Confirm all judgements of the year that wait for somebody else than their maker, as the page showed them (`digest`, in
    hex). Returns how many.

    Refused: what `queries.evaluation` refuses, `evaluation.nothing_waits`, `evaluation.changed`.
    """
    page = evaluation(year)
    if isinstance(page, Refused):
        return page
    held = list(_rows(year).select_for_update(no_key=True).order_by("id"))
    waiting = open_judgements(year, but=act.actor.code)
    if not waiting.rows:
        return Refused(
            "evaluation.nothing_waits",
            "没有等您确认的评定；自己填的评定须由另一人确认。",
            "No judgement waits for you; what you told yourself is confirmed by another person.",
        )
    if waiting.digest != digest:
        return Refused(
            "evaluation.changed",
            "打开页面之后评定有变动，请重新查看再确认。",
            "Judgements have changed since this page was opened; look at them again.",
        )
    chosen = {each.code for each in waiting.rows}
    for row in held:
        if row.code in chosen:
            advance(row, JUDGEMENT, "confirm", checker=act.actor.code, checker_name=act.actor.name)
    act.record(
        facts.JUDGEMENTS_CONFIRMED, subject=_subject(year), year=year, count=len(chosen), digest=digest,
        codes=sorted(chosen),
    )  # fmt: skip
    return len(chosen)


def send_judgement_back(act: Act, *, year: int, code: str, note: str) -> str | Refused:
    """Give a judgement that waits back to its maker, saying why; it gives no points until it is told again. Returns its code.

    Refused: note.missing, what `queries.evaluation` refuses, `evaluation.nothing_waits`.
    """
    if (refused := note_problem(note, "note")) is not None:
        return refused
    page = evaluation(year)
    if isinstance(page, Refused):
        return page
    row = _rows(year).select_for_update(no_key=True).filter(code=code).first()
    if row is None or code not in {each.code for each in open_judgements(year, but=act.actor.code).rows}:
        return Refused(
            "evaluation.nothing_waits",
            "这一项没有等您确认的评定。",
            "No judgement of this target waits for you.",
        )
    advance(
        row, JUDGEMENT, "send_back", note=note.strip(), checker=act.actor.code, checker_name=act.actor.name
    )
    act.record(facts.JUDGEMENT_RETURNED, subject=_subject(year), year=year, code=code, note=note.strip())
    return code


def _about(page: EvaluationPage, code: str) -> tuple[str, str] | Refused:
    """Name and nature of what is told of."""
    if code == EXECUTION:
        return "预算执行", EXECUTION
    line = next((each for each in page.evaluation.lines if each.row.id == code), None)
    if line is None:
        return Refused(
            "evaluation.unknown_target",
            f"本表没有指标 {code}。",
            f"The sheet has no target {code}.",
            at="code",
        )
    return line.row.name, line.row.nature


def _rows(year: int) -> Any:
    return Judgement.objects.filter(**_key(year))


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
