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
    for sentence in sentences(warnings):
        messages.warning(request, sentence)


def sentences(warnings: Iterable[str]) -> list[str]:
    """What to look after, in the language of the page."""
    english = (get_language() or "").startswith("en")
    return [WARNINGS[warning][1 if english else 0] for warning in warnings]


def tell_no(request: HttpRequest, refused: Refused) -> None:
    """Say on the next page that it came to nothing, where what was asked for is kept all the same."""
    messages.error(request, refused.en if (get_language() or "").startswith("en") else refused.zh)
