"""文本审核 at the desk of those who prepare what is published: the page of the public window, nothing kept here either."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.page import page
from yikatong.web.looking_over import looked_over


@duty(Duty.DISCLOSURE_LOOK)
def audit(request: HttpRequest) -> HttpResponse:
    """Upload a document, read what was found, or take a copy with it written in."""
    told = looked_over(request)
    return told if isinstance(told, HttpResponse) else page(request, "audit", told)
