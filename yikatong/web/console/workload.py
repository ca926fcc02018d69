"""工作量与分派: what waits by state and outlet, how old, what is about to break its promise, and whose work it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext

from yikatong.basics.refused import Refused
from yikatong.cards.services import assign as assigning
from yikatong.cards.workload import Load
from yikatong.cards.workload import workload as loads
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page
from yikatong.web.console.told import tell
from yikatong.web.forms import said


@duty(Duty.CARD_ASSIGN)
def workload(request: HttpRequest) -> HttpResponse:
    """The supervisor's morning: every queue with its ages and promises, and each outlet's part in it."""
    rows = loads(scope_of(request))
    whole = [row for row in rows if not row.outlet]
    context = {
        "whole": whole,
        "late": sum(row.late for row in whole),
        "soon": sum(row.soon for row in whole),
        "count": sum(row.count for row in whole),
        "nobody": sum(row.count - row.owned for row in whole),
        "outlets": _by_outlet([row for row in rows if row.outlet]),
    }
    return page(request, "workload", context)


def _by_outlet(rows: list[Load]) -> list[dict[str, Any]]:
    """Each outlet with its queues, those with broken promises first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        place = found.setdefault(
            row.outlet,
            {"code": row.outlet, "name": row.outlet_name, "rows": [], "count": 0, "late": 0, "soon": 0},
        )
        place["rows"].append(row)
        for figure in ("count", "late", "soon"):
            place[figure] += getattr(row, figure)
    return sorted(
        found.values(), key=lambda place: (-place["late"], -place["soon"], -place["count"], place["code"])
    )


@duty(Duty.CARD_ASSIGN)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked orders of a list to somebody, or back to everybody; then the same list again."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = ""
    answer = redirect(back or "console:workload")
    if request.method != "POST":
        return answer
    orders = request.POST.getlist("orders")[:200]
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="分派") as act:
        if request.POST.get("do") == "unassign":
            result = assigning.unassign(act, orders=orders, scope=scope_of(request))
        else:
            result = assigning.assign(
                act, orders=orders, to=request.POST.get("to", ""), scope=scope_of(request)
            )
    if isinstance(result, Refused):
        messages.error(request, said(result))
    elif request.POST.get("do") == "unassign":
        tell(request, ngettext("已收回 %(count)d 笔。", "已收回 %(count)d 笔。", result) % {"count": result})
    else:
        tell(request, gettext("已分派 %(count)d 笔，承诺日期不变。") % {"count": result})
    return answer
