"""四川 2024: tables numbered 1, 1-1 … 5 in 万元, 三公 of the general budget and of the funds apart, three levels of codes in columns.

Titles, numbers and order are those of 开江; the columns are known at second hand. Of the fourteen, twelve are tables of amounts:
6 and 7 are sheets of targets.
"""

from yikatong.disclosure.audit.region import Region, region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Column,
    Each,
    Family,
    Paragraph,
    Projects,
    Row,
    Share,
    Side,
    Template,
    Tree,
    Units,
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
    by_fund,
    of_the_unit,
    under,
)

_GRANTS = (
    ("一般公共预算", "一般公共预算拨款收入"), ("政府性基金", "政府性基金预算拨款收入"),
    ("国有资本经营", "国有资本经营预算拨款收入"),
)  # fmt: skip
_FUNDS = (
    *_GRANTS, ("事业收入", "事业收入"), ("经营收入", "事业单位经营收入"), ("上级补助", "上级补助收入"),
    ("附属上缴", "附属单位上缴收入"), ("其他收入", "其他收入"),
)  # fmt: skip
_MATCHED = tuple((fund, word.removesuffix("拨款收入")) for fund, word in _GRANTS)
_WHOLE = Column(("合计",))
_CODES = (*(("科目编码", level) for level in "类款项"), ("科目名称",))
_MORE = (
    Column(("上缴上级支出",), region(category="上缴上级")),
    Column(("对附属单位补助支出",), region(category="补助附属")),
)
_GENERAL = region(flow="支出", fund="一般公共预算")
_FUND = region(flow="支出", fund="政府性基金")
_APPROPRIATED = region(flow="支出", fund="财政拨款")


