"""ZC5 劳务费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "ZC5",
    "劳务费",
    "Labour",
    "万元",
    "payload->>'tag' = 'ZC5'",
    "成本指标为ZC5的支出",
    "expenditure tagged ZC5",
)
