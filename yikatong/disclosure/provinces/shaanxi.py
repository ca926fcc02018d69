"""陕西：部门预算专项业务经费绩效目标表 (表13), in 万元, 90 points and 10 for execution."""

from yikatong.disclosure.form import Form, FundLine, Unit

ENTRY = Form(
    province="61",
    table="13",
    title="部门预算专项业务经费绩效目标表",
    unit=Unit.WANYUAN,
    goals=(("年度目标", "goal_year"),),
    funds=(
        FundLine("实施期资金总额", "whole", "total"),
        FundLine("其中：财政拨款", "whole", "fiscal"),
        FundLine("其他资金", "whole", "other"),
    ),
    levels=(
        ("成本指标", ("经济成本", "社会成本", "生态环境成本")),
        ("产出指标", ("数量指标", "质量指标", "时效指标")),
        ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
        ("满意度指标", ("服务对象满意度指标",)),
    ),
    points=90,
    execution_points=10,
)