def _split(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    side = Side(_CODES, columns, (Row(("合计",)), Tree("function", split=True)))
    return Template(number, title, (side,), region(**about))


_TABLES = (
    balance("1", "部门收支总表", _FUNDS, (Column(("预算数",)),), (Row(("上年结转",), CARRIED),), "结转下年"),
    _split("1-1", "部门收入总表", (_WHOLE, Column(("上年结转",), CARRIED), *by_fund(_FUNDS, carry="本年")), flow="收入"),
    _split("1-2", "部门支出总表", (*USES, *_MORE), flow="支出"),
    balance(
        "2", "财政拨款收支预算总表", _GRANTS, (_WHOLE, *by_fund(_MATCHED)), (Row(("上年结转",), CARRIED),), "结转下年",
        fund="财政拨款",
    ),
    by_class(
        "2-1", "财政拨款支出预算表（部门经济分类科目）",
        (Column(("总计",)), *by_fund(_MATCHED)),
        flow="支出", fund="财政拨款",
    ),
    _split("3", "一般公共预算支出预算表", USES, flow="支出", fund="一般公共预算"),
    by_class("3-1", "一般公共预算基本支出预算表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    Template(
        "3-2", "一般公共预算项目支出预算表",
        (Side((("单位（项目）名称",),), (Column(("金额",)),), (Units(parent=False, coded=False), Projects())),),
        region(flow="支出", fund="一般公共预算", category="项目"),
    ),
    of_the_unit("3-3", "一般公共预算“三公”经费支出预算表", under("当年财政拨款预算安排", allowances()), _GENERAL),
    _split("4", "政府性基金支出预算表", USES, flow="支出", fund="政府性基金"),
    of_the_unit("4-1", "政府性基金预算“三公”经费支出预算表", under("当年财政拨款预算安排", allowances()), _FUND),
    _split("5", "国有资本经营预算支出预算表", USES, flow="支出", fund="国有资本经营"),
)  # fmt: skip


def _change(word: str, about: Region, reason: str, *, growth: bool = True) -> Paragraph:
    return Paragraph((f"{{unit}}{{year}}年{word}", Amount(about), "，", Change(about, growth=growth, reason=reason), "。"))  # fmt: skip


def _none_or(word: str, fund: str) -> Paragraph:
    about = OUT | region(fund=fund)
    return Paragraph(
        (
            When(
                about,
                (f"{{unit}}{{year}}年{word}", Amount(about), "。"),
                (f"{{unit}}{{year}}年没有使用{word}。",),
            ),
        )
    )


_BASIC = _GENERAL | region(category="基本")
_ITEMS = (
    ("1.因公出国（境）费", "出国"),
    ("2.公务接待费", "接待"),
    ("3.公务用车购置费", "购车"),
    ("4.公务用车运行费", "车辆运行"),
)
_WORDS = (
    Paragraph(("一、收支预算情况说明",)),
    _change("收入预算总额", IN, "总体"),
    _change("支出预算总额", OUT, "总体"),
    Paragraph(("（一）收入预算情况",)),
    Paragraph(
        (
            "{unit}{year}年收入预算", Amount(IN), "，其中：上年结转", Amount(IN | CARRIED), Share(IN | CARRIED, IN),
            *(
                part
                for fund, word in _FUNDS
                for part in (f"；{word}", Amount(IN | NEW | region(fund=fund)), Share(IN | NEW | region(fund=fund), IN))
            ), "。",
        )
    ),
    Paragraph(("（二）支出预算情况",)),
    Paragraph(
        (
            "{unit}{year}年支出预算", Amount(OUT), "，其中：基本支出", Amount(OUT | region(category="基本")),
            Share(OUT | region(category="基本"), OUT), "；项目支出", Amount(OUT | region(category="项目")),
            Share(OUT | region(category="项目"), OUT), "。",
        )
    ),
    Paragraph(("二、财政拨款收支预算情况说明",)),
    _change("财政拨款支出预算", _APPROPRIATED, "总体"),
    Paragraph(("三、一般公共预算支出情况说明",)),
    _change("一般公共预算支出", _GENERAL, "总体"),
    Paragraph(
        (
            "{unit}{year}年一般公共预算支出", Amount(_GENERAL),
            Each("function", 3, ("{name}（{code}）", Amount(_GENERAL), Share(_GENERAL, _GENERAL)), of=_GENERAL), "。",
        )
    ),
    Paragraph(("四、一般公共预算基本支出情况说明",)),
    Paragraph(
        (
            "{unit}{year}年一般公共预算基本支出", Amount(_BASIC), "，其中：人员经费",
            Amount(_GENERAL | region(category="人员")), "；公用经费", Amount(_GENERAL | region(category="公用")), "。",
        )
    ),
    Paragraph(("五、“三公”经费情况说明",)),
    _change("“三公”经费预算", _GENERAL | region(item="三公"), "三公", growth=False),
    *(
        Paragraph((word, Amount(_GENERAL | region(item=item)), "，", Change(_GENERAL | region(item=item), reason=item), "。"))
        for word, item in _ITEMS
    ),
    Paragraph(("六、政府性基金预算支出情况说明",)),
    _none_or("政府性基金预算支出", "政府性基金"),
    Paragraph(("七、国有资本经营预算支出情况说明",)),
    _none_or("国有资本经营预算支出", "国有资本经营"),
    Paragraph(("八、其他重要事项说明",)),
    Paragraph(("（一）机关运行经费",)),
    Paragraph(
        (
            When(
                region(item="机关运行"),
                ("{unit}{year}年机关运行经费", Amount(OUT | region(item="机关运行")), "。"),
                ("{unit}{year}年没有机关运行经费。",),
            ),
        )
    ),
    Paragraph(("（二）政府采购",)),
    Paragraph(
        (
            "{unit}{year}年政府采购预算", Amount(OUT | region(item="采购")), "，其中：政府采购货物预算",
            Amount(OUT | region(item="采购货物")), "；政府采购工程预算", Amount(OUT | region(item="采购工程")),
            "；政府采购服务预算", Amount(OUT | region(item="采购服务")), "。",
        )
    ),
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
    places={
        "category": ("人员", "公用", "项目", "上缴上级", "补助附属"),
        "carry": ("本年", "结转"),
        "function": tuple(code for code, _ in CLASSES),
    },
)
