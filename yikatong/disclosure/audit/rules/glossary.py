"""Definitions and set phrases: a term explained by itself, a level of government not the document's, doubled thresholds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.view import View

_CIRCULAR = re.compile(
    r"(?P<term>[一-鿿“”]{3,20})[：:](?:是)?指(?:各|本)?(?:部门|单位)?(?:安排|使用|管理|发生)?的?(?P=term)[，。；]"
)
_LEVEL_OF = re.compile(r"([省市区县])(?:级|本级|直)(?:预算)?(?:部门|单位)")
_NAMED = re.compile(
    r"^[一-鿿]{2,8}?(省|市|区|县)[一-鿿]{2,25}(?:中心|局|委员会|办公室|学校|医院|学院|厅|所|馆|院)"
)
_DIRECT = re.compile(r"([省市区县])直(?=部门|单位|机关|各部门|各单位)")
_THRESHOLD = re.compile(r"(\d+)万元(?:[（(][^）)]{1,8}[）)])?(?:以上|及以上)[^，。；\d]{0,6}(通用|专用)设备")
_OTHER = {"通用": "专用", "专用": "通用"}


def look(view: View) -> Iterator[Finding]:
    """Judged from the document itself: its own level, its own pairs of thresholds."""
    file = view.document.file
    level = _level(view)
    for text in view.texts:
        if text.kind != "sentence":
            continue
        for found in _CIRCULAR.finditer(text.text):
            place = text.place(found.start(), file)
            yield of_text(
                "definition.circular", Grade.TYPO, [place], found.group(), "", "名词用自身解释",
                "A term is explained by itself", "写出该名词的定义。",
            )  # fmt: skip
        for found in _DIRECT.finditer(text.text):
            if level and found.group(1) != level:
                place = text.place(found.start(), file)
                right = f"{level}直"
                yield of_text(
                    "level.word", Grade.ERROR, [place], found.group(), right,
                    f"本文件为{level}级单位的预算", "The document is of another level of government",
                )  # fmt: skip
    yield from _thresholds(view)


def _level(view: View) -> str:
    """省、市、区 or 县: as titles say, else as the names of units begin; "" where neither tells."""
    said = Counter(
        found
        for text in view.texts
        if text.kind in ("title", "sentence") and len(text.text) < 60
        for found in _LEVEL_OF.findall(text.text)
    )
    named = Counter(
        found.group(1) for line in view.document.lines if (found := _NAMED.match("".join(line.text.split())))
    )
    for counts in (named, said):
        if counts:
            return counts.most_common(1)[0][0]
    return ""


def _thresholds(view: View) -> Iterator[Finding]:
    """General equipment has the lower threshold, special the higher; one kind with both is a slip of the second."""
    found = [
        (text, match)
        for text in view.texts
        if text.kind == "sentence"
        for match in _THRESHOLD.finditer(text.text)
    ]
    for (_, first), (text, second) in pairwise(found):
        if first.group(2) == second.group(2) and first.group(1) != second.group(1):
            place = text.place(second.start(2), view.document.file)
            right = f"{_OTHER[second.group(2)]}设备"
            yield of_text(
                "phrase.threshold", Grade.ERROR, [place], second.group(), second.group().replace(f"{second.group(2)}设备", right),
                f"前文已有 {first.group(1)} 万元以上的{first.group(2)}设备", "One kind of equipment with two thresholds",
            )  # fmt: skip
