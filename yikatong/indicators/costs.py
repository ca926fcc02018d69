"""Cost measures: what was posted for an economic class, a category or a cost tag, by the day on which it was paid."""

from __future__ import annotations

from yikatong.indicators.measure import Aggregate, Measure
from yikatong.spending.facts import POSTED

FEN_IN_WANYUAN = 1_000_000
_PAID_AT = "(payload->>'paid_on')::date::timestamp AT TIME ZONE 'Asia/Shanghai'"
_POSTED = f"kind = 'expense.posted' AND {_PAID_AT} >= %(start)s AND {_PAID_AT} < %(end)s"
_LINES = f"""
    SELECT entry_id, row_id, subject, region, outlet, {_PAID_AT} AS occurred_at, (payload->>'fen')::bigint AS fen
      FROM office_fact
     WHERE {_POSTED} AND {{where}}
"""  # noqa: S608
_ALL = "SELECT entry_id, row_id, subject, region, outlet, occurred_at, fen AS numerator, NULL::bigint AS denominator FROM ({lines}) AS paid"
_WORST_QUARTER = """
    SELECT entry_id, row_id, subject, region, outlet, occurred_at,
           sum(fen) OVER (PARTITION BY date_trunc('quarter', occurred_at AT TIME ZONE 'Asia/Shanghai'))::bigint AS numerator,
           NULL::bigint AS denominator
      FROM ({lines}) AS paid
"""
# Books without any voucher are books that were not brought in: a cost of 0 would earn full points for that.
_UNKNOWN = "期间内没有任何已入账凭证的，视为尚无计量，不记作零。"
_UNKNOWN_EN = "Without any posted voucher in the period there is no figure, rather than nothing spent."


def cost(
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
        said = f"期间内已入账{of}按支付日期分季合计，取最高的一季。{_UNKNOWN}"
        said_en = (
            f"The posted {of_en} paid within the period, summed by quarter of payment: the highest quarter. "
            f"{_UNKNOWN_EN}"
        )
    else:
        said = f"期间内支付并已入账的{of}之和，红字冲减。{_UNKNOWN}"
        said_en = (
            f"The sum of the posted {of_en} paid within the period, less what was reversed. {_UNKNOWN_EN}"
        )
    return Measure(
        id=code, name=name, name_en=name_en, unit=unit, version=2, kinds=(POSTED,), per=FEN_IN_WANYUAN,
        aggregate=Aggregate.MAX if worst_quarter else Aggregate.COUNT, definition=said, definition_en=said_en,
        select=(_WORST_QUARTER if worst_quarter else _ALL).format(lines=lines),
        known_by=f"SELECT 1 FROM office_fact WHERE {_POSTED}",  # noqa: S608
    )  # fmt: skip
