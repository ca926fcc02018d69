"""Eight tables in 万元, as 宁夏 and others have them: appropriation first, then the whole unit; zeros as 0.00, codes joined."""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import (
    CLASSES,
    Amount,
    Change,
    Column,
    Family,
    Pairs,
    Paragraph,
    Row,
    Share,
    Side,
    Template,
    Tree,
    listed,
)

_TOTAL = Row(("合计", ""))
_SUBJECTS = (("科目编码",), ("科目名称",))
_USES = (
    Column(("合计",)),
    Column(("基本支出",), region(category="基本")),
    Column(("项目支出",), region(category="项目")),
)
_FUNDS = (
    ("一般公共预算", "一般公共预算拨款"), ("政府性基金", "政府性基金预算拨款"),
    ("国有资本经营", "国有资本经营预算拨款"), ("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"),
)  # fmt: skip
_NEW, _CARRIED = region(carry="本年"), region(carry="结转")
_OUT = region(flow="支出")
_ITEMS = (
    ("三公", "“三公”经费合计"), ("出国", "因公出国（境）费"), ("用车", "公务用车购置及运行费"), ("购车", "公务用车购置费"),
    ("车辆运行", "公务用车运行费"), ("接待", "公务接待费"),
)  # fmt: skip


def _both(number: str, title: str, funds: int, **about: str) -> Template:
    """Income by fund beside expenditure by class of functions."""
    incomes = listed(_FUNDS[:funds], "fund", "{han}、{name}", carry="本年")
    first = (Row(("本年收入合计",), _NEW), Row(("上年结转",), _CARRIED), Row(("收入总计",)))
    second = (Row(("本年支出合计",)), Row(("结转下年",), region(category="结转下年")), Row(("支出总计",)))
    sides = (
        Side(
            (("收入", "项目"),), (Column(("收入", "预算数")),), incomes, first, region(flow="收入")
        ),
        Side(
            (("支出", "项目"),),
            (Column(("支出", "预算数")),),
            listed(CLASSES, "function", "{han}、{name}"),
            second,
            _OUT,
        ),
    )  # fmt: skip
    return Template(number, title, sides, region(**about))


def _by_function(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    return Template(number, title, (Side(_SUBJECTS, columns, (_TOTAL, Tree("function"))),), region(**about))


_TABLES = (
    _both("1", "{year}年财政拨款收支预算总表", 3, fund="财政拨款"),
    _by_function("2", "{year}年一般公共预算支出预算表", _USES, flow="支出", fund="一般公共预算"),
    Template(
        "3",
        "{year}年一般公共预算基本支出预算表",
        (
            Side(
                (("部门经济科目编码",), ("部门经济科目名称",), ("政府经济科目编码",), ("政府经济科目名称",)),
                (
                    Column(("合计",)),
                    Column(("人员经费",), region(category="人员")),
                    Column(("公用经费",), region(category="公用")),
                ),
                (Row(("合计",)), Pairs()),
            ),
        ),
        region(flow="支出", fund="一般公共预算", category="基本"),
    ),
    Template(
        "4",
        "{year}年一般公共预算“三公”经费支出预算表",
        (
            Side(
                (("单位名称",),),
                tuple(Column((word,), region(item=item)) for item, word in _ITEMS),
                (Row(("合计",)),),
            ),
        ),
        region(flow="支出", fund="一般公共预算"),
    ),
    _by_function("5", "{year}年政府性基金预算支出预算表", _USES, flow="支出", fund="政府性基金"),
    _both("6", "{year}年单位收支预算总表", 5),
    _by_function(
        "7",
        "{year}年单位收入预算总表",
        (
            Column(("合计",)),
            Column(("上年结转",), _CARRIED),
            *(Column((word,), region(fund=fund, carry="本年")) for fund, word in _FUNDS),
        ),
        flow="收入",
    ),
    _by_function("8", "{year}年单位支出预算总表", _USES, flow="支出"),
)
_BASIC, _PROJECT = region(flow="支出", category="基本"), region(flow="支出", category="项目")
_APPROPRIATED = region(flow="支出", fund="财政拨款")
_WORDS = (
    Paragraph(("一、收支预算情况",)),
    Paragraph(("{year}年{unit}支出预算", Amount(_OUT), "，", Change(_OUT, growth=True, reason="总体"), "。")),
    Paragraph(
        (
            "{year}年{unit}支出预算", Amount(_OUT), "，其中：基本支出", Amount(_BASIC), Share(_BASIC, _OUT),
            "；项目支出", Amount(_PROJECT), Share(_PROJECT, _OUT), "。",
        )
    ),
    Paragraph(("二、财政拨款情况",)),
    Paragraph(("{year}年{unit}财政拨款支出预算", Amount(_APPROPRIATED), "。")),
)  # fmt: skip

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
    places={"category": ("人员", "公用", "项目"), "function": tuple(code for code, _ in CLASSES)},
)
