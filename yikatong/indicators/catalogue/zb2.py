"""ZB2 社保卡持有率: holders among the resident population."""

from yikatong.cards.facts import ADOPTED, ENDED, MADE
from yikatong.indicators.measure import Aggregate, Base, Measure

ENTRY = Measure(
    id="ZB2",
    name="社保卡持有率",
    name_en="Share of residents holding a social security card",
    unit="%",
    version=1,
    kinds=(ADOPTED, ENDED, MADE),
    aggregate=Aggregate.RATIO,
    base=Base.POPULATION,
    definition=(
        "分子为期间末名下有未注销社保卡的人数（封存、正常、正式挂失、应用锁定、临时挂失各状态均计，一人只计一次）；"
        "分母为该地区最近一期公报的常住人口，取自带日期的人口记录，不来自日志。没有人口记录的区县不计算。"
    ),
    definition_en=(
        "Numerator: persons who at the period's end have a card that is not cancelled (sealed, normal, formally or "
        "temporarily lost, locked); a person counts once. Denominator: resident population of the region by its latest "
        "bulletin, a dated row and not a journal fact. Not computed for counties without such a row."
    ),
    select="""
        SELECT entry_id, row_id, subject, region, outlet, occurred_at, 1 AS numerator, NULL::bigint AS denominator
          FROM (SELECT held.*, row_number() OVER (PARTITION BY coalesce(person::text, card)
                                                  ORDER BY occurred_at, entry_id, row_id) AS nth
                  FROM (SELECT cards.*, bool_or(kind = 'card.ended') OVER (PARTITION BY card) AS ended
                          FROM (SELECT f.*, CASE kind WHEN 'card.made' THEN 'card:' || (payload->>'card')
                                                      ELSE subject END AS card
                                  FROM office_fact f
                                 WHERE kind IN ('card.adopted', 'card.ended', 'card.made')
                                   AND occurred_at < %(end)s) AS cards) AS held
                 WHERE kind <> 'card.ended' AND NOT ended) AS holders
         WHERE nth = 1
    """,
)
