"""查实: where money is of which the bank said two things; one person says, another agrees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.benefits import queries
from yikatong.benefits.rows import PaymentRow
from yikatong.benefits.services.establishing import agree_established, decline_established, establish
from yikatong.benefits.whereabouts import Outcome
from yikatong.benefits.whereabouts_rows import whereabouts_of
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.benefit_steps import on_batch, service
from yikatong.web.console.benefits import NO_ROW, UNKNOWN
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.task_page import Task
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named


class FoundOut(Questions):
    """What was found out, and by what."""

    outcome = forms.ChoiceField(label=_("钱在哪里"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("依据"), max_length=100, help_text=_("如：银行书面答复及文号；不写姓名和号码")
    )

    outcomes = tuple(Outcome)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outcome", [(each.value, named(each)) for each in self.outcomes])


class FoundByStatement(FoundOut):
    """Where a statement shows that it left, it did."""

    outcomes = (Outcome.ARRIVED,)


class WhyNot(Questions):
    """Why not."""

    reason = forms.CharField(label=_("原因"), max_length=100)


@duty(Duty.BENEFIT_RECONCILE)
def say(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """查实: where the money of a row is that the bank, by its own word, paid after all."""
    row = queries.batch(number, scope_of(request))
    payment = queries.payment(row, line) if row else None
    told = whereabouts_of(row, payment) if row and payment else None
    form = FoundByStatement if told and told.stated else FoundOut
    note = _("由财政审批人员审批后生效：已到账的按到账办结，没有付出的可以重新发放。")
    said = gettext("已登记，由财政审批人员审批。")
    return _task(request, number, line, _("登记查实结果"), establish, said, form=form, note=note)


@duty(Duty.BENEFIT_FUND)
def agree(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """同意查实结果: by another person."""
    said = gettext("已同意，这一行现为：%(state)s。")
    return _task(request, number, line, _("同意查实结果"), agree_established, said)


@duty(Duty.BENEFIT_FUND)
def decline(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """不同意查实结果: it is to be found out anew."""
    said = gettext("已退回，可以重新查实。")
    return _task(request, number, line, _("不同意查实结果"), decline_established, said, form=WhyNot)


def _task(
    request: HttpRequest, number: str, line: int, title: Any, call: Any, said: str, **more: Any
) -> HttpResponse:
    row = queries.batch(number, scope_of(request))
    payment = queries.payment(row, line) if row else None
    if row is None or payment is None:
        return refusal(request, NO_ROW if row else UNKNOWN)

    def done(result: PaymentRow) -> HttpResponse:
        tell(request, said % {"state": named(result.state)})
        return redirect("console:benefit_row", number, line)

    told = whereabouts_of(row, payment)
    facts = (
        (_("行号"), line),
        (_("姓名"), mask(Sensitive.NAME, payment.name)),
        (_("金额（元）"), print_yuan(payment.fen, thousands=True)),
        (_("目前"), named(payment.state)),
        *(((_("钱在哪里"), f"{named(told.outcome)}（{told.reason}）"),) if told and told.outcome else ()),
        *(((_("登记人"), told.proposed_name),) if told and told.outcome else ()),
    )
    task = Task(title, service(call, request, number, line=line), done, **more)
    return on_batch(request, number, task, facts)
