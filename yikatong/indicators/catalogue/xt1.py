"""XT1 社保卡业务申报时限: the longest wait from application to a card that is ready."""

from yikatong.cards.facts import STOCKED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XT1",
    name="社保卡业务申报时限",
    name_en="Longest time from application to a card ready for collection",
    unit="天",
    version=1,
    kinds=(STOCKED,),
    aggregate=Aggregate.MAX,
    definition=(
        "期间内到达可领卡状态的制卡申请中，自受理之日至可领卡之日的自然日数的最大值；"
        "同时给出第 95 百分位数（按日数从小到大排列，序位为 0.95 乘以件数、向上取整）。"
    ),
    definition_en=(
        "The greatest number of calendar days from application to ready-for-collection among orders that became ready "
        "within the period; beside it the 95th percentile (nearest rank: 0.95 times the count, rounded up)."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at,
               coalesce((payload->>'days')::bigint,
                        (occurred_at AT TIME ZONE 'Asia/Shanghai')::date - (payload->>'applied_on')::date) AS numerator,
               NULL::bigint AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY subject ORDER BY occurred_at, entry_id, row_id) AS nth
                  FROM office_fact f
                 WHERE kind = 'card.stocked' AND occurred_at < %(end)s) AS ready
         WHERE nth = 1 AND occurred_at >= %(start)s
    """,
)
