"""The resident's door: a session that knows one thing, who is in, and forgets it after a quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from yikatong.office.act import Actor
from yikatong.residents import queries
from yikatong.residents.queries import Person
from yikatong.residents.rules import DEAD

KEY = "resident"
IDLE_SECONDS = 15 * 60

Rest = ParamSpec("Rest")
ResidentView = Callable[Concatenate[HttpRequest, Person, Rest], HttpResponse]


def enter(request: HttpRequest, person: Person) -> None:
    """Begin a session for this person; whatever the browser's session held before is gone."""
    request.session.flush()
    request.session[KEY] = person.id
    request.session.set_expiry(IDLE_SECONDS)


def leave(request: HttpRequest) -> None:
    """End the session."""
    request.session.flush()


def who(request: HttpRequest) -> Person | None:
    """The person who is in, read anew each time; nobody once their death is recorded."""
    number = request.session.get(KEY)
    found = queries.person(number) if isinstance(number, int) else None
    return found if found is not None and found.state != DEAD.code else None


def resident_only(view: ResidentView[Rest]) -> Callable[..., HttpResponse]:
    """A signed-in resident may come in and sees only themselves; the view gets the `Person` after the request."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = who(request)
        if person is None:
            leave(request)
            back = urlencode({"next": request.path}) if request.method == "GET" else ""
            return redirect(f"{reverse('portal:sign_in')}{'?' + back if back else ''}")
        request.session.modified = True  # each visit begins the quarter of an hour again
        response = view(request, person, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"  # a shared phone's back button shows nobody's data
        return response

    guarded.door = "resident:self"  # type: ignore[attr-defined]
    return guarded


def actor_of(person: Person) -> Actor:
    """The person as the one who acts."""
    return Actor.resident(person.id, person.name)
