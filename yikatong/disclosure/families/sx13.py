"""山西 2024: thirteen tables in 万元, zeros left blank, one note under every empty table, twelve sections of words."""

from dataclasses import replace

from yikatong.disclosure.audit.region import Region, region
from yikatong.disclosure.family import (
    Amount,
    Change,
    Chart,
    Column,
    Family,
    Pairs,
    Paragraph,
    Row,
    Side,
    Template,
    Tree,
    When,
    listed,
)
from yikatong.disclosure.phrases import BY_KIND, BY_USE, PURCHASES, by_code, changed, divided, heading, parts
from yikatong.disclosure.provinces import shanxi
from yikatong.disclosure.shapes import (
    ALL_CLASSES,
    BASIC,
    CARRIED,
    GENERAL,
    GRANTED,
    IN,
    ITEM_SUBJECTS,
    KINDS,
    NEW,
    OUT,
    SPENDING,
    TOTAL,
    USES,
    WHOLE,
    blank,
    by_function,
    by_fund,
    by_project,
    grants,
    incomes,
    of_the_unit,
    spending,
    under,
)

_GRANTS = grants()
_OWN = (("财政专户", "财政专户管理资金"), ("单位资金", "单位资金"))
_FUNDS = (*_GRANTS, *_OWN)
_YEAR = "{year}年预算数"
_NONE = (TOTAL, Row(("", ""), None))
_EMPTY = (Row(("",), None),)
_BY_GRANT = under(_YEAR, (WHOLE, *by_fund(_GRANTS)))
_PROJECTS = (WHOLE, *under("{year}年财政拨款", by_fund(_GRANTS)))
_CAPITAL, _CAPITAL_OUT = "国有资本经营预算收入", "国有资本经营预算支出"


def _sources(funds: tuple[tuple[str, str], ...], carry: str = "本年") -> tuple[Row, ...]:
    return listed(funds, "fund", "{han}、{name}", carry=carry)


_TABLES = (
    Template(
        "1",
        "{year}年预算收支总表",
        (
            incomes(
                _sources(_FUNDS),
                (Row(("本年收入合计",), NEW), Row(("上年结转",), CARRIED), Row(("收入总计",))),
                "{year}年",
            ),
            spending(
                (
                    Column(("{year}年合计",)),
                    Column(("当年预算安排",), NEW),
                    Column(("上年结转安排",), CARRIED),
                ),
                (Row(("本年支出合计",)), Row(("年终结转",), None), Row(("支出总计",))),
            ),
        ),
        gap=True,
    ),
    by_function(
        "2",
        "{year}年预算收入总表",
        (
            Column(("本年收入", "合计"), NEW),
            *under(
                "本年收入",
                by_fund((_GRANTS[0], ("政府性基金", "政府性基金"), *_FUNDS[2:]), carry="本年"),
            ),
            Column(("上年结转",), CARRIED),
        ),
        ITEM_SUBJECTS,
        flow="收入",
    ),
    by_function("3", "{year}年预算支出总表", under(_YEAR, USES), ITEM_SUBJECTS, flow="支出"),
    Template(
        "4",
        "{year}年财政拨款收支总表",
        (
            incomes(
                _sources(_GRANTS),
                (
                    Row(("本年收入合计",), NEW),
                    Row(("上年财政拨款结转",), CARRIED),
                    *_sources(_GRANTS, "结转"),
                    *blank(1),
                    Row(("收入总计",)),
                ),
                "金额",
            ),
            spending(
                under("金额", (Column(("小计",)), *by_fund(_GRANTS))),
                (Row(("本年支出合计",)), Row(("年终结转",), None), *blank(4), Row(("支出总计",))),
            ),
        ),
        region(fund="财政拨款"),
        gap=True,
    ),
    by_function(
        "5",
        "{year}年一般公共预算支出预算表（不含上年结转）",
        under(_YEAR, USES),
        ITEM_SUBJECTS,
        flow="支出",
        fund="一般公共预算",
        carry="本年",
    ),
    Template(
        "6",
        "{year}年一般公共预算安排基本支出分经济科目表（不含上年结转）",
        (
            Side(
                (("部门预算支出经济科目名称",), ("政府预算支出经济科目名称",)),
                under(_YEAR, KINDS),
                (TOTAL, Pairs(coded=False)),
            ),
        ),
        region(flow="支出", fund="一般公共预算", category="基本", carry="本年"),
    ),
    Template(
        "7",
        "{year}年政府性基金预算收入表（不含上年结转）",
        (
            Side(
                (("项目", "收入科目编码"), ("项目", "科目名称")),
                (Column(("政府性基金收入预算",)),),
                (TOTAL, Row(("", "政府性基金预算拨款"))),
            ),
        ),
        region(flow="收入", fund="政府性基金", carry="本年"),
        empty_rows=_NONE,
    ),
    replace(
        by_function(
            "8",
            "{year}年政府性基金预算支出表（不含上年结转）",
            USES,
            flow="支出",
            fund="政府性基金",
            carry="本年",
        ),
        empty_rows=_NONE,
    ),
    Template(
        "9",
        "{year}年国有资本经营预算收支预算表（不含上年结转）",
        (
            Side(
                ((_CAPITAL, "项目", "收入科目编码"), (_CAPITAL, "项目", "科目名称")),
                (Column((_CAPITAL, "国有资本经营收入预算")),),
                (TOTAL, Row(("", "国有资本经营预算拨款"))),
                about=IN,
            ),
            Side(
                ((_CAPITAL_OUT, "科目编码"), (_CAPITAL_OUT, "科目名称")),
                under(_CAPITAL_OUT, USES),
                (TOTAL, Tree("function")),
                about=OUT,
            ),
        ),
        region(fund="国有资本经营", carry="本年"),
        empty_rows=_NONE,
    ),
    Template(
        "10",
        "{year}年财政拨款安排“三公”经费支出预算表",
        (
            Side(
                (("项目",),),
                _BY_GRANT,
                (
                    Row(("因公出国（境）费",), region(item="出国")),
                    Row(("公务接待费",), region(item="接待")),
                    Row(("公务用车购置及运行费",), region(item="用车")),
                    Row(("①公务用车购置费",), region(item="购车")),
                    Row(("②公务用车运行维护费",), region(item="车辆运行")),
                    Row(("合计",)),
                ),
            ),
        ),
        GRANTED | region(item="三公"),
    ),
    replace(
        of_the_unit(
            "11",
            "{year}年财政拨款安排机关运行经费预算表",
            _BY_GRANT,
            GRANTED | region(item="机关运行"),
            Row(("部门合计",)),
        ),
        empty_rows=(Row(("部门合计",)), *_EMPTY),
    ),
    replace(
        by_project("12", "{year}年项目支出预算表（本年预算）", (*_PROJECTS, *by_fund(_OWN)), carry="本年"),
        numbered=True,
        empty_rows=_EMPTY,
    ),
    replace(
        by_project("13", "{year}年项目支出预算表（上年结转）", _PROJECTS, fund="财政拨款", carry="结转"),
        numbered=True,
        empty_rows=_EMPTY,
    ),
)
_UNIT = "{year}年度{unit}"
_SOURCES = tuple((name, region(fund=fund, carry="本年")) for fund, name in _FUNDS)
_RECEIVED = tuple(
    (f"{word}{'收入' if (fund, word) in _OWN else '拨款收入'}", region(fund=fund, carry="本年"))
    for fund, word in _FUNDS
)
_THIS_YEAR = GENERAL | NEW
_THREE = region(fund="财政拨款", item="三公")
_ALLOWANCES = tuple(
    (word, region(item=item))
    for word, item in (
        ("因公出国（境）费", "出国"),
        ("公务接待费", "接待"),
        ("公务用车购置费", "购车"),
        ("公务用车运行维护费", "车辆运行"),
    )
)


