"""广西：年度项目绩效目标表 (预算公开10表), in 万元, without weights.

Known at second hand: its number and what it is about, as 梧州 published it in 2023. Its headings are those of the Ministry's
guide 财预〔2021〕101号.
"""

from yikatong.disclosure.form import BENEFITS, COSTS, OUTPUTS, SATISFACTION, Form, Unit, fund_lines

ENTRY = Form(
    province="45",
    table="10",
    title="年度项目绩效目标表",
    unit=Unit.WANYUAN,
    goals=(("年度绩效目标", "goal_year"),),
    funds=fund_lines("year", "年度资金总额"),
    levels=(OUTPUTS, COSTS, BENEFITS, SATISFACTION),
    points=None,
    execution_points=None,
    label="预算公开10表",
)
