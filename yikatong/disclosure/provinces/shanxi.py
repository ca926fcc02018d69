"""山西：项目支出绩效目标表, in 元, without weights."""

from yikatong.disclosure.form import Form, FundLine, Unit

_SOURCES = (
    ("{span}资金总额", "total"),
    ("其中：中央财政资金", "central"),
    ("省级财政资金", "provincial"),
    ("市县（区）财政资金", "local"),
    ("单位自筹", "own"),
    ("其他资金", "other"),
)

ENTRY = Form(
    province="14",
    table="project",
    title="项目支出绩效目标表",
    unit=Unit.YUAN,
    goals=(("实施期目标", "goal_whole"), ("年度目标", "goal_year")),
    funds=tuple(
        FundLine(label.format(span=name), span, source)
        for span, name in (("whole", "实施期"), ("year", "年度"))
        for label, source in _SOURCES
    ),
    levels=(
        ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
        ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
        ("满意度指标", ("服务对象满意度指标",)),
    ),
    points=None,
    execution_points=None,
)
