"""What holds for every request: all content from this house, plain text only, and no session left open at a counter."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from yikatong.office import clock
from yikatong.office.held import left

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the policy to every answer. Charts set inline styles, scripts never are inline."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return answer


def no_null_characters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """400 for an address with a NUL in its query: PostgreSQL takes none, and no reader of ours ever sends one.

    Forms turn it away by themselves.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return get_response(request)

    return answer


UNATTENDED = "X-Unattended"
SEEN, NOTED_EVERY = "seen", 60  # seconds; a busy counter's session is not written at every click


def idle_limit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A counter left alone is logged out: staff who did nothing for STAFF_IDLE_SECONDS log in again."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.machine_now().timestamp())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.STAFF_IDLE_SECONDS:
                left_by = request.user.pk
                logout(request)
                left(request, left_by)
            elif UNATTENDED in request.headers:
                pass  # a page that looks for news by itself is nobody at the counter
            elif now - seen >= NOTED_EVERY or SEEN not in request.session:
                request.session[SEEN] = now
        return get_response(request)

    return answer
