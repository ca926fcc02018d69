"""Every door says who may come in, or why everyone may.

A view wears exactly one of these; `tests/house/test_doors.py` walks every URL and fails where one wears none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yikatong.office.act import Actor, Door, open_act
from yikatong.office.duties import Duty
from yikatong.office.facts import DOOR_REFUSED
from yikatong.office.held import send_to_login
from yikatong.office.models import Staff

View = Callable[..., HttpResponse]


def duty(needed: Duty) -> Callable[[View], View]:
    """Staff with this duty may come in. Others are refused, and the refusal is journalled."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            staff = request.user
            if not isinstance(staff, Staff) or not staff.is_active:
                return send_to_login(request)
            if settings.STAFF_NEED_SECOND_FACTOR and not has_second_factor(staff):
                return redirect("mfa_index")
            if not staff.has_duty(needed):
                with open_act(Actor.staff(staff), door=Door.CONSOLE) as act:
                    act.record(DOOR_REFUSED, path=request.path, duty=needed.code)
                raise PermissionDenied(needed.zh)
            return view(request, *args, **kwargs)

        guarded.door = f"duty:{needed.code}"  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(because: str) -> Callable[[View], View]:
    """Everyone may come in, and here is why."""
    if not because.strip():
        raise ValueError("a public door needs its reason in writing")

    def wrap(view: View) -> View:
        view.door = f"public:{because}"  # type: ignore[attr-defined]
        return view

    return wrap


def has_second_factor(staff: Staff) -> bool:
    """Whether this person has set up TOTP or a passkey."""
    from allauth.mfa.models import Authenticator

    return bool(
        Authenticator.objects.filter(user=staff).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
    )
