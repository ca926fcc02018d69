"""导出审批: an export above the limit is asked for, decided by another person, and taken by who asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.office import clock, exports
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.exports import approvals
from yikatong.office.exports.approvals import RequestRow, Wanted
from yikatong.office.scope import Scope
from yikatong.web.console.doors import actor_of, scope_of, staff_of
from yikatong.web.console.exporting import Source, asked, attachment
from yikatong.web.console.files import BAD_ROWS
from yikatong.web.console.journal_export import JOURNAL
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import day, moment

AT_ONCE = 50
SOURCES = {source.code: source for source in (JOURNAL, BAD_ROWS)}
NOT_YOURS = Refused(
    "export.not_yours_to_ask",
    "请回到要导出的页面，从那里提交审批。",
    "Go back to the page of what you want to export and ask from there.",
)


@duty(Duty.EXPORT_LOOK)
def listed(request: HttpRequest) -> HttpResponse:
    """My own requests, and those that wait for my decision; the newest first."""
    start, mine = start_of(request), actor_of(request).code
    rows = approvals.export_requests(mine=mine, waiting=_waiting(request), limit=AT_ONCE + 1, start=start)
    context = {"rows": rows[:AT_ONCE], "mine": mine, "seen_on": clock.today(), **turns(start, AT_ONCE, rows)}
    return page(request, "exports", context)


class Ask(Questions):
    """In which form, and what for."""

    form = forms.ChoiceField(label=_("文件格式"), choices=(("xlsx", "XLSX"), ("pdf", "PDF")))
    purpose = forms.CharField(
        label=_("导出用途"), max_length=40, help_text=_("审批人据此决定；写进文件水印和日志")
    )


@duty(Duty.EXPORT_ASK)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for what the page one came from could not give alone."""
    found = asked(request)
    source = SOURCES.get(found[0]) if found is not None else None
    if found is None or source is None or not staff_of(request).has_duty(source.may):
        return refusal(request, NOT_YOURS)
    _code, question, form, purpose = found
    rows = source.count(request, question)
    subject, person = source.about(question)

    def work(act: Act, given: dict[str, Any]) -> RequestRow | Refused:
        asked_for = (source.title(question), given["form"], given["purpose"].strip(), rows)
        return approvals.ask_export(act, Wanted(source.code, question, *asked_for, subject, person))

    def done(row: RequestRow) -> HttpResponse:
        tell(request, gettext("已提交导出申请 %(number)s，等待另一人审批。") % {"number": row.number})
        return redirect("console:exports")

    task = Task(
        _("申请超限导出"),
        work,
        done,
        form=Ask,
        facts=((_("内容"), source.title(question)), *source.said(question), (_("行数"), rows)),
        initial={"form": form, "purpose": purpose},
        button=_("提交审批"),
        purpose="申请超限导出",
        back=reverse("console:exports"),
    )
    return run(request, task)


def _waiting(request: HttpRequest) -> Scope | None:
    """Whose requests wait for this reader; None where they decide about none."""
    return scope_of(request) if staff_of(request).has_duty(Duty.EXPORT_APPROVE) else None


def _request(request: HttpRequest, number: str) -> RequestRow | Refused:
    return approvals.export_request(number, mine=actor_of(request).code, waiting=_waiting(request))


def _facts(row: RequestRow) -> tuple[Answer, ...]:
    source: Source | None = SOURCES.get(row.wanted.source)
    return (
        (_("申请编号"), row.number),
        (_("内容"), row.wanted.title),
        *(source.said(row.wanted.question) if source else ()),
        (_("行数"), row.wanted.rows),
        (_("文件格式"), row.wanted.form.upper()),
        (_("导出用途"), row.wanted.purpose),
        (_("申请人"), row.asked_name),
        (_("申请时间"), moment(row.asked_at)),
    )


class Decision(Questions):
    """Yes, or back with a reason."""

    decision = forms.ChoiceField(
        label=_("审批意见"),
        choices=(("approve", _("同意导出")), ("send_back", _("退回"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("退回原因"), max_length=120, required=False, help_text=_("退回时必填"))
    quiet = ("note",)


@duty(Duty.EXPORT_APPROVE)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """审批: what leaves is what is approved here."""
    found = _request(request, number)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, Any]) -> RequestRow | Refused:
        if given["decision"] == "approve":
            return approvals.approve_export(act, number, scope=scope_of(request))
        return approvals.send_export_back(act, number, note=given["note"], scope=scope_of(request))

    def done(row: RequestRow) -> HttpResponse:
        if row.valid_until is None:
            tell(request, gettext("已退回。"))
        else:
            tell(
                request,
                gettext("已批准，申请人可领取至 %(until)s。") % {"until": day(row.valid_until)},
            )
        return redirect("console:exports")

    task = Task(
        _("审批超限导出"),
        work,
        done,
        form=Decision,
        facts=_facts(found),
        note=_("同意的是上面的条件、行数和用途；以后按同样条件多出的行不能导出。"),
        button=_("确认"),
        purpose="审批超限导出",
        back=reverse("console:exports"),
    )
    return run(request, task)


@duty(Duty.EXPORT_ASK)
def take(request: HttpRequest, number: str) -> HttpResponse:
    """领取: the approved list, read anew by the approved question."""
    found = _request(request, number)
    if isinstance(found, Refused):
        return refusal(request, found)

    def read(row: RequestRow, most: int) -> exports.Table | Refused:
        source = SOURCES.get(row.wanted.source)
        if source is None or not staff_of(request).has_duty(source.may):
            return NOT_YOURS
        return source.read(request, row.wanted.question, most)

    task = Task(
        _("领取导出文件"),
        lambda act, given: approvals.take_export(act, number, read=read),
        attachment,
        facts=(*_facts(found), (_("有效期至"), day(found.valid_until))),
        note=_("文件带有编号和水印，本次领取记入日志。"),
        button=_("领取文件"),
        purpose=found.wanted.purpose,
        back=reverse("console:exports"),
    )
    return run(request, task)


@duty(Duty.EXPORT_ASK)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: it is not needed any more."""
    found = _request(request, number)
    if isinstance(found, Refused):
        return refusal(request, found)

    def done(row: RequestRow) -> HttpResponse:
        tell(request, gettext("已撤回。"))
        return redirect("console:exports")

    task = Task(
        _("撤回导出申请"),
        lambda act, given: approvals.withdraw_export(act, number),
        done,
        facts=_facts(found),
        button=_("确认撤回"),
        purpose="撤回导出申请",
        back=reverse("console:exports"),
    )
    return run(request, task)
