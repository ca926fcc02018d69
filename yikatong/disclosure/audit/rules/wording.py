"""Wording: words that a reviewed list knows to be slips, doubled characters of official words, doubled punctuation."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.sentences import sentences_of
from yikatong.disclosure.audit.view import View

_DOUBLED = re.compile(r"(费|款|额|表|元|年|的|了|为)\1(?![一-鿿]?用)")
_PUNCTUATION = re.compile(r"[，、；：]{2,}|。{2}(?!。)|[，、；：]。")
_EMPTY_REASON = re.compile(r"(?:主要)?原因(?:是|为)[。；，]")


@cache
def _slips() -> tuple[tuple[str, str], ...]:
    with (resources.files("yikatong.disclosure.audit.rules") / "wording.csv").open(encoding="utf-8") as file:
        return tuple((row["wrong"], row["right"]) for row in csv.DictReader(file))


def look(view: View) -> Iterator[Finding]:
    """Slips of the reviewed list and doubled signs; words the list does not know are left alone."""
    for sentence in sentences_of(view.document.lines):
        for wrong, right in _slips():
            for found in re.finditer(re.escape(wrong), sentence.text):
                place = Place(view.document.file, 0, sentence.lines[found.start()])
                yield _finding("word.slip", Grade.TYPO, place, wrong, right, "常见错别字", "A known slip")
        for pattern, rule, grade, zh, en in (
            (_DOUBLED, "word.doubled", Grade.TYPO, "重复用字", "A doubled character"),
            (_PUNCTUATION, "punctuation.doubled", Grade.TYPO, "标点重复", "Doubled punctuation"),
            (_EMPTY_REASON, "reason.empty", Grade.ERROR, "没有写出原因", "The reason is missing"),
        ):
            for found in pattern.finditer(sentence.text):
                place = Place(view.document.file, 0, sentence.lines[found.start()])
                expected = found.group()[0] if rule != "reason.empty" else ""
                yield _finding(rule, grade, place, found.group(), expected, zh, en)


def _finding(rule: str, grade: Grade, place: Place, printed: str, expected: str, zh: str, en: str) -> Finding:
    fix = f"改为“{expected}”。" if expected else "补写。"
    return Finding(
        rule,
        grade,
        place,
        printed,
        expected,
        "",
        (),
        f"第{place.line}行“{printed}”：{zh}。",
        f"{en}: {printed}.",
        fix,
    )
