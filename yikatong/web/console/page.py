"""How a console page is answered: with the menu, what the reader may do, and refusals in the same dress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from yikatong.basics.refused import Refused
from yikatong.cards.payments import fees_here
from yikatong.office import clock
from yikatong.office.duties import Duty, duties_of
from yikatong.web.console.doors import staff_of
from yikatong.web.console.menu import menu_said
from yikatong.web.forms import said

_UNSEEN = frozenset({Duty.FEE_COLLECT, Duty.FEE_DECIDE})
"""What nobody has anything to do with in a city where cards are free."""


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `console/<template>.html`; in it `can.CARD_APPLY` says whether the reader has that duty."""
    staff = staff_of(request)
    duties, found = duties_of(staff.roles), request.resolver_match
    whole = {
        "menu_said": menu_said(
            duties - _UNSEEN if not fees_here(clock.today()) else duties,
            (found and found.url_name) or "",
            get_language() or "",
        ),
        "can": {duty.name: True for duty in duties},
        "staff": staff,
        "seen_at": clock.now(),  # what a printed page is marked with
        **(context or {}),
    }
    return render(request, f"console/{template}.html", whole, status=status)


FURTHEST = 10_000_000
"""No list is longer; a number beyond what the database can count would be a fault instead of an empty page."""


def start_of(request: HttpRequest) -> int:
    """Where in a list the reader is (`?from=50`); the beginning where that is no number."""
    try:
        return min(max(0, int(request.GET.get("from", "0"))), FURTHEST)
    except ValueError:
        return 0


def turns(start: int, at_once: int, found: Sequence[object]) -> dict[str, int | None]:
    """What `turn.html` needs: where the pages before and after begin. `found` has one row more than a page shows, if any."""
    return {
        "earlier": max(0, start - at_once) if start else None,
        "later": start + at_once if len(found) > at_once else None,
    }


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The whole page is a no: there is no such record (404), or it is not theirs to see (403)."""
    outside = refused.code.startswith("scope.")
    return page(request, "refused", {"errors": [said(refused)]}, status=403 if outside else 404)
