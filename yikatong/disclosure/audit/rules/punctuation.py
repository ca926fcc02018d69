"""Punctuation: doubled signs, half-width signs in Chinese sentences, brackets that do not match, signs left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from yikatong.basics.numerals import of_han
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_DOUBLED = re.compile(r"[，、；：]{2,}|。{2}(?!。)(?<!。。。)|[，、；：]。|。[，、；：]")
_HALF = re.compile(r"(?<=[一-鿿”》）%％元])[,;](?=[一-鿿“《（])")
_FULL = {",": "，", ";": "；"}
_BRACKETS = re.compile(r"[(（]([^()（）]{0,60})[)）]")
_ORDINAL = re.compile(r"（([一二三四五六七八九十])）")
_BEFORE_ORDINAL = re.compile(r"[。；，、：:;,]$|(?:是|为|括)$")
_QUARTERS = re.compile(r"第([一二三四])季度")
_COMPARES = re.compile(r"(?:比|较|与)(?:上年|去年|20\d\d年)[^，。；]{0,12}(?:持平|增加|减少|增长|下降)")
_ISSUED = re.compile(r"[【\[［](20\d\d)[】\]］](?=第?\d+号)")
_TELLS = re.compile(
    r"^(?:(?:本|我)(?:单位|部门|中心|局)|20\d\d年).*(?:无|没有|不涉及|不属于|未安排|未编制|涉及|共有|安排|增加|减少|持平)"
)
_ENDS = "。；;：:！？!?…”）)"


def look(view: View) -> Iterator[Finding]:
    """Signs of running text; brackets of titles and cells too."""
    file = view.document.file
    full = half = 0
    halves = []
    yield from _cut(view)
    for text in view.texts:
        if text.kind in ("sentence", "cell", "line", "title"):
            yield from _brackets(text, file)
        if text.kind != "sentence":
            continue
        yield from _doubled(text, file)
        yield from _ordinals(text, file)
        yield from _issued(text, file)
        yield from _unfinished(text, file)
        full += sum(text.text.count(sign) for sign in "，；：")
        for found in _HALF.finditer(text.text):
            half += 1
            halves.append((text, found))
    if half and full >= 5 * half:
        first, found = halves[0]
        around = first.text[max(0, found.start() - 6) : found.end()]
        places = [text.place(each.start(), file) for text, each in halves]
        right = around[:-1] + _FULL[found.group()]
        yield of_text(
            "punctuation.width",
            Grade.FORMAT,
            places,
            around,
            right,
            "中文语句中应为全角标点",
            "Half-width sign",
        )


def _doubled(text: Text, file: str) -> Iterator[Finding]:
    for found in _DOUBLED.finditer(text.text):
        place = text.place(found.start(), file)
        yield of_text(
            "punctuation.doubled", Grade.TYPO, [place], found.group(), found.group()[-1] if "。" in found.group()[1:] else found.group()[0],
            "标点重复", "Doubled punctuation",
        )  # fmt: skip


def _brackets(text: Text, file: str) -> Iterator[Finding]:
    for found in _BRACKETS.finditer(text.text):
        opens, closes = found.group()[0], found.group()[-1]
        if (opens == "(") != (closes == ")"):
            right = f"（{found.group(1)}）"
            place = text.place(found.start(), file)
            yield of_text(
                "punctuation.brackets", Grade.FORMAT, [place], found.group(), right,
                "括号一半全角一半半角", "One bracket is half-width, the other full-width",
            )  # fmt: skip


def _issued(text: Text, file: str) -> Iterator[Finding]:
    """The year of a document's number stands in 〔 〕 (GB/T 9704)."""
    for found in _ISSUED.finditer(text.text):
        yield of_text(
            "punctuation.issued", Grade.FORMAT, [text.place(found.start(), file)], found.group(), f"〔{found.group(1)}〕",
            "发文字号的年份用六角括号", "The year of a document number stands in 〔 〕",
        )  # fmt: skip


def _cut(view: View) -> Iterator[Finding]:
    """「…1.35万元。比上年持平」: a stop between an amount and its comparison."""
    sentences = [text for text in view.texts if text.kind == "sentence"]
    for before, after in pairwise(sentences):
        if re.search(r"\d(?:万元|元)。$", before.text) and (found := _COMPARES.match(after.text)):
            tail = before.text[-8:] + found.group()[:1]
            yield of_text(
                "punctuation.cut", Grade.TYPO, [before.place(len(before.text) - 1, view.document.file)], tail,
                tail.replace("。", "，"), "句号把比较从句断开", "A full stop cuts off the comparison",
            )  # fmt: skip


def _ordinals(text: Text, file: str) -> Iterator[Finding]:
    """（一）…（二）…（三）, 第一季度…第二季度 in one sentence: each after the first follows a sign."""
    for pattern in (_ORDINAL, _QUARTERS):
        yield from _unmarked(text, list(pattern.finditer(text.text)), file)


def _unmarked(text: Text, found: list[re.Match[str]], file: str) -> Iterator[Finding]:
    ordered = [
        after for before, after in pairwise(found) if of_han(after.group(1)) == of_han(before.group(1)) + 1
    ]
    unmarked = [each for each in ordered if not _BEFORE_ORDINAL.search(text.text[: each.start()])]
    for each in unmarked:
        around = text.text[max(0, each.start() - 4) : each.end()]
        place = text.place(each.start(), file)
        right = f"{around[: -len(each.group())]}；{each.group()}"
        yield of_text(
            "punctuation.missing",
            Grade.TYPO,
            [place],
            around,
            right,
            "序号前缺标点",
            "No sign before an ordinal",
        )


def _unfinished(text: Text, file: str) -> Iterator[Finding]:
    """A paragraph that tells something of the unit and ends without a full stop."""
    if text.text[-1] not in _ENDS and len(text.text) >= 8 and _TELLS.match(text.text):
        place = text.place(len(text.text) - 1, file)
        tail = text.text[-8:]
        yield of_text(
            "punctuation.stop",
            Grade.TYPO,
            [place],
            tail,
            f"{tail}。",
            "句末缺句号",
            "The sentence has no full stop",
        )
