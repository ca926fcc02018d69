"""XT2 社保卡业务办理及时性: orders ready by the day that was promised."""

from yikatong.cards.facts import APPLIED, ORDER_CANCELLED, STOCKED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XT2",
    name="社保卡业务办理及时性",
    name_en="Card orders ready by the promised day",
    unit="%",
    version=1,
    kinds=(APPLIED, ORDER_CANCELLED, STOCKED),
    aggregate=Aggregate.RATIO,
    definition=(
        "分母为期间内到达可领卡状态的制卡申请，加上承诺日已过、至期间末（期间未结束的，至计算时）既未可领卡也未撤销的申请；"
        "分子为其中在承诺日当日或之前可领卡的申请。跨期仍未办结的逾期申请，在每个期间末都计入分母。"
    ),
    definition_en=(
        "Denominator: orders that became ready within the period, and orders whose promised day has passed and which at "
        "the period's end (or at the moment of computing, while it runs) are neither ready nor cancelled. Numerator: "
        "those ready on or before the promised day. An overdue order left open counts at the end of every period."
    ),
    # One pass with windows: the planner cannot guess how many orders stay open, and a wrong guess costs minutes.
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at,
               CASE WHEN kind = 'card.stocked'
                     AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date <= (payload->>'promised_on')::date
                    THEN 1 ELSE 0 END AS numerator,
               1 AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY subject, kind
                                               ORDER BY occurred_at, entry_id, row_id) AS nth,
                       bool_or(kind <> 'card.applied') OVER (PARTITION BY subject) AS closed
                  FROM office_fact f
                 WHERE kind IN ('card.applied', 'card.order_cancelled', 'card.stocked')
                   AND occurred_at < %(end)s) AS orders
         WHERE nth = 1
           AND ((kind = 'card.stocked' AND occurred_at >= %(start)s)
             OR (kind = 'card.applied' AND NOT closed
                 AND (payload->>'promised_on')::date
                     < (%(as_of)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date))
    """,
)
