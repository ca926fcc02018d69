"""XT3 社保待遇入卡发放时效性: batches of insurance benefits answered for everybody by their day."""

from yikatong.benefits.facts import BATCH_REJECTED, BATCH_REPLIED, DEADLINE_MISSED, SENT_BACK, WITHDRAWN
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XT3",
    name="社保待遇入卡发放时效性",
    name_en="Insurance benefits paid on time",
    unit="%",
    version=1,
    kinds=(BATCH_REJECTED, BATCH_REPLIED, DEADLINE_MISSED, SENT_BACK, WITHDRAWN),
    aggregate=Aggregate.RATIO,
    definition=(
        "分母为发放时限在期间内、银行已全部回盘或时限已过的社会保险待遇批次（不予受理、退回、撤回的不计），"
        "加上时限已过仍没有报送清册的项目期次；分子为其中在时限当日或之前银行已全部回盘的批次。"
    ),
    definition_en=(
        "Denominator: batches of insurance benefits whose day falls into the period and which are answered in full or past "
        "that day (not those rejected, sent back or withdrawn), and periods of a benefit past their day for which no roster "
        "came. Numerator: batches answered in full on that day or before."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at, CASE WHEN kept THEN 1 ELSE 0 END AS numerator,
               1 AS denominator
          FROM (SELECT f.*, coalesce((payload->>'kept')::boolean, FALSE) AS kept,
                       kind IN ('benefit.batch_replied', 'benefit.deadline_missed') AND (payload->>'insurance')::boolean
                         AS tells,
                       row_number() OVER (PARTITION BY subject, kind IN ('benefit.batch_replied', 'benefit.deadline_missed')
                                          ORDER BY occurred_at, entry_id, row_id) AS nth,
                       bool_or(kind IN ('benefit.batch_rejected', 'benefit.batch_sent_back', 'benefit.batch_withdrawn'))
                         OVER (PARTITION BY subject) AS given_up,
                       bool_or(starts_with(subject, 'benefit:') AND kind IN ('benefit.batch_replied', 'benefit.deadline_missed'))
                         OVER (PARTITION BY payload->>'code', payload->>'period') AS brought
                  FROM office_fact f
                 WHERE kind IN ('benefit.batch_rejected', 'benefit.batch_replied', 'benefit.batch_sent_back',
                                'benefit.batch_withdrawn', 'benefit.deadline_missed')) AS told
         WHERE tells AND nth = 1 AND NOT given_up AND (starts_with(subject, 'benefit:') OR NOT brought)
           AND nullif(payload->>'due_on', '')::date >= (%(start)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
           AND nullif(payload->>'due_on', '')::date < (%(end)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
    """,
)
