"""天津 2023: ten tables in 万元, a row for every class with zeros as 0.00, and words at the end for the tables that are empty.

The order, the titles and the words on empty tables are as published; the columns of tables 2, 6 and 10 are known at second hand.
"""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import Amount, Column, Empties, Family, Paragraph
from yikatong.disclosure.phrases import (
    BY_KIND,
    BY_USE,
    ITEMS,
    by_code,
    changed,
    divided,
    heading,
    if_any,
    items,
    parts,
)
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    BASIC,
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    KINDS,
    NEW,
    OUT,
    OWN_INCOME,
    SPENDING,
    USES,
    WHOLE,
    allowances,
    balance,
    by_class,
    by_function,
    by_fund,
    by_project,
    grants,
    of_the_unit,
)

_GRANTS = grants("拨款收入")
_OWN = (("财政专户", "财政专户管理资金收入"), *OWN_INCOME)
_FUNDS = (*_GRANTS, *_OWN)
_CARRIED, _LEFT = "上年结转结余", "年终结转结余"
_TABLES = (
    balance("1", "部门收支总体情况表", _FUNDS, (Column(("预算数",)),), _CARRIED, _LEFT),
    by_function(
        "2", "部门收入总体情况表", (WHOLE, Column((_CARRIED,), CARRIED), *by_fund(_FUNDS, carry="本年")), flow="收入"
    ),
    by_function("3", "部门支出总体情况表", USES, flow="支出"),
    balance("4", "财政拨款收支总体情况表", _GRANTS, (WHOLE, *by_fund(grants())), _CARRIED, _LEFT, fund="财政拨款"),
    by_function("5", "一般公共预算支出情况表", USES, flow="支出", fund="一般公共预算"),
    by_class("6", "一般公共预算基本支出情况表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    of_the_unit("7", "一般公共预算“三公”经费支出情况表", allowances(), GENERAL),
    by_function("8", "政府性基金预算支出情况表", USES, flow="支出", fund="政府性基金"),
    by_function("9", "国有资本经营预算支出情况表", USES, flow="支出", fund="国有资本经营"),
    by_project("10", "项目支出表", (WHOLE, *by_fund(grants()), *by_fund(_OWN))),
)  # fmt: skip
_UNIT = "{unit}{year}年"


def _of_fund(fund: str, word: str) -> Paragraph:
    return if_any(OUT | region(fund=fund), f"{_UNIT}{word}支出", f"{_UNIT}没有安排{word}。")


_WORDS = (
    heading("一、关于收支总体情况表的说明"),
    changed(f"{_UNIT}预算收入总计", IN, "总体", growth=True),
    changed(f"{_UNIT}预算支出总计", OUT, "总体", growth=True),
    heading("二、关于收入总体情况表的说明"),
    Paragraph(
        (
            f"{_UNIT}预算收入总计", Amount(IN), f"，其中：{_CARRIED}", Amount(IN | CARRIED),
            *parts(IN, *((word, NEW | region(fund=fund)) for fund, word in _FUNDS), led="；"), "。",
        )
    ),
    heading("三、关于支出总体情况表的说明"),
    divided(f"{_UNIT}预算支出总计", OUT, *BY_USE),
    heading("四、关于财政拨款收支总体情况表的说明"),
    changed(f"{_UNIT}财政拨款支出预算", GRANTED, "总体", growth=True),
    heading("五、关于一般公共预算支出情况表的说明"),
    changed(f"{_UNIT}一般公共预算支出", GENERAL, "总体", growth=True),
    by_code(f"{_UNIT}一般公共预算支出", GENERAL, 3),
    heading("六、关于一般公共预算基本支出情况表的说明"),
    divided(f"{_UNIT}一般公共预算基本支出", GENERAL | BASIC, *BY_KIND, share=False),
    heading("七、关于一般公共预算“三公”经费支出情况表的说明"),
    changed(f"{_UNIT}“三公”经费预算", GENERAL | region(item="三公"), "三公"),
    *items(GENERAL, ITEMS),
    heading("八、关于政府性基金预算支出情况表的说明"),
    _of_fund("政府性基金", "政府性基金预算"),
    heading("九、关于国有资本经营预算支出情况表的说明"),
    _of_fund("国有资本经营", "国有资本经营预算"),
    heading("十、关于空表的说明"),
    Paragraph((Empties(f"{_UNIT}{{tables}}没有数据，按空表公开。", f"{_UNIT}没有空表。"),)),
)  # fmt: skip

ENTRY = Family(
    code="TJ10",
    name="天津市部门预算公开",
    title="{unit}{year}年部门预算",
    unit="万元",
    decimals=2,
    zero="0.00",
    funds=tuple(fund for fund, _ in _FUNDS),
    templates=_TABLES,
    narrative=_WORDS,
    empty_reason="没有此项预算",
    places={"category": SPENDING, "carry": ("本年", "结转"), "function": ALL_CLASSES},
)
