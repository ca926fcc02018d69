"""Words of change against the figures they stand with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_SIGNED = re.compile(r"(?:增加|增长|减少|下降)(?:了|额)?-\d[\d,.]*(?:万元|元|%)")
_TOLD = re.compile(
    r"(?:较|比|与)(?:上年|20\d\d年|去年)[^，。；\d]{0,10}?(增加|增长|减少|下降)了?[\d,.]+(?:万元|元)[^。；]*?原因(?:是|为|：|:)([^。；]{4,40})"
)
_RATED = re.compile(r"(增加|增长|减少|下降)(?:了)?[\d,.]+(?:万元|元|[%％])。$")
_REASON = re.compile(r"(?:主要)?原因(?:是|为|：|:)+([^。；]{4,40})")
_ROSE, _FELL = (
    re.compile("增加|增长|提高|上升|增资|调增|上调|新增"),
    re.compile("减少|下降|压减|降低|调减|下调|缩减|节约|取消|结束|完成|核减|厉行"),
)


def look(view: View) -> Iterator[Finding]:
    """An increase to nothing or by more than all there is, a sign beside a word, a reason that says the opposite."""
    for now, change in view.said.changes:
        if change.fen > 0 and now.fen < change.fen and now.high < change.low:
            yield _more_than_all(now, change)
    sentences = [text for text in view.texts if text.kind == "sentence"]
    for text in sentences:
        yield from _words(text, view.document.file)
    for before, after in pairwise(sentences):
        told, reason = _RATED.search(before.text), _REASON.match(after.text)
        if told and reason:
            yield from _against(after, told.group(1), reason, 1, view.document.file)


def _more_than_all(now: Printed, change: Printed) -> Finding:
    return Finding(
        "direction.amount", Grade.ERROR, change.place, change.text, "", f"{now.text} - {change.text} < 0", (now, change),
        f"第{change.place.line}行：本年为 {now.text}，却称较上年增加 {change.text}，上年数将为负。",
        f"It is {now.text} and said to have grown by {change.text}.", "核对增减方向和金额。",
    )  # fmt: skip


def _words(text: Text, file: str) -> Iterator[Finding]:
    for found in _SIGNED.finditer(text.text):
        yield of_text(
            "direction.sign", Grade.ERROR, [text.place(found.start(), file)], found.group(), found.group().replace("-", ""),
            "增减词后又带负号", "A sign beside a word of direction",
        )  # fmt: skip
    for found in _TOLD.finditer(text.text):
        yield from _against(text, found.group(1), found, 2, file)


def _against(text: Text, word: str, found: re.Match[str], group: int, file: str) -> Iterator[Finding]:
    up = word in ("增加", "增长")
    reason = found.group(group)
    same, other = (_ROSE, _FELL) if up else (_FELL, _ROSE)
    if "上年" in reason or "以前" in reason or same.search(reason) or not other.search(reason):
        return
    if not re.search(r"(?:增加|增长|减少|下降)$", reason):
        return  # what rose or fell stands with other words: not ours to judge
    yield of_text(
        "direction.reason", Grade.ERROR, [text.place(found.start(group), file)], reason, "",
        f"金额{word}，原因却是{'减少' if up else '增加'}", "The reason says the opposite of the figures",
        "核对增减方向或原因。",
    )  # fmt: skip
