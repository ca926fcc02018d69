"""What every page knows: whose centre this is and, in a demo city, what day it is there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yikatong.office import clock, queries


def house(request: HttpRequest) -> dict[str, Any]:
    """`centre` (or None before one is opened), `city_today`, `demo`."""
    return {"centre": queries.centre(), "city_today": clock.today(), "demo": settings.DEMO}
