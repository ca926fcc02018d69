"""What lives from one fund against what lives from all: a part that is more than its whole."""

from __future__ import annotations

from collections.abc import Iterator

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region, part
from yikatong.disclosure.audit.view import View


def look(view: View) -> Iterator[Finding]:
    """Spending by function of one fund that is more than the whole of it printed elsewhere, where no sum has shown it yet."""
    wrong = {id(fault.cell) for fault in view.verdict.faults}
    wholes: dict[Region, Printed] = {}
    for cell in view.cells:
        wholes.setdefault(cell.about, cell)
    for cell in view.cells:
        if not part(cell.about, "fund") or not part(cell.about, "function") or part(cell.about, "phase"):
            continue
        whole = wholes.get(frozenset(pair for pair in cell.about if pair[0] != "fund"))
        if whole is not None and cell.low > whole.high and not {id(cell), id(whole)} & wrong:
            yield _more(cell, whole)


def _more(cell: Printed, whole: Printed) -> Finding:
    where = f"{whole.place.table}“{whole.place.row}”" if whole.place.table else f"第{whole.place.line}行"
    return Finding(
        "part.more", Grade.ERROR, cell.place, cell.text, "", f"{cell.text} > {whole.text}", (cell, whole),
        f"第{cell.place.line}行 {cell.text} 只是其中一种资金，却大于{where}的全部 {whole.text or '0'}。",
        f"{cell.text} of one fund is more than {whole.text or '0'} of all.", "核对两处的原始数据。", rivals=(whole,),
    )  # fmt: skip
