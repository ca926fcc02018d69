"""Base lines of published budgets, as data: a CSV of lines and a TOML of names and reasons for each unit and year."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from yikatong.disclosure.aims import WORDS, Aim, Goals
from yikatong.disclosure.budgets import read_budgets
from yikatong.disclosure.intake import read_lines
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.indicators.targets import read_tables


def ledger(name: str) -> Ledger:
    """The ledger kept under that name (`xinzhou_2024`)."""
    folder = resources.files(__package__)
    told = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    intake = read_lines(f"{name}.csv", (folder / f"{name}.csv").read_bytes())
    if intake.refused:
        raise ValueError(f"{name}.csv: {intake.refused[0].en}")
    goals = tuple(_goals(name.partition("_")[0], told["year"], each) for each in told.get("goals", ()))
    return replace(of_words(told, intake.lines), goals=goals)


def of_words(told: Mapping[str, Any], lines: tuple[BaseLine, ...]) -> Ledger:
    """The ledger of these lines with what a TOML tells: year, unit, names, [reasons], [facts], [remarks]."""
    return Ledger(
        told["year"], told["unit"], told["unit_name"], told["parent"], told["parent_name"], lines,
        told.get("reasons", {}), told.get("facts", {}), told.get("remarks", {}), told.get("administrative", False),
    )  # fmt: skip


def _goals(centre: str, year: int, told: dict[str, Any]) -> Goals:
    """The goals that a ledger names by the table of their targets; of a project its budget file tells the rest."""
    code = told["table"]
    (table,) = [each for each in read_tables(centre) if (each.year, each.code) == (year, code)]
    book = next(
        (each for each in read_budgets(centre) if (each["year"], each["table"]) == (year, code)), told
    )
    words = {key: str(book[key]) for key in WORDS if book.get(key)}
    return Goals(
        told["kind"], book.get("project", ""), words, book.get("funds", {}), tuple(map(Aim.of, table.targets))
    )
