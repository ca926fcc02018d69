"""The audit's lists are data beside its code: reviewed words, subjects by year."""

from __future__ import annotations

import csv
from importlib import resources

_HOME = "yikatong.disclosure"


def rows_of(folder: str, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of a folder of `disclosure` (`"audit.rules"`, `"terms"`) by the names in its head."""
    with (resources.files(f"{_HOME}.{folder}") / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
