"""发放公示: batches in public view, all names and numbers masked; who objects is told where to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yikatong.benefits import queries
from yikatong.office import clock
from yikatong.office.doors import public

AT_ONCE = 100
FURTHEST = 10_000_000


@public("rosters are put in public view by the rules of their programmes; names and numbers are masked")
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """The batches in public view today."""
    return render(request, "public/publicity.html", {"rows": queries.in_view(clock.today())})


@public("rosters are put in public view by the rules of their programmes; names and numbers are masked")
@require_safe
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """The masked rows of one of them; gone when its days are over."""
    row = next((each for each in queries.in_view(clock.today()) if each.number == number), None)
    if row is None:
        raise Http404
    start = _start(request)
    found = queries.shown(row, AT_ONCE + 1, start)
    context = {
        "row": row,
        "lines": found[:AT_ONCE],
        "earlier": max(0, start - AT_ONCE) if start else None,
        "later": start + AT_ONCE if len(found) > AT_ONCE else None,
    }
    return render(request, "public/publicity_rows.html", context)


def _start(request: HttpRequest) -> int:
    try:
        return min(max(0, int(request.GET.get("from", "0"))), FURTHEST)
    except ValueError:
        return 0
