"""ZC2 线路租赁成本."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "ZC2",
    "线路租赁成本",
    "Line rental",
    "万元",
    "payload->>'tag' = 'ZC2'",
    "成本指标为ZC2的支出",
    "expenditure tagged ZC2",
)
