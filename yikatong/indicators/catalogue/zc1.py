"""ZC1 运行维护费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "ZC1",
    "运行维护费",
    "Maintenance",
    "万元",
    "payload->>'tag' = 'ZC1'",
    "成本指标为ZC1的支出",
    "expenditure tagged ZC1",
)
