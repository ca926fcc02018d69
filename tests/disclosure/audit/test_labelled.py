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
NAMES = ("xianyang-2025", "xinzhou-2024")
NOT_YET = {"xianyang-2025": {"XY21"}, "xinzhou-2024": {"XZ31", "XZ32"}}
"""Labelled errors that a rule could compute and none does so far."""


def looked_over(name: str) -> tuple[Report, list[dict]]:
    labels = tomllib.loads((LABELS / f"{name}.toml").read_text(encoding="utf-8"))
    file = SHARED / "seeds" / labels["document"]
    if not file.is_file():
        pytest.skip("the published documents are not beside this checkout")
    return audit(read_text(file.name, file.read_text(encoding="utf-8"))), labels["finding"]


def lines_of(label: dict) -> set[int]:
    return {label["line"], *(line for line, _ in label.get("cells", ()))}


def told_of(report: Report, grade: str) -> list[set[int]]:
    """The lines of each finding of a class."""
    return [
        {each.place.line, *(place.line for place in each.places)}
        for each in report.findings
        if each.grade == grade
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("grade", ["format", "typo"])
def test_of_faults_of_form_and_words_few_are_missed_and_none_is_made_up(name, grade):
    report, labels = looked_over(name)
    told = told_of(report, grade)
    sure = [label for label in labels if label["class"] == grade and label["sure"]]
    missed = [label["id"] for label in sure if not any(lines_of(label) & lines for lines in told)]
    known = set().union(*map(lines_of, labels))
    assert len(missed) <= len(sure) // 5, missed
    assert [lines for lines in told if not lines & known] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_error_found_is_one_the_red_pen_found(name):
    report, labels = looked_over(name)
    marked = {line for label in labels if label["class"] == "error" for line in lines_of(label)}
    assert [
        each for each in report.findings if each.grade is Grade.ERROR and each.place.line not in marked
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_computable_error_is_found_but_those_named(name):
    report, labels = looked_over(name)
    found = set().union(*told_of(report, "error"))
    missed = {
        label["id"]
        for label in labels
        if label["class"] == "error" and label["computable"] and not lines_of(label) & found
    }
    doubtful = {label["id"] for label in labels if not label["sure"]}
    assert missed - doubtful == NOT_YET[name] - doubtful


@pytest.mark.parametrize("name", NAMES)
def test_every_difference_of_rounding_is_told_and_none_as_an_error(name):
    report, labels = looked_over(name)
    told = {each.place.line for each in report.findings if each.grade is Grade.ROUNDING}
    wrong = {each.place.line for each in report.findings if each.grade is Grade.ERROR}
    for label in labels:
        if label["class"] == "rounding":
            assert lines_of(label) & (told | wrong), label["id"]
