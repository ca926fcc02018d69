"""XU1 人员经费."""

from yikatong.indicators.spent import spent

ENTRY = spent(
    "XU1",
    "人员经费",
    "Personnel expenditure",
    "万元",
    "payload->>'category' = '人员'",
    "人员支出",
    "personnel expenditure",
)
