"""Eight tables in 万元, as 宁夏 and others have them: appropriation first, then the whole unit; zeros as 0.00, codes joined."""

from yikatong.disclosure.family import Amount, Column, Family, Paragraph, Side, Template
from yikatong.disclosure.phrases import BY_USE, changed, divided, heading
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    CARRIED,
    GENERAL,
    GRANTED,
    KINDS,
    OUT,
    SPENDING,
    TOTAL,
    USES,
    WHOLE,
    balance,
    by_function,
    by_fund,
    by_item,
    by_pair,
    grants,
)

_GRANTS = grants("拨款")
_FUNDS = (*_GRANTS, ("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"))
_PLAIN = (Column(("预算数",)),)
_ITEMS = (
    ("三公", "“三公”经费合计"), ("出国", "因公出国（境）费"), ("用车", "公务用车购置及运行费"), ("购车", "公务用车购置费"),
    ("车辆运行", "公务用车运行费"), ("接待", "公务接待费"),
)  # fmt: skip
_TABLES = (
    balance("1", "{year}年财政拨款收支预算总表", _GRANTS, _PLAIN, "上年结转", "结转下年", fund="财政拨款"),
    by_function("2", "{year}年一般公共预算支出预算表", USES, flow="支出", fund="一般公共预算"),
    by_pair(
        "3", "{year}年一般公共预算基本支出预算表", KINDS, "经济", flow="支出", fund="一般公共预算", category="基本"
    ),
    Template(
        "4", "{year}年一般公共预算“三公”经费支出预算表", (Side((("单位名称",),), by_item(_ITEMS), (TOTAL,)),), GENERAL
    ),
    by_function("5", "{year}年政府性基金预算支出预算表", USES, flow="支出", fund="政府性基金"),
    balance("6", "{year}年单位收支预算总表", _FUNDS, _PLAIN, "上年结转", "结转下年"),
    by_function(
        "7", "{year}年单位收入预算总表", (WHOLE, Column(("上年结转",), CARRIED), *by_fund(_FUNDS, carry="本年")),
        flow="收入",
    ),
    by_function("8", "{year}年单位支出预算总表", USES, flow="支出"),
)  # fmt: skip
_WORDS = (
    heading("一、收支预算情况"),
    changed("{year}年{unit}支出预算", OUT, "总体", growth=True),
    divided("{year}年{unit}支出预算", OUT, *BY_USE),
    heading("二、财政拨款情况"),
    Paragraph(("{year}年{unit}财政拨款支出预算", Amount(GRANTED), "。")),
)

ENTRY = Family(
    code="N8",
    name="宁夏等地单位预算公开（八张表）",
    title="{unit}{year}年单位预算公开",
    unit="万元",
    decimals=2,
    zero="0.00",
    funds=tuple(fund for fund, _ in _FUNDS),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    empty_reason="本年没有此项预算",
    label="预算公开表{number}",
    places={"category": SPENDING, "function": ALL_CLASSES},
)
