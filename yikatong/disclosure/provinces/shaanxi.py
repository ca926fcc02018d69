"""陕西：绩效目标表 of a project (表13), of the whole unit (表14) and of special funds (表15), in 万元, 90 points and 10 for execution."""

from dataclasses import replace

from yikatong.disclosure.form import (
    BENEFITS,
    OUTPUTS,
    SATISFACTION,
    SPECIAL,
    TASKS,
    WHOLE,
    Form,
    Unit,
    fund_lines,
)

ENTRY = Form(
    province="61",
    table="13",
    title="部门预算专项业务经费绩效目标表",
    unit=Unit.WANYUAN,
    goals=(("年度目标", "goal_year"),),
    funds=fund_lines("whole", "实施期资金总额"),
    levels=(("成本指标", ("经济成本", "社会成本", "生态环境成本")), OUTPUTS, BENEFITS, SATISFACTION),
    points=90,
    execution_points=10,
    label="表13",
)

UNIT = replace(
    ENTRY,
    table="14",
    title="单位整体支出绩效目标表",
    goals=(("年度总体目标", "goal_year"),),
    funds=(),
    label="表14",
    kind=WHOLE,
    tasks=TASKS,
)

SPECIAL_FUNDS = replace(
    ENTRY,
    table="15",
    title="专项资金总体绩效目标表",
    goals=(("实施期总目标", "goal_whole"), ("年度总目标", "goal_year")),
    funds=(*fund_lines("whole", "实施期资金总额"), *fund_lines("year", "年度资金总额")),
    label="表15",
    kind=SPECIAL,
)
