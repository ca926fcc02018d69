"""What a page says after something was done."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language

from yikatong.basics.refused import Refused
from yikatong.residents.rules import WARNINGS


def tell(request: HttpRequest, text: str, *, warnings: Iterable[str] = ()) -> None:
    """Say that it is done, and what to look after; `warnings` are keys of the base library's `WARNINGS`."""
    messages.success(request, text)
    for warning in warnings:
        zh, en = WARNINGS[warning]
        messages.warning(request, en if (get_language() or "").startswith("en") else zh)


def tell_no(request: HttpRequest, refused: Refused) -> None:
    """Say on the next page that it came to nothing, where what was asked for is kept all the same."""
    messages.error(request, refused.en if (get_language() or "").startswith("en") else refused.zh)
