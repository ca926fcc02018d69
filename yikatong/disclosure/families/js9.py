"""决算公开 01–09: the national set of a final account, in 万元, as most provinces had it from 2019 to 2021 (later 三公 comes last).

Amounts are of phase 执行, last year's those of the year before in that phase; 三公 stands beside the budget as adjusted. What
was left at the end of the year is a line of category 结转下年. Known at second hand; classes without money are left out of
表 06, and 使用非财政拨款结余 and 结余分配 are printed as nothing, since no line can be of them.
"""

from yikatong.disclosure.audit.region import Region, joined, region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Column,
    Done,
    Each,
    Family,
    Paragraph,
    Row,
    Share,
    Side,
    Template,
    Tree,
    listed,
)
from yikatong.disclosure.shapes import CARRIED, IN, LEFT, NEW, OUT, by_fund, under

_GRANTS = (
    ("一般公共预算", "一般公共预算财政拨款"), ("政府性基金", "政府性基金预算财政拨款"),
    ("国有资本经营", "国有资本经营预算财政拨款"),
)  # fmt: skip
_OWN = (
    ("上级补助", "上级补助收入"), ("事业收入", "事业收入"), ("经营收入", "经营收入"), ("附属上缴", "附属单位上缴收入"),
    ("其他收入", "其他收入"),
)  # fmt: skip
_INCOMES = (*((fund, f"{word}收入") for fund, word in _GRANTS), *_OWN)
_END = region(end="总计")
_SUBJECTS = (("项目", "科目编码"), ("项目", "科目名称"))
_SPENT = Column(("本年支出合计",))
_KINDS = (
    Column(("基本支出",), region(category="基本")),
    Column(("项目支出",), region(category="项目")),
)
_GENERAL = region(flow="支出", fund="一般公共预算")


