"""待核办: what two people decide about a card, and orders that are stopped, taken back or laid out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import pending, queries
from yikatong.cards.rows import CaseRow, OrderRow
from yikatong.cards.services import cases as deciding
from yikatong.cards.services import retained
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import names_of
from yikatong.web.console.cards import card_facts
from yikatong.web.console.doors import scope_of, staff_of
from yikatong.web.console.orders import Reason, order_facts
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

AT_ONCE = 50
Deciding = Callable[[Act, dict[str, Any]], CaseRow | Refused]


@duty(Duty.CARD_LOOK)
def cases(request: HttpRequest) -> HttpResponse:
    """What waits to be proposed or confirmed, the oldest first, with its owner."""
    start = start_of(request)
    rows = pending.open_cases(scope_of(request), AT_ONCE + 1, start)
    names = names_of(row.resident_id for row in rows)
    context = {
        "rows": [(row, names.get(row.resident_id, "")) for row in rows[:AT_ONCE]],
        **turns(start, AT_ONCE, rows),
        "mine": f"staff:{staff_of(request).pk}",
    }
    return page(request, "cases", context)


def _case_task(
    request: HttpRequest, case_id: int, title: object, work: Deciding, said: str, **more: Any
) -> HttpResponse:
    case = pending.case_for(scope_of(request), case_id)
    if isinstance(case, Refused):
        return refusal(request, case)
    card = queries.card(case.card_no)
    assert card is not None

    def done(row: CaseRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:cases")

    facts = (
        (_("事项"), f"{named(case.kind)}：{case.reason}"),
        *card_facts(card),
        *(((_("提出人"), case.owner), (_("依据"), case.paper)) if case.paper else ()),
    )
    task = Task(
        str(title), work, done, facts=facts, back=reverse("console:cases"), purpose=str(title), **more
    )
    return run(request, task)


class Paper(Questions):
    """The proof that was seen."""

    paper = forms.CharField(
        label=_("依据"), max_length=120, help_text=_("死亡注销填所见证明；销毁填地点和方式")
    )


class Note(Questions):
    """Why."""

    note = forms.CharField(label=_("原因"), max_length=120)


@duty(Duty.CARD_CASE)
def propose(request: HttpRequest, case_id: int) -> HttpResponse:
    """提出: the first of two."""

    def work(act: Act, given: dict[str, Any]) -> CaseRow | Refused:
        return deciding.propose_case(act, case_id, paper=given["paper"], scope=scope_of(request))

    said = gettext("已提出，等待另一人复核。")
    return _case_task(request, case_id, _("提出核办"), work, said, form=Paper, button=_("确认提出"))


@duty(Duty.CARD_CASE_CONFIRM)
def confirm(request: HttpRequest, case_id: int) -> HttpResponse:
    """复核: the second of two; the card ends."""

    def work(act: Act, given: dict[str, Any]) -> CaseRow | Refused:
        return deciding.confirm_case(act, case_id, scope=scope_of(request))

    said = gettext("已复核，社保卡已注销。金融账户另行销户。")
    warning = _("复核后社保卡注销，不能恢复。销毁须两人在场。")
    return _case_task(
        request, case_id, _("复核待核事项"), work, said, button=_("复核同意"), danger=True, warning=warning
    )


@duty(Duty.CARD_CASE_CONFIRM)
def send_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """退回: to be looked into again."""

    def work(act: Act, given: dict[str, Any]) -> CaseRow | Refused:
        return deciding.return_case(act, case_id, note=given["note"], scope=scope_of(request))

    return _case_task(request, case_id, _("退回核实"), work, gettext("已退回。"), form=Note)


@duty(Duty.CARD_CASE_CONFIRM)
def drop(request: HttpRequest, case_id: int) -> HttpResponse:
    """不予办理: the card stays."""

    def work(act: Act, given: dict[str, Any]) -> CaseRow | Refused:
        return deciding.drop_case(act, case_id, note=given["note"], scope=scope_of(request))

    return _case_task(request, case_id, _("不予办理"), work, gettext("已记录，卡保留。"), form=Note)


class OtherCard(Questions):
    """Which card stays."""

    other_card_no = forms.CharField(label=_("保留的另一张卡的卡号"), max_length=9)


@duty(Duty.CARD_CASE)
def duplicate(request: HttpRequest, card_no: str) -> HttpResponse:
    """重复持卡: suggest that this one of two cards is cancelled."""
    card = queries.card_for(staff_of(request), card_no, Duty.CARD_CASE)
    if isinstance(card, Refused):
        return refusal(request, card)

    def work(act: Act, given: dict[str, Any]) -> CaseRow | Refused:
        return deciding.open_duplicate(
            act, card_no=card_no, other_card_no=given["other_card_no"], scope=scope_of(request)
        )

    def done(row: CaseRow) -> HttpResponse:
        tell(request, gettext("已列入待核办。"))
        return redirect("console:cases")

    task = Task(
        _("重复持卡"),
        work,
        done,
        form=OtherCard,
        facts=card_facts(card),
        back=reverse("console:card", args=[card_no]),
        purpose="重复持卡",
    )
    return run(request, task)


def _order_task(
    request: HttpRequest, number: str, title: object, work: Any, said: str, **more: Any
) -> HttpResponse:
    found = queries.order_for(staff_of(request), number, Duty.CARD_CASE)
    if isinstance(found, Refused):
        return refusal(request, found)

    def done(row: OrderRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:order", row.number)

    back = reverse("console:order", args=[number])
    facts = order_facts(found)
    return run(request, Task(str(title), work, done, facts=facts, back=back, purpose=str(title), **more))


@duty(Duty.CARD_CASE)
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """停办: the holder died or left."""

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return retained.stop_order(act, number, reason=given["reason"], scope=scope_of(request))

    note = _("未制卡的立即撤销；制卡中的等成品卡回来后退回中心，由两人见证销毁。")
    return _order_task(
        request,
        number,
        _("停办"),
        work,
        gettext("已停办。"),
        form=Reason,
        note=note,
        danger=True,
        button=_("确认停办"),
    )


@duty(Duty.CARD_CASE)
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """退回中心."""

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return retained.take_back(act, number, scope=scope_of(request))

    return _order_task(request, number, _("退回中心"), work, gettext("已登记退回中心。"))


@duty(Duty.CARD_CASE)
def lay_out(request: HttpRequest, number: str) -> HttpResponse:
    """发回网点: the holder has come after all."""

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return retained.lay_out_again(act, number, scope=scope_of(request))

    return _order_task(request, number, _("发回网点"), work, gettext("已发回网点待领。"))
