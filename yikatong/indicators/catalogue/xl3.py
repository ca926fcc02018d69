"""XL3 社保待遇入卡覆盖率: of insurance benefits that were due, the share that came onto the card."""

from yikatong.benefits.facts import BATCH_COVERED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XL3",
    name="社保待遇入卡覆盖率",
    name_en="Insurance benefits paid onto the card",
    unit="%",
    version=1,
    kinds=(BATCH_COVERED,),
    aggregate=Aggregate.RATIO,
    definition=(
        "期间内办结的社会保险待遇批次中，分母为应发人次（到账的、退回财政的，以及只因社保卡或金融账户不能收款而暂缓的），"
        "分子为其中到账到社保卡账户的人次；不应发放的行（已死亡、重复、互斥、金额不符等）不计。"
        "先暂缓、后在补发批次到账的，两个批次各计一次；退票后重新办结的，以最后一次办结为准。按批次办结时间归属期间，按本人所在区县分列。"
    ),
    definition_en=(
        "Of the batches of insurance benefits settled within the period. Denominator: payments that were due (paid, given "
        "back to the treasury, or held for the card or its account alone). Numerator: those paid onto a card. Rows that "
        "were not to be paid (dead, twice, excluded, a wrong amount) do not count; who was held and paid by a later batch "
        "counts in both; a batch that was opened again counts as it was settled last. A batch counts when it is settled, split by where its people live."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at,
               (payload->>'paid')::bigint AS numerator, (payload->>'due')::bigint AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY subject, region
                                               ORDER BY occurred_at DESC, entry_id DESC, row_id DESC) AS nth
                  FROM office_fact f
                 WHERE kind = 'benefit.batch_covered' AND (payload->>'insurance')::boolean
                   AND occurred_at < %(end)s) AS settled
         WHERE nth = 1 AND occurred_at >= %(start)s
    """,
)