def _by_function(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    side = Side(_SUBJECTS, columns, (Row(("合计", "")), Tree("function")))
    return Template(number, title, (side,), region(**about))


def _spending(columns: tuple[Column, ...], left: str, blank: int, **about: str) -> Side:
    rows = (Row(("",), None),) * blank
    after = (
        Row(("本年支出合计",)),
        *((Row(("结余分配",), region(category="结余分配")),) if not about else ()),
    )
    foot = (*after, Row((left,), LEFT), *rows, Row(("总计",), _END))
    return Side(
        (("支出", "项目"),), under("支出", columns), listed(CLASSES, "function", "{han}、{name}"), foot, OUT | region(**about)
    )  # fmt: skip


def _income(rows: tuple[Row, ...], foot: tuple[Row, ...], **about: str) -> Side:
    return Side(
        (("收入", "项目"),),
        (Column(("收入", "决算数")),),
        rows,
        (Row(("本年收入合计",), NEW), *foot, Row(("总计",))),
        IN | region(**about),
    )


def _classes(word: str, category: str) -> Side:
    """Economic classes of one kind, their total below."""
    labels = ((word, "科目编码"), (word, "科目名称"))
    rows = (Tree("economic", lengths=(3, 5), of=_GENERAL | region(category=category)),)
    return Side(
        labels,
        (Column((word, "决算数"), region(category=category)),),
        rows,
        (Row(("", f"{word}合计")),),
    )


def _allowances(word: str, **phase: str) -> tuple[Column, ...]:
    cars = "公务用车购置及运行维护费"
    return (
        Column((word, "合计"), region(item="三公", **phase)),
        Column((word, "因公出国（境）费"), region(item="出国", **phase)),
        Column((word, cars, "小计"), region(item="用车", **phase)),
        Column((word, cars, "公务用车购置费"), region(item="购车", **phase)),
        Column((word, cars, "公务用车运行维护费"), region(item="车辆运行", **phase)),
        Column((word, "公务接待费"), region(item="接待", **phase)),
    )


_FUND_COLUMNS = (
    Column(("年初结转和结余",), IN | CARRIED),
    Column(("本年收入",), IN | NEW),
    Column(("本年支出", "小计"), OUT),
    Column(("本年支出", "基本支出"), OUT | region(category="基本")),
    Column(("本年支出", "项目支出"), OUT | region(category="项目")),
    Column(("年末结转和结余",), OUT | LEFT),
)
_TABLES = (
    Template(
        "01", "收入支出决算总表",
        (
            _income(
                listed(_INCOMES, "fund", "{han}、{name}", carry="本年"),
                (Row(("使用非财政拨款结余",), region(carry="使用结余")), Row(("年初结转和结余",), CARRIED)),
            ),
            _spending((Column(("决算数",)),), "年末结转和结余", 0),
        ),
    ),
    _by_function(
        "02", "收入决算表",
        (
            Column(("本年收入合计",), NEW), Column(("财政拨款收入",), region(fund="财政拨款", carry="本年")),
            *by_fund(_OWN, carry="本年"),
        ),
        flow="收入",
    ),
    _by_function(
        "03", "支出决算表",
        (
            _SPENT, *_KINDS, Column(("上缴上级支出",), region(category="上缴上级")),
            Column(("经营支出",), region(category="经营支出")), Column(("对附属单位补助支出",), region(category="补助附属")),
        ),
        flow="支出",
    ),
    Template(
        "04", "财政拨款收入支出决算总表",
        (
            _income(
                listed(_GRANTS, "fund", "{han}、{name}", carry="本年"),
                (Row(("年初财政拨款结转和结余",), CARRIED), *listed(_GRANTS, "fund", "{han}、{name}", carry="结转")),
                fund="财政拨款",
            ),
            _spending((Column(("合计",)), *by_fund(_GRANTS)), "年末财政拨款结转和结余", 3, fund="财政拨款"),
        ),
    ),
    _by_function("05", "一般公共预算财政拨款支出决算表", (_SPENT, *_KINDS), flow="支出", fund="一般公共预算"),
    Template(
        "06", "一般公共预算财政拨款基本支出决算明细表", (_classes("人员经费", "人员"), _classes("公用经费", "公用")),
        region(flow="支出", fund="一般公共预算"),
    ),
    Template(
        "07", "财政拨款“三公”经费支出决算表",
        (Side((), (*_allowances("预算数", phase="调整"), *_allowances("决算数")), (Row(()),)),),
        region(flow="支出", fund="财政拨款"),
    ),
    _by_function("08", "政府性基金预算财政拨款收入支出决算表", _FUND_COLUMNS, fund="政府性基金"),
    _by_function("09", "国有资本经营预算财政拨款支出决算表", (_SPENT, *_KINDS), flow="支出", fund="国有资本经营"),
)  # fmt: skip


def _change(word: str, about: Region) -> Paragraph:
    return Paragraph((f"{{year}}年度{{unit}}{word}", Amount(about), "，", Change(about, growth=True, reason="总体"), "。"))  # fmt: skip


def _done(word: str, about: Region, budget: str, phase: str) -> Paragraph:
    return Paragraph(
        (
            f"{word}{budget}为", Amount(joined(about, region(phase=phase))), f"，{word}决算为", Amount(about),
            Done(about, phase, budget), "。",
        )
    )  # fmt: skip


_BASIC = _GENERAL | region(category="基本")
_THREE = region(flow="支出", fund="财政拨款")
_ITEMS = (
    ("“三公”经费支出", "三公"), ("因公出国（境）费支出", "出国"), ("公务用车购置费支出", "购车"),
    ("公务用车运行维护费支出", "车辆运行"), ("公务接待费支出", "接待"),
)  # fmt: skip
_WORDS = (
    Paragraph(("一、收入支出决算总体情况说明",)),
    _change("收入总计", IN),
    _change("本年支出合计", OUT),
    Paragraph(("二、收入决算情况说明",)),
    Paragraph(
        (
            "{year}年度{unit}本年收入合计", Amount(IN | NEW), "，其中：财政拨款收入", Amount(IN | NEW | region(fund="财政拨款")),
            Share(IN | NEW | region(fund="财政拨款"), IN | NEW),
            *(
                part
                for fund, word in _OWN
                for part in (f"；{word}", Amount(IN | NEW | region(fund=fund)), Share(IN | NEW | region(fund=fund), IN | NEW))
            ), "。",
        )
    ),
    Paragraph(("三、支出决算情况说明",)),
    Paragraph(
        (
            "{year}年度{unit}本年支出合计", Amount(OUT), "，其中：基本支出", Amount(OUT | region(category="基本")),
            Share(OUT | region(category="基本"), OUT), "；项目支出", Amount(OUT | region(category="项目")),
            Share(OUT | region(category="项目"), OUT), "。",
        )
    ),
    Paragraph(("四、财政拨款支出决算情况说明",)),
    _change("财政拨款支出决算", _THREE),
    Paragraph(("五、一般公共预算财政拨款支出决算情况说明",)),
    _done("一般公共预算财政拨款支出", _GENERAL, "年初预算", "年初"),
    Paragraph(
        (
            "{year}年度{unit}一般公共预算财政拨款支出", Amount(_GENERAL),
            Each("function", 3, ("{name}（{code}）", Amount(_GENERAL), Share(_GENERAL, _GENERAL)), of=_GENERAL), "。",
        )
    ),
    Paragraph(("六、一般公共预算财政拨款基本支出决算情况说明",)),
    Paragraph(
        (
            "{year}年度{unit}一般公共预算财政拨款基本支出", Amount(_BASIC), "，其中：人员经费",
            Amount(_GENERAL | region(category="人员")), "；公用经费", Amount(_GENERAL | region(category="公用")), "。",
        )
    ),
    Paragraph(("七、财政拨款“三公”经费支出决算情况说明",)),
    *(_done(word, _THREE | region(item=item), "全年预算", "调整") for word, item in _ITEMS),
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
    places={"carry": ("本年", "结转"), "function": tuple(code for code, _ in CLASSES)},
)
