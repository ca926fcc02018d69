"""Last year's document beside this one: what this one says of last year is what that one had planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.findings import Finding, Grade, NotChecked
from yikatong.disclosure.audit.printed import Place, Printed
from yikatong.disclosure.audit.region import Region, part
from yikatong.disclosure.audit.view import View

_EXECUTED = re.compile("执行|决算|完成")


@dataclass(frozen=True, slots=True)
class Told:
    """What this document says of last year: of which region, between which fen, by which of its numbers."""

    about: Region
    low: int
    high: int
    cells: tuple[Printed, ...]

    @property
    def shown(self) -> str:
        """How it follows from what is printed."""
        if len(self.cells) == 1:
            return self.cells[0].text
        now, change = self.cells
        return f"{now.text} - ({change.printed(change.fen // 100)}) = {now.printed((now.fen - change.fen) // 100)}"


def compare(view: View, last: View) -> Iterator[Finding | NotChecked]:
    """Each figure of last year against its document; what has no counterpart there is told as not checked."""
    if last.year != view.year - 1:
        place = view.document.blocks[0]
        line = getattr(place, "number", 0) or getattr(place, "line", 0)
        yield _unchecked(
            view, line, f"上年文件的年度是 {last.year or '未知'}，不是 {view.year - 1}，上年数未核对。"
        )
        return
    planned: dict[Region, Printed] = {}
    for cell in last.cells:
        if not part(cell.about, "phase"):
            known = planned.setdefault(cell.about, cell)
            if 0 < cell.step < known.step:
                planned[cell.about] = cell
    for told in _told(view):
        cell = told.cells[-1]
        if _EXECUTED.search(cell.place.row + cell.place.column):
            yield _unchecked(
                view, cell.place.line, f"{cell.text} 是与上年执行数相比，上年预算文件中没有执行数，未核对。"
            )
            continue
        before = planned.get(last.fold(told.about))
        if before is None:
            yield _unchecked(
                view, cell.place.line, f"{cell.text} 所比的上年数在上年文件中没有找到同一事项，未核对。"
            )
        elif before.high < told.low or told.high < before.low:
            yield _finding(told, before, last.document)


def _told(view: View) -> Iterator[Told]:
    """Columns of last year as they are printed; of a change, what this year's amount leaves."""
    now: dict[Region, Printed] = {}
    for cell in view.cells:
        if not part(cell.about, "phase"):
            now.setdefault(cell.about, cell)
    for cell in view.cells:
        about = frozenset(pair for pair in cell.about if pair[0] != "phase")
        phase = part(cell.about, "phase")
        if phase == "上年":
            yield Told(about, cell.low, cell.high, (cell,))
        elif phase == "增减":
            this = now.get(view.fold(about))
            if this is not None:
                yield Told(about, this.low - cell.high, this.high - cell.low, (this, cell))


def _finding(told: Told, before: Printed, last: Document) -> Finding:
    cell = told.cells[-1]
    page, line = last.where(before.place.line)
    where = before.place.table or (f"{page} 页 {line} 行" if page else f"{line} 行")
    return Finding(
        "last.year", Grade.ERROR, cell.place, cell.text, "", f"{told.shown}；上年文件{where}为 {before.text}{before.unit}",
        (*told.cells, before), f"第{cell.place.line}行 {cell.text}：由此推得的上年数与上年文件不符。",
        "What this says of last year is not what last year's document had.", "核对上年批复数和增减额。",
    )  # fmt: skip


def _unchecked(view: View, line: int, zh: str) -> NotChecked:
    return NotChecked(
        "上年数",
        Place(view.document.file, 0, line),
        f"第{line}行 {zh}",
        "Not compared with last year's document.",
    )
