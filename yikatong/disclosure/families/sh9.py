"""上海 市级单位 2025: nine tables in whole 元 with separators, the ninth and the sentences in 万元; classes without money left out.

Two published budgets were read (市级单位 2025, 区级部门 2024, for which see `sh9_department`). A unit of Shanghai shows no
money carried over, so that a line with any has no place in it.
"""

from yikatong.disclosure.audit.region import region
from yikatong.disclosure.family import (
    Amount,
    Column,
    Count,
    Each,
    Family,
    Paragraph,
    Part,
    Row,
    Side,
    Targeted,
    Template,
    Tree,
    Years,
    listed,
)
from yikatong.disclosure.phrases import PURCHASES, changed, divided, heading
from yikatong.disclosure.shapes import (
    GRANTED,
    IN,
    KINDS,
    OFFICE,
    OUT,
    PROJECT,
    SPENDING,
    STAFF,
    USES,
    WHOLE,
    by_fund,
    by_item,
    grants,
    under,
)

FUNDS = grants()
_OWN = (("事业收入", "事业收入"), ("经营收入", "事业单位经营收入"), ("其他收入", "其他收入"))
_APPROPRIATED = (
    ("一般公共预算", "一般公共预算资金"), ("政府性基金", "政府性基金"), ("国有资本经营", "国有资本经营预算")
)  # fmt: skip
_KINDS = (
    WHOLE,
    Column(("基本支出", "人员经费"), STAFF),
    Column(("基本支出", "公用经费"), OFFICE),
    Column(("项目支出",), PROJECT),
)
_CLASSES = Tree("function", lengths=(3,), coded=False, style="{han}、{name}")
_END = Row(("合计", "", "", ""))


def _by_code(
    number: str, title: str, over: str, columns: tuple[Column, ...], note: str = "", **about: str
) -> Template:
    """By function, codes in three columns, the total below."""
    split = tuple(("项目", "功能分类科目编码", level) for level in "类款项")
    side = Side(
        (*split, ("项目", "功能分类科目名称")), under(over, columns), (Tree("function", split=True), _END)
    )
    return Template(number, title, (side,), region(**about), empty_note=note)


def _both(number: str, title: str, incomes: Side, spending: tuple[Column, ...], head: str) -> Template:
    out = Side(
        ((head, "项目"),), under(head, spending), (_CLASSES,), (Row(("支出总计",)),), region(flow="支出")
    )
    return Template(number, title, (incomes, out))


def _items(year: str) -> tuple[Column, ...]:
    cars = "公务用车购置及运行费"
    return by_item(
        (
            ("三公", year, "合计"), ("出国", year, "因公出国（境）费"), ("接待", year, "公务接待费"),
            ("用车", year, cars, "小计"), ("购车", year, cars, "购置费"), ("车辆运行", year, cars, "运行费"),
        )
    )  # fmt: skip


_INCOME = Side(
    (("本年收入", "项目"),),
    (Column(("本年收入", "预算数")),),
    (
        Row(("一、财政拨款收入",), region(fund="财政拨款")),
        *listed(_APPROPRIATED, "fund", "{count}、{name}"),
        *listed(_OWN, "fund", "{han}、{name}", start=2),
    ),
    (Row(("收入总计",)),),
    region(flow="收入"),
)
_GRANTED = Side(
    (("财政拨款收入", "项目"),),
    (Column(("财政拨款收入", "预算数")),),
    listed(_APPROPRIATED, "fund", "{han}、{name}"),
    (Row(("收入总计",)),),
    region(flow="收入", fund="财政拨款"),
)
_MATCHED = Side(
    (("财政拨款支出", "项目"),),
    under("财政拨款支出", (WHOLE, *by_fund(FUNDS))),
    (_CLASSES,),
    (Row(("支出总计",)),),
    region(flow="支出", fund="财政拨款"),
)
_RECEIVED = (
    WHOLE,
    Column(("财政拨款收入",), region(fund="财政拨款")),
    *by_fund(_OWN),
)
_BASIC = Side(
    (*(("项目", "经济分类科目编码", level) for level in "类款"), ("项目", "部门经济分类科目名称")),
    under("一般公共预算基本支出", KINDS),
    (Tree("economic", lengths=(3, 5), split=True), Row(("合计", "", ""))),
)  # fmt: skip
_ALLOWANCES = Side(
    (),
    (
        *_items("{year}年“三公”经费预算数"),
        Column(("{year}年机关运行经费预算数",), region(item="机关运行")),
    ),
    (Row(()),),
)


