"""山西 2024: thirteen tables in 万元, zeros left blank, one note under every empty table, twelve sections of words."""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Chart,
    Column,
    Each,
    Family,
    Pairs,
    Paragraph,
    Projects,
    Row,
    Share,
    Side,
    Template,
    Tree,
    Units,
    When,
    listed,
)
from yikatong.disclosure.provinces import shanxi

_THREE = (
    ("一般公共预算", "一般公共预算"),
    ("政府性基金", "政府性基金预算"),
    ("国有资本经营", "国有资本经营预算"),
)
_FIVE = (*_THREE, ("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"))
_NEW, _CARRIED = region(carry="本年"), region(carry="结转")
_FUNCTIONS = (("项目", "科目编码"), ("项目", "科目名称"))
_TOTAL = Row(("合计", ""))
_NONE = (_TOTAL, Row(("", ""), None))
_USES = (
    Column(("{year}年预算数", "合计")),
    Column(("{year}年预算数", "基本支出"), region(category="基本")),
    Column(("{year}年预算数", "项目支出"), region(category="项目")),
)
_PLAIN_USES = tuple(Column(column.head[1:], column.about) for column in _USES)


def _funds(over: tuple[str, ...], words: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(
        Column((*over, word), region(fund=member)) for (member, _), word in zip(_THREE, words, strict=True)
    )


def _incomes(funds: tuple[tuple[str, str], ...], style: str = "{han}、{name}") -> tuple[Row, ...]:
    return listed(funds, "fund", style, carry="本年")


_TABLES = (
    Template(
        "1",
        "{year}年预算收支总表",
        (
            Side(
                (("收入", "项目"),),
                (Column(("收入", "{year}年")),),
                _incomes(_FIVE),
                (Row(("本年收入合计",), _NEW), Row(("上年结转",), _CARRIED), Row(("收入总计",))),
                region(flow="收入"),
            ),
            Side(
                (("支出", "项目"),),
                (
                    Column(("支出", "{year}年合计")),
                    Column(("支出", "当年预算安排"), _NEW),
                    Column(("支出", "上年结转安排"), _CARRIED),
                ),
                listed(CLASSES, "function", "{han}、{name}"),
                (Row(("本年支出合计",)), Row(("年终结转",), None), Row(("支出总计",))),
                region(flow="支出"),
            ),
        ),
        gap=True,
    ),
    Template(
        "2",
        "{year}年预算收入总表",
        (
            Side(
                _FUNCTIONS,
                (
                    Column(("本年收入", "合计"), _NEW),
                    *(
                        Column(("本年收入", word), region(carry="本年", fund=fund))
                        for fund, word in (
                            ("一般公共预算", "一般公共预算"),
                            ("政府性基金", "政府性基金"),
                            *_FIVE[2:],
                        )
                    ),
                    Column(("上年结转",), _CARRIED),
                ),
                (_TOTAL, Tree("function")),
                about=region(flow="收入"),
            ),
        ),
    ),
    Template(
        "3",
        "{year}年预算支出总表",
        (Side(_FUNCTIONS, _USES, (_TOTAL, Tree("function"))),),
        region(flow="支出"),
    ),
    Template(
        "4",
        "{year}年财政拨款收支总表",
        (
            Side(
                (("收入", "项目"),),
                (Column(("收入", "金额")),),
                _incomes(_THREE),
                (
                    Row(("本年收入合计",), _NEW),
                    Row(("上年财政拨款结转",), _CARRIED),
                    *listed(_THREE, "fund", "{han}、{name}", carry="结转"),
                    Row(("",), None),
                    Row(("收入总计",)),
                ),
                region(flow="收入"),
            ),
            Side(
                (("支出", "项目"),),
                (
                    Column(("支出", "金额", "小计")),
                    *_funds(("支出", "金额"), ("一般公共预算", "政府性基金预算", "国有资本经营预算")),
                ),
                listed(CLASSES, "function", "{han}、{name}"),
                (
                    Row(("本年支出合计",)),
                    Row(("年终结转",), None),
                    *(Row(("",), None) for _ in range(4)),
                    Row(("支出总计",)),
                ),
                region(flow="支出"),
            ),
        ),
        region(fund="财政拨款"),
        gap=True,
    ),
    Template(
        "5",
        "{year}年一般公共预算支出预算表（不含上年结转）",
        (Side(_FUNCTIONS, _USES, (_TOTAL, Tree("function"))),),
        region(flow="支出", fund="一般公共预算", carry="本年"),
    ),
    Template(
        "6",
        "{year}年一般公共预算安排基本支出分经济科目表（不含上年结转）",
        (
            Side(
                (("部门预算支出经济科目名称",), ("政府预算支出经济科目名称",)),
                (
                    Column(("{year}年预算数", "合计")),
                    Column(("{year}年预算数", "人员经费"), region(category="人员")),
                    Column(("{year}年预算数", "公用经费"), region(category="公用")),
                ),
                (_TOTAL, Pairs(coded=False)),
            ),
        ),
        region(flow="支出", fund="一般公共预算", category="基本", carry="本年"),
    ),
    Template(
        "7",
        "{year}年政府性基金预算收入表（不含上年结转）",
        (
            Side(
                (("项目", "收入科目编码"), ("项目", "科目名称")),
                (Column(("政府性基金收入预算",)),),
                (_TOTAL, Row(("", "政府性基金预算拨款"))),
            ),
        ),
        region(flow="收入", fund="政府性基金", carry="本年"),
        empty_rows=_NONE,
    ),
    Template(
        "8",
        "{year}年政府性基金预算支出表（不含上年结转）",
        (Side((("科目编码",), ("科目名称",)), _PLAIN_USES, (_TOTAL, Tree("function"))),),
        region(flow="支出", fund="政府性基金", carry="本年"),
        empty_rows=_NONE,
    ),
    Template(
        "9",
        "{year}年国有资本经营预算收支预算表（不含上年结转）",
        (
            Side(
                (
                    ("国有资本经营预算收入", "项目", "收入科目编码"),
                    ("国有资本经营预算收入", "项目", "科目名称"),
                ),
                (Column(("国有资本经营预算收入", "国有资本经营收入预算")),),
                (_TOTAL, Row(("", "国有资本经营预算拨款"))),
                about=region(flow="收入"),
            ),
            Side(
                (("国有资本经营预算支出", "科目编码"), ("国有资本经营预算支出", "科目名称")),
                tuple(Column(("国有资本经营预算支出", *column.head), column.about) for column in _PLAIN_USES),
                (_TOTAL, Tree("function")),
                about=region(flow="支出"),
            ),
        ),
        region(fund="国有资本经营", carry="本年"),
        empty_rows=_NONE,
    ),
    Template(
        "10",
        "{year}年财政拨款安排“三公”经费支出预算表",
        (
            Side(
                (("项目",),),
                (
                    Column(("{year}年预算数", "合计")),
                    *_funds(("{year}年预算数",), ("一般公共预算", "政府性基金预算", "国有资本经营预算")),
                ),
                (
                    Row(("因公出国（境）费",), region(item="出国")),
                    Row(("公务接待费",), region(item="接待")),
                    Row(("公务用车购置及运行费",), region(item="用车")),
                    Row(("①公务用车购置费",), region(item="购车")),
                    Row(("②公务用车运行维护费",), region(item="车辆运行")),
                    Row(("合计",)),
                ),
            ),
        ),
        region(flow="支出", fund="财政拨款", item="三公"),
    ),
    Template(
        "11",
        "{year}年财政拨款安排机关运行经费预算表",
        (
            Side(
                (("单位名称",),),
                (
                    Column(("{year}年预算数", "合计")),
                    *_funds(("{year}年预算数",), ("一般公共预算", "政府性基金预算", "国有资本经营预算")),
                ),
                (Row(("部门合计",)), Units(parent=False, coded=False)),
            ),
        ),
        region(flow="支出", fund="财政拨款", item="机关运行"),
        empty_rows=(Row(("部门合计",)), Row(("",), None)),
    ),
    Template(
        "12",
        "{year}年项目支出预算表（本年预算）",
        (
            Side(
                (("项目名称",),),
                (
                    Column(("合计",)),
                    *_funds(("{year}年财政拨款",), ("一般公共预算", "政府性基金预算", "国有资本经营预算")),
                    Column(("财政专户管理资金",), region(fund="财政专户")),
                    Column(("单位资金",), region(fund="单位资金")),
                ),
                (Units(parent=False, coded=False), Projects()),
            ),
        ),
        region(flow="支出", category="项目", carry="本年"),
        numbered=True,
        empty_rows=(Row(("",), None),),
    ),
    Template(
        "13",
        "{year}年项目支出预算表（上年结转）",
        (
            Side(
                (("项目名称",),),
                (
                    Column(("合计",)),
                    *_funds(("{year}年财政拨款",), ("一般公共预算", "政府性基金预算", "国有资本经营预算")),
                ),
                (Units(parent=False, coded=False), Projects()),
            ),
        ),
        region(flow="支出", fund="财政拨款", category="项目", carry="结转"),
        numbered=True,
        empty_rows=(Row(("",), None),),
    ),
)

_IN, _OUT = region(flow="收入"), region(flow="支出")
_SOURCES = (*((name, region(fund=fund, carry="本年")) for fund, name in _FIVE), ("上年结转", _CARRIED))
_GENERAL_OUT = region(flow="支出", fund="一般公共预算", carry="本年")


def _parts(flow: str, what: str) -> tuple[Paragraph, ...]:
    return (
        Paragraph(
            (
                "{year}年度{unit}",
                what,
                "总计",
                Amount(region(flow=flow)),
                "，其中：本年",
                "收入" if flow == "收入" else "预算安排",
                Amount(region(flow=flow, carry="本年")),
                "，上年结转",
                Amount(region(flow=flow, carry="结转")),
                "，",
                Change(region(flow=flow), growth=True, reason="总体"),
                "。",
            )
        ),
    )


_WORDS = (
    Paragraph(("一、预算收支增减变动情况",)),
    *_parts("收入", "预算收入"),
    *_parts("支出", "预算支出"),
    Paragraph(("二、收入预算情况",)),
    Paragraph(
        (
            "{year}年度{unit}预算收入", Amount(_IN),
            "，其中：一般公共预算拨款收入", Amount(region(flow="收入", fund="一般公共预算", carry="本年")), Share(region(flow="收入", fund="一般公共预算", carry="本年"), _IN),
            "；政府性基金预算拨款收入", Amount(region(flow="收入", fund="政府性基金", carry="本年")), Share(region(flow="收入", fund="政府性基金", carry="本年"), _IN),
            "；国有资本经营预算拨款收入", Amount(region(flow="收入", fund="国有资本经营", carry="本年")), Share(region(flow="收入", fund="国有资本经营", carry="本年"), _IN),
            "；财政专户管理资金收入", Amount(region(flow="收入", fund="财政专户", carry="本年")), Share(region(flow="收入", fund="财政专户", carry="本年"), _IN),
            "；单位资金收入", Amount(region(flow="收入", fund="单位资金", carry="本年")), Share(region(flow="收入", fund="单位资金", carry="本年"), _IN),
            "；上年结转", Amount(region(flow="收入", carry="结转")), Share(region(flow="收入", carry="结转"), _IN), "。"
        ),
        Chart("收入预算图", _IN, _SOURCES),
    ),
    Paragraph(("三、支出预算情况",)),
    Paragraph(
        (
            "{year}年度{unit}支出预算", Amount(_OUT),
            "，其中：基本支出", Amount(region(flow="支出", category="基本")), Share(region(flow="支出", category="基本"), _OUT),
            "；项目支出", Amount(region(flow="支出", category="项目")), Share(region(flow="支出", category="项目"), _OUT), "。"
        )
    ),
    Paragraph(("四、财政拨款收支预算情况",)),
    Paragraph(
        (
            "{year}年度{unit}财政拨款收支总预算", Amount(region(flow="支出", fund="财政拨款")),
            "，其中：一般公共预算拨款支出", Amount(region(flow="支出", fund="一般公共预算")),
            "，政府性基金预算拨款支出", Amount(region(flow="支出", fund="政府性基金")),
            "，国有资本经营预算拨款支出", Amount(region(flow="支出", fund="国有资本经营")), "。"
        )
    ),
    Paragraph(("五、一般公共预算当年支出情况",)),
    Paragraph(
        (
            "{year}年度{unit}一般公共预算当年拨款支出", Amount(_GENERAL_OUT), "，",
            Change(_GENERAL_OUT, growth=True, reason="总体"), "。"
        )
    ),
    Paragraph(
        (
            "{year}年度{unit}一般公共预算当年拨款支出", Amount(_GENERAL_OUT),
            Each(
                "function", 3,
                ("{name}", Amount(_GENERAL_OUT), Share(_GENERAL_OUT, _GENERAL_OUT)),
                of=_GENERAL_OUT
            ), "。"
        ),
        Chart("一般公共预算当年拨款结构图", _GENERAL_OUT, dimension="function"),
    ),
    Paragraph(("六、一般公共预算基本支出情况",)),
    Paragraph(
        (
            "{year}年度{unit}一般公共预算当年安排基本支出",
            Amount(region(flow="支出", fund="一般公共预算", carry="本年", category="基本")),
            "，其中：人员经费", Amount(region(flow="支出", fund="一般公共预算", carry="本年", category="人员")),
            "；公用经费", Amount(region(flow="支出", fund="一般公共预算", carry="本年", category="公用")), "。"
        )
    ),
    Paragraph(("七、“三公”经费情况",)),
    Paragraph(
        (
            When(
                region(fund="财政拨款", item="三公"),
                (
                    "本单位财政拨款安排的“三公”经费预算支出", Amount(region(fund="财政拨款", item="三公")),
                    "，其中：因公出国（境）费", Amount(region(fund="财政拨款", item="出国")),
                    "，公务接待费", Amount(region(fund="财政拨款", item="接待")),
                    "，公务用车购置费", Amount(region(fund="财政拨款", item="购车")),
                    "，公务用车运行维护费", Amount(region(fund="财政拨款", item="车辆运行")), "。"
                ),
                ("本单位没有安排“三公”经费。",)
            ),
        )
    ),
    Paragraph(("八、机关运行经费情况",)),
    Paragraph(("本单位不是行政单位，也不参照公务员法管理，没有机关运行经费。",)),
    Paragraph(("九、政府采购情况",)),
    Paragraph(
        (
            "{year}年{unit}政府采购预算总额", Amount(region(item="采购")),
            "，其中：政府采购货物预算", Amount(region(item="采购货物")),
            "、政府采购工程预算", Amount(region(item="采购工程")),
            "、政府采购服务预算", Amount(region(item="采购服务")), "。"
        )
    )
)  # fmt: skip

ENTRY = Family(
    code="SX13",
    name="山西省单位预算公开",
    title="{unit}{year}年度单位预算公开",
    unit="万元",
    decimals=2,
    zero="",
    funds=("一般公共预算", "政府性基金", "国有资本经营", "财政专户", "单位资金"),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    label="预算公开表{number}",
    lead=("单位名称：{unit}",),
    sheets=(shanxi.ENTRY,),
    places={"category": ("人员", "公用", "项目"), "function": tuple(code for code, _ in CLASSES)},
)
