"""陕西 2025: fifteen tables in 万元, four ways of dividing a total beside each other, departmental and governmental classes in one row.

Tables 1 to 12; the sheets of targets (表13 to 表15) are forms of `provinces/shaanxi.py`.
"""

from dataclasses import replace

from yikatong.disclosure.audit.region import joined, region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Column,
    Each,
    Family,
    Pairs,
    Paragraph,
    Projects,
    Row,
    Side,
    Template,
    Tree,
    Units,
    When,
    listed,
)
from yikatong.disclosure.phrases import PURCHASES, changed, heading, parts
from yikatong.disclosure.provinces import shaanxi
from yikatong.disclosure.shapes import (
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    LEFT,
    NEW,
    OFFICE,
    OUT,
    PROJECT,
    SPENDING,
    STAFF,
    TOTAL,
    WHOLE,
    blank,
    by_fund,
    by_item,
    paired,
    under,
)

_LISTED = region(project="专项资金列入部门预算的项目")
_THIS_YEAR = GENERAL | NEW
_CLASSES = (*(pair for pair in CLASSES if pair[0] < "225"), ("229", "其他支出"))
_OF_THE_FUND = ("206", "207", "208", "211", "212", "213", "214", "215", "217", "229")
_GOVERNMENT = (
    ("501", "机关工资福利支出"), ("502", "机关商品和服务支出"), ("503", "机关资本性支出"),
    ("504", "机关资本性支出（基本建设）"), ("505", "对事业单位经常性补助"), ("506", "对事业单位资本性补助"),
    ("507", "对企业补助"), ("508", "对企业资本性支出"), ("509", "对个人和家庭的补助"), ("510", "对社会保障基金补助"),
    ("599", "其他支出")
)  # fmt: skip
_BASIC_CLASSES = (
    ("301", "工资福利支出"), ("302", "商品和服务支出"), ("303", "对个人和家庭的补助"), ("310", "资本性支出")
)  # fmt: skip
_PROJECT_CLASSES = (
    ("301", "工资福利支出"), ("302", "商品和服务支出"), ("303", "对个人和家庭的补助"), ("307", "债务利息及费用支出"),
    ("309", "资本性支出(基本建设)"), ("310", "资本性支出"), ("311", "对企业补助(基本建设)"), ("312", "对企业补助"),
    ("313", "对社会保障基金补助"), ("399", "其他支出")
)  # fmt: skip


def _ways(
    first: tuple[Row, ...], classes: tuple[Row, ...], economic: tuple[Row, ...], *feet: tuple[Row, ...]
) -> tuple[Side, ...]:
    """Income, and expenditure by function, by departmental and by governmental class."""
    heads = (
        ("收入", "项目"), ("支出", "支出功能分类科目（按大类）"), ("支出", "部门预算支出经济分类科目（按大类）"),
        ("支出", "政府预算支出经济分类科目（按大类）")
    )  # fmt: skip
    government = (first[0], *listed(_GOVERNMENT, "government", "{count}、{name}"))
    incomes = tuple(replace(row, about=joined(NEW, row.about or NEW)) for row in first)
    rows = (incomes, (first[0], *classes), (first[0], *economic), government)
    return tuple(
        Side((head,), (Column((head[0], "预算数")),), axes, foot, region(flow=head[0]))
        for head, axes, foot in zip(heads, rows, feet, strict=True)
    )


