"""Headings: one manner for all of a rank, and numbers that go on without a gap."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from yikatong.basics.numerals import in_han, of_han
from yikatong.disclosure.audit.document import Line
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View

_PART = re.compile(r"(第[一二三四五六七八九十]+部分)\s*([：:、]?)\s*(\S{2,30})")
_NUMBERED = re.compile(r"([一二三四五六七八九十]{1,3})、[^，。；：]{2,40}")


def look(view: View) -> Iterator[Finding]:
    """A part's heading in another manner than the others; a number left out or given twice."""
    yield from _parts(view)
    yield from _numbers(view)


def _parts(view: View) -> Iterator[Finding]:
    found = [
        (match, line) for line in view.document.lines if (match := _PART.fullmatch(re.sub(r"[.…·]{3,}.*$", "", line.text)))
    ]  # fmt: skip
    manners = Counter(match.group(2) for match, _ in found)
    if len(found) < 4 or len(manners) < 2:
        return
    usual, often = manners.most_common(1)[0]
    if often < len(found) - 1:
        return
    for match, line in found:
        if match.group(2) != usual:
            right = f"{match.group(1)}{usual}{match.group(3)}"
            place = Place(view.document.file, line.page, line.number)
            yield of_text(
                "heading.manner", Grade.FORMAT, [place], match.group(), right,
                "标题写法与其他各部分不一致", "This heading is written unlike the others",
            )  # fmt: skip


def _numbers(view: View) -> Iterator[Finding]:
    """一、二、四、: where the missing number stands nowhere between; a second 三、 that four follows."""
    before: tuple[int, Line] | None = None
    between = ""
    for line in view.document.lines:
        text = "".join(line.text.split())
        found = _NUMBERED.fullmatch(text)
        if found is None:
            between += text
            continue
        number = of_han(found.group(1))
        if before is not None and number == before[0] + 2 and f"{in_han(number - 1)}、" not in between:
            place = Place(view.document.file, line.page, line.number)
            yield of_text(
                "heading.number", Grade.FORMAT, [place], f"{found.group(1)}、", f"{in_han(number - 1)}、",
                "标题序号跳号", "A number is left out of the headings",
            )  # fmt: skip
        before, between = (number, line), ""
