"""绩效自评: the year's targets with their points; what people have to tell of each; the sheet in any format."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.disclosure import queries, services
from yikatong.disclosure.evaluation import EXECUTION, Line, Told, actual
from yikatong.disclosure.formats import formats
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.queries import Waiting
from yikatong.indicators.rules import Nature
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.facts import EXPORTED
from yikatong.web.console.doors import actor_of, staff_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions

OFFERED = ("pdf", "docx", "xlsx")
NO_FORMAT = Refused("evaluation.format", "没有这种格式。", "There is no such format.")
NO_TARGET = Refused("evaluation.unknown_target", "本表没有这个指标。", "The sheet has no such target.")


@duty(Duty.DISCLOSURE_LOOK)
def evaluation(request: HttpRequest, year: int) -> HttpResponse:
    """Every target with its points; a figure leads to the events behind it, what is missing to where it is told."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)
    waiting = queries.open_judgements(year, but=actor_of(request).code).rows
    waits = {each.code for each in waiting}
    context = {
        "found": found,
        "lines": [
            (line, actual(line), found.notes.get(line.row.id, ""), line.row.id in waits)
            for line in found.evaluation.lines
        ],
        "waiting": len(waiting),
        "may_confirm": staff_of(request).has_duty(Duty.PERIOD_LOCK),
        "formats": [formats()[code] for code in OFFERED],
        "may_tell": staff_of(request).has_duty(Duty.PERIOD_PREPARE),
    }
    return page(request, "evaluation", context)


@duty(Duty.DISCLOSURE_LOOK)
def download(request: HttpRequest, year: int, form: str) -> HttpResponse:
    """The sheet in one of the formats; it holds nothing about anybody, and the journal says who took it."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)
    if form not in OFFERED:
        return refusal(request, NO_FORMAT)
    chosen = formats()[form]
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=gettext("绩效自评")) as act:
        act.record(
            EXPORTED, subject=f"sheet:{year}", what=found.publication.title, rows=len(found.evaluation.lines)
        )
    content = chosen.render(found.publication, Ledger(year, "", "", "", "", ()))
    name = content_disposition_header(True, chosen.file_name(found.publication)) or "attachment"
    return HttpResponse(content, content_type=chosen.media_type, headers={"Content-Disposition": name})


class Reasons(Questions):
    """On which evidence a target was judged, why it was missed and what is done about it."""

    evidence = forms.CharField(label=_("佐证"), required=False, max_length=200)
    reason = forms.CharField(label=_("偏差原因"), required=False, max_length=200)
    measures = forms.CharField(label=_("改进措施"), required=False, max_length=200)
    quiet = ("percent", "last", "this", "evidence", "reason", "measures")


class Growing(Reasons):
    """A target that is to grow."""

    last = forms.DecimalField(label=_("上年实际值"), required=False, max_digits=18, decimal_places=4)
    this = forms.DecimalField(label=_("本年实际值"), required=False, max_digits=18, decimal_places=4)
    field_order = ("last", "this", "evidence", "reason", "measures")


class Standing(Reasons):
    """Any other target."""

    percent = forms.IntegerField(
        label=_("完成程度（%）"),
        required=False,
        help_text=_("定性指标、没有计量的指标，以及有佐证的部分完成"),
    )
    field_order = ("percent", "evidence", "reason", "measures")


@duty(Duty.PERIOD_PREPARE)
def judge(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Tell of one target what only people know."""
    line = _target(year, code)
    if isinstance(line, Refused):
        return refusal(request, line)

    def work(act: Act, given: dict[str, Any]) -> Told | Refused:
        return services.judge(act, year=year, code=code, told=Told(**given))

    row = line.row
    before = {
        name: getattr(line.told, name) for name in Reasons.quiet if getattr(line.told, name) not in (None, "")
    }
    task = Task(
        gettext("填写自评：%(name)s") % {"name": row.name},
        work,
        lambda _told: _back(request, year, gettext("已保存“%(name)s”的自评。") % {"name": row.name}),
        Growing if row.nature == Nature.GROWTH else Standing,
        facts=((_("年度指标值"), row.target), (_("实际完成值"), actual(line)), (_("分值"), row.weight)),
        button=_("保存"),
        purpose=gettext("绩效自评"),
        back=f"/console/disclosure/{year}/evaluation/",
        initial=before,
    )
    return run(request, task)


