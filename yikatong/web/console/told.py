"""What a page says after something was done."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, text: str, *, warnings: Iterable[object] = ()) -> None:
    """Say that it is done, and what to look after."""
    messages.success(request, text)
    for warning in warnings:
        messages.warning(request, str(warning))