def tables(subject: str, titled: str, spending: tuple[Column, ...]) -> tuple[Template, ...]:
    """The nine tables; `subject` is 单位 or 部门, `titled` how the titles name it, `spending` the columns of table 1."""
    note = f"注：本{subject}{{year}}年无{{}}预算财政拨款安排的预算，故本表为空表。"
    year = f"{{year}}年{titled}"
    return (
        _both("1", f"{year}财务收支预算总表", _INCOME, spending, "本年支出"),
        _by_code("2", f"{year}收入预算总表", "收入预算", _RECEIVED, flow="收入"),
        _by_code("3", f"{year}支出预算总表", "支出预算", USES, flow="支出"),
        Template("4", f"{year}财政拨款收支预算总表", (_GRANTED, _MATCHED)),
        *(
            _by_code(
                number,
                f"{year}{word}支出功能分类预算表",
                f"{word}支出",
                USES,
                note.replace("{}", word.removesuffix("预算")),
                flow="支出",
                fund=fund,
            )
            for number, (fund, word) in zip("567", FUNDS, strict=True)
        ),
        Template(
            "8",
            f"{year}一般公共预算基本支出部门预算经济分类预算表",
            (_BASIC,),
            region(flow="支出", fund="一般公共预算", category="基本"),
        ),
        Template(
            "9",
            f"{{year}}年{subject}“三公”经费和机关运行经费预算表",
            (_ALLOWANCES,),
            region(flow="支出", fund="财政拨款"),
            unit="万元",
            decimals=2,
            empty_note=f"注：本{subject}{{year}}年无“三公”经费和机关运行经费预算，故本表为空表。",
        ),
    )


_CARS = (
    "部级领导干部用车", "主要领导干部用车", "机要通信用车", "应急保障用车", "执法执勤用车", "特种专业技术用车", "离退休干部用车",
    "其他用车",
)  # fmt: skip
_EQUIPMENT = "单价100万元（含）以上设备（不含车辆）"


def _assets(cars: str, has: str, equipment: str) -> tuple[Part, ...]:
    """Cars by kind, and costly equipment, under the words for both; `has` (现有、购置) tells the counts from others."""
    names = tuple(f"{has}{kind}（辆）" for kind in _CARS)
    kinds = zip(_CARS, names, strict=True)
    each = (part for kind, name in kinds for part in (f"、{kind}", Count((name,)), "辆"))
    _, first, *rest = each
    return (
        cars, Count(names), f"辆，其中：{_CARS[0]}", first, *rest, f"；{equipment}{_EQUIPMENT}",
        Count((f"{has}单价100万元（含）以上设备（台、套）",)), "台（套）。",
    )  # fmt: skip


def words(subject: str) -> tuple[Paragraph, ...]:
    """What is told before and after the tables."""
    own, year = f"本{subject}", "{year}年，{unit}"
    granted = f"{year}财政拨款支出预算"
    sources = ((word, region(fund=fund)) for fund, word in (("财政拨款", "财政拨款收入"), *_OWN))
    matched = ((f"{word}拨款支出预算", region(fund=fund)) for fund, word in FUNDS)
    years = Each(
        "function", 7, ("{count}.{name}（{code}）", Years(GRANTED, reason="总体")), of=GRANTED,
        led="，按功能分类：", before=True,
    )  # fmt: skip
    return (
        heading(f"{{year}}年{subject}预算编制说明"),
        divided(f"{year}收入预算", IN, *sources),
        changed(f"{year}支出预算", OUT, "总体", growth=True),
        changed(granted, GRANTED, "总体", growth=True),
        divided(granted, GRANTED, *matched),
        Paragraph((granted, Amount(GRANTED), years, "。")),
        heading("一、“三公”经费预算情况说明"),
        *(
            changed(word, GRANTED | region(item=item), item)
            for word, item in (
                ("{year}年“三公”经费预算数为", "三公"),
                ("（一）因公出国（境）费", "出国"),
                ("（二）公务用车购置及运行费", "用车"),
                ("其中：公务用车购置费", "购车"),
                ("其中：公务用车运行费", "车辆运行"),
                ("（三）公务接待费", "接待"),
            )
        ),
        heading("二、机关运行经费预算"),
        Paragraph((f"{{year}}年{own}财政拨款的机关运行经费预算为", Amount(OUT | region(item="机关运行")), "。")),
        heading("三、政府采购预算情况"),
        divided(f"{{year}}年{own}政府采购预算", OUT | region(item="采购"), *PURCHASES, between="、", share=False),
        heading("四、绩效目标设置情况"),
        Paragraph((f"{{year}}年{own}编报绩效目标的项目共", Targeted(), "。")),
        heading("五、国有资产占有使用情况"),
        Paragraph(_assets("截至{last}年8月31日，{unit}共有车辆", "现有", "")),
        Paragraph(_assets("{year}年部门预算安排购置车辆", "购置", "部门预算安排购置")),
    )  # fmt: skip


ENTRY = Family(
    code="SH9",
    name="上海市单位预算公开",
    title="{unit}{year}年单位预算",
    unit="元",
    decimals=0,
    thousands=True,
    told="万元",
    against="比{last}年预算",
    level="与{last}年预算持平",
    zero="",
    funds=tuple(fund for fund, _ in (*FUNDS, *_OWN)),
    templates=tables("单位", "预算单位", under("预算数", _KINDS)),
    narrative=words("单位"),
    empty_reason="本年没有此项预算",
    lead=("编制单位：{unit}",),
    places={"category": SPENDING, "carry": ("本年",)},
)
