"""Indicators of sheets of targets: one told twice, a target that nothing can show to be met."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yikatong.disclosure.audit.document import Grid, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View

_HEAD = re.compile(r"三级指标|指标名称|指标内容")
_LEVEL = re.compile(r".*(?:指标|满意度)$")
_VAGUE = re.compile(
    r"(?:(?:有效|逐年|逐步|不断|持续|明显|显著|进一步|大幅|稳步|有所)(?:提升|提高|增长|增加|改善|加强|增强|优化|完善|降低|减少)"
    r"|较好|良好|较高|到位|合理|正常)"
)
_WEIGHT = re.compile(r"\s+\d{1,2}(?:\.\d+)?$")


def look(view: View) -> Iterator[Finding]:
    """All sheets of targets."""
    for block in view.loose:
        if "绩效" in block.title:
            yield from _vague(view, block)
            if isinstance(block, Grid):
                yield from _twice(view, block)


def _vague(view: View, block: Grid | Loose) -> Iterator[Finding]:
    """「有效提升」, 「逐年增长」: from what, to what? A line of a sheet without columns may have its weight behind it."""
    for cell in block.printed:
        words = _WEIGHT.sub("", cell.text).split(" ")[-1]
        if _VAGUE.fullmatch(words):
            place = Place(view.document.file, cell.page, cell.line, block.name)
            yield of_text(
                "target.vague", Grade.FORMAT, [place], words, "", "指标值没有基准和幅度，无法衡量是否完成",
                "A target without a base or a size", "写出可衡量的数值；确为定性指标的，写明评价标准。",
            )  # fmt: skip


def _twice(view: View, grid: Grid) -> Iterator[Finding]:
    """Two rows below the head of the indicators with the same name and the same target."""
    head = next(
        (
            place
            for place, row in enumerate(grid.rows)
            if any(_HEAD.search("".join(cell.text.split())) for cell in row)
        ),
        None,
    )
    seen: set[tuple[tuple[int, str], ...]] = set()
    for row in grid.rows[head + 1 :] if head is not None else ():
        said = tuple(
            (column, cell.text)
            for column, cell in enumerate(row)
            if cell.text and not _LEVEL.fullmatch(cell.text)
        )
        if len(said) < 2 or not any(re.search(r"\d", text) for _, text in said):
            continue
        if said in seen:
            place = Place(view.document.file, row[0].page, row[0].line, grid.name)
            yield of_text(
                "indicator.twice", Grade.FORMAT, [place], said[0][1], "", "同一指标列了两次", "An indicator is listed twice",
                "合并为一项，或改写其中一项。",
            )  # fmt: skip
        seen.add(said)
