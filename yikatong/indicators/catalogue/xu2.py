"""XU2 公用经费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XU2",
    "公用经费",
    "Running expenditure",
    "万元",
    "payload->>'category' = '公用'",
    "公用支出",
    "running expenditure",
)
