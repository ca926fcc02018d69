"""Plug-ins are files: each module of a plug-in folder offers `ENTRY = …` and is found here."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TypeVar

T = TypeVar("T")


@cache
def entries(folder: str, kind: type[T]) -> dict[str, T]:
    """All entries of a plug-in folder (a package's dotted name), by module name.

    A module without an `ENTRY` of the right kind is a broken promise and raises TypeError.
    """
    package = importlib.import_module(folder)
    found: dict[str, T] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        entry = getattr(importlib.import_module(f"{folder}.{module.name}"), "ENTRY", None)
        if not isinstance(entry, kind):
            raise TypeError(f"{folder}.{module.name} offers no ENTRY of kind {kind.__name__}")
        found[module.name] = entry
    return found
