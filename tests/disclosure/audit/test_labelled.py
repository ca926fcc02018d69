"""Two published documents, read with a red pen before the rules were written: what is found of it."""

import os
import tomllib
from pathlib import Path

import pytest

from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Grade, Report
from yikatong.disclosure.audit.reading.text import read_text

SHARED = Path(os.environ.get("YK_SHARED") or Path(__file__).resolve().parents[4] / "shared")
LABELS = Path(__file__).parent / "labels"
NOT_YET = {
    "xianyang-2025": {"XY02", "XY03", "XY11", "XY14", "XY15", "XY21"},
    "xinzhou-2024": {"XZ30", "XZ31", "XZ32", "XZ37", "XZ38", "XZ40", "XZ41", "XZ44", "XZ47", "XZ50", "XZ56"},
}
"""Labelled errors that a rule could compute and none does so far: tables without columns, sheets of targets, wording."""


def looked_over(name: str) -> tuple[Report, list[dict]]:
    labels = tomllib.loads((LABELS / f"{name}.toml").read_text(encoding="utf-8"))
    file = SHARED / "seeds" / labels["document"]
    if not file.is_file():
        pytest.skip("the published documents are not beside this checkout")
    return audit(read_text(file.name, file.read_text(encoding="utf-8"))), labels["finding"]


def lines_of(label: dict) -> set[int]:
    return {label["line"], *(line for line, _ in label.get("cells", ()))}


@pytest.mark.parametrize("name", sorted(NOT_YET))
def test_every_error_found_is_one_the_red_pen_found(name):
    report, labels = looked_over(name)
    marked = {line for label in labels if label["class"] == "error" for line in lines_of(label)}
    assert [
        each for each in report.findings if each.grade is Grade.ERROR and each.place.line not in marked
    ] == []


@pytest.mark.parametrize("name", sorted(NOT_YET))
def test_every_computable_error_is_found_but_those_named(name):
    report, labels = looked_over(name)
    found = {each.place.line for each in report.findings if each.grade is Grade.ERROR}
    missed = {
        label["id"]
        for label in labels
        if label["class"] == "error" and label["computable"] and not lines_of(label) & found
    }
    doubtful = {label["id"] for label in labels if not label["sure"]}
    assert missed - doubtful == NOT_YET[name] - doubtful


@pytest.mark.parametrize("name", sorted(NOT_YET))
def test_every_difference_of_rounding_is_told_and_none_as_an_error(name):
    report, labels = looked_over(name)
    told = {each.place.line for each in report.findings if each.grade is Grade.ROUNDING}
    wrong = {each.place.line for each in report.findings if each.grade is Grade.ERROR}
    for label in labels:
        if label["class"] == "rounding":
            assert lines_of(label) & (told | wrong), label["id"]
