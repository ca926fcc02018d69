"""Who stands at this window, and the door for pages that need no duty."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yikatong.cards.services.by_bank import CHANNEL as BANK
from yikatong.office.act import Actor
from yikatong.office.doors import has_second_factor
from yikatong.office.people import Staff
from yikatong.office.scope import Scope

WINDOW = "window"
View = Callable[..., HttpResponse]


def any_staff(because: str) -> Callable[[View], View]:
    """Whoever is on the staff and logged in as the house demands may come in; here is why no duty is needed."""
    if not because.strip():
        raise ValueError("a door without a duty needs its reason in writing")

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            staff = request.user
            if not isinstance(staff, Staff) or not staff.is_active:
                return redirect_to_login(request.get_full_path())
            if settings.STAFF_NEED_SECOND_FACTOR and not has_second_factor(staff):
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        guarded.door = f"staff:{because}"  # type: ignore[attr-defined]
        return guarded

    return wrap


def staff_of(request: HttpRequest) -> Staff:
    """The member of staff behind a guarded door."""
    if not isinstance(request.user, Staff):
        raise PermissionDenied
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The member of staff as the actor of an act."""
    return Actor.staff(staff_of(request))


def channel_of(request: HttpRequest) -> str:
    """Through which window somebody came: the centre's, or that of a bank which runs the outlet."""
    outlet = staff_of(request).outlet
    return BANK if outlet is not None and outlet.bank_code else WINDOW


def scope_of(request: HttpRequest) -> Scope:
    """Whose rows they may see."""
    return Scope.of(staff_of(request))
