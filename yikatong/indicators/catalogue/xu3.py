"""XU3 项目经费."""

from yikatong.indicators.spent import spent

ENTRY = spent(
    "XU3",
    "项目经费",
    "Project expenditure",
    "万元",
    "payload->>'category' = '项目'",
    "项目支出",
    "project expenditure",
)
