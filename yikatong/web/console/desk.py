"""The file desk: what goes out to province, banks and maker, what comes home, and what became of every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from yikatong.basics.refused import Refused
from yikatong.cards import filedesk, queries
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.making import MAKER
from yikatong.cards.services.match import send_to_match
from yikatong.cards.tasks import apply_file, counterparts
from yikatong.office import post
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.orders import queue_context
from yikatong.web.console.page import page, refusal
from yikatong.web.console.people import beyond
from yikatong.web.console.told import tell
from yikatong.web.forms import said

MATCH_QUEUES = ("submitted", "checking", "problem", "bank_opening", "bank_failed")


def _answerers() -> list[str]:
    return [each for each in counterparts() if each != MAKER]


@duty(Duty.CARD_MATCH)
def match_desk(request: HttpRequest) -> HttpResponse:
    """Send what waits to the province and the banks, collect their answers and apply them."""
    refused = beyond(request)
    if refused is not None:
        return refusal(request, refused)
    works: dict[str, Callable[[Act], int]] = {"match": send_to_match, "accounts": ask_accounts}
    context: dict[str, Any] = {}
    wanted = request.POST.get("do", "")
    if wanted in works:
        with open_act(actor_of(request), door=Door.CONSOLE, purpose="数据比对与预开户") as act:
            count = works[wanted](act)
        post.send_files()
        tell(request, ngettext("已送出 %(count)d 笔。", "已送出 %(count)d 笔。", count) % {"count": count})
        return redirect("console:match_desk")
    if request.method == "POST":
        context = _incoming(request, _answerers())
        if context.pop("moved"):
            return redirect("console:match_desk")
    context |= queue_context(request, *MATCH_QUEUES)
    context |= {"counts": {each.state: each.count for each in queries.queues(scope_of(request))}}
    return page(request, "match_desk", context | _picture(_answerers()))


@duty(Duty.CARD_RETURN)
def return_desk(request: HttpRequest) -> HttpResponse:
    """Collect the maker's return files and take them in; a half file is taken as far as it goes and says so."""
    refused = beyond(request)
    if refused is not None:
        return refusal(request, refused)
    context: dict[str, Any] = {}
    if request.method == "POST":
        context = _incoming(request, [MAKER])
        if context.pop("moved"):
            return redirect("console:return_desk")
    context |= {"batches": queries.batches("released")}
    return page(request, "return_desk", context | _picture([MAKER]))


def _picture(whose: list[str]) -> dict[str, Any]:
    """Everything between us and these counterparts: out and unanswered, in and waiting, in and done, not taken."""
    return {
        "unanswered": filedesk.unanswered(*whose),
        "sent": filedesk.recent(*whose, outgoing=True),
        "came": filedesk.recent(*whose, outgoing=False),
        "not_taken": filedesk.not_taken(*whose),
        "incoming": post.waiting_files(*whose),
    }


def _incoming(request: HttpRequest, whose: list[str]) -> dict[str, Any]:
    """Collect, or apply one waiting file. `moved`: nothing more to show, read the page anew."""
    if request.POST.get("do") == "collect":
        count = post.collect_files(whose)
        tell(
            request,
            ngettext("收到 %(count)d 份新文件。", "收到 %(count)d 份新文件。", count) % {"count": count},
        )
        return {"moved": True}
    chosen = next(
        (file for file in post.waiting_files(*whose) if str(file.id) == request.POST.get("file")), None
    )
    if chosen is None:
        return {"moved": False, "errors": [gettext("该文件已处理过，请看下面的文件清单。")]}
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="接收文件") as act:
        report = apply_file(act, chosen)
    if isinstance(report, Refused):
        return {"moved": False, "errors": [f"{chosen.name}{gettext('：')}{said(report)}"]}
    return {"moved": False, "report": report}
