"""Projects of the centres' published budgets as data: words and funds of their performance sheets."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read_budgets(centre_code: str) -> tuple[dict[str, Any], ...]:
    """The budget files of a centre, as they stand on file; empty for a centre that has none."""
    paths = sorted(
        (path for path in files(__package__).iterdir() if path.name.endswith(".toml")),
        key=lambda path: path.name,
    )
    books = [tomllib.loads(path.read_text("utf-8")) for path in paths]
    return tuple(book for book in books if book["centre"] == centre_code)
