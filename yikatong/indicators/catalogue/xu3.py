"""XU3 项目经费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XU3",
    "项目经费",
    "Project expenditure",
    "万元",
    "payload->>'category' = '项目'",
    "项目支出",
    "project expenditure",
)
