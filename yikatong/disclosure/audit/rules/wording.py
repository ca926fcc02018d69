"""Wording: slips of a reviewed list, characters of other scripts, doubled words, words a year or a moment asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.lists import rows_of
from yikatong.disclosure.audit.rules.nearness import beginning
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_DOUBLED_SIGN = re.compile(
    r"费费(?!用)|款款(?!项)|的的(?![确士])|了了(?![解却结])|为为|与与(?!会)|及及(?![时早格])|将将|元元|是是(?!非)|等等(?=等)|额额(?![度外])"
)
_DOUBLED_WORD = re.compile(
    r"([一-鿿]{3,8}|预算|支出|收入|资金|项目|经费|财政|拨款|政府|本年|当年|增加|减少|采购|绩效|目标|主要|安排)\1"
)
_ABAB = re.compile(r"一|[^一-鿿]|研究|讨论|考虑|比较|商量|指标")
_MOMENT = re.compile(
    r"截止(?=(?:20\d\d年|上年|本年|去年|今年|目前|当前|\d{1,2}月|年底|年末)(?!.{0,6}(?:日期|时间)))"
)
_YEAR_WORD = re.compile(r"20\d\d(?=预算数|决算数|预算安排|年初预算|度(?:单位|部门)?预算|部门预算|单位预算)")
_EMPTY_REASON = re.compile(r"(?:主要)?原因(?:是|为|：|:)[。；，]")


@cache
def _slips() -> tuple[dict[str, list[dict[str, str]]], re.Pattern[str]]:
    """The reviewed list by its first two characters, and a pattern that finds where one may begin."""
    by_start: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("audit.rules", "wording"):
        by_start.setdefault(row["wrong"][:2], []).append(row)
    return by_start, beginning(by_start)


@cache
def _variants() -> tuple[dict[str, str], re.Pattern[str]]:
    """Characters of the traditional script and of old fonts, with the character to write."""
    known = {row["variant"]: row["standard"] for row in rows_of("audit.rules", "characters")}
    return known, re.compile("[" + "".join(known) + "]")


def look(view: View) -> Iterator[Finding]:
    """What the lists know to be wrong; words they do not know are left alone."""
    file = view.document.file
    clean: set[str] = set()
    for text in view.texts:
        if text.kind != "cell" or text.text not in clean:
            slips = list(_in_any(text, file, view.year))
            yield from slips
            if not slips and text.kind == "cell":
                clean.add(text.text)  # the same words stand in many tables
        if text.kind == "sentence":
            yield from _in_sentences(text, file)
        if text.head or text.kind in ("sentence", "title"):
            for found in _YEAR_WORD.finditer(text.text):
                right = f"{found.group()}年"
                whole = text.text if text.kind != "sentence" else found.group()
                yield of_text(
                    "word.year", Grade.TYPO, [text.place(found.start(), file)], whole,
                    whole.replace(found.group(), right), "年份后缺“年”字", "年 is missing after the year",
                )  # fmt: skip


def _in_any(text: Text, file: str, year: int) -> Iterator[Finding]:
    if text.kind != "line" and not text.text.isascii():
        yield from _listed(text, file, year)
    if text.kind != "flow":
        yield from _doubled(text, file)


def _listed(text: Text, file: str, year: int) -> Iterator[Finding]:
    by_start, starts = _slips()
    for begun in starts.finditer(text.text):
        at = begun.start()
        for row in by_start[text.text[at : at + 2]]:
            excused = row["not_after"] and text.text.endswith(row["not_after"], 0, at)
            if text.text.startswith(row["wrong"], at) and not excused and year >= int(row["since"] or 0):
                place = text.place(at, file)
                yield of_text(
                    "word.slip", Grade.TYPO, [place], row["wrong"], row["right"], "常见错别字", "A known slip"
                )
    known, pattern = _variants()
    for found in pattern.finditer(text.text):
        around = text.text[max(0, found.start() - 2) : found.end() + 2]
        right = around.replace(found.group(), known[found.group()])
        place = text.place(found.start(), file)
        yield of_text(
            "word.script", Grade.TYPO, [place], around, right, "繁体或异体字", "A character of another script"
        )


def _doubled(text: Text, file: str) -> Iterator[Finding]:
    for found in _DOUBLED_SIGN.finditer(text.text):
        place = text.place(found.start(), file)
        around = text.text[max(0, found.start() - 2) : found.end()]
        right = around.replace(found.group(), found.group()[0])
        yield of_text("word.doubled", Grade.TYPO, [place], around, right, "重复用字", "A doubled character")
    for found in _DOUBLED_WORD.finditer(text.text):
        one_line = text.spots[found.start()] == text.spots[found.end() - 1]
        if one_line and not _ABAB.search(found.group(1)):
            place = text.place(found.start(), file)
            yield of_text(
                "word.doubled",
                Grade.TYPO,
                [place],
                found.group(),
                found.group(1),
                "重复用词",
                "A doubled word",
            )


def _in_sentences(text: Text, file: str) -> Iterator[Finding]:
    for found in _MOMENT.finditer(text.text):
        place = text.place(found.start(), file)
        yield of_text(
            "word.moment",
            Grade.TYPO,
            [place],
            "截止",
            "截至",
            "后接时间应为“截至”",
            "截至 goes with a moment",
        )
    for found in _EMPTY_REASON.finditer(text.text):
        place = text.place(found.start(), file)
        yield of_text(
            "reason.empty", Grade.ERROR, [place], found.group(), "", "没有写出原因", "The reason is missing", "补写原因。"
        )  # fmt: skip
