"""导入名单: a list is uploaded, judged while the page may be closed, looked at, approved by another, and taken in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.office import jobs
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents import lists as queries
from yikatong.residents import services
from yikatong.residents.lists import ListRow
from yikatong.residents.roster import FORM
from yikatong.residents.rules import Outcome, Trust
from yikatong.residents.tasks import work_lists
from yikatong.residents.workbooks import blank_workbook
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, named

AT_ONCE = 50
WHOLE, ROWS = "whole", "rows"
MODES = (
    (WHOLE, _("全部正确才导入：有一行不对，一行也不导入")),
    (ROWS, _("逐行导入：正确的行导入，有问题的行退回更正")),
)
UNKNOWN = Refused("list.unknown", "没有这份名单。", "There is no such list.")
TO_LOOK_AT = tuple(each for each in Outcome if each not in (Outcome.NEW, Outcome.SAME))


class PeopleFile(Questions):
    """A list of people: the file, whose it is, and how it is to be taken in."""

    file = forms.FileField(
        label=_("名单文件（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )
    source = forms.CharField(label=_("来源"), max_length=40, help_text=_("例如：某县公安局户籍数据"))
    trust = forms.TypedChoiceField(
        label=_("可信程度"),
        coerce=lambda value: Trust(int(value)),
        help_text=_("更可信的来源给的值，不会被较低的覆盖"),
    )
    mode = forms.ChoiceField(label=_("怎样导入"), choices=MODES, widget=forms.RadioSelect, initial=WHOLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trust = self.fields["trust"]
        assert isinstance(trust, forms.TypedChoiceField)
        # A list is never a person's own word.
        trust.choices = [(each.value, named(each)) for each in Trust if each is not Trust.SELF]


class Approval(Questions):
    """Carries what the approver saw, so that nothing else is approved."""

    judgement = forms.CharField(widget=forms.HiddenInput)


class Reason(Questions):
    """Why a list is turned down."""

    reason = forms.CharField(label=_("不予导入的原因"), max_length=100, help_text=_("上传人会看到"))


@duty(Duty.RESIDENT_IMPORT_LOOK)
def lists(request: HttpRequest) -> HttpResponse:
    """All lists in the reader's scope, where they stand and since when."""
    start = start_of(request)
    rows = queries.lists(scope_of(request), AT_ONCE + 1, start)
    context = {
        "rows": rows[:AT_ONCE],
        "waiting": queries.lists_to_approve(scope_of(request)),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "import_lists", context)


