"""天津 2023: ten tables in 万元, a row for every class with zeros as 0.00, and words at the end for the tables that are empty.

The order, the titles and the words on empty tables are as published; the columns of tables 2, 6 and 10 are known at second hand.
"""

from yikatong.disclosure.audit.region import Region, region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Column,
    Each,
    Empties,
    Family,
    Paragraph,
    Part,
    Row,
    Share,
    When,
)
from yikatong.disclosure.shapes import (
    CARRIED,
    IN,
    KINDS,
    NEW,
    OUT,
    USES,
    allowances,
    balance,
    by_class,
    by_function,
    by_fund,
    by_project,
    of_the_unit,
)

_GRANTS = (
    ("一般公共预算", "一般公共预算拨款收入"),
    ("政府性基金", "政府性基金预算拨款收入"),
    ("国有资本经营", "国有资本经营预算拨款收入"),
)
_FUNDS = (
    *_GRANTS, ("财政专户", "财政专户管理资金收入"), ("事业收入", "事业收入"), ("经营收入", "事业单位经营收入"),
    ("上级补助", "上级补助收入"), ("附属上缴", "附属单位上缴收入"), ("其他收入", "其他收入"),
)  # fmt: skip
_BY_FUND = tuple((fund, word.removesuffix("拨款收入")) for fund, word in _GRANTS)
_WHOLE = Column(("合计",))
_GENERAL = region(flow="支出", fund="一般公共预算")
_TABLES = (
    balance(
        "1", "部门收支总体情况表", _FUNDS, (Column(("预算数",)),), (Row(("上年结转结余",), CARRIED),), "年终结转结余"
    ),
    by_function(
        "2", "部门收入总体情况表", (_WHOLE, Column(("上年结转结余",), CARRIED), *by_fund(_FUNDS, carry="本年")), flow="收入"
    ),
    by_function("3", "部门支出总体情况表", USES, flow="支出"),
    balance(
        "4", "财政拨款收支总体情况表", _GRANTS, (_WHOLE, *by_fund(_BY_FUND)), (Row(("上年结转结余",), CARRIED),),
        "年终结转结余", fund="财政拨款",
    ),
    by_function("5", "一般公共预算支出情况表", USES, flow="支出", fund="一般公共预算"),
    by_class("6", "一般公共预算基本支出情况表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    of_the_unit("7", "一般公共预算“三公”经费支出情况表", allowances(), _GENERAL),
    by_function("8", "政府性基金预算支出情况表", USES, flow="支出", fund="政府性基金"),
    by_function("9", "国有资本经营预算支出情况表", USES, flow="支出", fund="国有资本经营"),
    by_project("10", "项目支出表", (_WHOLE, *by_fund(_BY_FUND), *by_fund(_FUNDS[3:]))),
)  # fmt: skip


def _kinds(of: Region) -> tuple[Part, ...]:
    basic, project = (frozenset({*of, ("category", word)}) for word in ("基本", "项目"))
    return (
        "其中：基本支出",
        Amount(basic),
        Share(basic, of),
        "；项目支出",
        Amount(project),
        Share(project, of),
        "。",
    )


_ITEMS = (
    ("因公出国（境）费", "出国"), ("公务用车购置费", "购车"), ("公务用车运行费", "车辆运行"), ("公务接待费", "接待"),
)  # fmt: skip
_WORDS = (
    Paragraph(("一、关于收支总体情况表的说明",)),
    Paragraph(("{unit}{year}年预算收入总计", Amount(IN), "，", Change(IN, growth=True, reason="总体"), "。")),
    Paragraph(("{unit}{year}年预算支出总计", Amount(OUT), "，", Change(OUT, growth=True, reason="总体"), "。")),
    Paragraph(("二、关于收入总体情况表的说明",)),
    Paragraph(
        (
            "{unit}{year}年预算收入总计", Amount(IN), "，其中：上年结转结余", Amount(IN | CARRIED),
            *(
                part
                for fund, word in _FUNDS
                for part in (f"；{word}", Amount(IN | NEW | region(fund=fund)), Share(IN | NEW | region(fund=fund), IN))
            ), "。",
        )
    ),
    Paragraph(("三、关于支出总体情况表的说明",)),
    Paragraph(("{unit}{year}年预算支出总计", Amount(OUT), "，", *_kinds(OUT))),
    Paragraph(("四、关于财政拨款收支总体情况表的说明",)),
    Paragraph(
        (
            "{unit}{year}年财政拨款支出预算", Amount(OUT | region(fund="财政拨款")), "，",
            Change(OUT | region(fund="财政拨款"), growth=True, reason="总体"), "。",
        )
    ),
    Paragraph(("五、关于一般公共预算支出情况表的说明",)),
    Paragraph(("{unit}{year}年一般公共预算支出", Amount(_GENERAL), "，", Change(_GENERAL, growth=True, reason="总体"), "。")),
    Paragraph(
        (
            "{unit}{year}年一般公共预算支出", Amount(_GENERAL),
            Each("function", 3, ("{name}（{code}）", Amount(_GENERAL), Share(_GENERAL, _GENERAL)), of=_GENERAL), "。",
        )
    ),
    Paragraph(("六、关于一般公共预算基本支出情况表的说明",)),
    Paragraph(
        (
            "{unit}{year}年一般公共预算基本支出", Amount(_GENERAL | region(category="基本")), "，其中：人员经费",
            Amount(_GENERAL | region(category="人员")), "；公用经费", Amount(_GENERAL | region(category="公用")), "。",
        )
    ),
    Paragraph(("七、关于一般公共预算“三公”经费支出情况表的说明",)),
    Paragraph(
        (
            "{unit}{year}年“三公”经费预算", Amount(_GENERAL | region(item="三公")), "，",
            Change(_GENERAL | region(item="三公"), reason="三公"), "。",
        )
    ),
    *(
        Paragraph((f"{word}预算", Amount(_GENERAL | region(item=item)), "，", Change(_GENERAL | region(item=item), reason=item), "。"))
        for word, item in _ITEMS
    ),
    Paragraph(("八、关于政府性基金预算支出情况表的说明",)),
    Paragraph(
        (
            When(
                region(fund="政府性基金"),
                ("{unit}{year}年政府性基金预算支出", Amount(OUT | region(fund="政府性基金")), "。"),
                ("{unit}{year}年没有安排政府性基金预算。",),
            ),
        )
    ),
    Paragraph(("九、关于国有资本经营预算支出情况表的说明",)),
    Paragraph(
        (
            When(
                region(fund="国有资本经营"),
                ("{unit}{year}年国有资本经营预算支出", Amount(OUT | region(fund="国有资本经营")), "。"),
                ("{unit}{year}年没有安排国有资本经营预算。",),
            ),
        )
    ),
    Paragraph(("十、关于空表的说明",)),
    Paragraph((Empties("{unit}{year}年{tables}没有数据，按空表公开。", "{unit}{year}年没有空表。"),)),
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
    places={
        "category": ("人员", "公用", "项目"),
        "carry": ("本年", "结转"),
        "function": tuple(code for code, _ in CLASSES),
    },
)
