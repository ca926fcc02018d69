"""Items told one by one by 类、款、项: what each is for, and why it changed, is of itself and not of its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.sentences import Item
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_PURPOSE = re.compile(r"主要用于(?P<what>[^，。；、]{3,50})[，。；]")
_REASON = re.compile(
    r"原因(?:是|为|：|:)+(?P<what>[^，。；、]{3,50}?)(?:经费|支出)?(?:增加|减少|增长|下降|保持不变|不变)[，。；]"
)


def look(view: View) -> Iterator[Finding]:
    """A purpose or a reason that is, word for word, the name of another item told in the document."""
    names = {label: item for item in view.said.items for label in _labels(item)}
    texts = [text for text in view.texts if text.kind == "sentence"]
    for item in view.said.items:
        for text in texts[item.first : item.last]:
            for pattern, what in ((_PURPOSE, "用途"), (_REASON, "增减原因")):
                for found in pattern.finditer(text.text):
                    yield from _judged(text, found, what, item, names, view.document.file)


def _labels(item: Item) -> tuple[str, str]:
    """An item by its last name, or, as several have the same, by that behind the one above it."""
    return item.names[-1], "".join(item.names[-2:])


def _judged(
    text: Text, found: re.Match[str], what: str, item: Item, names: dict[str, Item], file: str
) -> Iterator[Finding]:
    said = found["what"]
    other = names.get(said)
    if other is None or other.names == item.names or said in item.names or said in _labels(item):
        return
    yield of_text(
        "item.other", Grade.ERROR, [text.place(found.start("what"), file)], said, "",
        f"“{item.names[-1]}”的{what}写的是另一科目", "An item speaks of another item", "写本科目的内容。",
    )  # fmt: skip
