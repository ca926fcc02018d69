"""XU1 人员经费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XU1",
    "人员经费",
    "Personnel expenditure",
    "万元",
    "payload->>'category' = '人员'",
    "人员支出",
    "personnel expenditure",
)
