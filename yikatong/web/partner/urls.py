"""The API's addresses. Ninja makes the views; here each one gets its door mark, or the house does not start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from ninja.openapi.views import openapi_json
from ninja.operation import PathView

from yikatong.benefits.terms import limits
from yikatong.office import clock
from yikatong.office.doors import public
from yikatong.web.partner.api import api
from yikatong.web.partner.problems import BODY_TOO_LARGE, FILE_TOO_LARGE, NOT_ALLOWED, problem

MOST_BYTES = 16 * 1024
MEBIBYTE = 1024 * 1024


@public(
    "the description of the interface holds nothing about anyone, and partners need it before they have a key"
)
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    return openapi_json(request, api)


def guarded(
    view: Callable[..., HttpResponse], door: str, *, files: bool = False
) -> Callable[..., HttpResponse]:
    """The view with its mark, a limit on the body (a question's, or a roster's), and problem+json also where the method is wrong."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > MOST_BYTES and (
            not files or size > MOST_BYTES + limits(clock.today()).megabytes * MEBIBYTE
        ):
            return problem(413, FILE_TOO_LARGE if files else BODY_TOO_LARGE)
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refused = problem(405, NOT_ALLOWED)
        refused["Allow"] = response["Allow"]
        return refused

    answer.door = door  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]  # keys come in a header, never by themselves in a cookie
    return answer


def _doors() -> dict[str, tuple[str, bool]]:
    """Door mark by operation name, and whether its address takes files; an operation without a mark is an error at
    start. Operations of one address share its view, so what one of them takes comes in by all."""
    return {
        operation.view_func.__name__: (str(vars(operation.view_func)["door"]), _takes_files(view))
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }


def _takes_files(view: PathView) -> bool:
    return any("takes_files" in vars(operation.view_func) for operation in view.operations)


def _patterns(doors: dict[str, tuple[str, bool]]) -> list[URLPattern]:
    made = []
    for pattern in api.urls[0]:
        if not isinstance(pattern, URLPattern) or isinstance(pattern.callback, partial):
            continue  # ninja's own schema and root views; ours is above
        door, files = doors[str(pattern.name)]
        pattern.callback = guarded(pattern.callback, door, files=files)
        made.append(pattern)
    return made


app_name = "partner"
urlpatterns = [
    path("v1/openapi.json", schema, name="schema"),
    path("v1/", include((_patterns(_doors()), "partner-v1"))),
]
