"""A form that was sent twice is one act: the page on which answers are checked names the act they will be.

The name is signed for this clerk and this address. Where a second click, a page gone back to or a reload brings it
again, the journal knows it, nothing is done, and the clerk is led to where the first one led.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from yikatong.basics.refused import Refused
from yikatong.office.act import Act, Door, open_act
from yikatong.web.console.doors import actor_of
from yikatong.web.console.told import tell

SALT = "yikatong.act"
LED_TO, KEPT = "led_to", 8  # the session remembers where the last few acts led


def name_act(request: HttpRequest) -> str:
    """A name for the act this page may become."""
    return signing.dumps([uuid4().hex, actor_of(request).code, request.path], salt=SALT)


def named_act(request: HttpRequest) -> UUID | None:
    """The act a form was sent for; None where it names none, or not one of this clerk and address."""
    try:
        name, actor, path = signing.loads(request.POST.get("act", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return UUID(name) if (actor, path) == (actor_of(request).code, request.path) else None


AGAIN = object()
"""What came of an act that had taken place before."""


def at_most_once(
    request: HttpRequest, named: UUID | None, work: Callable[[Act], Any], *, purpose: str
) -> Any:
    """What `work` returned in an act of this name; AGAIN, with nothing done, where that act has taken place."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose, named=named) as act:
        if named is not None and act.took_place():
            return AGAIN
        result = work(act)
        if isinstance(result, Refused):
            act.id = uuid4()  # a no is not the act that was asked for: it may still be done
        return result


def remember(request: HttpRequest, act: UUID | None, answer: HttpResponse) -> HttpResponse:
    """Keep where an act led; returns the answer."""
    if act is not None and "Location" in answer.headers:
        led = [*request.session.get(LED_TO, []), [act.hex, answer.headers["Location"]]]
        request.session[LED_TO] = led[-KEPT:]
    return answer


def done_already(request: HttpRequest, act: UUID, otherwise: str) -> HttpResponse:
    """Lead to where the act led the first time."""
    tell(request, gettext("这一笔刚才已经办好，没有重复办理。"))
    return redirect(dict(request.session.get(LED_TO, [])).get(act.hex, otherwise))
