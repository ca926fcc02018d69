"""What every page of the portal knows besides its own matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yikatong.residents.queries import Person

LARGE = "yk_large_type"


def page(request: HttpRequest, template: str, person: Person | None = None, **matter: object) -> HttpResponse:
    """Render `portal/<template>.html`; the type size is the reader's own choice, kept in a cookie."""
    large = request.COOKIES.get(LARGE) == "1"
    context = {"person": person, "large_type": large, **matter}
    return render(request, f"portal/{template}.html", context)