def _whole(flow: Region, what: str, new: str) -> Paragraph:
    sums = parts(flow, (f"本年{new}", NEW), ("上年结转", CARRIED), between="，", share=False)
    return Paragraph((f"{_UNIT}{what}总计", Amount(flow), *sums, "，", Change(flow, growth=True, reason="总体"), "。"))  # fmt: skip


_WORDS = (
    heading("一、预算收支增减变动情况"),
    _whole(IN, "预算收入", "收入"),
    _whole(OUT, "预算支出", "预算安排"),
    heading("二、收入预算情况"),
    divided(
        f"{_UNIT}预算收入",
        IN,
        *_RECEIVED,
        ("上年结转", CARRIED),
        chart=Chart("收入预算图", IN, (*_SOURCES, ("上年结转", CARRIED))),
    ),
    heading("三、支出预算情况"),
    divided(f"{_UNIT}支出预算", OUT, *BY_USE),
    heading("四、财政拨款收支预算情况"),
    divided(
        f"{_UNIT}财政拨款收支总预算",
        GRANTED,
        *((f"{word}拨款支出", region(fund=fund)) for fund, word in _GRANTS),
        between="，",
        share=False,
    ),
    heading("五、一般公共预算当年支出情况"),
    changed(f"{_UNIT}一般公共预算当年拨款支出", _THIS_YEAR, "总体", growth=True),
    by_code(
        f"{_UNIT}一般公共预算当年拨款支出",
        _THIS_YEAR,
        3,
        "{name}",
        Chart("一般公共预算当年拨款结构图", _THIS_YEAR, dimension="function"),
    ),
    heading("六、一般公共预算基本支出情况"),
    divided(f"{_UNIT}一般公共预算当年安排基本支出", _THIS_YEAR | BASIC, *BY_KIND, share=False),
    heading("七、“三公”经费情况"),
    Paragraph(
        (
            When(
                _THREE,
                (
                    "本单位财政拨款安排的“三公”经费预算支出",
                    Amount(_THREE),
                    *parts(_THREE, *_ALLOWANCES, between="，", share=False),
                    "。",
                ),
                ("本单位没有安排“三公”经费。",),
            ),
        )
    ),
    heading("八、机关运行经费情况"),
    Paragraph(("本单位不是行政单位，也不参照公务员法管理，没有机关运行经费。",)),
    heading("九、政府采购情况"),
    divided("{year}年{unit}政府采购预算总额", region(item="采购"), *PURCHASES, between="、", share=False),
)

ENTRY = Family(
    code="SX13",
    name="山西省单位预算公开",
    title="{unit}{year}年度单位预算公开",
    unit="万元",
    decimals=2,
    zero="",
    funds=tuple(fund for fund, _ in _FUNDS),
    templates=_TABLES,
    narrative=_WORDS,
    empty_note="注：本表无数据",
    label="预算公开表{number}",
    lead=("单位名称：{unit}",),
    sheets=(shanxi.ENTRY,),
    places={"category": SPENDING, "function": ALL_CLASSES},
)
