"""Percentages of running text: shares of a whole, growth against last year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.share import Share
from yikatong.disclosure.audit.view import View


def look(view: View) -> Iterator[Finding]:
    """Each percentage whose amounts cannot give it, however they were rounded; of a wrong amount it says nothing."""
    wrong = {fault.cell.place for fault in view.verdict.faults}
    for share in view.said.shares:
        if any(cell is not None and cell.place in wrong for cell in (share.part, share.whole, share.change)):
            continue
        low, high = share.reach
        if low is None or high is None:
            yield _of_nothing(share)
        elif not share.fits:
            yield _wrong(share, low, high)


def _wrong(share: Share, low: Decimal, high: Decimal) -> Finding:
    expected = f"{((low + high) / 2).quantize(share.step, ROUND_HALF_UP)}%"
    other = share.whole or share.change
    assert other is not None
    shown = (
        f"{share.part.text} / {other.text}"
        if share.whole
        else f"{other.text} / ({share.part.text} - {other.text})"
    )
    return Finding(
        f"percent.{share.kind}", Grade.ERROR, share.place, share.text, expected, f"{shown} = {expected}",
        (share.part, other), f"第{share.place.line}行百分比印为 {share.text}，按所印金额应为 {expected}。",
        f"The amounts printed give {expected}, not {share.text}.", f"改为 {expected}，或核对金额。",
    )  # fmt: skip


def _of_nothing(share: Share) -> Finding:
    other = share.whole or share.change
    assert other is not None
    return Finding(
        "percent.zero_base", Grade.ERROR, share.place, share.text, "", f"基数为 0 或未知：{share.part.text}、{other.text}",
        (share.part, other), f"第{share.place.line}行：基数为零，不能计算百分比 {share.text}。",
        "A percentage of a base of nothing.", "删去百分比，只写增减金额。",
    )  # fmt: skip
