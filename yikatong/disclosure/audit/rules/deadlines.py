"""Published in time: within twenty days of the approval, where a document prints both dates (预算法 第十四条)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View

DAYS = 20
_DATE = r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?"
_APPROVED = (
    re.compile(rf"批复(?:日期|时间|于)?[:：为是]?{_DATE}"),
    re.compile(rf"{_DATE}[^，。；\d]{{0,12}}批复"),
)
_PUBLISHED = (
    re.compile(rf"(?:公开|公布|发布)(?:日期|时间|于)?[:：为是]?{_DATE}"),
    re.compile(rf"{_DATE}[^，。；\d]{{0,16}}(?:向社会公开|公开|公布|发布)"),
)


def look(view: View) -> Iterator[Finding]:
    """A publication more than twenty days after the approval, or before it."""
    approved = _first(view, _APPROVED)
    published = _first(view, _PUBLISHED) if approved is not None else None
    if approved is None or published is None:
        return
    apart = (published[0] - approved[0]).days
    if 0 <= apart <= DAYS:
        return
    when, text, place = published
    late = f"晚于批复 {apart} 天，超过 {DAYS} 天" if apart > 0 else "早于批复"
    yield Finding(
        "deadline.published", Grade.ERROR, place, text, "", f"{when:%Y-%m-%d} - {approved[0]:%Y-%m-%d} = {apart} 天", (),
        f"第{place.line}行公开日期{late}（预算法第十四条）。", f"Published {apart} days after the approval; the law allows {DAYS}.",
        "核对批复和公开日期。",
    )  # fmt: skip


def _first(view: View, patterns: tuple[re.Pattern[str], ...]) -> tuple[date, str, Place] | None:
    for text in view.texts:
        if text.kind not in ("sentence", "cell") or "20" not in text.text:
            continue
        for pattern in patterns:
            found = pattern.search(text.text)
            if found is None:
                continue
            try:
                when = date(*map(int, found.groups()))
            except ValueError:
                continue  # told by the rule of dates
            return when, found.group(), text.place(found.start(), view.document.file)
    return None
