"""山西：项目支出绩效目标表, in 元, without weights."""

from yikatong.disclosure.form import BENEFITS, OUTPUTS, SATISFACTION, Form, FundLine, Unit

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
    levels=((OUTPUTS[0], (*OUTPUTS[1], "成本指标")), BENEFITS, SATISFACTION),
    points=None,
    execution_points=None,
)
