"""A payment file after its sealing: taken back before it is sent, the bank asked, and what it never received decided by two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.rows import FileRow
from yikatong.benefits.services.enquiring import ask_bank, ask_to_resend, resend_file
from yikatong.benefits.services.withdrawing import withdraw_file
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.banks import bank_name
from yikatong.web.console.benefit_steps import Work, on_batch
from yikatong.web.console.benefits import UNKNOWN
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.task_page import NoQuestions, Task
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions


class Why(Questions):
    """Why it is to go once more."""

    reason = forms.CharField(
        label=_("申请理由"), max_length=100, help_text=_("如：银行书面说明没有收到，附文号")
    )


@duty(Duty.BENEFIT_PAY)
def ask(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """向银行查询: what became of a file of which something is still open."""

    def work(act: Act, given: dict[str, Any]) -> FileRow | Refused:
        return ask_bank(act, file, scope=scope_of(request))

    note = _("只有银行的答复或对账单能决定不明的结果；查明前不会再发一分钱。")
    return _on_file(
        request, number, file, _("向银行查询"), work, gettext("已登记查询，等银行答复。"), note, _("确认查询")
    )


@duty(Duty.BENEFIT_PAY)
def ask_again(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """申请再次发送: only of a file that the bank says it never received."""

    def work(act: Act, given: dict[str, Any]) -> FileRow | Refused:
        return ask_to_resend(act, file, reason=given["reason"], scope=scope_of(request))

    note = _("编号和内容与首次完全相同，须由另一人放行。")
    return _on_file(
        request,
        number,
        file,
        _("申请再次发送"),
        work,
        gettext("已申请，等另一人放行。"),
        note,
        _("确认申请"),
        form=Why,
    )


@duty(Duty.BENEFIT_FUND)
def release(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """放行再次发送: by another person, the same bytes."""

    def work(act: Act, given: dict[str, Any]) -> FileRow | Refused:
        return resend_file(act, file, scope=scope_of(request))

    note = _("请先看过银行的书面答复：确实没有收到，才放行。")
    return _on_file(
        request,
        number,
        file,
        _("放行再次发送"),
        work,
        gettext("已放行，同一文件再次发送。"),
        note,
        _("确认放行"),
    )


class Back(Questions):
    """Why it is taken back."""

    reason = forms.CharField(
        label=_("撤回原因"), max_length=100, help_text=_("如：封存后有人死亡或挂失；不写姓名和号码")
    )


@duty(Duty.BENEFIT_PAY)
def withdraw(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """撤回文件: one that was not sent."""
    return _take_back(
        request, number, file, _("文件没有发送过。撤回后重新封存：可发的人进新文件，已死亡、挂失的人暂缓。")
    )


@duty(Duty.BENEFIT_FUND)
def withdraw_missing(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """撤回文件: one that the bank says it never received, by another person than who asked to send it once more."""
    note = _("请先看过银行的书面答复：确实没有收到，以后收到也不会办理，才撤回。撤回后可发的人进新文件。")
    return _take_back(request, number, file, note)


def _take_back(request: HttpRequest, number: str, file: str, note: Any) -> HttpResponse:
    def work(act: Act, given: dict[str, Any]) -> FileRow | Refused:
        return withdraw_file(act, file, reason=given["reason"], scope=scope_of(request))

    return _on_file(
        request,
        number,
        file,
        _("撤回文件"),
        work,
        gettext("文件已撤回，其中的人可以重新封存。"),
        note,
        _("确认撤回"),
        form=Back,
    )


def _on_file(
    request: HttpRequest,
    number: str,
    file: str,
    title: Any,
    work: Work,
    said: str,
    note: Any,
    button: Any,
    *,
    form: type[Questions] = NoQuestions,
) -> HttpResponse:
    row = queries.file(file, scope_of(request))
    if row is None or row.batch != number:
        return refusal(request, UNKNOWN)

    def done(result: FileRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:benefit", number)

    more = (
        (_("文件"), row.name),
        (_("银行"), bank_name(row.bank_code)),
        (_("付款笔数"), f"{row.rows:,}"),
        (_("金额（元）"), print_yuan(row.fen, thousands=True)),
        (_("内容摘要（SM3）"), row.digest),
        *(
            ((_("申请人"), row.resend_asked_name), (_("申请理由"), row.resend_reason))
            if row.resend_reason
            else ()
        ),
    )
    return on_batch(request, number, Task(title, work, done, form=form, note=note, button=button), more)
