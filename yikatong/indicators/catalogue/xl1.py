"""XL1 实体卡发放准确率: cards handed over without a confirmed error."""

from yikatong.cards.facts import COLLECTED, ERROR_CONFIRMED
from yikatong.indicators.measure import Aggregate, Measure

ENTRY = Measure(
    id="XL1",
    name="实体卡发放准确率",
    name_en="Cards issued without error",
    unit="%",
    version=1,
    kinds=(COLLECTED, ERROR_CONFIRMED),
    aggregate=Aggregate.RATIO,
    rules={"window_days": "indicator.error_window_days"},
    definition=(
        "分母为期间内首次发出的实体卡张数；分子为其中自发卡之日起规定日数内未被确认数据、持卡人或账户差错的张数。"
        "差错在期间结束以后才确认、但仍在规定日数内的，计入发卡的那个期间。"
    ),
    definition_en=(
        "Denominator: cards first handed over within the period. Numerator: those for which no wrong data, person or "
        "account was confirmed within the window of days after the hand-over. An error confirmed after the period's "
        "end but within the window counts in the period of the hand-over."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at,
               CASE WHEN wrong.confirmed_on - (occurred_at AT TIME ZONE 'Asia/Shanghai')::date <= %(window_days)s
                    THEN 0 ELSE 1 END AS numerator,
               1 AS denominator
          FROM (SELECT f.*, row_number() OVER (PARTITION BY subject ORDER BY occurred_at, entry_id, row_id) AS nth
                  FROM office_fact f
                 WHERE kind = 'card.collected' AND occurred_at < %(end)s) AS handed_over
          LEFT JOIN (SELECT subject, min((occurred_at AT TIME ZONE 'Asia/Shanghai')::date) AS confirmed_on
                       FROM office_fact
                      WHERE kind = 'card.error_confirmed'
                      GROUP BY subject) AS wrong USING (subject)
         WHERE nth = 1 AND occurred_at >= %(start)s
    """,
)
