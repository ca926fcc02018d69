"""即时制卡: one page on which a card is followed from the application to the hand while its holder waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries, shelf
from yikatong.cards.instant import STAGES, Next, next_step, stage_of
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import BATCHED, Mode
from yikatong.cards.services import instant
from yikatong.cards.tasks import take_in_files
from yikatong.office import clock, jobs, post
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import names_of
from yikatong.web.console.batches import batch_facts
from yikatong.web.console.doors import actor_of, scope_of, staff_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import page, refusal
from yikatong.web.console.shown import order_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import said
from yikatong.web.templatetags.house import named

AT_MOST = 100


@duty(Duty.CARD_LOOK)
def waiting(request: HttpRequest) -> HttpResponse:
    """Every instant order under way in the reader's scope, those that wait for a confirmation first."""
    rows = queries.queue("", scope_of(request), AT_MOST, mode=Mode.INSTANT)
    names = names_of(row.resident_id for row in rows)
    context = {
        "confirming": [_line(row, names) for row in rows if row.state is BATCHED],
        "others": [_line(row, names) for row in rows if row.state is not BATCHED],
    }
    return page(request, "instant_list", context)


def _line(row: OrderRow, names: Mapping[int, str]) -> tuple[OrderRow, str, Next]:
    # Whether the bank was asked already is left to the order's own page; here it is as good as asked.
    following = next_step(row.state, asked=True, second_person=queries.second_person_needed(clock.today()))
    return row, names.get(row.resident_id, ""), following


@duty(Duty.CARD_LOOK)
def way(request: HttpRequest, number: str) -> HttpResponse:
    """Where the order stands; whoever makes cards here takes it on with each POST, and the page does so by itself.

    A POST of somebody without that duty only looks again.
    """
    staff = staff_of(request)
    order = order_for(request, number, Duty.CARD_LOOK)
    if isinstance(order, Refused):
        return refusal(request, order)
    refused = None
    if request.method == "POST" and staff.has_duty(Duty.CARD_INSTANT):
        with open_act(actor_of(request), door=Door.CONSOLE, purpose="即时制卡") as act:
            result = instant.go_on(act, number, scope=scope_of(request))
        if isinstance(result, Refused):
            refused = result
        else:
            order = result
            post.send_files()
            jobs.poke(take_in_files)
    context = _context(request, order, refused)
    if "HX-Request" in request.headers:
        return render(request, "console/instant_way.html", context)
    return page(request, "instant", context)


def _context(request: HttpRequest, order: OrderRow, refused: Refused | None) -> dict[str, Any]:
    staff = staff_of(request)
    step = queries.instant_step(order, clock.today())
    here = stage_of(order.state)
    card = next((each for each in queries.cards_of(order.resident_id) if each.order_id == order.id), None)
    return {
        "order": order,
        "card": card,
        "may": queries.meaning_of(card).may if card else frozenset(),
        # Its state stands in the part of the page that renews itself; a second one beside it would grow old.
        "facts": order_facts(order)[:-1],
        "stages": [
            (named(stage), "done" if place < here else "now" if place == here else "later")
            for place, stage in enumerate(STAGES)
        ],
        "next": step.value,
        "blank": shelf.blank_of(order.id),
        "blank_owed": shelf.blank_owed(order.mode, order.state),
        "errors": [] if refused is None else [said(refused)],
        "lacks_photo": refused is not None and refused.code == "instant.photo_missing",
        # It goes on by itself as long as the next step is not somebody's own decision.
        "watching": staff.has_duty(Duty.CARD_INSTANT)
        and refused is None
        and step in (Next.GO_ON, Next.WAIT, Next.CONFIRM),
        "can": {each.name: True for each in Duty if staff.has_duty(each)},
    }


@duty(Duty.CARD_INSTANT_CONFIRM)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The second person looks at the one card that is to be made, and sends it."""
    order = order_for(request, number, Duty.CARD_INSTANT_CONFIRM)
    if isinstance(order, Refused):
        return refusal(request, order)
    batch = queries.batch(order.batch) if order.batch else None

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return instant.confirm(act, number, scope=scope_of(request))

    def done(row: OrderRow) -> HttpResponse:
        post.send_files()
        jobs.poke(take_in_files)
        tell(request, gettext("%(number)s 已确认，正在制卡。") % {"number": row.number})
        return redirect("console:instant_list")

    task = Task(
        _("确认即时制卡"),
        work,
        done,
        facts=(*order_facts(order), *(batch_facts(batch) if batch else ())),
        button=_("确认制卡"),
        purpose="确认即时制卡",
        back=reverse("console:instant_list"),
        warning=_("核对持卡人在场、证件与申请一致；确认后即送制卡设备，不能撤回。"),
    )
    return run(request, task)
