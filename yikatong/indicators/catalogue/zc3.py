"""ZC3 电费成本."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "ZC3",
    "电费成本",
    "Electricity",
    "万元",
    "payload->>'tag' = 'ZC3'",
    "成本指标为ZC3的支出",
    "expenditure tagged ZC3",
)
