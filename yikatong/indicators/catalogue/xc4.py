"""XC4 办公取暖费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XC4",
    "办公取暖费",
    "Office heating",
    "万元/年",
    "payload->>'category' = '项目' AND payload->>'economic' = '30208'",
    "项目支出中的取暖费（30208）",
    "project expenditure on heating (30208)",
)
