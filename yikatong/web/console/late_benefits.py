"""发放时限: what is late and why, whose turn it is, and what is due next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from yikatong.benefits.late import late_batches, unbrought
from yikatong.benefits.queries import programme_list
from yikatong.benefits.terms import deadline_of
from yikatong.office import clock
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page

AHEAD = 31


@duty(Duty.BENEFIT_LOOK)
def late(request: HttpRequest) -> HttpResponse:
    """Late batches and periods without any, the longest first; then what is due within a month, and each programme's day."""
    today = clock.today()
    rows = late_batches(today, scope_of(request), ahead=AHEAD)
    context = {
        "late": [each for each in rows if each.days > 0],
        "coming": [each for each in rows if each.days <= 0],
        "unbrought": unbrought(today),
        "days": [(each, deadline_of(each, today)) for each in programme_list()],
    }
    return page(request, "late_benefits", context)
