"""陕西：绩效目标表 of a project (表13), of the whole unit (表14) and of special funds (表15), in 万元, 90 points and 10 for execution."""

from dataclasses import replace

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.form import SPECIAL, WHOLE, Form, FundLine, Unit

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
    tasks=(
        ("人员经费", "保障人员工资福利支出", region(flow="支出", category="人员")),
        ("公用经费", "保障单位正常运转支出", region(flow="支出", category="公用")),
        ("项目支出", "开展专项业务支出", region(flow="支出", category="项目")),
        ("金额合计", "", region(flow="支出")),
    ),
)

SPECIAL_FUNDS = replace(
    ENTRY,
    table="15",
    title="专项资金总体绩效目标表",
    goals=(("实施期总目标", "goal_whole"), ("年度总目标", "goal_year")),
    funds=(
        FundLine("实施期资金总额", "whole", "total"),
        FundLine("其中：财政拨款", "whole", "fiscal"),
        FundLine("其他资金", "whole", "other"),
        FundLine("年度资金总额", "year", "total"),
        FundLine("其中：财政拨款", "year", "fiscal"),
        FundLine("其他资金", "year", "other"),
    ),
    label="表15",
    kind=SPECIAL,
)
