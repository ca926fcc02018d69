"""What the template said to the person who fills it in, left in what was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.lists import rows_of
from yikatong.disclosure.audit.view import View


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(row["words"]) for row in rows_of("audit.rules", "leftovers")))


def look(view: View) -> Iterator[Finding]:
    """Instructions and placeholders of the reviewed list."""
    for text in view.texts:
        if text.kind == "line":
            continue
        for found in _words().finditer(text.text):
            place = text.place(found.start(), view.document.file)
            yield of_text(
                "template.left", Grade.FORMAT, [place], found.group(), "",
                "模板填写说明或占位符未删除", "An instruction or placeholder of the template", "删去或填写实际内容。",
            )  # fmt: skip
