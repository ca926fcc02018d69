"""四川 2024: tables numbered 1, 1-1 … 5 in 万元, 三公 of the general budget and of the funds apart, three levels of codes in columns.

Titles, numbers and order are those of 开江; the columns are known at second hand. Of the fourteen, twelve are tables of amounts:
6 and 7 are sheets of targets, forms of `provinces/sichuan.py`.
"""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import Column, Family, Paragraph, Side, Template, Tree
from yikatong.disclosure.phrases import BY_KIND, BY_USE, PURCHASES, by_code, changed, divided, heading, if_any
from yikatong.disclosure.provinces import sichuan
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    BASIC,
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    KINDS,
    MORE_USES,
    NEW,
    OUT,
    OWN_INCOME,
    SPENDING,
    TOTAL,
    USES,
    WHOLE,
    allowances,
    balance,
    by_class,
    by_fund,
    by_project,
    grants,
    of_the_unit,
    under,
)

_GRANTS = grants("拨款收入")
_FUNDS = (*_GRANTS, *OWN_INCOME)
_CODES = (*(("科目编码", level) for level in "类款项"), ("科目名称",))
_ALLOWANCES = under("当年财政拨款预算安排", allowances())


def _split(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    side = Side(_CODES, columns, (TOTAL, Tree("function", split=True)))
    return Template(number, title, (side,), region(**about))


_TABLES = (
    balance("1", "部门收支总表", _FUNDS, (Column(("预算数",)),), "上年结转", "结转下年"),
    _split("1-1", "部门收入总表", (WHOLE, Column(("上年结转",), CARRIED), *by_fund(_FUNDS, carry="本年")), flow="收入"),
    _split("1-2", "部门支出总表", (*USES, MORE_USES[0], MORE_USES[2]), flow="支出"),
    balance(
        "2", "财政拨款收支预算总表", _GRANTS, (WHOLE, *by_fund(grants())), "上年结转", "结转下年", fund="财政拨款"
    ),
    by_class(
        "2-1", "财政拨款支出预算表（部门经济分类科目）",
        (Column(("总计",)), *by_fund(grants())),
        flow="支出", fund="财政拨款",
    ),
    _split("3", "一般公共预算支出预算表", USES, flow="支出", fund="一般公共预算"),
    by_class("3-1", "一般公共预算基本支出预算表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    by_project("3-2", "一般公共预算项目支出预算表", (Column(("金额",)),), "单位（项目）名称", fund="一般公共预算"),
    of_the_unit("3-3", "一般公共预算“三公”经费支出预算表", _ALLOWANCES, GENERAL),
    _split("4", "政府性基金支出预算表", USES, flow="支出", fund="政府性基金"),
    of_the_unit("4-1", "政府性基金预算“三公”经费支出预算表", _ALLOWANCES, OUT | region(fund="政府性基金")),
    _split("5", "国有资本经营预算支出预算表", USES, flow="支出", fund="国有资本经营"),
)  # fmt: skip
_UNIT = "{unit}{year}年"
_ITEMS = (
    ("1.因公出国（境）费", "出国"),
    ("2.公务接待费", "接待"),
    ("3.公务用车购置费", "购车"),
    ("4.公务用车运行费", "车辆运行"),
)


def _none_or(word: str, fund: str) -> Paragraph:
    return if_any(OUT | region(fund=fund), f"{_UNIT}{word}", f"{_UNIT}没有使用{word}。")


_WORDS = (
    heading("一、收支预算情况说明"),
    changed(f"{_UNIT}收入预算总额", IN, "总体", growth=True),
    changed(f"{_UNIT}支出预算总额", OUT, "总体", growth=True),
    heading("（一）收入预算情况"),
    divided(
        f"{_UNIT}收入预算", IN, ("上年结转", CARRIED), *((word, NEW | region(fund=fund)) for fund, word in _FUNDS)
    ),
    heading("（二）支出预算情况"),
    divided(f"{_UNIT}支出预算", OUT, *BY_USE),
    heading("二、财政拨款收支预算情况说明"),
    changed(f"{_UNIT}财政拨款支出预算", GRANTED, "总体", growth=True),
    heading("三、一般公共预算支出情况说明"),
    changed(f"{_UNIT}一般公共预算支出", GENERAL, "总体", growth=True),
    by_code(f"{_UNIT}一般公共预算支出", GENERAL, 3),
    heading("四、一般公共预算基本支出情况说明"),
    divided(f"{_UNIT}一般公共预算基本支出", GENERAL | BASIC, *BY_KIND, share=False),
    heading("五、“三公”经费情况说明"),
    changed(f"{_UNIT}“三公”经费预算", GENERAL | region(item="三公"), "三公"),
    *(changed(word, GENERAL | region(item=item), item) for word, item in _ITEMS),
    heading("六、政府性基金预算支出情况说明"),
    _none_or("政府性基金预算支出", "政府性基金"),
    heading("七、国有资本经营预算支出情况说明"),
    _none_or("国有资本经营预算支出", "国有资本经营"),
    heading("八、其他重要事项说明"),
    heading("（一）机关运行经费"),
    if_any(OUT | region(item="机关运行"), f"{_UNIT}机关运行经费", f"{_UNIT}没有机关运行经费。"),
    heading("（二）政府采购"),
    divided(f"{_UNIT}政府采购预算", OUT | region(item="采购"), *PURCHASES, share=False),
)  # fmt: skip

ENTRY = Family(
    code="SC14",
    name="四川省部门预算公开",
    title="{unit}{year}年部门预算",
    unit="万元",
    decimals=2,
    zero="",
    funds=tuple(fund for fund, _ in _FUNDS),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    empty_reason="没有此项预算",
    lead=("部门：{unit}",),
    sheets=(sichuan.ENTRY, sichuan.UNIT),
    places={
        "category": (*SPENDING, "上缴上级", "补助附属"),
        "carry": ("本年", "结转"),
        "function": ALL_CLASSES,
    },
)
