"""改领卡网点: the holder asks to collect the card elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards.pick_up import not_to_be_moved
from yikatong.cards.rows import OrderRow
from yikatong.cards.services.pick_up import change_outlet
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.collecting import outlets_by_county
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import refusal
from yikatong.web.console.shown import order_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions


class Elsewhere(Questions):
    """Where to; any outlet of the city but the one that stands."""

    outlet_code = forms.ChoiceField(label=_("改到哪个网点领卡"))

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.fields["outlet_code"]
        assert isinstance(question, forms.ChoiceField)
        question.choices = outlets_by_county(but=now)


@duty(Duty.CARD_APPLY)
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Have the card of an order collected at another outlet."""
    order = order_for(request, number, Duty.CARD_APPLY)
    if isinstance(order, Refused):
        return refusal(request, order)
    refused = not_to_be_moved(order, clock.today())
    if refused is not None:
        return refusal(request, refused)
    scope = scope_of(request)

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return change_outlet(act, number, outlet_code=given["outlet_code"], scope=scope)

    def done(row: OrderRow) -> HttpResponse:
        tell(request, gettext("已改到%(outlet)s领卡，并已短信告知。") % {"outlet": row.outlet_name})
        if scope.covers(row.region, row.outlet):
            return redirect("console:order", number)
        return redirect("console:home")

    task = Task(
        _("改领卡网点"),
        work,
        done,
        form=lambda *a, **k: Elsewhere(*a, now=order.outlet, **k),
        facts=order_facts(order),
        button=_("确认改到这里"),
        back=reverse("console:order", args=[number]),
        purpose="改领卡网点",
        note=_("承诺日期不变。改到辖区以外的网点后，这笔申请由那里的网点继续办理。"),
    )
    return run(request, task)
