"""绩效自评: the year's targets with their points; what people have to tell of each; the sheet in any format."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import fen_from_yuan
from yikatong.basics.refused import Refused
from yikatong.disclosure import queries, services
from yikatong.disclosure.evaluation import Spending, Told, actual
from yikatong.disclosure.formats import formats
from yikatong.disclosure.lines import Ledger
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
    context = {
        "found": found,
        "lines": [(line, actual(line)) for line in found.evaluation.lines],
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
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)
    line = next((each for each in found.evaluation.lines if each.row.id == code), None)
    if line is None:
        return refusal(request, NO_TARGET)

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


class Spent(Questions):
    """The year's budget after its adjustments and what was spent of it."""

    adjusted = forms.CharField(label=_("调整后预算数（元）"), max_length=20)
    executed = forms.CharField(label=_("全年执行数（元）"), max_length=20)
    reason = forms.CharField(label=_("执行率低的原因"), required=False, max_length=200)
    quiet = ("reason",)

    def clean_adjusted(self) -> int:
        return _fen(self.cleaned_data["adjusted"])

    def clean_executed(self) -> int:
        return _fen(self.cleaned_data["executed"])


def _fen(text: str) -> int:
    try:
        return fen_from_yuan(text.replace(",", "").strip())
    except ValueError:
        raise forms.ValidationError(gettext("请填以元为单位的金额，最多两位小数。")) from None


@duty(Duty.PERIOD_PREPARE)
def spend(request: HttpRequest, year: int) -> HttpResponse:
    """Tell what was spent of the year's project."""
    found = queries.evaluation(year)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, Any]) -> Spending | Refused:
        return services.tell_spending(
            act, year=year, spending=Spending(given["adjusted"], given["executed"], given["reason"])
        )

    task = Task(
        gettext("填报预算执行：%(name)s") % {"name": found.project},
        work,
        lambda _told: _back(request, year, gettext("已保存预算执行。")),
        Spent,
        button=_("保存"),
        purpose=gettext("绩效自评"),
        back=f"/console/disclosure/{year}/evaluation/",
    )
    return run(request, task)


def _back(request: HttpRequest, year: int, said: str) -> HttpResponse:
    tell(request, said)
    return redirect("console:evaluation", year)
