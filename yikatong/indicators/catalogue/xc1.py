"""XC1 委托业务费."""

from yikatong.indicators.costs import cost

ENTRY = cost(
    "XC1",
    "委托业务费",
    "Commissioned services",
    "万元/年",
    "payload->>'category' = '项目' AND payload->>'economic' = '30227'",
    "项目支出中的委托业务费（30227）",
    "project expenditure on commissioned services (30227)",
)
