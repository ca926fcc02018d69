"""ZC5 劳务费."""

from yikatong.indicators.spent import spent

ENTRY = spent(
    "ZC5",
    "劳务费",
    "Labour",
    "万元",
    "payload->>'tag' = 'ZC5'",
    "成本指标为ZC5的支出",
    "expenditure tagged ZC5",
)
