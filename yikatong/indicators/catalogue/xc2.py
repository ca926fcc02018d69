"""XC2 办公费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XC2",
    "办公费",
    "Office expenses",
    "万元/年",
    "payload->>'category' = '项目' AND payload->>'economic' = '30201'",
    "项目支出中的办公费（30201）",
    "project expenditure on office expenses (30201)",
)
