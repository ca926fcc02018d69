"""The steps of a batch before money moves: judged again, put in public view, approved by two, sent back, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.benefits import queries
from yikatong.benefits.approved import approvable, stopped_since_judged
from yikatong.benefits.balances import available
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.rules import DEPARTMENT, JUDGED, PUBLIC
from yikatong.benefits.services.approving import approve_batch, fund_batch, publish_batch, stop_row
from yikatong.benefits.services.judging import judge_again
from yikatong.benefits.services.submitting import send_batch_back, withdraw_batch
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.benefits import UNKNOWN, how_it_stands, which_batch
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions

Work = Callable[[Act, dict[str, Any]], Any]


class Reason(Questions):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=100, help_text=_("提交人会看到"))


class Stopped(Questions):
    """Which row somebody objected to, and what they say."""

    line = forms.IntegerField(label=_("清册行号"), min_value=2, help_text=_("与表格软件中的行号一致"))
    reason = forms.CharField(
        label=_("异议内容"), max_length=100, help_text=_("不写提出人的姓名和电话；本人能看到")
    )


class Seen(Questions):
    """Carries what was looked at, so that nothing else is approved."""

    digest = forms.RegexField(regex="^[0-9a-f]{64}$", widget=forms.HiddenInput)


@duty(Duty.BENEFIT_SUBMIT)
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """重新核验: after people, cards or payments have changed."""
    return on_batch(
        request,
        number,
        Task(
            _("重新核验"),
            service(judge_again, request, number),
            done_on(request, gettext("已重新核验。")),
            note=_("公示中的批次如有人员变化，要重新公示。"),
            button=_("确认重新核验"),
        ),
    )


@duty(Duty.BENEFIT_SUBMIT)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """公示: masked, on the public window."""
    return on_batch(
        request,
        number,
        Task(
            _("公示"),
            service(publish_batch, request, number),
            done_on(request, gettext("已公示，任何人都能在公开网站看到遮掩后的名单。")),
            note=_("公开网站只显示遮掩后的姓名、证件号码、地区和金额。"),
            button=_("确认公示"),
        ),
    )


@duty(Duty.BENEFIT_SUBMIT)
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """登记异议: one row is stopped, the others go on."""
    return on_batch(
        request,
        number,
        Task(
            _("登记异议"),
            service(stop_row, request, number),
            done_on(request, gettext("已停发这一行，其他人不受影响。")),
            form=Stopped,
            button=_("确认停发这一行"),
        ),
    )


@duty(Duty.BENEFIT_APPROVE)
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """业务审批: what was seen, by another person."""
    return _approval(
        request,
        number,
        _("业务审批"),
        service(approve_batch, request, number),
        gettext("业务审批已通过，等待财政审批。"),
    )


@duty(Duty.BENEFIT_FUND)
def fund(request: HttpRequest, number: str) -> HttpResponse:
    """财政审批: the same rows, by a third person; the money is blocked."""
    return _approval(
        request,
        number,
        _("财政审批"),
        service(fund_batch, request, number),
        gettext("财政审批已通过，资金已冻结。"),
        funds=True,
    )


@duty(Duty.BENEFIT_APPROVE)
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """业务退回: with a reason."""
    return _sent_back(request, number)


@duty(Duty.BENEFIT_FUND)
def refuse_funds(request: HttpRequest, number: str) -> HttpResponse:
    """财政退回: with a reason."""
    return _sent_back(request, number)


@duty(Duty.BENEFIT_SUBMIT)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: by who brought it."""
    return on_batch(
        request,
        number,
        Task(
            _("撤回批次"),
            service(withdraw_batch, request, number),
            done_on(request, gettext("已撤回，可以改好后重新提交。")),
            button=_("确认撤回"),
        ),
    )


def service(call: Callable[..., Any], request: HttpRequest, number: str, **fixed: object) -> Work:
    """The one service call of a task: about this batch (or file), in the reader's scope, with what they answered."""

    def work(act: Act, given: dict[str, Any]) -> Any:
        return call(act, number, scope=scope_of(request), **fixed, **given)

    return work


def on_batch(request: HttpRequest, number: str, task: Task, more: tuple[Answer, ...] = ()) -> HttpResponse:
    """Run a task about a batch of the reader's scope, or about a row or file of it, which says `more`."""
    row = queries.batch(number, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    back = reverse("console:benefit", args=[row.number])
    facts = (*which_batch(row), *(more or how_it_stands(row)))
    return run(request, replace(task, facts=facts, back=back, purpose="待遇发放"))


def done_on(request: HttpRequest, said: str) -> Callable[[Any], HttpResponse]:
    """Say so, and go back to the batch."""

    def done(result: BatchRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:benefit", result.number)

    return done


def _approval(
    request: HttpRequest, number: str, title: Any, work: Work, said: str, *, funds: bool = False
) -> HttpResponse:
    row = queries.batch(number, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    what = approvable(row.id)
    more: tuple[Answer, ...] = (
        *how_it_stands(row),
        (_("可发人数"), f"{what.rows:,}"),
        (_("可发金额（元）"), print_yuan(what.fen, thousands=True)),
        (_("名单摘要（SM3）"), what.digest.hex()),
    )
    stopped = stopped_since_judged(row, clock.today()) if row.state in (JUDGED, PUBLIC, DEPARTMENT) else 0
    if stopped:
        more += (
            (
                _("核验后情况有变"),
                gettext("%(count)s 人，封存时会自动暂缓，其他人不受影响") % {"count": f"{stopped:,}"},
            ),
        )
    if funds:
        more += ((_("可用资金（元）"), print_yuan(available(row.programme.code), thousands=True)),)
    task = Task(
        title,
        work,
        done_on(request, said),
        form=Seen,
        initial={"digest": what.digest.hex()},
        note=_("审批的就是发放的：名单有任何变化，都要重新审批。"),
        button=_("确认审批通过"),
    )
    return on_batch(request, number, task, more)


def _sent_back(request: HttpRequest, number: str) -> HttpResponse:
    task = Task(
        _("退回批次"),
        service(send_batch_back, request, number),
        done_on(request, gettext("已退回，批次中的人员都不发放。")),
        form=Reason,
        button=_("确认退回"),
    )
    return on_batch(request, number, task)
