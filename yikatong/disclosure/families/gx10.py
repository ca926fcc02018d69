"""广西 2023: tables in 万元 with the year before 预算数, sentences in 元 with the share of every part; zeros left blank.

Known at second hand: the tables by their titles and order, as 梧州 published them. The tenth, the targets of projects, is a sheet
of `provinces/guangxi.py`.
"""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import Column, Family
from yikatong.disclosure.phrases import (
    BY_KIND,
    BY_USE,
    ITEMS,
    PURCHASES,
    by_code,
    changed,
    divided,
    heading,
    if_any,
    items,
)
from yikatong.disclosure.provinces import guangxi
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    BASIC,
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    KINDS,
    NEW,
    OFFICE,
    OUT,
    PROJECT,
    SPENDING,
    STAFF,
    USES,
    WHOLE,
    allowances,
    balance,
    by_function,
    by_fund,
    by_pair,
    grants,
    of_the_unit,
)

_GRANTS = grants("拨款")
_FUNDS = (*_GRANTS, ("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"))
_KINDS = (
    WHOLE,
    Column(("基本支出", "小计"), BASIC),
    Column(("基本支出", "人员经费"), STAFF),
    Column(("基本支出", "公用经费"), OFFICE),
    Column(("项目支出",), PROJECT),
)
_CARRIED, _LEFT = "上年结转结余", "年终结转结余"
_TABLES = (
    balance("01", "{year}年收支总体情况表", _FUNDS, (Column(("预算数",)),), _CARRIED, _LEFT),
    by_function(
        "02", "{year}年收入总体情况表", (WHOLE, Column((_CARRIED,), CARRIED), *by_fund(_FUNDS, carry="本年")),
        flow="收入",
    ),
    by_function("03", "{year}年支出总体情况表", USES, flow="支出"),
    balance(
        "04", "{year}年财政拨款收支总体情况表", _GRANTS, (WHOLE, *by_fund(_GRANTS)), _CARRIED, _LEFT, fund="财政拨款"
    ),
    by_function("05", "{year}年一般公共预算支出情况表", _KINDS, flow="支出", fund="一般公共预算"),
    by_pair("06", "{year}年一般公共预算基本支出情况表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    of_the_unit(
        "07", "{year}年一般公共预算“三公”经费、会议费和培训费支出情况表", allowances(("会议", "会议费"), ("培训", "培训费")),
        GENERAL,
    ),
    by_function("08", "{year}年政府性基金预算支出情况表", USES, flow="支出", fund="政府性基金"),
    by_function("09", "{year}年国有资本经营预算支出情况表", USES, flow="支出", fund="国有资本经营"),
)  # fmt: skip
_UNIT = "{year}年{unit}"
_SOURCES = tuple((f"{word}收入", NEW | region(fund=fund)) for fund, word in _FUNDS)
_MATCHED = tuple((f"{word}支出", region(fund=fund)) for fund, word in _GRANTS)
_WORDS = (
    heading("一、收支总体情况"),
    changed(f"{_UNIT}收入总预算", IN, "总体", growth=True),
    changed(f"{_UNIT}支出总预算", OUT, "总体", growth=True),
    heading("二、收入总体情况"),
    divided(f"{_UNIT}收入总预算", IN, *_SOURCES, (_CARRIED, CARRIED)),
    heading("三、支出总体情况"),
    divided(f"{_UNIT}支出总预算", OUT, *BY_USE),
    heading("四、财政拨款收支总体情况"),
    changed(f"{_UNIT}财政拨款支出预算", GRANTED, "总体", growth=True),
    divided(f"{_UNIT}财政拨款支出预算", GRANTED, *_MATCHED),
    heading("五、一般公共预算支出情况"),
    changed(f"{_UNIT}一般公共预算支出", GENERAL, "总体", growth=True),
    by_code(f"{_UNIT}一般公共预算支出", GENERAL, 7),
    heading("六、一般公共预算基本支出情况"),
    divided(f"{_UNIT}一般公共预算基本支出", GENERAL | BASIC, *BY_KIND),
    heading("七、“三公”经费、会议费和培训费情况"),
    changed(f"{_UNIT}“三公”经费预算", GENERAL | region(item="三公"), "三公", growth=True),
    *items(GENERAL, (*ITEMS, ("会议费", "会议"), ("培训费", "培训"))),
    *(
        paragraph
        for number, (fund, word) in zip("八九", grants()[1:], strict=True)
        for paragraph in (
            heading(f"{number}、{word}支出情况"),
            if_any(OUT | region(fund=fund), f"{_UNIT}{word}支出", f"{_UNIT}没有安排{word}支出。"),
        )
    ),
    heading("十、政府采购情况"),
    divided(f"{_UNIT}政府采购预算", OUT | region(item="采购"), *PURCHASES),
)

ENTRY = Family(
    code="GX10",
    name="广西部门预算公开",
    title="{unit}{year}年部门预算公开",
    unit="万元",
    decimals=2,
    zero="",
    told="元",
    funds=tuple(fund for fund, _ in _FUNDS),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    empty_reason="没有此项预算",
    label="预算公开{number}表",
    lead=("单位名称：{unit}",),
    sheets=(guangxi.ENTRY,),
    places={"category": SPENDING, "carry": ("本年", "结转"), "function": ALL_CLASSES},
)
