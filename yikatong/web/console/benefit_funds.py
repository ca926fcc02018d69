"""发放资金: what the ledger says of every programme, and money of the treasury entered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.balances import available, balances
from yikatong.benefits.programme import programmes
from yikatong.benefits.queries import programme_list
from yikatong.benefits.roster import declared_fen
from yikatong.benefits.rules import ACCOUNTS, BUDGET
from yikatong.benefits.services.approving import grant_funds
from yikatong.benefits.terms import terms_of
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.page import page, refusal
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, named

NO_PROGRAMME = Refused("benefit.programme", "没有这个发放项目。", "There is no such programme.")


class Granted(Questions):
    """Money of the treasury."""

    declared = forms.CharField(label=_("拨款金额（元）"), max_length=20)
    paper = forms.CharField(label=_("财政拨款凭证号"), max_length=60)


@duty(Duty.BENEFIT_LOOK)
def funds(request: HttpRequest) -> HttpResponse:
    """Each programme with what came from the treasury, which is what stands on its other accounts, always."""
    today = clock.today()
    rows = [(each, balances(each.code), terms_of(each, today)) for each in programme_list()]
    names = [(code, (en if english() else zh)) for code, (zh, en) in ACCOUNTS.items()]
    context = {
        "accounts": [name for _code, name in names],
        "rows": [
            (each, terms, [-held[code] if code == BUDGET else held[code] for code in ACCOUNTS])
            for each, held, terms in rows
        ],
    }
    return page(request, "benefit_funds", context)


@duty(Duty.BENEFIT_PAY)
def grant(request: HttpRequest, programme: str) -> HttpResponse:
    """登记拨款: with the number of the treasury's voucher."""
    found = programmes().get(programme)
    if found is None:
        return refusal(request, NO_PROGRAMME)

    def work(act: Act, given: dict[str, Any]) -> int | Refused:
        fen = declared_fen(given["declared"])
        if isinstance(fen, Refused):
            return fen
        return grant_funds(act, programme=programme, fen=fen, paper=given["paper"])

    def done(result: int) -> HttpResponse:
        said = gettext("已登记，可用资金 %(yuan)s 元。")
        tell(request, said % {"yuan": print_yuan(result, thousands=True)})
        return redirect("console:benefit_funds")

    facts = (
        (_("发放项目"), named(found)),
        (_("可用资金（元）"), print_yuan(available(programme), thousands=True)),
    )
    task = Task(
        _("登记财政拨款"),
        work,
        done,
        form=Granted,
        facts=facts,
        purpose="待遇发放",
        back=reverse("console:benefit_funds"),
        button=_("确认登记"),
    )
    return run(request, task)
