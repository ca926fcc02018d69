"""Every kind of fact the installed packages record, and an entry as a sentence.

The floors above list their kinds in their own `facts.py`; this registry finds them there, so that the journal can be
read on the ground floor without knowing who lives upstairs.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from functools import cache
from typing import Protocol

from django.apps import apps

from yikatong.basics.kinds import Kind, sentence


class Told(Protocol):
    """What a sentence is made from: an entry, a row of a set, or whatever reads like one."""

    @property
    def kind(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, object]: ...


@cache
def all_kinds() -> dict[str, Kind]:
    """Kind by code, from the `KINDS` of every installed package's `facts.py`. A code listed twice is a ValueError."""
    found: dict[str, Kind] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("yikatong.") or importlib.util.find_spec(f"{app.name}.facts") is None:
            continue
        kinds: tuple[Kind, ...] = importlib.import_module(f"{app.name}.facts").KINDS
        for kind in kinds:
            if kind.code in found:
                raise ValueError(f"two kinds of fact are called {kind.code}")
            found[kind.code] = kind
    return found


def kinds_that_read() -> tuple[str, ...]:
    """Codes of the kinds that are looks at personal data: what a resident sees as "who looked at my data"."""
    return tuple(kind.code for kind in all_kinds().values() if kind.read)


def sentence_of(row: Told, language: str = "zh") -> str:
    """The entry as people read it, in `zh` or `en`; a kind that no package lists any more reads as its code.

    A sentence may name the entry's purpose, region and outlet beside its payload.
    """
    kind = all_kinds().get(row.kind)
    if kind is None:
        return f"{row.actor_name} {row.kind}".strip()
    columns = {"purpose": row.purpose, "region": row.region, "outlet": row.outlet}
    return sentence(kind, actor=row.actor_name, payload={**columns, **row.payload}, language=language)
