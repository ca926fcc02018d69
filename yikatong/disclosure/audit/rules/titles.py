"""Titles of tables: as the catalogue has them, in one series of numbers, of one year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from yikatong.disclosure.audit.document import Grid, Line, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.rules.nearness import edits
from yikatong.disclosure.audit.view import View
from yikatong.disclosure.audit.vocabulary import full_width

_LEAD = re.compile(
    r"^(?:\d+[.、．]|[（(][一二三四五六七八九十\d]+[）)]|附?表(?:[一二三四五六七八九十]+|\d{1,2}(?=20\d\d年)|\d{1,2}(?:[-—]\d+)*)[.、．：:]?)+"
)
_TAIL = re.compile(r"[.…·．]{2,}\s*\d*$|\s+\d+$")
_ENTRY = re.compile(r".{3,50}表(?:[（(][^（）()]{2,20}[）)])*")
_SUFFIX = re.compile(r"[（(](?:单位|部门|20\d\d年度?)[）)]$")
_SERIES = re.compile(r"(.*?)表[\d一二三四五六七八九十]+(?:[-—]\d+)?")
_YEAR = re.compile(r"(20\d\d)年")


def look(view: View) -> Iterator[Finding]:
    """Titles that differ from their entry, number labels of another series, titles of another year."""
    tables = [block for block in view.document.blocks if not isinstance(block, Line)]
    yield from _against_catalogue(view, tables)
    yield from _series(view, tables)
    yield from _years(view, tables)


def _plain(text: str) -> str:
    text = full_width(re.sub(r"\s+", "", _TAIL.sub("", text.strip())))
    return _SUFFIX.sub("", _LEAD.sub("", text))


def _entries(view: View) -> list[str]:
    """What the document lists before its first table of amounts: a catalogue in bars, or lines that are titles."""
    found: list[str] = []
    for block in view.document.blocks:
        if isinstance(block, Line):
            texts = [block.text]
        elif isinstance(block, Grid) and not block.title:
            texts = [row[0].text for row in block.rows if row]
        else:
            break
        found += [plain for text in texts if _ENTRY.fullmatch(plain := _plain(text))]
    return found


def _against_catalogue(view: View, tables: list[Grid | Loose]) -> Iterator[Finding]:
    entries = _entries(view)
    titled = [
        (block, _plain(block.title))
        for block in tables
        if block.title and _ENTRY.fullmatch(_plain(block.title))
    ]
    if len(entries) < 3:
        return
    said = {title for _, title in titled}
    free = [entry for entry in entries if entry not in said]
    for block, title in titled:
        if title in entries:
            continue
        near = min(free, key=lambda entry: edits(entry, title, 5), default="")
        if near and edits(near, title, 5) <= min(4, len(title) // 4):
            place = Place(view.document.file, 0, block.title_line or block.line, block.name)
            yield of_text(
                "title.catalogue", Grade.FORMAT, [place], block.title, near,
                f"表名与目录“{near}”不一致", "The title differs from the catalogue",
            )  # fmt: skip


def _series(view: View, tables: list[Grid | Loose]) -> Iterator[Finding]:
    labels = [
        (match.group(1), block)
        for block in tables
        if (match := _SERIES.fullmatch("".join(block.number.split())))
    ]
    counts = Counter(series for series, _ in labels)
    if len(labels) < 3 or len(counts) < 2:
        return
    usual, often = counts.most_common(1)[0]
    if often * 3 < len(labels) * 2:
        return
    for series, block in labels:
        if series != usual:
            right = usual + block.number.replace(series, "", 1)
            place = Place(view.document.file, 0, block.line, block.name)
            yield of_text(
                "title.number", Grade.FORMAT, [place], block.number, right,
                "表号与其他各表不是同一系列", "The number is of another series than the other tables'",
            )  # fmt: skip


def _years(view: View, tables: list[Grid | Loose]) -> Iterator[Finding]:
    """Most titles name one year; one that names another has last year's head."""
    titled = [
        (int(found.group(1)), block) for block in tables if (found := _YEAR.search(block.title)) is not None
    ]
    counts = Counter(year for year, _ in titled)
    if len(titled) < 3:
        return
    usual, often = counts.most_common(1)[0]
    if often * 3 < len(titled) * 2:
        return
    for year, block in titled:
        if year != usual:
            place = Place(view.document.file, 0, block.title_line or block.line, block.name)
            yield of_text(
                "title.year", Grade.ERROR, [place], block.title, block.title.replace(str(year), str(usual), 1),
                f"表名年度为 {year} 年，其他各表为 {usual} 年", "The title is of another year than the others",
            )  # fmt: skip
