"""ZC4 宣传费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "ZC4",
    "宣传费",
    "Publicity",
    "万元",
    "payload->>'tag' = 'ZC4'",
    "成本指标为ZC4的支出",
    "expenditure tagged ZC4",
)
