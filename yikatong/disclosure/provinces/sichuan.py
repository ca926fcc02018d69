"""四川：绩效目标表 of a project (表6) and of the whole unit (表7), in 万元, 90 points, each target in three columns.

Known at second hand: the numbers and what they are about, as 开江 published them in 2024. The headings are those of the
Ministry's guide 财预〔2021〕101号, the points those of the province's own evaluations.
"""

from dataclasses import replace

from yikatong.disclosure.form import (
    BENEFITS,
    COSTS,
    OUTPUTS,
    SATISFACTION,
    TASKS,
    WHOLE,
    Form,
    Unit,
    fund_lines,
)

ENTRY = Form(
    province="51",
    table="6",
    title="部门预算项目绩效目标表",
    unit=Unit.WANYUAN,
    goals=(("年度目标", "goal_year"),),
    funds=fund_lines("year", "年度资金总额"),
    levels=(OUTPUTS, COSTS, BENEFITS, SATISFACTION),
    points=90,
    execution_points=None,
    label="表6",
    split=True,
)
UNIT = replace(
    ENTRY,
    table="7",
    title="部门整体支出绩效目标表",
    goals=(("年度总体目标", "goal_year"),),
    funds=(),
    label="表7",
    kind=WHOLE,
    tasks=TASKS,
)
