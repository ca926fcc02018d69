"""XQ1 实体卡领用补换: cards handed over in the period."""

from yikatong.cards.facts import COLLECTED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XQ1",
    name="实体卡领用补换",
    name_en="Cards collected, first and replacement",
    unit="万张",
    version=1,
    kinds=(COLLECTED,),
    aggregate=Aggregate.COUNT,
    per=10_000,
    definition="期间内首次发到持卡人（或其监护人、代办人）手中的实体卡张数，含申领、补领、换领；同一张卡只计一次，按发卡时间归属期间。",
    definition_en=(
        "Cards first handed to their holder, guardian or agent within the period: new, re-issued and exchanged. "
        "A card counts once, in the period of its first hand-over."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at, 1 AS numerator, NULL::bigint AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY subject ORDER BY occurred_at, entry_id, row_id) AS nth
                  FROM office_fact f
                 WHERE kind = 'card.collected' AND occurred_at < %(end)s) AS handed_over
         WHERE nth = 1 AND occurred_at >= %(start)s
    """,
)
