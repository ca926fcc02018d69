"""Base lines of published budgets, as data: a CSV of lines and a TOML of names and reasons for each unit and year."""

from __future__ import annotations

import tomllib
from importlib import resources

from yikatong.disclosure.intake import read_lines
from yikatong.disclosure.lines import Ledger


def ledger(name: str) -> Ledger:
    """The ledger kept under that name (`xinzhou_2024`)."""
    folder = resources.files(__package__)
    told = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    intake = read_lines(f"{name}.csv", (folder / f"{name}.csv").read_bytes())
    if intake.refused:
        raise ValueError(f"{name}.csv: {intake.refused[0].en}")
    return Ledger(
        told["year"], told["unit"], told["unit_name"], told["parent"], told["parent_name"], intake.lines,
        told.get("reasons", {}), told.get("facts", {}), told.get("remarks", {}),
    )  # fmt: skip
