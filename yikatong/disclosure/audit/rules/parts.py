"""What cannot be more than something else: one fund's part than the whole, what was spent than what there was to spend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region, joined, part, region
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
    yield from _unpaid(wholes, wrong)


def _unpaid(told: Mapping[Region, Printed], wrong: Set[int]) -> Iterator[Finding]:
    """Functions on which more was spent than came in for them, in documents that say that nothing was brought over.

    Where nothing is left either, income is spending and the sums tell it.
    """
    brought = [cell for about, cell in told.items() if ("carry", "结转") in about]
    if not brought or any(cell.fen for cell in brought):
        return
    pairs = [
        (cell, spent)
        for about, cell in told.items()
        if part(about, "function")
        and ("flow", "收入") in about
        and len(about) == 2
        and (spent := told.get(joined(about, region(flow="支出")))) is not None
    ]
    more = [(cell, spent) for cell, spent in pairs if spent.low > cell.high]
    if len(pairs) < _ENOUGH * len(more) or any({id(cell), id(spent)} & wrong for cell, spent in more):
        return  # its manner of counting is another, or one of these sums is told to be wrong
    for cell, spent in more:
        yield Finding(
            "part.unpaid", Grade.ERROR, cell.place, cell.text, "", f"{spent.text} > {cell.text}", (cell, spent),
            f"{cell.place.table}“{cell.place.row}”收入为 {cell.text}，少于支出 {spent.text}，而上年没有结转。",
            "More was spent on it than came in for it, and nothing was brought over.", "核对两表中该科目的金额。",
            rivals=(spent,),
        )  # fmt: skip


_ENOUGH = 3
"""Of three functions two must have had the money for what was spent on them."""


def _more(cell: Printed, whole: Printed) -> Finding:
    where = f"{whole.place.table}“{whole.place.row}”" if whole.place.table else f"第{whole.place.line}行"
    return Finding(
        "part.more", Grade.ERROR, cell.place, cell.text, "", f"{cell.text} > {whole.text}", (cell, whole),
        f"第{cell.place.line}行 {cell.text} 只是其中一种资金，却大于{where}的全部 {whole.text or '0'}。",
        f"{cell.text} of one fund is more than {whole.text or '0'} of all.", "核对两处的原始数据。", rivals=(whole,),
    )  # fmt: skip
