"""Four published documents, read with a red pen before the rules were written: what is found of it, and what is made up."""

import os
import tomllib
from functools import cache
from pathlib import Path

import pytest

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Finding, Grade, Report
from yikatong.disclosure.audit.reading import read_document

SHARED = Path(os.environ.get("YK_SHARED") or Path(__file__).resolve().parents[4] / "shared")
LABELS = Path(__file__).parent / "labels"
NAMES = ("xianyang-2025", "xinzhou-2024", "shanghai-wanli-2024", "shanghai-finance-2025")
NOT_YET = {"xianyang-2025": {"XY21"}, "xinzhou-2024": {"XZ31", "XZ32"}}
"""Labelled errors that a rule could compute and none does so far."""


@cache
def looked_over(name: str) -> tuple[Report, list[dict]]:
    labels = tomllib.loads((LABELS / f"{name}.toml").read_text(encoding="utf-8"))
    file = next(
        (file for folder in ("seeds", "samples") if (file := SHARED / folder / labels["document"]).is_file()),
        None,
    )
    if file is None:
        pytest.skip("the published documents are not beside this checkout")
    document = read_document(file.name, file.read_bytes())
    assert not isinstance(document, Refused)
    return audit(document), labels["finding"]


def spots_of(label: dict) -> list[tuple[int, str]]:
    """(line, words) of each place of a label; (page, words) in a PDF, whose lines another reader counted."""
    paged = "page" in label
    first = (label["page" if paged else "line"], label["printed"] if paged else "")
    cells = [(cell[0], cell[2]) if paged else (cell[0], "") for cell in label.get("cells", ())]
    return [(at, words.replace(" ", "")) for at, words in (first, *cells)]


def told_by(finding: Finding) -> list[tuple[int, str]]:
    """The same of a finding."""
    places = (finding.place, *finding.places)
    if not finding.place.page:
        return [(place.line, "") for place in places]
    return [(place.page, finding.printed) for place in places]


def meets(finding: Finding, label: dict) -> bool:
    """Whether a finding is in a place of the label, and in a PDF says something of the same words."""
    return any(
        at == place and (words in printed or printed in words)
        for at, words in spots_of(label)
        for place, printed in told_by(finding)
    )


def told(report: Report, *grades: Grade) -> list[Finding]:
    return [each for each in report.findings if each.grade in grades]


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("grade", [Grade.FORMAT, Grade.TYPO])
def test_of_faults_of_form_and_words_few_are_missed_and_none_is_made_up(name, grade):
    report, labels = looked_over(name)
    found = told(report, grade)
    sure = [label for label in labels if label["class"] == grade and label["sure"]]
    missed = [label["id"] for label in sure if not any(meets(each, label) for each in found)]
    assert len(missed) <= len(sure) // 5, missed
    assert [each for each in found if not any(meets(each, label) for label in labels)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_error_found_is_one_the_red_pen_found(name):
    report, labels = looked_over(name)
    marked = [label for label in labels if label["class"] == "error"]
    assert [
        each for each in told(report, Grade.ERROR) if not any(meets(each, label) for label in marked)
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_computable_error_is_found_but_those_named(name):
    report, labels = looked_over(name)
    missed = {
        label["id"]
        for label in labels
        if label["class"] == "error"
        and label["computable"]
        and not any(meets(each, label) for each in told(report, Grade.ERROR))
    }
    doubtful = {label["id"] for label in labels if not label["sure"]}
    assert missed - doubtful == NOT_YET.get(name, set()) - doubtful


@pytest.mark.parametrize("name", NAMES)
def test_every_difference_of_rounding_is_told_and_none_as_an_error(name):
    report, labels = looked_over(name)
    explained = [*told(report, Grade.ROUNDING), *told(report, Grade.ERROR)]
    for label in labels:
        if label["class"] == "rounding":
            assert any(meets(each, label) for each in explained), label["id"]


def recalled(*classes: str) -> tuple[int, int, list[str]]:
    """Of the sure labels of these classes of all documents: how many are found, how many there are, the missed."""
    sure = [
        (name, label)
        for name in NAMES
        for label in looked_over(name)[1]
        if label["sure"] and label["class"] in classes
    ]
    missed = [
        label["id"]
        for name, label in sure
        if not any(
            meets(each, label) for each in told(looked_over(name)[0], Grade.ERROR, Grade.FORMAT, Grade.TYPO)
        )
    ]
    return len(sure) - len(missed), len(sure), missed


@pytest.mark.parametrize(("classes", "least"), [(("error",), 95), (("format", "typo"), 80), (("typo",), 80)])
def test_of_all_documents_nearly_every_error_is_found_and_most_faults_of_form_and_words(classes, least):
    found, of, missed = recalled(*classes)
    assert found * 100 >= of * least, (found, of, missed)


def test_of_all_errors_told_nineteen_in_twenty_are_true():
    true = false = 0
    for name in NAMES:
        report, labels = looked_over(name)
        marked = [label for label in labels if label["class"] == "error"]
        for each in told(report, Grade.ERROR):
            if any(meets(each, label) for label in marked):
                true += 1
            else:
                false += 1
    assert true >= 30
    assert true >= 19 * false
