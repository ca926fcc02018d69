"""名单比对: lists of other authorities brought, compared in the background, and their deaths approved by a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.office import clock, jobs
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import regions
from yikatong.office.readers import look_up
from yikatong.office.scope import Scope, outside
from yikatong.quality import queries
from yikatong.quality.queries import ComparisonRow
from yikatong.quality.rules import CLAIMS, JUDGED, RECEIVED, Claim
from yikatong.quality.services.deaths import approve_deaths
from yikatong.quality.services.receiving import receive_list
from yikatong.quality.source import sources
from yikatong.quality.tasks import compare_lists
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named, region_name

AT_ONCE = 50
UNKNOWN = Refused("comparison.unknown", "没有这份名单。", "There is no such list.")


class ListFile(Questions):
    """A list, whose it is, and what it says of itself."""

    source = forms.ChoiceField(label=_("来源单位"))
    claim = forms.ChoiceField(
        label=_("名单种类"),
        widget=forms.RadioSelect,
        help_text=_("全量名单里没有的人，会作为“对方无”的差异列出"),
    )
    region = forms.ChoiceField(label=_("名单所涉地区"))
    as_of = forms.DateField(
        label=_("数据截止日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("名单文件"),
        help_text=_(
            "CSV（UTF-8 或 GB18030）或 XLSX，第一行是列名，必须有证件号码、姓名；死亡名单还要有死亡日期"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "source": [("", _("请选择")), *((each.code, named(each)) for each in sources().values())],
            "claim": [(each.code, named(each)) for each in Claim],
            "region": [(each.code, each.name) for each in regions() if scope.covers(each.code)],
        }
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = pairs
        self.fields["as_of"].widget.attrs["max"] = clock.today().isoformat()


@duty(Duty.QUALITY_LOOK)
def comparisons(request: HttpRequest) -> HttpResponse:
    """The lists brought so far, the newest first, and what is still to be looked into."""
    start = start_of(request)
    scope = scope_of(request)
    rows = queries.comparisons(scope, AT_ONCE + 1, start)
    context = {
        "rows": rows[:AT_ONCE],
        "counts": queries.type_counts(scope),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "comparisons", context)


@duty(Duty.QUALITY_COMPARE)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a list; it is compared in the background, and its page shows how far that has come."""
    scope = scope_of(request)
    form = (
        ListFile(request.POST, request.FILES, scope=scope)
        if request.method == "POST"
        else ListFile(scope=scope)
    )
    if not form.is_bound or not form.is_valid():
        return page(request, "comparison_new", {"form": form, "sources": sources().values()})
    given = form.cleaned_data
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="提交比对名单") as act:
        row = receive_list(
            act,
            source=given["source"],
            claim=CLAIMS[given["claim"]],
            region=given["region"],
            as_of=given["as_of"],
            name=given["file"].name,
            content=given["file"].read(),
            scope=scope,
        )
        if not isinstance(row, Refused):
            jobs.poke(compare_lists)
    if isinstance(row, Refused):
        form.refuse(row)
        return page(request, "comparison_new", {"form": form, "sources": sources().values()})
    tell(request, gettext("名单已收到，正在比对；可以离开本页，稍后再看。"))
    return redirect("console:comparison", row.number)


@duty(Duty.QUALITY_LOOK)
def comparison(request: HttpRequest, number: str) -> HttpResponse:
    """One list: how far it has come, what it brought to light by type, its unreadable rows, its history."""
    row = _for(request, number)
    if isinstance(row, Refused):
        return refusal(request, row)
    deaths = queries.certain_deaths(row.id) if row.state is JUDGED and row.claim is Claim.DEATHS else None
    context = {
        "row": row,
        "waiting": row.state is RECEIVED,
        "facts": list_facts(row),
        "counts": queries.type_counts(scope_of(request), list_number=number),
        "deaths": len(deaths.days) if deaths else 0,
        "own": row.maker == actor_of(request).code,
        "story": look_up(subject=f"comparison:{row.number}", limit=30),
    }
    template = "comparison_progress" if request.GET.get("part") == "progress" else "comparison"
    return page(request, template, context)


@duty(Duty.QUALITY_DEATHS)
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve the certain deaths of a list: by somebody else than who brought it, and exactly what was shown."""
    row = _for(request, number)
    if isinstance(row, Refused):
        return refusal(request, row)
    found = queries.certain_deaths(row.id)

    def work(act: Act, given: dict[str, Any]) -> Any:
        return approve_deaths(
            act, number=number, digest=bytes.fromhex(given["digest"]), scope=scope_of(request)
        )

    def done(result: tuple[ComparisonRow, int]) -> HttpResponse:
        count = result[1]
        tell(
            request,
            ngettext("已登记 %(count)d 人死亡。", "已登记 %(count)d 人死亡。", count) % {"count": count},
        )
        return redirect("console:comparison", number)

    facts: tuple[Answer, ...] = (
        *list_facts(row),
        (_("拟登记死亡人数"), len(found.days)),
        (
            _("逐条查看"),
            format_html(
                '<a href="{}?type=dead_there&amp;list={}">{}</a>',
                reverse("console:differences"),
                number,
                _("死亡差异清单"),
            ),
        ),
        (_("拟登记内容摘要（SM3）"), found.digest.hex()),
    )
    task = Task(
        _("审核死亡名单"),
        work,
        done,
        form=Approval,
        initial={"digest": found.digest.hex()},
        facts=facts,
        button=_("确认登记死亡"),
        purpose="审核死亡名单",
        danger=True,
        warning=_(
            "登记后不能再为这些人受理申领和发卡；卡不会自动注销。姓名或出生日期对不上的不在其中，留待逐条核实。"
        ),
        back=reverse("console:comparison", args=[number]),
    )
    return run(request, task)


class Approval(Questions):
    """What was looked at: the digest travels with the page."""

    digest = forms.RegexField(regex="^[0-9a-f]{64}$", widget=forms.HiddenInput)


def list_facts(row: ComparisonRow) -> tuple[Answer, ...]:
    """A list as task pages show it."""
    return (
        (_("来源单位"), named(row.source)),
        (_("名单种类"), named(row.claim)),
        (_("地区"), region_name(row.region)),
        (_("数据截止"), row.as_of.isoformat()),
        (_("文件"), row.file),
        (_("提交时间"), f"{timezone.localtime(row.received_at):%Y-%m-%d %H:%M}"),
    )


def _for(request: HttpRequest, number: str) -> ComparisonRow | Refused:
    row = queries.comparison(number)
    if row is None:
        return UNKNOWN
    return row if scope_of(request).covers(row.region) else outside(row.region)