@duty(Duty.RESIDENT_IMPORT)
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a list. It is judged by the house; the page one is led to shows how far that has come."""
    form = PeopleFile(request.POST, request.FILES) if request.method == "POST" else PeopleFile()
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        name = named_act(request)

        def work(act: Act) -> ListRow | Refused:
            jobs.poke(work_lists)
            return services.upload_list(
                act,
                name=given["file"].name,
                content=given["file"].read(),
                source=given["source"],
                trust=given["trust"],
                only_good=given["mode"] == ROWS,
                scope=scope_of(request),
            )

        row = at_most_once(request, name, work, purpose="导入名单")
        if name is not None and row is AGAIN:
            return done_already(request, name, reverse("console:import_lists"))
        if not isinstance(row, Refused):
            return remember(request, name, redirect("console:import_list", row.id))
        form.refuse(row)
    columns = [(names[0], names[1:], column in FORM.required) for column, names in FORM.columns.items()]
    context = {"form": form, "columns": columns, "passed_over": sorted(FORM.passed_over)}
    context["act"] = name_act(request)
    return page(request, "import_upload", context)


@duty(Duty.RESIDENT_IMPORT)
def form_file(request: HttpRequest) -> HttpResponse:
    """The empty form of a list, as a workbook."""
    return _workbook(blank_workbook(FORM), "people-list.xlsx")


@duty(Duty.RESIDENT_IMPORT_LOOK)
def one_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """One list: how far it is, what it comes to, and the rows that want a look."""
    row = queries.one_list(list_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    chosen = _chosen(request, row)
    start = start_of(request)
    found = queries.lines(list_id, [chosen] if chosen else TO_LOOK_AT, AT_ONCE + 1, start)
    context = {
        "list": row,
        "facts": list_facts(row),
        "tabs": [(each, count) for each, count in row.outcomes if each in TO_LOOK_AT and count],
        "chosen": chosen,
        "kept": f"outcome={chosen.value}" if chosen else "",
        "lines": [(each, [gettext(name) for name in each.changes]) for each in found[:AT_ONCE]],
        "own": row.uploaded_by == actor_of(request).code,
        **turns(start, AT_ONCE, found),
    }
    return page(request, "import_list", context)


def _chosen(request: HttpRequest, row: ListRow) -> Outcome | None:
    wanted = request.GET.get("outcome", "")
    return next((each for each in TO_LOOK_AT if each.value == wanted), None)


@duty(Duty.RESIDENT_IMPORT_LOOK)
def progress(request: HttpRequest, list_id: int) -> HttpResponse:
    """How far a list is, for its page to ask again; when the house has done its part the page is read anew."""
    row = queries.one_list(list_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    response = page(request, "import_progress", {"list": row})
    if not row.busy:
        response["HX-Refresh"] = "true"
    return response


@duty(Duty.RESIDENT_IMPORT)
def problems_file(request: HttpRequest, list_id: int) -> HttpResponse:
    """The problems of a list as a workbook; the download is journalled."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="导入名单") as act:
        content = services.export_problems(act, list_id, scope=scope_of(request))
    if isinstance(content, Refused):
        return refusal(request, content)
    return _workbook(content, f"list-{list_id}-problems.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def list_facts(row: ListRow) -> tuple[Answer, ...]:
    """A list as its page and its tasks show it."""
    mode = dict(MODES)[ROWS if row.only_good else WHOLE]
    found: list[Answer] = [
        (_("文件"), f"{row.file_name}（{filesizeformat(row.size)}）"),
        (_("来源"), row.source),
        (_("可信程度"), named(row.trust)),
        (_("怎样导入"), mode),
        (_("上传"), f"{row.uploaded_by_name}，{timezone.localtime(row.uploaded_at):%Y-%m-%d %H:%M}"),
    ]
    if row.passed_over:
        found.append((_("不采用的列"), ("、" if not english() else ", ").join(row.passed_over)))
    if row.approved_at:
        found.append(
            (_("审批"), f"{row.approved_by_name}，{timezone.localtime(row.approved_at):%Y-%m-%d %H:%M}")
        )
    return tuple(found)


def _counts(row: ListRow) -> tuple[Answer, ...]:
    return tuple((named(outcome), count) for outcome, count in row.outcomes)


@duty(Duty.RESIDENT_IMPORT_APPROVE)
def approve(request: HttpRequest, list_id: int) -> HttpResponse:
    """Approve a list: exactly what the page shows, and nobody their own."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        row = services.approve_list(act, list_id, judgement=given["judgement"], scope=scope_of(request))
        jobs.poke(work_lists)
        return row

    def done(row: ListRow) -> HttpResponse:
        tell(request, gettext("已批准，正在导入。"))
        return redirect("console:import_list", row.id)

    row = queries.one_list(list_id, scope_of(request))
    warning = ""
    if row is not None and row.trust is Trust.POLICE:
        warning = gettext(
            "按“公安”的可信程度导入：名单中的值会取代其他任何来源的值。请确认名单确实来自公安机关。"
        )
    return _on_list(
        request,
        row,
        _("批准导入"),
        work,
        done,
        form=Approval,
        initial={"judgement": row.judgement if row else ""},
        button=_("批准导入"),
        warning=warning,
    )


@duty(Duty.RESIDENT_IMPORT_APPROVE)
def turn_down(request: HttpRequest, list_id: int) -> HttpResponse:
    """Turn a list down, saying why."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.refuse_list(act, list_id, reason=given["reason"], scope=scope_of(request))

    def done(row: ListRow) -> HttpResponse:
        tell(request, gettext("名单已退回，没有导入。"))
        return redirect("console:import_list", row.id)

    row = queries.one_list(list_id, scope_of(request))
    return _on_list(
        request, row, _("不予导入"), work, done, form=Reason, button=_("确认不予导入"), danger=True
    )


@duty(Duty.RESIDENT_IMPORT)
def withdraw(request: HttpRequest, list_id: int) -> HttpResponse:
    """Take a list back; its file and rows are removed."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.withdraw_list(act, list_id, scope=scope_of(request))

    def done(row: ListRow) -> HttpResponse:
        tell(request, gettext("名单已撤回，文件已清除。"))
        return redirect("console:import_lists")

    row = queries.one_list(list_id, scope_of(request))
    return _on_list(
        request,
        row,
        _("撤回名单"),
        work,
        done,
        button=_("确认撤回"),
        danger=True,
        warning=_("撤回后文件和核验结果一并清除；需要时可重新上传。"),
    )


def _on_list(
    request: HttpRequest, row: ListRow | None, title: Any, work: Any, done: Any, **more: Any
) -> HttpResponse:
    if row is None:
        return refusal(request, UNKNOWN)
    task = Task(
        title,
        work,
        done,
        facts=(*list_facts(row), *_counts(row)),
        back=reverse("console:import_list", args=[row.id]),
        purpose="导入名单",
        **more,
    )
    return run(request, task)