_ECONOMIC = (
    Row(("1、人员经费和公用经费支出",), region(category="基本")),
    *listed(_BASIC_CLASSES, "economic", "({count}){name}", category="基本"),
    Row(("2、专项业务经费支出",), region(category="项目")),
    *listed(_PROJECT_CLASSES, "economic", "({count}){name}", category="项目"),
    Row(("3、上缴上级支出",), region(category="上缴上级")),
    Row(("4、事业单位经营支出",), region(category="经营支出")),
    Row(("5、对附属单位补助支出",), region(category="补助附属")),
)
_YEAR_OUT = Row(("本年支出合计",))
_LATER = (Row(("结转下年",), LEFT), Row(("未安排支出的实户资金",), LEFT))
_ALL_OUT = Row(("支出总计",))
_CARRIED_ROWS = (
    Row(("上年结转",), CARRIED),
    Row(("其中：财政拨款资金结转",), region(carry="结转", fund="财政拨款")),
    Row(("非财政拨款资金结余",), region(carry="结转", fund="单位资金")),
)
_SUBJECTS = (("功能科目编码",), ("功能科目名称",))
_UNITS = (("单位编码",), ("单位名称",))
_KINDS = (
    WHOLE,
    Column(("人员经费支出",), STAFF),
    Column(("公用经费支出",), OFFICE),
    Column(("专项业务经费支出",), PROJECT),
)
_SPACE = "　　"


def _spending(
    number: str, title: str, columns: tuple[Column, ...], axis: Tree | Pairs, **about: str
) -> Template:
    """Tables 5 to 8: the general public budget by function or by class."""
    labels = _SUBJECTS if isinstance(axis, Tree) else paired("经济")
    side = Side(labels, columns, (Row(("合计",)), axis), trailing=(("备注",),))
    return Template(number, title, (side,), region(flow="支出", fund="一般公共预算", **about), zero="-")


def _allowances(words: str, **phase: str) -> tuple[Column, ...]:
    fee, cars = "一般公共预算拨款安排的“三公”经费预算", "公务用车购置及运行维护费"
    return by_item(
        (
            ("三公会议培训", words, "合计"), ("三公", words, fee, "小计"), ("出国", words, fee, "因公出国（境）费用"),
            ("接待", words, fee, "公务接待费"), ("用车", words, fee, cars, "小计"),
            ("购车", words, fee, cars, "公务用车购置费"), ("车辆运行", words, fee, cars, "公务用车运行维护费"),
            ("会议", words, "会议费"), ("培训", words, "培训费"),
        ),
        **phase,
    )  # fmt: skip


def _of_units(number: str, title: str, granted: str, among: str, *left: Column, **about: str) -> Template:
    """Tables 2 and 3: a row of the department and one of the unit, a column for each source."""
    own = (
        ("政府性基金", "政府性基金拨款"), ("上级补助", "上级补助收入"), ("事业收入", "事业收入"),
        ("经营收入", "事业单位经营收入"), ("附属上缴", "附属单位上缴收入"), ("其他收入", "其他收入"),
    )  # fmt: skip
    columns = (
        Column(("合计",)),
        Column(("部门预算", granted, "小计"), region(fund="一般公共预算", carry="本年")),
        Column(("部门预算", granted, among), _LISTED),
        *under("部门预算", by_fund(own, carry="本年")),
        *left,
        Column(("上年实户资金余额",), LEFT),
        Column(("上年结转",), CARRIED),
    )
    return Template(number, title, (Side(_UNITS, columns, (TOTAL, Units())),), region(**about))


