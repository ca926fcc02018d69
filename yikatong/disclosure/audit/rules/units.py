"""The unit over a table against the size of its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from yikatong.disclosure.audit.document import Grid, Loose
from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View


def look(view: View) -> Iterator[Finding]:
    """A unit that the table's own numbers contradict, or that is missing."""
    blocks: list[tuple[Grid | Loose, bool]] = [(table.grid, bool(table.amounts)) for table in view.tables]
    blocks += [(block, False) for block in view.loose if block.line in view.units]
    for table, filled in blocks:
        unit = view.units[table.line]
        place = Place(view.document.file, 0, table.unit_line or table.line, table.name)
        if unit.said and unit.said != unit.used and (unit.votes or unit.beyond):
            told = f"其中 {unit.votes} 个数与正文或他表按“{unit.used}”一致"
            if unit.beyond:
                told = f"表内最大的数 {unit.beyond}，以“{unit.said}”计与全部收支不成比例"
            yield Finding(
                "unit.label", Grade.ERROR, place, unit.said, unit.used, told, (),
                f"{table.name}标注单位“{unit.said}”，表内金额实为“{unit.used}”。",
                f"The table says {unit.said}; its amounts are in {unit.used}.", f"将单位改为“{unit.used}”。",
            )  # fmt: skip
        elif not unit.said and filled:
            yield Finding(
                "unit.missing", Grade.FORMAT, place, "", unit.used, "", (), f"{table.name}没有标注金额单位。",
                "The table names no unit.", f"在表头注明“单位：{unit.used}”。",
            )  # fmt: skip
