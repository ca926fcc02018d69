"""The desk in the morning: find a person, see what waits and how long."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from yikatong.office.doors import duty
from yikatong.office.duties import ROLES, Duty
from yikatong.web.console.doors import any_staff, staff_of
from yikatong.web.console.orders import queue_context
from yikatong.web.console.page import page
from yikatong.web.console.residents import Search


@any_staff("everyone starts here and sees only what their own duties open")
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then the work queues with counts, ages and what is late."""
    staff = staff_of(request)
    context: dict[str, object] = {
        "form": Search(initial={"purpose": request.session.get("purpose")}),
        "roles": [ROLES[code] for code in staff.roles if code in ROLES],
    }
    if staff.has_duty(Duty.CARD_LOOK):
        context |= queue_context(request)
    return page(request, "home", context)


@duty(Duty.CARD_LOOK)
def queues(request: HttpRequest) -> HttpResponse:
    """The queues alone, for the front page to refresh itself."""
    return page(request, "queues", queue_context(request))
