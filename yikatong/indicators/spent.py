"""Cost measures: what was posted for an economic class, a category or a cost tag, by the day on which it was paid."""

from __future__ import annotations

from yikatong.indicators.measure import Aggregate, Measure
from yikatong.spending.facts import POSTED

FEN_IN_WANYUAN = 1_000_000
_LINES = """
    SELECT entry_id, row_id, subject, region, outlet, (payload->>'paid_on')::date::timestamp AT TIME ZONE 'Asia/Shanghai'
           AS occurred_at, (payload->>'fen')::bigint AS fen
      FROM office_fact
     WHERE kind = 'expense.posted' AND {where}
       AND (payload->>'paid_on')::date::timestamp AT TIME ZONE 'Asia/Shanghai' >= %(start)s
       AND (payload->>'paid_on')::date::timestamp AT TIME ZONE 'Asia/Shanghai' < %(end)s
"""
_ALL = "SELECT entry_id, row_id, subject, region, outlet, occurred_at, fen AS numerator, NULL::bigint AS denominator FROM ({lines}) AS paid"
_WORST_QUARTER = """
    SELECT entry_id, row_id, subject, region, outlet, occurred_at,
           sum(fen) OVER (PARTITION BY date_trunc('quarter', occurred_at AT TIME ZONE 'Asia/Shanghai'))::bigint AS numerator,
           NULL::bigint AS denominator
      FROM ({lines}) AS paid
"""


def spent(
    code: str,
    name: str,
    name_en: str,
    unit: str,
    where: str,
    of: str,
    of_en: str,
    *,
    worst_quarter: bool = False,
) -> Measure:
    """A measure in 万元 over posted lines; `where` chooses them by their payload, `of` says the same in words."""
    lines = _LINES.format(where=where)
    if worst_quarter:
        said = f"期间内已入账{of}按支付日期分季合计，取最高的一季。"
        said_en = (
            f"The posted {of_en} paid within the period, summed by quarter of payment: the highest quarter."
        )
    else:
        said = f"期间内支付并已入账的{of}之和，红字冲减。"
        said_en = f"The sum of the posted {of_en} paid within the period, less what was reversed."
    return Measure(
        id=code, name=name, name_en=name_en, unit=unit, version=1, kinds=(POSTED,), per=FEN_IN_WANYUAN,
        aggregate=Aggregate.MAX if worst_quarter else Aggregate.COUNT, definition=said, definition_en=said_en,
        select=(_WORST_QUARTER if worst_quarter else _ALL).format(lines=lines),
    )  # fmt: skip
