"""Work queues, one order, and the small tasks around it."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import album, parcels, payments, queries, shelving
from yikatong.cards.facts import COLLECTED as HANDED_OVER
from yikatong.cards.pick_up import not_to_be_moved
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.rules import LYING, ORDER, Mode
from yikatong.cards.services.apply import cancel_order, resubmit
from yikatong.cards.services.assign import assignable
from yikatong.cards.services.making import retry_making
from yikatong.cards.unit_lists import list_of_order
from yikatong.cards.workload import KEPT, owners
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.places import outlets
from yikatong.office.readers import FactRow, look_up
from yikatong.residents.queries import names_of, person
from yikatong.web.banks import bank_name
from yikatong.web.console.doors import any_staff, scope_of, staff_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.receipts import printable_of_order
from yikatong.web.console.shown import note_names, order_for
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

AT_ONCE = 50


def queue_context(request: HttpRequest, *states: str) -> dict[str, object]:
    """The queues in the reader's scope (of these states, where any are named): `waiting` and `empty`."""
    chosen = [each for each in queries.queues(scope_of(request)) if not states or each.state in states]
    return {
        "lacking_photo": album.count_waiting_for_photo(clock.today(), scope_of(request)),
        "waiting": [each for each in chosen if each.count],
        "empty": [each for each in chosen if not each.count],
    }


def order_facts(order: OrderRow) -> tuple[Answer, ...]:
    """An order as task pages show it."""
    holder = person(order.resident_id)
    return (
        (_("受理编号"), order.number),
        (_("申请人"), holder.name if holder else ""),
        (_("业务"), f"{named(order.kind)} · {named(order.mode)}"),
        (_("领卡网点"), order.outlet_name),
        (_("服务银行"), bank_name(order.bank_code)),
        (_("承诺日期"), order.promised_on.isoformat()),
        (_("状态"), named(order.state)),
    )


OPEN = "open"
"""In an address: every open state."""


@duty(Duty.CARD_LOOK)
def queue(request: HttpRequest, state: str) -> HttpResponse:
    """One state's queue or all that is open, the longest waiting first; narrowed by outlet, promise and owner."""
    if state != OPEN and state not in {each.code for each in ORDER}:
        return refusal(request, Refused("queue.unknown", "没有这个队列。", "There is no such queue."))
    staff, scope, start = staff_of(request), scope_of(request), start_of(request)
    asked = {name: request.GET.get(name, "")[:12] for name in ("outlet", "promise", "owner")}
    rows = queries.queue(
        "" if state == OPEN else state,
        scope,
        AT_ONCE + 1,
        start,
        outlet=asked["outlet"],
        promise=asked["promise"],
        owner={"me": staff.pk, "nobody": 0}.get(asked["owner"]),
    )
    shown = rows[:AT_ONCE]
    which = None if state == OPEN else ORDER.state(state)
    title = (which.zh, which.en) if which else ("全部在办", "everything open")
    note_names(request, sorted({row.resident_id for row in shown}), *title)
    takers = assignable(scope) if staff.has_duty(Duty.CARD_ASSIGN) else ()
    names, whose = names_of(row.resident_id for row in shown), owners(row.id for row in shown)
    context = {
        "state": which,
        "kept": KEPT,
        "rows": [(row, names.get(row.resident_id, ""), whose.get(row.id)) for row in shown],
        "asked": asked,
        "narrowing": urlencode({name: value for name, value in asked.items() if value}),
        "outlets": [each for each in outlets() if scope.covers(each.region, each.code)],
        "takers": takers,
        "assigning": bool(takers),
        "start": start,
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "queue", context)


