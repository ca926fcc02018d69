"""广西 2023: tables in 万元 with the year before 预算数, sentences in 元 with the share of every part; zeros left blank.

Known at second hand: nine of ten tables by their titles and order, as 梧州 published them; the tenth, the targets of projects,
is a sheet and not a table of amounts.
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
    by_function,
    by_fund,
    by_pair,
    of_the_unit,
)

_GRANTS = (
    ("一般公共预算", "一般公共预算拨款"), ("政府性基金", "政府性基金预算拨款"), ("国有资本经营", "国有资本经营预算拨款"),
)  # fmt: skip
_FUNDS = (*_GRANTS, ("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"))
_WHOLE = Column(("合计",))
_KINDS = (
    _WHOLE,
    Column(("基本支出", "小计"), region(category="基本")),
    Column(("基本支出", "人员经费"), region(category="人员")),
    Column(("基本支出", "公用经费"), region(category="公用")),
    Column(("项目支出",), region(category="项目")),
)
_GENERAL, _APPROPRIATED = region(flow="支出", fund="一般公共预算"), region(flow="支出", fund="财政拨款")
_TABLES = (
    balance(
        "01", "{year}年收支总体情况表", _FUNDS, (Column(("预算数",)),), (Row(("上年结转结余",), CARRIED),), "年终结转结余"
    ),
    by_function(
        "02", "{year}年收入总体情况表", (_WHOLE, Column(("上年结转结余",), CARRIED), *by_fund(_FUNDS, carry="本年")),
        flow="收入",
    ),
    by_function("03", "{year}年支出总体情况表", USES, flow="支出"),
    balance(
        "04", "{year}年财政拨款收支总体情况表", _GRANTS, (_WHOLE, *by_fund(_GRANTS)), (Row(("上年结转结余",), CARRIED),),
        "年终结转结余", fund="财政拨款",
    ),
    by_function("05", "{year}年一般公共预算支出情况表", _KINDS, flow="支出", fund="一般公共预算"),
    by_pair("06", "{year}年一般公共预算基本支出情况表", KINDS, flow="支出", fund="一般公共预算", category="基本"),
    of_the_unit(
        "07", "{year}年一般公共预算“三公”经费、会议费和培训费支出情况表", allowances(("会议", "会议费"), ("培训", "培训费")),
        _GENERAL,
    ),
    by_function("08", "{year}年政府性基金预算支出情况表", USES, flow="支出", fund="政府性基金"),
    by_function("09", "{year}年国有资本经营预算支出情况表", USES, flow="支出", fund="国有资本经营"),
)  # fmt: skip


def _parts(of: Region, *parts: tuple[str, Region]) -> tuple[Part, ...]:
    """Each part with its share of the whole."""
    told = [(word, of | about) for word, about in parts]
    leads = ("，其中：", *["；"] * (len(told) - 1))
    return tuple(
        part
        for lead, (word, about) in zip(leads, told, strict=True)
        for part in (f"{lead}{word}", Amount(about), Share(about, of))
    )


def _told(word: str, about: Region, reason: str) -> Paragraph:
    return Paragraph((f"{{year}}年{{unit}}{word}", Amount(about), "，", Change(about, growth=True, reason=reason), "。"))  # fmt: skip


_USES = (("基本支出", region(category="基本")), ("项目支出", region(category="项目")))
_ITEMS = (
    ("因公出国（境）费", "出国"), ("公务用车购置费", "购车"), ("公务用车运行费", "车辆运行"), ("公务接待费", "接待"),
    ("会议费", "会议"), ("培训费", "培训"),
)  # fmt: skip
_WORDS = (
    Paragraph(("一、收支总体情况",)),
    _told("收入总预算", IN, "总体"),
    _told("支出总预算", OUT, "总体"),
    Paragraph(("二、收入总体情况",)),
    Paragraph(
        (
            "{year}年{unit}收入总预算", Amount(IN),
            *_parts(IN, *((f"{word}收入", NEW | region(fund=fund)) for fund, word in _FUNDS), ("上年结转结余", CARRIED)), "。",
        )
    ),
    Paragraph(("三、支出总体情况",)),
    Paragraph(("{year}年{unit}支出总预算", Amount(OUT), *_parts(OUT, *_USES), "。")),
    Paragraph(("四、财政拨款收支总体情况",)),
    _told("财政拨款支出预算", _APPROPRIATED, "总体"),
    Paragraph(
        (
            "{year}年{unit}财政拨款支出预算", Amount(_APPROPRIATED),
            *_parts(_APPROPRIATED, *((f"{word}支出", region(fund=fund)) for fund, word in _GRANTS)), "。",
        )
    ),
    Paragraph(("五、一般公共预算支出情况",)),
    _told("一般公共预算支出", _GENERAL, "总体"),
    Paragraph(
        (
            "{year}年{unit}一般公共预算支出", Amount(_GENERAL),
            Each("function", 7, ("{name}（{code}）", Amount(_GENERAL), Share(_GENERAL, _GENERAL)), of=_GENERAL), "。",
        )
    ),
    Paragraph(("六、一般公共预算基本支出情况",)),
    Paragraph(
        (
            "{year}年{unit}一般公共预算基本支出", Amount(_GENERAL | region(category="基本")), "，其中：人员经费",
            Amount(_GENERAL | region(category="人员")), Share(_GENERAL | region(category="人员"), _GENERAL | region(category="基本")),
            "；公用经费", Amount(_GENERAL | region(category="公用")),
            Share(_GENERAL | region(category="公用"), _GENERAL | region(category="基本")), "。",
        )
    ),
    Paragraph(("七、“三公”经费、会议费和培训费情况",)),
    _told("“三公”经费预算", _GENERAL | region(item="三公"), "三公"),
    *(
        Paragraph((f"{word}预算", Amount(_GENERAL | region(item=item)), "，", Change(_GENERAL | region(item=item), reason=item), "。"))
        for word, item in _ITEMS
    ),
    *(
        paragraph
        for number, (fund, word) in zip("八九", _GRANTS[1:], strict=True)
        for paragraph in (
            Paragraph((f"{number}、{word.removesuffix('拨款')}支出情况",)),
            Paragraph(
                (
                    When(
                        region(fund=fund),
                        (f"{{year}}年{{unit}}{word.removesuffix('拨款')}支出", Amount(OUT | region(fund=fund)), "。"),
                        (f"{{year}}年{{unit}}没有安排{word.removesuffix('拨款')}支出。",),
                    ),
                )
            ),
        )
    ),
    Paragraph(("十、政府采购情况",)),
    Paragraph(
        (
            "{year}年{unit}政府采购预算", Amount(OUT | region(item="采购")),
            *_parts(
                OUT | region(item="采购"),
                *((f"政府采购{word}预算", region(item=f"采购{word}")) for word in ("货物", "工程", "服务")),
            ), "。",
        )
    ),
)  # fmt: skip

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
    places={
        "category": ("人员", "公用", "项目"),
        "carry": ("本年", "结转"),
        "function": tuple(code for code, _ in CLASSES),
    },
)