_TABLES = (
    Template(
        "1",
        "部门综合预算收支总表",
        _ways(
            (
                Row(("一、部门预算",)),
                Row(("1、财政拨款",), region(fund="财政拨款")),
                Row(("(1)一般公共预算拨款",), region(fund="一般公共预算")),
                Row(("其中：专项资金列入部门预算的项目",), _LISTED),
                Row(("(2)政府性基金拨款",), region(fund="政府性基金")),
                Row(("(3)国有资本经营预算收入",), region(fund="国有资本经营")),
                Row(("2、上级补助收入",), region(fund="上级补助")),
                Row(("3、事业收入",), region(fund="事业收入")),
                Row(("其中：纳入财政专户管理的收费",), region(fund="财政专户")),
                Row(("4、事业单位经营收入",), region(fund="经营收入")),
                Row(("5、附属单位上缴收入",), region(fund="附属上缴")),
                Row(("6、其他收入",), region(fund="其他收入"))
            ),
            listed(_CLASSES, "function", "{count}、{name}"),
            _ECONOMIC,
            (
                Row(("本年收入合计",), NEW),
                Row(("使用非财政拨款结余",), LEFT),
                Row(("上年实户资金余额",), LEFT),
                *_CARRIED_ROWS,
                Row(("收入总计",))
            ),
            *((_YEAR_OUT, *_LATER, *blank(3), _ALL_OUT) for _ in range(3))
        ),
        zero="0.00"
    ),
    _of_units(
        "2", "部门综合预算收入总表", "一般公共预算拨款", "其中：专项资金列入部门预算项目",
        Column(("使用非财政拨款结余",), LEFT), flow="收入"
    ),
    _of_units("3", "部门综合预算支出总表", "公共预算拨款", "其中：专项资金列入部门预算的项目", flow="支出"),
    Template(
        "4",
        "部门综合预算财政拨款收支总表",
        _ways(
            (
                Row(("一、财政拨款",)),
                Row(("1、一般公共预算拨款",), region(fund="一般公共预算")),
                Row(("其中：专项资金列入部门预算的项目",), _LISTED),
                Row(("2、政府性基金拨款",), region(fund="政府性基金")),
                Row(("3、国有资本经营预算收入",), region(fund="国有资本经营"))
            ),
            listed(_CLASSES, "function", "{count}、{name}"),
            _ECONOMIC,
            (
                Row(("本年收入合计",), NEW),
                Row(("上年结转",), CARRIED),
                Row(("收入总计",))
            ),
            *((_YEAR_OUT, _LATER[0], _ALL_OUT) for _ in range(3))
        ),
        region(fund="财政拨款"),
        zero="0.00"
    ),
    _spending("5", "部门综合预算一般公共预算支出明细表（按支出功能分类科目）", _KINDS, Tree("function", indent=_SPACE)),
    _spending("6", "部门综合预算一般公共预算支出明细表（按支出经济分类科目）", _KINDS, Pairs(indent=_SPACE)),
    _spending(
        "7", "部门综合预算一般公共预算基本支出明细表（按支出功能分类科目）", _KINDS[:3],
        Tree("function", indent=_SPACE), category="基本"
    ),
    _spending(
        "8", "部门综合预算一般公共预算基本支出明细表（按支出经济分类科目）", _KINDS[:3],
        Pairs(of=GENERAL, indent=_SPACE), category="基本"
    ),
    Template(
        "9",
        "部门综合预算政府性基金收支表",
        _ways(
            (Row(("一、政府性基金拨款",)),),
            listed(
                tuple(pair for pair in _CLASSES if pair[0] in _OF_THE_FUND),
                "function",
                "{count}、{name}"
            ),
            _ECONOMIC,
            (Row(("本年收入合计",), NEW),),
            *((Row(("本年支出合计",)),) for _ in range(3))
        ),
        region(fund="政府性基金"),
        zero=""
    ),
    Template(
        "10",
        "部门综合预算专项业务经费支出表",
        (
            Side(
                (("单位编码",), ("单位（项目）名称",)),
                (Column(("项目金额",)),),
                (
                    TOTAL,
                    Units(indent=_SPACE),
                    Row(("", "　　　　专用项目")),
                    Row(("", "　　　　　　履职专项业务经费")),
                    Projects(coded=True, remarks=True, indent="　　　　　　　　")
                ),
                trailing=(("项目简介",),)
            ),
        ),
        region(flow="支出", category="项目")
    ),
    Template(
        "11",
        "部门综合预算政府采购（资产配置、购买服务）预算表",
        (
            Side(
                (("单位编码",), ("采购项目",)),
                (Column(("预算金额",)),),
                (
                    Row(("", "货物"), region(item="采购货物")),
                    Row(("", "工程"), region(item="采购工程")),
                    Row(("", "服务"), region(item="采购服务")),
                    Row(("合计", ""))
                ),
                trailing=(("说明",),)
            ),
        ),
        region(flow="支出", item="采购")
    ),
    Template(
        "12",
        "部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表",
        (
            Side(
                _UNITS,
                (
                    *_allowances("上年", phase="上年"),
                    *_allowances("当年"),
                    *_allowances("增减变化情况", phase="增减")
                ),
                (Units(parent=False),)
            ),
        ),
        GENERAL
    )
)  # fmt: skip


