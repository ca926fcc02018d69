"""`{% remember %} … {% endremember %}`: a piece of a page that is the same text for the same values, kept in the process.

What it depends on is read off the piece itself: every name used in it, the language and the city's day. So nothing in it
can be stale, and nobody sees what was made for another. Values that could change under their name (a request, a model, a
list) are not remembered by: with one of them the piece is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django import template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    Variable,
    VariableNode,
)
from django.template.context import Context
from django.template.defaulttags import IfNode, TemplateLiteral, URLNode
from django.template.smartif import TokenBase
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yikatong.office import clock

register = template.Library()
MOST = 4_000
"""Texts kept for one piece; then it begins anew. A row of a queue has about a thousand characters."""
_PLAIN = (str, int, bool, type(None), date, Decimal, Enum, tuple, frozenset)
_KNOWN = (TextNode, VariableNode, IfNode, URLNode, TranslateNode)


class Remembered(Node):
    """One such piece with the texts it came to so far."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.names = tuple(sorted(set(_names(nodelist))))
        self._texts: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = [context.get(name) for name in self.names]
        if not all(map(_stays, values)):
            return self.nodelist.render(context)
        key = (get_language(), clock.today(), *values)
        text = self._texts.get(key)
        if text is None:
            text = self.nodelist.render(context)
            if len(self._texts) >= MOST:
                self._texts.clear()
            self._texts[key] = text
        return text


@register.tag
def remember(parser: Parser, token: Token) -> Remembered:
    """The piece up to `endremember`: text, values, `if`, `url` and `translate`."""
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remembered(nodelist)


def _stays(value: object) -> bool:
    """Whether a value is what it is for ever: plain, or a frozen row."""
    kind = type(value)
    rules = getattr(kind, "__dataclass_params__", None)
    return rules.frozen if rules is not None else issubclass(kind, _PLAIN)


def _names(part: object) -> Iterator[str]:
    """Every name that a part of a template looks up in the context."""
    match part:
        case Variable():
            if part.lookups:
                yield part.lookups[0]
        case FilterExpression():
            yield from _names(part.var)
            for _, arguments in part.filters:
                for _, argument in arguments:
                    yield from _names(argument)
        case TokenBase():  # and, or, not, ==, in …
            inner = (part.value,) if isinstance(part, TemplateLiteral) else (part.first, part.second)
            yield from _names(inner)
        case dict():
            yield from _names(tuple(part.values()))
        case list() | tuple():
            for each in part:
                yield from _names(each)
        case Node():
            if not isinstance(part, _KNOWN):
                raise template.TemplateSyntaxError(
                    f"{type(part).__name__} cannot stand in a remembered piece"
                )
            yield from _names(
                [value for name, value in vars(part).items() if name not in ("token", "origin")]
            )
