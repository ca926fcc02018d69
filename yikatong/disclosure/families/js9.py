"""决算公开 01–09: the national set of a final account, in 万元, as most provinces had it from 2019 to 2021 (later 三公 comes last).

Amounts are of phase 执行, last year's those of the year before in that phase; 三公 stands beside the budget as adjusted. What
was left at the end of the year is a line of category 结转下年. Known at second hand; classes without money are left out of
表 06, and 使用非财政拨款结余 and 结余分配 are printed as nothing, since no line can be of them.
"""

from yikatong.disclosure.audit.region import Region, joined, region
from yikatong.disclosure.family import (
    Amount,
    Column,
    Done,
    Family,
    Paragraph,
    Row,
    Side,
    Template,
    Tree,
    listed,
)
from yikatong.disclosure.phrases import BY_KIND, BY_USE, by_code, changed, divided, heading
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    BASIC,
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    ITEM_SUBJECTS,
    KINDS_OF_USE,
    LEFT,
    MORE_USES,
    NEW,
    OUT,
    PROJECT,
    WHOLE,
    allowances,
    blank,
    by_function,
    by_fund,
    grants,
    incomes,
    spending,
)

_GRANTS = grants("财政拨款")
_OWN = (
    ("上级补助", "上级补助收入"), ("事业收入", "事业收入"), ("经营收入", "经营收入"), ("附属上缴", "附属单位上缴收入"),
    ("其他收入", "其他收入"),
)  # fmt: skip
_INCOMES = (*((fund, f"{word}收入") for fund, word in _GRANTS), *_OWN)
_SPENT = (Column(("本年支出合计",)), *KINDS_OF_USE)


def _income(rows: tuple[Row, ...], *before: Row) -> Side:
    return incomes(rows, (Row(("本年收入合计",), NEW), *before, Row(("总计",))), "决算数")


def _spending(columns: tuple[Column, ...], *after: Row) -> Side:
    return spending(columns, (Row(("本年支出合计",)), *after, Row(("总计",), region(end="总计"))))


def _classes(word: str, category: str) -> Side:
    """Economic classes of one kind, their total below."""
    labels = ((word, "科目编码"), (word, "科目名称"))
    rows = (Tree("economic", lengths=(3, 5), of=GENERAL | region(category=category)),)
    return Side(
        labels,
        (Column((word, "决算数"), region(category=category)),),
        rows,
        (Row(("", f"{word}合计")),),
    )


_FUND_COLUMNS = (
    Column(("年初结转和结余",), IN | CARRIED),
    Column(("本年收入",), IN | NEW),
    Column(("本年支出", "小计"), OUT),
    Column(("本年支出", "基本支出"), OUT | BASIC),
    Column(("本年支出", "项目支出"), OUT | PROJECT),
    Column(("年末结转和结余",), OUT | LEFT),
)
_TABLES = (
    Template(
        "01", "收入支出决算总表",
        (
            _income(
                listed(_INCOMES, "fund", "{han}、{name}", carry="本年"),
                Row(("使用非财政拨款结余",), region(carry="使用结余")), Row(("年初结转和结余",), CARRIED),
            ),
            _spending(
                (Column(("决算数",)),), Row(("结余分配",), region(category="结余分配")), Row(("年末结转和结余",), LEFT)
            ),
        ),
    ),
    by_function(
        "02", "收入决算表",
        (
            Column(("本年收入合计",), NEW), Column(("财政拨款收入",), region(fund="财政拨款", carry="本年")),
            *by_fund(_OWN, carry="本年"),
        ),
        ITEM_SUBJECTS, flow="收入",
    ),
    by_function("03", "支出决算表", (*_SPENT, *MORE_USES), ITEM_SUBJECTS, flow="支出"),
    Template(
        "04", "财政拨款收入支出决算总表",
        (
            _income(
                listed(_GRANTS, "fund", "{han}、{name}", carry="本年"),
                Row(("年初财政拨款结转和结余",), CARRIED), *listed(_GRANTS, "fund", "{han}、{name}", carry="结转"),
            ),
            _spending((WHOLE, *by_fund(_GRANTS)), Row(("年末财政拨款结转和结余",), LEFT), *blank(3)),
        ),
        region(fund="财政拨款"),
    ),
    by_function(
        "05", "一般公共预算财政拨款支出决算表", _SPENT, ITEM_SUBJECTS, flow="支出", fund="一般公共预算"
    ),
    Template(
        "06", "一般公共预算财政拨款基本支出决算明细表", (_classes("人员经费", "人员"), _classes("公用经费", "公用")),
        GENERAL,
    ),
    Template(
        "07", "财政拨款“三公”经费支出决算表",
        (
            Side(
                (),
                (
                    *allowances(over="预算数", upkeep="运行维护", phase="调整"),
                    *allowances(over="决算数", upkeep="运行维护"),
                ),
                (Row(()),),
            ),
        ),
        GRANTED,
    ),
    by_function("08", "政府性基金预算财政拨款收入支出决算表", _FUND_COLUMNS, ITEM_SUBJECTS, fund="政府性基金"),
    by_function(
        "09", "国有资本经营预算财政拨款支出决算表", _SPENT, ITEM_SUBJECTS, flow="支出", fund="国有资本经营"
    ),
)  # fmt: skip
_UNIT = "{year}年度{unit}"


