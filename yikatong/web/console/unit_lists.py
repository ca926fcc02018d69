"""集体申领: a unit's list is brought and judged, looked at, taken or turned down by another, and followed to the end."""

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
from yikatong.cards import unit_lists as queries
from yikatong.cards.collective import PhoneComes
from yikatong.cards.roll import FORM
from yikatong.cards.services import apply_by_list as services
from yikatong.cards.services.list_problems import export_list_problems
from yikatong.cards.stages import Stage
from yikatong.cards.unit_lists import ListRow
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.places import outlets
from yikatong.residents.workbooks import blank_workbook
from yikatong.web.banks import bank_choices, bank_name
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.imports import Approval
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.shown import note_names
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, named

AT_ONCE = 50
WHOLE, GOOD = "whole", "good"
MODES = (
    (WHOLE, _("全部正确才受理：有一行不对，一行也不受理")),
    (GOOD, _("只受理正确的行：有问题的行退回单位更正")),
)
PURPOSE = "集体申领"


class UnitFile(Questions):
    """A unit's list: whose it is, where its cards go, and how it is to be taken."""

    unit_code = forms.ChoiceField(label=_("单位"), help_text=_("没有的先登记单位"))
    file = forms.FileField(
        label=_("名单文件（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )
    outlet_code = forms.ChoiceField(
        label=_("领卡网点"), help_text=_("全部卡送到这个网点，由单位经办人一次领走")
    )
    bank_code = forms.ChoiceField(label=_("服务银行"))
    mode = forms.ChoiceField(label=_("怎样受理"), choices=MODES, widget=forms.RadioSelect, initial=WHOLE)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(request)
        here = [each for each in outlets() if scope.covers(each.region, each.code)]
        units = queries.units(scope, active=True, limit=5_000)
        self.offer("unit_code", [(each.code, each.name) for each in units])
        self.offer("outlet_code", [(each.code, each.name) for each in here])
        self.offer("bank_code", bank_choices())


class Reason(Questions):
    """Why a list is turned down."""

    reason = forms.CharField(
        label=_("不予受理的原因"), max_length=services.REASON_LENGTH, help_text=_("上传人会看到")
    )


@duty(Duty.CARD_LOOK)
def lists(request: HttpRequest) -> HttpResponse:
    """All lists in the reader's scope, and how far the orders of each are."""
    start = start_of(request)
    rows = queries.lists(scope_of(request), AT_ONCE + 1, start)
    context = {
        "rows": rows[:AT_ONCE],
        "waiting": queries.lists_waiting(scope_of(request)),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "unit_lists", context)


@duty(Duty.CARD_LIST)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a unit's list; it is judged at once, and its page says what every line comes to."""
    initial = {"unit_code": request.GET.get("unit", "")}
    form = (
        UnitFile(request.POST, request.FILES, request=request)
        if request.method == "POST"
        else UnitFile(request=request, initial=initial)
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        name = named_act(request)

        def work(act: Act) -> ListRow | Refused:
            return services.bring_list(
                act,
                unit_code=given["unit_code"],
                name=given["file"].name,
                content=given["file"].read(),
                outlet_code=given["outlet_code"],
                bank_code=given["bank_code"],
                only_good=given["mode"] == GOOD,
                scope=scope_of(request),
            )

        row = at_most_once(request, name, work, purpose=PURPOSE)
        if name is not None and row is AGAIN:
            return done_already(request, name, reverse("console:unit_lists"))
        if not isinstance(row, Refused):
            return remember(request, name, redirect("console:unit_list", row.number))
        form.refuse(row)
    columns = [(known[0], known[1:], column in FORM.required) for column, known in FORM.columns.items()]
    return page(
        request,
        "unit_list_bring",
        {
            "form": form,
            "columns": columns,
            "passed_over": sorted(FORM.passed_over),
            "act": name_act(request),
        },
    )


@duty(Duty.CARD_LIST)
def form_file(request: HttpRequest) -> HttpResponse:
    """The empty form of a unit's list, as a workbook."""
    return _workbook(blank_workbook(FORM), "unit-list.xlsx")


@duty(Duty.CARD_LOOK)
def one_list(request: HttpRequest, number: str) -> HttpResponse:
    """One list: what its lines come to while it waits, and how far each person's card is once it was taken."""
    row = queries.application_list(number, scope_of(request))
    if row is None:
        return refusal(request, queries.unknown_list(number))
    start = start_of(request)
    wanted = request.GET.get("show", "")
    stage = next((each for each in Stage if each.value == wanted), None) if row.taken else None
    outcome = wanted if row.waits and wanted in row.counts else ""
    phone = (
        next((each for each in row.phones if wanted == f"phone-{each.value}"), None) if row.waits else None
    )
    people = row.taken and wanted != "wrong"
    if phone is not None:
        found = queries.lines_with_phones(row.id, phone, AT_ONCE + 1, start)
    elif people:
        found = queries.people_of_list(row.id, stage, AT_ONCE + 1, start)
    else:
        found = queries.lines_to_look_at(row.id, outcome, AT_ONCE + 1, start)
    shown = [each.order.resident_id for each in found[:AT_ONCE] if each.order]
    if shown:
        note_names(request, sorted(shown), f"集体申领名单 {row.number}", f"list {row.number}")
    shows = wanted if stage or outcome or phone or wanted == "wrong" else ""
    context = {
        "list": row,
        "facts": list_facts(row),
        "same": queries.same_file(row) if row.waits else None,
        "own": row.uploaded_by == actor_of(request).code,
        "people": people,
        "phone": phone,
        "wanted": shows,
        "kept": f"show={shows}" if shows else "",
        "lines": found[:AT_ONCE],
        "hand_overs": queries.hand_overs_of(row.id),
        **turns(start, AT_ONCE, found),
    }
    return page(request, "unit_list", context)


@duty(Duty.CARD_LIST)
def problems_file(request: HttpRequest, number: str) -> HttpResponse:
    """The wrong lines as a workbook for the unit; the download is journalled."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        content = export_list_problems(act, number, scope=scope_of(request))
    if isinstance(content, Refused):
        return refusal(request, content)
    return _workbook(content, f"{number}-problems.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def list_facts(row: ListRow) -> tuple[Answer, ...]:
    """A list as its page and its tasks show it."""
    found: list[Answer] = [
        (_("名单编号"), row.number),
        (_("单位"), row.unit.name),
        (_("文件"), f"{row.file_name}（{filesizeformat(row.size)}）"),
        (_("领卡网点"), row.outlet_name),
        (_("服务银行"), bank_name(row.bank_code)),
        (_("怎样受理"), dict(MODES)[GOOD if row.only_good else WHOLE]),
        (_("上传"), f"{row.uploaded_by_name}，{timezone.localtime(row.uploaded_at):%Y-%m-%d %H:%M}"),
    ]
    if row.passed_over:
        found.append((_("不采用的列"), (", " if english() else "、").join(row.passed_over)))
    if row.decided_at:
        found.append(
            (_("审批"), f"{row.decided_by_name}，{timezone.localtime(row.decided_at):%Y-%m-%d %H:%M}")
        )
    return tuple(found)


@duty(Duty.CARD_LIST)
def judge_again(request: HttpRequest, number: str) -> HttpResponse:
    """Judge a waiting list anew."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.judge_list_again(act, number, scope=scope_of(request))

    return _on_list(
        request, number, _("重新核验"), work, gettext("已按人员库的现状重新核验。"), button=_("重新核验")
    )


@duty(Duty.CARD_LIST_APPROVE)
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Approve a list: exactly what the page shows, and nobody their own."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.take_list(act, number, judgement=given["judgement"], scope=scope_of(request))

    row = queries.application_list(number, scope_of(request))
    initial = {"judgement": row.judgement if row else ""}
    return _on_list(
        request, number, _("批准受理"), work, "", form=Approval, initial=initial, button=_("批准受理")
    )


@duty(Duty.CARD_LIST_APPROVE)
def turn_down(request: HttpRequest, number: str) -> HttpResponse:
    """Turn a list down, saying why."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.refuse_list(act, number, reason=given["reason"], scope=scope_of(request))

    said = gettext("名单已退回，没有受理。")
    return _on_list(
        request, number, _("不予受理"), work, said, form=Reason, button=_("确认不予受理"), danger=True
    )


@duty(Duty.CARD_LIST)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a list back; its file is removed."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.withdraw_list(act, number, scope=scope_of(request))

    return _on_list(
        request,
        number,
        _("撤回集体申领名单"),
        work,
        gettext("名单已撤回，文件已清除。"),
        button=_("确认撤回"),
        danger=True,
        warning=_("撤回后文件和核验结果一并清除；需要时可重新上传。"),
    )


def _on_list(
    request: HttpRequest, number: str, title: Any, work: Any, said: str, **more: Any
) -> HttpResponse:
    row = queries.application_list(number, scope_of(request))
    if row is None:
        return refusal(request, queries.unknown_list(number))

    def done(now: ListRow) -> HttpResponse:
        taken = gettext("已受理 %(count)d 人的申领。") % {"count": now.good} if now.taken else ""
        if said or taken:
            tell(request, said or taken)
        return redirect("console:unit_list", now.number)

    counts = (
        *((words, count) for _code, words, count in row.outcomes),
        *((named(each), count) for each, count in row.phones.items() if each is not PhoneComes.SAME),
    )
    task = Task(
        title,
        work,
        done,
        facts=(*list_facts(row), *counts),
        back=reverse("console:unit_list", args=[number]),
        purpose=PURPOSE,
        **more,
    )
    return run(request, task)
