"""工本费 at the counter: registered as paid, taken back, waived, refunded; and what was taken on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.cards import payments
from yikatong.cards.fees import HELD
from yikatong.cards.payments import FeeRow
from yikatong.cards.services import fees
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import staff_names
from yikatong.office.rulebook import ruling
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import page, refusal
from yikatong.web.console.shown import order_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named


class Receipt(Questions):
    """The paper that proves it."""

    receipt = forms.CharField(
        label=_("票据号或银行流水号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class Why(Questions):
    """Why a registration is taken back."""

    reason = forms.CharField(label=_("原因"), max_length=60)


class Ground(Questions):
    """On which of the city's grounds nothing is to be paid."""

    reason = forms.ChoiceField(label=_("免收理由"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = ruling("card.fee.waivers", clock.today()).value
        self.offer("reason", [(each, each) for each in grounds])


Said = str | Promise


def _task(
    request: HttpRequest,
    number: str,
    needed: Duty,
    title: Said,
    service: Callable[..., FeeRow | Refused],
    form: type[Questions],
    **more: Any,
) -> HttpResponse:
    order = order_for(request, number, needed)
    if isinstance(order, Refused):
        return refusal(request, order)
    fee = payments.fee_of(order.id)

    def work(act: Act, given: dict[str, Any]) -> FeeRow | Refused:
        return service(act, number, scope=scope_of(request), **given)

    def done(row: FeeRow) -> HttpResponse:
        tell(request, gettext("工本费：%(state)s。") % {"state": named(row.state)})
        return redirect("console:order", number)

    costs = gettext("%(yuan)s 元") % {"yuan": print_yuan(fee.amount_fen)} if fee else "—"
    task = Task(
        title,
        work,
        done,
        form=form,
        facts=(*order_facts(order), (_("工本费"), costs), *_paid(fee)),
        purpose="工本费",
        back=reverse("console:order", args=[number]),
        **more,
    )
    return run(request, task)


def _paid(fee: FeeRow | None) -> tuple[tuple[Said, Any], ...]:
    return ((_("缴费票据"), fee.receipt),) if fee is not None and fee.receipt else ()


@duty(Duty.FEE_COLLECT)
def register(request: HttpRequest, number: str) -> HttpResponse:
    """登记缴费."""
    return _task(
        request, number, Duty.FEE_COLLECT, _("登记缴费"), fees.register_fee, Receipt, button=_("确认已收款")
    )


@duty(Duty.FEE_COLLECT)
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """撤销缴费登记."""
    return _task(
        request,
        number,
        Duty.FEE_COLLECT,
        _("撤销缴费登记"),
        fees.take_fee_back,
        Why,
        button=_("确认撤销"),
        danger=True,
        note=_("只用于当天登记错了的；款已收下的，请撤销申请后办理退费。"),
    )


@duty(Duty.FEE_DECIDE)
def waive(request: HttpRequest, number: str) -> HttpResponse:
    """免收."""
    return _task(
        request, number, Duty.FEE_DECIDE, _("免收工本费"), fees.waive_fee, Ground, button=_("确认免收")
    )


@duty(Duty.FEE_DECIDE)
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """退费."""
    return _task(
        request,
        number,
        Duty.FEE_DECIDE,
        _("退还工本费"),
        fees.refund_fee,
        Receipt,
        button=_("确认已退款"),
        note=_("款已退到缴费人手中或原账户后再确认。"),
    )


@duty(Duty.CARD_LOOK)
def day(request: HttpRequest) -> HttpResponse:
    """What was taken on a day within the reader's scope, and what is owed."""
    today = clock.today()
    on: date = parse_date(request.GET.get("day", "")) or today
    scope = scope_of(request)
    paid = payments.paid_on(on, scope)
    names = staff_names(row.paid_by for row in paid)
    context = {
        "on": on,
        "today": today,
        "paid": [(row, names.get(row.paid_by, "")) for row in paid],
        "taken_fen": sum(row.amount_fen for row in paid),
        "held_fen": sum(row.amount_fen for row in paid if row.state.code in HELD),
        "owed": payments.owed(scope),
    }
    return page(request, "fees", context)
