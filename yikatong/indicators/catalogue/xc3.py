"""XC3 电费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XC3",
    "电费",
    "Electricity",
    "万元/季",
    "payload->>'category' = '项目' AND payload->>'economic' = '30206'",
    "项目支出中的电费（30206）",
    "project expenditure on electricity (30206)",
    worst_quarter=True,
)
