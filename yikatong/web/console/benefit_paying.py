"""Money on its way: files sealed and sent, answers brought, who was not paid mended or the money returned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.rows import BatchRow, FileRow, PaymentRow
from yikatong.benefits.services.answers import Report, bring_answer
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import send_file
from yikatong.benefits.services.sealing_later import ask_to_seal
from yikatong.benefits.tasks import seal_batches
from yikatong.office import jobs
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.banks import bank_name
from yikatong.web.console.benefit_steps import done_on, on_batch, service
from yikatong.web.console.benefits import NO_ROW, UNKNOWN
from yikatong.web.console.doors import scope_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal
from yikatong.web.console.task_page import Task
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, named


class AnswerFile(Questions):
    """A bank's answer, where it did not come by the wire."""

    bank = forms.ChoiceField(label=_("银行"))
    file = forms.FileField(label=_("回盘文件"), help_text=_("点选文件，或把文件拖到这里"))

    def __init__(self, *args: Any, banks: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("bank", [(code, bank_name(code)) for code in banks])


class Mended(Questions):
    """How it was mended."""

    how = forms.CharField(
        label=_("怎样处理的"),
        max_length=100,
        help_text=_("如：本人已换领新卡；户名已更正"),
    )


@duty(Duty.BENEFIT_PAY)
def seal(request: HttpRequest, number: str) -> HttpResponse:
    """封存代发文件: asked for here; the house asks everything once more, then seals for good."""

    def work(act: Act, given: dict[str, Any]) -> BatchRow | Refused:
        jobs.poke(seal_batches)
        return ask_to_seal(act, number, scope=scope_of(request))

    task = Task(
        _("封存代发文件"),
        work,
        done_on(request, gettext("系统正在封存，可以关闭本页，稍后再回来发送。")),
        note=_("封存前再核验一遍：审批后死亡、挂失、已在别处发放的人会被暂缓。封存后的文件不能更改。"),
        button=_("确认封存"),
    )
    return on_batch(request, number, task)


@duty(Duty.BENEFIT_PAY)
def send(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """发送: a file is sent once."""

    def done(result: FileRow) -> HttpResponse:
        tell(request, gettext("已交付发送，等待银行回盘。"))
        return redirect("console:benefit", number)

    row = queries.file(file, scope_of(request))
    if row is None or row.batch != number:
        return refusal(request, UNKNOWN)
    more = (
        (_("文件"), row.name),
        (_("银行"), bank_name(row.bank_code)),
        (_("付款笔数"), f"{row.rows:,}"),
        (_("金额（元）"), print_yuan(row.fen, thousands=True)),
        (_("内容摘要（SM3）"), row.digest),
    )
    task = Task(
        _("发送代发文件"),
        service(send_file, request, file),
        done,
        note=_("同一文件只发送一次；没有回盘时结果视为不明，不会重发。"),
        button=_("确认发送"),
    )
    return on_batch(request, number, task, more)


@duty(Duty.BENEFIT_PAY)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """接收回盘: by hand, where the wire does not bring it."""
    row = queries.batch(number, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    banks = tuple(dict.fromkeys(each.bank_code for each in queries.files(row)))
    form = AnswerFile(request.POST or None, request.FILES or None, banks=banks)
    if form.is_bound and form.is_valid():
        given, name = form.cleaned_data, named_act(request)

        def work(act: Act) -> Report | Refused:
            return bring_answer(
                act, bank_code=given["bank"], name=given["file"].name, content=given["file"].read()
            )

        report = at_most_once(request, name, work, purpose="待遇发放")
        if name is not None and report is AGAIN:
            return done_already(request, name, reverse("console:benefit", args=[number]))
        if not isinstance(report, Refused):
            said = gettext(
                "回盘已接收：到账 %(paid)s，失败 %(failed)s，不明 %(unknown)s，问题行 %(problems)s。"
            )
            told = {"paid": report.paid, "failed": report.failed, "unknown": report.unknown}
            tell(request, said % {**told, "problems": len(report.problems)})
            return remember(request, name, redirect("console:benefit", number))
        form.refuse(report)
    return page(request, "benefit_answer", {"form": form, "row": row, "act": name_act(request)})


@duty(Duty.BENEFIT_PAY)
def repair(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """修复重发: one person, once everything about them is in order again."""
    row = queries.batch(number, scope_of(request))
    payment = queries.payment(row, line) if row else None
    if row is None or payment is None:
        return refusal(request, NO_ROW if row else UNKNOWN)

    def done(result: PaymentRow) -> HttpResponse:
        tell(request, gettext("已转入重新发放，将在下一个代发文件中送银行。"))
        return redirect("console:benefit_row", number, line)

    more = (
        (_("行号"), line),
        (_("姓名"), mask(Sensitive.NAME, payment.name)),
        (_("金额（元）"), print_yuan(payment.fen, thousands=True)),
        *((_("原因"), reason) for reason in _why(payment)),
    )
    task = Task(
        _("修复并重新发放"),
        service(repair_row, request, number, line=line),
        done,
        form=Mended,
        button=_("确认重新发放"),
    )
    return on_batch(request, number, task, more)


@duty(Duty.BENEFIT_PAY)
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """退回财政: of who could not be paid for too long."""

    task = Task(
        _("退回财政"),
        service(return_to_treasury, request, number),
        done_on(request, gettext("已退回财政；应发未发的记录保留。")),
        note=_("只退回发放失败已满规定天数的行。"),
        button=_("确认退回财政"),
    )
    return on_batch(request, number, task)


def _why(payment: PaymentRow) -> tuple[str, ...]:
    last = queries.attempts(payment.id)[-1:]
    told = tuple(named(each.result) for each in last if each.result is not None)
    return told or tuple(
        each.en if english() else each.zh for each in payment.findings if not each.level.payable
    )
