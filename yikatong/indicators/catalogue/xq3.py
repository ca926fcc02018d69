"""XQ3 社会保险待遇入卡: insurance benefits that were paid onto the card."""

from yikatong.benefits.facts import BATCH_SETTLED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XQ3",
    name="社会保险待遇入卡",
    name_en="Social insurance benefits paid onto the card",
    unit="项",
    version=1,
    kinds=(BATCH_SETTLED,),
    aggregate=Aggregate.COUNT,
    definition="期间内至少有一个批次办结、且有人到账到社保卡账户的社会保险待遇项目数；同一项目只计一次，归属其期间内第一个办结的批次。",
    definition_en=(
        "Benefits of social insurance of which at least one batch was settled within the period with somebody paid onto "
        "the card. A benefit counts once, by its first such batch in the period."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at, 1 AS numerator, NULL::bigint AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY payload->>'programme'
                                               ORDER BY occurred_at, entry_id, row_id) AS nth
                  FROM office_fact f
                 WHERE kind = 'benefit.batch_settled' AND (payload->>'insurance')::boolean
                   AND (payload->>'paid')::bigint > 0
                   AND occurred_at >= %(start)s AND occurred_at < %(end)s) AS settled
         WHERE nth = 1
    """,
)