class Explained(Questions):
    """Why little was spent."""

    reason = forms.CharField(label=_("执行率低的原因"), max_length=200)
    measures = forms.CharField(label=_("改进措施"), required=False, max_length=200)
    quiet = ("measures",)


@duty(Duty.PERIOD_PREPARE)
def explain(request: HttpRequest, year: int) -> HttpResponse:
    """Tell why little of the budget was spent; how much it was, the posted vouchers say."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, Any]) -> Told | Refused:
        return services.judge(act, year=year, code=EXECUTION, told=Told(**given))

    why, money = found.evaluation.why, found.evaluation.spending
    shown = (
        (
            (_("预算数（元）"), print_yuan(money.adjusted_fen)),
            (_("执行数（元）"), print_yuan(money.executed_fen)),
        )
        if money
        else ()
    )
    task = Task(
        gettext("说明预算执行：%(name)s") % {"name": found.project},
        work,
        lambda _told: _back(request, year, gettext("已保存预算执行的说明。")),
        Explained,
        facts=shown,
        button=_("保存"),
        purpose=gettext("绩效自评"),
        back=f"/console/disclosure/{year}/evaluation/",
        initial={"reason": why.reason, "measures": why.measures},
    )
    return run(request, task)


class Seen(Questions):
    """Carries what the page showed, so that nothing else is confirmed."""

    digest = forms.CharField(widget=forms.HiddenInput)


@duty(Duty.PERIOD_LOCK)
def confirm(request: HttpRequest, year: int) -> HttpResponse:
    """Another person confirms what people judged: all that waits, each with its evidence and who told it."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)
    waiting = queries.open_judgements(year, but=actor_of(request).code)
    lines = {line.row.id: line for line in found.evaluation.lines}

    def work(act: Act, given: dict[str, Any]) -> int | Refused:
        return services.confirm_judgements(act, year=year, **given)

    task = Task(
        gettext("确认自评的评定：%(count)d 项") % {"count": len(waiting.rows)},
        work,
        lambda count: _back(request, year, gettext("已确认 %(count)d 项评定。") % {"count": count}),
        Seen,
        facts=tuple(
            (lines[each.code].row.name, _judged(lines[each.code], each))
            for each in waiting.rows
            if each.code in lines
        ),
        button=_("全部确认"),
        note=_("有不同意的，请先在自评页上把那一项退回，再确认其余的。"),
        purpose=gettext("绩效自评"),
        back=f"/console/disclosure/{year}/evaluation/",
        initial={"digest": waiting.digest},
    )
    return run(request, task)


def _judged(line: Line, waiting: Waiting) -> str:
    parts = (
        gettext("指标值 %(target)s") % {"target": line.row.target} if line.row.target else "",
        line.said,
        gettext("佐证：%(evidence)s") % {"evidence": waiting.told.evidence},
        gettext("%(name)s填报") % {"name": waiting.maker_name} if waiting.maker_name else "",
    )
    return gettext("；").join(filter(None, parts))


class Note(Questions):
    """Why it goes back."""

    note = forms.CharField(label=_("原因"), max_length=200, help_text=_("编制人会看到"))


@duty(Duty.PERIOD_LOCK)
def send_back(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Give one judgement back to whoever told it."""
    line = _target(year, code)
    if isinstance(line, Refused):
        return refusal(request, line)

    def work(act: Act, given: dict[str, Any]) -> str | Refused:
        return services.send_judgement_back(act, year=year, code=code, **given)

    task = Task(
        gettext("退回评定：%(name)s") % {"name": line.row.name},
        work,
        lambda _code: _back(request, year, gettext("已退回“%(name)s”。") % {"name": line.row.name}),
        Note,
        facts=(
            (_("年度指标值"), line.row.target),
            (_("评定"), line.said),
            (_("佐证"), line.told.evidence),
        ),
        button=_("退回"),
        danger=True,
        purpose=gettext("绩效自评"),
        back=f"/console/disclosure/{year}/evaluation/",
    )
    return run(request, task)


def _target(year: int, code: str) -> Line | Refused:
    """The line of one target. Refused: as `queries.evaluation`; evaluation.unknown_target."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return found
    return next((each for each in found.evaluation.lines if each.row.id == code), NO_TARGET)


def _back(request: HttpRequest, year: int, said: str) -> HttpResponse:
    tell(request, said)
    return redirect("console:evaluation", year)