@duty(Duty.CARD_LOOK)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it stands, what was promised, what happened, and what can be done now."""
    found = order_for(request, number, Duty.CARD_LOOK)
    if isinstance(found, Refused):
        return refusal(request, found)
    held = queries.cards_of(found.resident_id)
    made = next((each for each in held if each.order_id == found.id), None)
    story = _story(found, made)
    context = {
        "order": found,
        "person": person(found.resident_id),
        "card": made,
        "story": story,
        "came": queries.who_came({row.act for row in story}, found.resident_id),
        "printable": printable_of_order(found, held),
        "may": {move.event for move in ORDER.moves if found.state in move.froms},
        "instant": found.mode is Mode.INSTANT,
        "movable": not_to_be_moved(found, clock.today()) is None,
        "owner": owners([found.id]).get(found.id),
        "kept": KEPT,
        "by_list": list_of_order(found.id),
        "lies_here": found.state.code in LYING,
        "parcel": parcels.parcel_of(found.id),
        "fee": payments.fee_of(found.id) if found.fee_fen else None,
        "slot": shelving.slot_of(found.id),
    }
    return page(request, "order", context)


def _story(found: OrderRow, made: CardRow | None) -> list[FactRow]:
    """What happened to the order, and its card's hand-over, with which it ends: that one is told of the card."""
    rows = look_up(subject=f"order:{found.id}", limit=50)
    handed = look_up(subject=f"card:{made.id}", kind=HANDED_OVER.code, limit=1) if made else ()
    return sorted((*rows, *handed), key=lambda row: row.at, reverse=True)


@any_staff("a receipt or card number on the counter; the page it leads to has its own duty")
def find(request: HttpRequest) -> HttpResponse:
    """Open an order or a card by its number."""
    number = request.GET.get("number", "").strip().upper()
    if queries.order(number) is not None:
        return redirect("console:order", number)
    if queries.card(number) is not None:
        return redirect("console:card", number)
    messages.warning(
        request, gettext("没有这个受理编号或社保卡号：%(number)s") % {"number": number[:20] or "—"}
    )
    return redirect("console:home")


class Reason(Questions):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=60)


def _task(request: HttpRequest, number: str, needed: Duty) -> OrderRow | Refused:
    return order_for(request, number, needed)


def _back(number: str) -> str:
    return reverse("console:order", args=[number])


def _done(request: HttpRequest, text: str, number: str) -> HttpResponse:
    tell(request, text)
    return redirect("console:order", number)


@duty(Duty.CARD_APPLY)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw an application."""
    found = _task(request, number, Duty.CARD_APPLY)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, str]) -> OrderRow | Refused:
        return cancel_order(act, number, given["reason"], scope=scope_of(request))

    task = Task(
        _("撤销申请"),
        work,
        lambda row: _done(request, gettext("已撤销申请 %s。") % row.number, number),
        form=Reason,
        facts=order_facts(found),
        button=_("确认撤销"),
        danger=True,
        back=_back(number),
        purpose="撤销申请",
    )
    return run(request, task)


@duty(Duty.CARD_APPLY)
def send_again(request: HttpRequest, number: str) -> HttpResponse:
    """Send a problem order through matching again, after its data were mended."""
    found = _task(request, number, Duty.CARD_APPLY)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, str]) -> OrderRow | Refused:
        return resubmit(act, number, scope=scope_of(request))

    task = Task(
        _("重新提交"),
        work,
        lambda row: _done(request, gettext("已重新提交，等待数据比对。"), number),
        facts=(*order_facts(found), (_("问题"), found.problem_text or "—")),
        back=_back(number),
        note=_("先在人员页更正有误的信息，再重新提交。"),
        purpose="重新提交",
    )
    return run(request, task)


@duty(Duty.CARD_BATCH)
def make_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put an order whose making failed back among those ready for a batch."""
    found = _task(request, number, Duty.CARD_BATCH)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, str]) -> OrderRow | Refused:
        return retry_making(act, number)

    task = Task(
        _("重新制卡"),
        work,
        lambda row: _done(request, gettext("已回到待组批。"), number),
        facts=(*order_facts(found), (_("失败原因"), found.problem_text or "—")),
        back=_back(number),
        purpose="重新制卡",
    )
    return run(request, task)
