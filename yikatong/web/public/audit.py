"""文本审核 for whoever publishes a budget."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yikatong.office.doors import public
from yikatong.web.looking_over import looked_over


@public("whoever publishes a budget may have it looked over; nothing of the upload is kept")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """Upload a document, read what was found, place by place, or take a copy with it written in."""
    told = looked_over(request)
    return told if isinstance(told, HttpResponse) else render(request, "public/audit.html", told)
