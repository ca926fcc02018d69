"""The partner's door: a key, a purpose it was given for, and a measured pace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from yikatong.office import clock
from yikatong.office.appointments import partner_of_key
from yikatong.office.people import Partner
from yikatong.office.turns import take_turn

Operation = TypeVar("Operation", bound=Callable[..., object])
WINDOW = 60  # seconds


def partner(operation: Operation) -> Operation:
    """Partners with a valid key may come in (the API itself checks it, `PartnerKey`)."""
    operation.door = "partner:key"  # type: ignore[attr-defined]
    return operation


def takes_files(operation: Operation) -> Operation:
    """An operation whose body holds a roster: as large as those may be, not as a question is."""
    operation.takes_files = True  # type: ignore[attr-defined]
    return operation


class PartnerKey(HttpBearer):
    """`Authorization: Bearer yk_…`; the request carries the `Partner` as `request.auth` from here on."""

    def authenticate(self, request: HttpRequest, token: str) -> Partner | None:
        return partner_of_key(token.strip(), clock.today())


class PerMinute(BaseThrottle):
    """At most `Partner.per_minute` calls in each minute of the clock, counted once for all workers."""

    def allow_request(self, request: HttpRequest) -> bool:
        self._wait = seconds_to_wait(request.auth)  # type: ignore[attr-defined]
        return self._wait == 0

    def wait(self) -> float | None:
        return self._wait


def seconds_to_wait(asking: Partner) -> int:
    """Count one call of this partner: 0 where it may go on, else the seconds until its next minute begins."""
    second = int(clock.now().timestamp())
    minute = second - second % WINDOW
    key = f"partner-rate:{asking.pk}:{minute}"
    with transaction.atomic():
        # The cache table counts by reading and writing: two workers must not do that at once for one partner.
        take_turn(f"rate.{asking.pk}")
        count: int = cache.get(key, 0)
        if count >= asking.per_minute:
            return minute + WINDOW - second
        cache.set(key, count + 1, WINDOW * 2)
    return 0
