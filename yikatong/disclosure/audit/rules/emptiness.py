"""Declared empty means no number, no number means declared, and the note speaks of the table's own fund."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yikatong.disclosure.audit.document import Grid, Line, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place, is_amount
from yikatong.disclosure.audit.view import View

_NOTE = re.compile(
    r"本表(?:为空|无数据|没有数据|无内容|空表|为零|不涉及)|(?:此|该)表(?:为空|无数据)|(?:故|因此)(?:本|此|该)表(?:无|为空)"
)
_LISTED = re.compile(r"表\s*(\d+)\s+(是|否)\s*(\S*)")
_FUNDS = ("政府性基金", "国有资本经营", "财政专户", "“三公”")
_NOTED = re.compile(r"(?:无|没有|未安排|不涉及)[^，。；]{0,12}?(政府性基金|国有资本经营|财政专户|“三公”)")
_SOME = re.compile(r"[1-9]")
_AMOUNT = re.compile(r"(?<![\d（(表第年月.])\d[\d,]*\.\d{1,2}(?![\d%％])")


def look(view: View) -> Iterator[Finding]:
    """The catalogue's 是否空表 and the notes under tables, against what the tables hold."""
    file = view.document.file
    listed = {
        found.group(1): (found.group(2), found.group(3), line)
        for line in view.document.lines
        if (found := _LISTED.fullmatch(line.text.strip()))
    }
    blocks = view.document.blocks
    for number, block in enumerate(blocks):
        if isinstance(block, Line) or not block.title:
            continue
        amounts = _amounts(block)
        yield from _by_catalogue(block, listed.get(re.sub(r"\D", "", block.number)), amounts, file)
        notes = []
        for after in blocks[number + 1 : number + 4]:
            if not isinstance(after, Line):
                break
            notes.append(after)
        inside = block.lines if isinstance(block, Loose) else ()
        yield from _by_notes(block, [*inside, *notes], amounts, file)


def _amounts(block: Grid | Loose) -> int:
    """How many numbers other than zero it holds; of lines only those with decimals count, as others may be years or codes."""
    if isinstance(block, Loose):
        return sum(1 for line in block.lines for text in _AMOUNT.findall(line.text) if text.strip("0.,"))
    found = 0
    for row in block.rows[1:]:
        texts = [cell.text for cell in row]
        if all(text.isdigit() and int(text) <= len(row) for text in texts if text):
            continue  # the row of column numbers
        found += sum(1 for text in texts if _SOME.search(text) and is_amount(text) and _counts(text))
    return found


def _counts(text: str) -> bool:
    return "." in text or "," in text or not 3 <= len(text) <= 12


def _by_catalogue(
    block: Grid | Loose, listed: tuple[str, str, Line] | None, amounts: int, file: str
) -> Iterator[Finding]:
    if listed is None:
        return
    empty, reason, line = listed
    place = Place(file, line.page, line.number, block.name)
    if empty == "是" and amounts:
        yield of_text(
            "empty.catalogue", Grade.ERROR, [place, Place(file, 0, block.line, block.name)], line.text, "否",
            f"目录称{block.name}为空表，表中有 {amounts} 个数", "The catalogue says empty; the table is not",
        )  # fmt: skip
    if empty == "否" and not amounts and not any(re.search(r"\d", cell.text) for cell in block.printed):
        yield of_text(
            "empty.catalogue", Grade.ERROR, [place, Place(file, 0, block.line, block.name)], line.text, "是",
            f"目录称{block.name}不是空表，表中没有数字", "The catalogue says not empty; the table is",
        )  # fmt: skip
    if empty == "是" and not reason:
        yield of_text(
            "empty.reason", Grade.FORMAT, [place], line.text, "", "空表没有说明理由", "An empty table without a reason",
            "补写公开空表理由。",
        )  # fmt: skip


def _by_notes(block: Grid | Loose, notes: list[Line], amounts: int, file: str) -> Iterator[Finding]:
    for line in notes:
        text = "".join(line.text.split())
        place = Place(file, line.page, line.number, block.name)
        if amounts and _NOTE.search(text) and len(text) < 60:
            yield of_text(
                "empty.note", Grade.ERROR, [place, Place(file, 0, block.line, block.name)], text, "",
                f"表下注明为空，表中有 {amounts} 个数", "Declared empty, yet it holds numbers", "删去此注。",
            )  # fmt: skip
            return
        own = next((fund for fund in _FUNDS if fund in block.title), "")
        said = _NOTED.search(text)
        if own and said and said.group(1) != own and own not in text and len(text) < 60 and not amounts:
            yield of_text(
                "empty.fund", Grade.ERROR, [place], text, text.replace(said.group(1), own),
                f"“{block.title}”的附注说的是{said.group(1)}", "The note speaks of another fund",
            )  # fmt: skip
            return