def _done(word: str, about: Region, budget: str, phase: str) -> Paragraph:
    return Paragraph(
        (
            f"{word}{budget}为", Amount(joined(about, region(phase=phase))), f"，{word}决算为", Amount(about),
            Done(about, phase, budget), "。",
        )
    )  # fmt: skip


_ITEMS = (
    ("“三公”经费支出", "三公"), ("因公出国（境）费支出", "出国"), ("公务用车购置费支出", "购车"),
    ("公务用车运行维护费支出", "车辆运行"), ("公务接待费支出", "接待"),
)  # fmt: skip
_WORDS = (
    heading("一、收入支出决算总体情况说明"),
    changed(f"{_UNIT}收入总计", IN, "总体", growth=True),
    changed(f"{_UNIT}本年支出合计", OUT, "总体", growth=True),
    heading("二、收入决算情况说明"),
    divided(
        f"{_UNIT}本年收入合计", IN | NEW, ("财政拨款收入", region(fund="财政拨款")),
        *((word, region(fund=fund)) for fund, word in _OWN),
    ),
    heading("三、支出决算情况说明"),
    divided(f"{_UNIT}本年支出合计", OUT, *BY_USE),
    heading("四、财政拨款支出决算情况说明"),
    changed(f"{_UNIT}财政拨款支出决算", GRANTED, "总体", growth=True),
    heading("五、一般公共预算财政拨款支出决算情况说明"),
    _done("一般公共预算财政拨款支出", GENERAL, "年初预算", "年初"),
    by_code(f"{_UNIT}一般公共预算财政拨款支出", GENERAL, 3),
    heading("六、一般公共预算财政拨款基本支出决算情况说明"),
    divided(f"{_UNIT}一般公共预算财政拨款基本支出", GENERAL | BASIC, *BY_KIND, share=False),
    heading("七、财政拨款“三公”经费支出决算情况说明"),
    *(_done(word, GRANTED | region(item=item), "全年预算", "调整") for word, item in _ITEMS),
)  # fmt: skip

ENTRY = Family(
    code="JS9",
    name="部门决算公开（公开01–09表）",
    title="{unit}{year}年度部门决算",
    unit="万元",
    decimals=2,
    zero="",
    phase="执行",
    against="比上年决算",
    level="与上年决算持平",
    funds=tuple(fund for fund, _ in _INCOMES),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    empty_reason="没有此项收支",
    label="公开{number}表",
    lead=("部门：{unit}",),
    places={"carry": ("本年", "结转"), "function": ALL_CLASSES},
)