_ITEM = ("{name}（{code}）", Amount(_THIS_YEAR), "，", Change(_THIS_YEAR, reason="总体", led="，原因是"))
_WORDS = (
    heading("四、收支预算总体情况"),
    changed("本单位当年预算收入", IN, "总体"),
    changed("本单位当年预算支出", OUT, "总体"),
    heading("五、财政拨款收支情况"),
    changed("本单位当年财政拨款收入", region(flow="收入", fund="财政拨款", carry="本年"), "总体"),
    changed("本单位当年财政拨款支出", GRANTED, "总体"),
    heading("六、一般公共预算拨款支出明细"),
    heading("（一）规模变化"),
    changed("本单位当年预算安排的一般公共预算拨款支出", _THIS_YEAR, "总体"),
    heading("（二）按功能科目"),
    Paragraph(
        (
            "本单位当年预算安排的一般公共预算拨款支出", Amount(_THIS_YEAR),
            Each("function", 7, ("{count}.", *_ITEM), of=_THIS_YEAR, before=True), "。"
        )
    ),
    heading("（三）按经济科目"),
    Paragraph(
        (
            "本单位当年预算安排的一般公共预算拨款支出", Amount(_THIS_YEAR),
            Each("economic", 3, ("{count}.", *_ITEM), of=_THIS_YEAR, before=True), "。"
        )
    ),
    heading("七、政府性基金预算支出情况"),
    Paragraph(
        (
            When(
                region(fund="政府性基金"),
                changed("本单位当年政府性基金预算拨款支出", region(flow="支出", fund="政府性基金"), "政府性基金").parts,
                ("本单位当年没有政府性基金预算收支，表9为空表。",)
            ),
        )
    ),
    heading("八、国有资本经营预算拨款收支情况"),
    Paragraph(("本单位当年没有国有资本经营预算收支。",)),
    heading("九、“三公”经费及会议费、培训费情况"),
    *(
        changed(word, GENERAL | region(item=item), item)
        for word, item in (
            ("本单位当年一般公共预算“三公”经费预算支出", "三公"), ("因公出国（境）经费", "出国"), ("公务接待费", "接待"),
            ("公务用车购置费", "购车"), ("公务用车运行维护费", "车辆运行"), ("会议费", "会议"), ("培训费", "培训")
        )
    ),
    heading("十、政府采购情况"),
    Paragraph(
        (
            When(
                region(item="采购"),
                (
                    "本单位当年政府采购预算", Amount(region(item="采购")),
                    *parts(region(item="采购"), *PURCHASES, between="、", share=False), "。"
                ),
                ("本单位当年没有政府采购预算，表11为空表。",)
            ),
        )
    ),
    heading("十一、公用经费情况"),
    changed("本单位当年预算安排的一般公共预算公用经费支出", _THIS_YEAR | OFFICE, "公用")
)  # fmt: skip

ENTRY = Family(
    code="SN15",
    name="陕西省单位预算公开",
    title="{unit}{year}年单位综合预算公开",
    unit="万元",
    decimals=2,
    zero="",
    funds=("一般公共预算", "政府性基金", "上级补助", "事业收入", "经营收入", "附属上缴", "其他收入"),
    templates=_TABLES,
    narrative=_WORDS,
    empty_reason="不涉及",
    functions={"政府性基金": _OF_THE_FUND},
    sheets=(shaanxi.ENTRY, shaanxi.UNIT, shaanxi.SPECIAL_FUNDS),
    places={
        "category": (*SPENDING, "上缴上级", "经营支出", "补助附属"),
        "function": tuple(code for code, _ in _CLASSES),
        "government": tuple(code for code, _ in _GOVERNMENT),
    },
)
