"""上海 市级单位 2025: nine tables in whole 元 with separators, the ninth and the sentences in 万元; classes without money left out.

Two published budgets were read (市级单位 2025, 区级部门 2024, for which see `sh9_department`). A unit of Shanghai shows no
money carried over, so that a line with any has no place in it.
"""

from yikatong.disclosure.audit.region import Region, joined, region
from yikatong.disclosure.family import (
    Amount,
    Change,
    Column,
    Each,
    Family,
    Paragraph,
    Part,
    Row,
    Share,
    Side,
    Template,
    Tree,
    Years,
    listed,
)

FUNDS = (
    ("一般公共预算", "一般公共预算"),
    ("政府性基金", "政府性基金预算"),
    ("国有资本经营", "国有资本经营预算"),
)
_OWN = (("事业收入", "事业收入"), ("经营收入", "事业单位经营收入"), ("其他收入", "其他收入"))
_APPROPRIATED = (
    ("一般公共预算", "一般公共预算资金"), ("政府性基金", "政府性基金"), ("国有资本经营", "国有资本经营预算")
)  # fmt: skip
_WHOLE = Column(("合计",))
_KINDS = (
    Column(("合计",)),
    Column(("基本支出", "人员经费"), region(category="人员")),
    Column(("基本支出", "公用经费"), region(category="公用")),
    Column(("项目支出",), region(category="项目")),
)
_USES = (
    _WHOLE,
    Column(("基本支出",), region(category="基本")),
    Column(("项目支出",), region(category="项目")),
)
_CLASSES = Tree("function", lengths=(3,), coded=False, style="{han}、{name}")
_END = Row(("合计", "", "", ""))


def _under(over: tuple[str, ...], columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(Column((*over, *column.head), column.about) for column in columns)


def _by_code(
    number: str, title: str, over: str, columns: tuple[Column, ...], note: str = "", **about: str
) -> Template:
    """By function, codes in three columns, the total below."""
    split = tuple(("项目", "功能分类科目编码", level) for level in "类款项")
    side = Side(
        (*split, ("项目", "功能分类科目名称")), _under((over,), columns), (Tree("function", split=True), _END)
    )
    return Template(number, title, (side,), region(**about), empty_note=note)


def _both(number: str, title: str, incomes: Side, spending: tuple[Column, ...], head: str) -> Template:
    out = Side(
        ((head, "项目"),), _under((head,), spending), (_CLASSES,), (Row(("支出总计",)),), region(flow="支出")
    )
    return Template(number, title, (incomes, out))


def _items(year: str) -> tuple[Column, ...]:
    cars = (("用车", "小计"), ("购车", "购置费"), ("车辆运行", "运行费"))
    return (
        Column((year, "合计"), region(item="三公")),
        Column((year, "因公出国（境）费"), region(item="出国")),
        Column((year, "公务接待费"), region(item="接待")),
        *(Column((year, "公务用车购置及运行费", word), region(item=item)) for item, word in cars),
    )


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
by_fund = (_WHOLE, *(Column((word,), region(fund=fund)) for fund, word in FUNDS))
_MATCHED = Side(
    (("财政拨款支出", "项目"),),
    _under(("财政拨款支出",), by_fund),
    (_CLASSES,),
    (Row(("支出总计",)),),
    region(flow="支出", fund="财政拨款"),
)
_RECEIVED = (
    _WHOLE,
    Column(("财政拨款收入",), region(fund="财政拨款")),
    *(Column((word,), region(fund=fund)) for fund, word in _OWN),
)
_BASIC = Side(
    (*(("项目", "经济分类科目编码", level) for level in "类款"), ("项目", "部门经济分类科目名称")),
    _under(
        ("一般公共预算基本支出",),
        (_WHOLE, Column(("人员经费",), region(category="人员")), Column(("公用经费",), region(category="公用"))),
    ),
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
        _by_code("3", f"{year}支出预算总表", "支出预算", _USES, flow="支出"),
        Template("4", f"{year}财政拨款收支预算总表", (_GRANTED, _MATCHED)),
        *(
            _by_code(
                number,
                f"{year}{word}支出功能分类预算表",
                f"{word}支出",
                _USES,
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


_IN, _OUT = region(flow="收入"), region(flow="支出")
_GRANTS = region(flow="支出", fund="财政拨款")


def _part(word: str, about: Region, whole: Region) -> tuple[Part, ...]:
    return (word, Amount(about), Share(about, whole))


def _item(number: str, word: str, item: str) -> Paragraph:
    about = joined(_GRANTS, region(item=item))
    return Paragraph((f"{number}{word}", Amount(about), "，", Change(about, reason=item), "。"))


def words(subject: str) -> tuple[Paragraph, ...]:
    """What is told before and after the tables."""
    own = f"本{subject}"
    kinds = tuple(
        part
        for (fund, word), lead in zip(FUNDS, ("", "；", "；"), strict=True)
        for part in _part(f"{lead}{word}拨款支出预算", region(flow="支出", fund=fund), _GRANTS)
    )
    office = joined(_OUT, region(item="机关运行"))
    return (
        Paragraph((f"{{year}}年{subject}预算编制说明",)),
        Paragraph(
            (
                "{year}年，{unit}收入预算", Amount(_IN), "，其中：",
                *_part("财政拨款收入", region(flow="收入", fund="财政拨款"), _IN),
                *(part for fund, word in _OWN for part in _part(f"；{word}", region(flow="收入", fund=fund), _IN)), "。",
            )
        ),
        Paragraph(("{year}年，{unit}支出预算", Amount(_OUT), "，", Change(_OUT, growth=True, reason="总体"), "。")),
        Paragraph(
            ("{year}年，{unit}财政拨款支出预算", Amount(_GRANTS), "，", Change(_GRANTS, growth=True, reason="总体"), "。")
        ),
        Paragraph(("{year}年，{unit}财政拨款支出预算", Amount(_GRANTS), "，其中：", *kinds, "。")),
        Paragraph(
            (
                "{year}年，{unit}财政拨款支出预算", Amount(_GRANTS),
                Each(
                    "function", 7, ("{count}.{name}（{code}）", Years(_GRANTS, reason="总体")), of=_GRANTS,
                    led="，按功能分类：", before=True,
                ), "。",
            )
        ),
        Paragraph(("一、“三公”经费预算情况说明",)),
        _item("{year}年", "“三公”经费预算数为", "三公"),
        _item("（一）", "因公出国（境）费", "出国"),
        _item("（二）", "公务用车购置及运行费", "用车"),
        _item("其中：", "公务用车购置费", "购车"),
        _item("其中：", "公务用车运行费", "车辆运行"),
        _item("（三）", "公务接待费", "接待"),
        Paragraph(("二、机关运行经费预算",)),
        Paragraph((f"{{year}}年{own}财政拨款的机关运行经费预算为", Amount(office), "。")),
        Paragraph(("三、政府采购预算情况",)),
        Paragraph(
            (
                f"{{year}}年{own}政府采购预算", Amount(region(flow="支出", item="采购")), "，其中：政府采购货物预算",
                Amount(region(flow="支出", item="采购货物")), "、政府采购工程预算", Amount(region(flow="支出", item="采购工程")),
                "、政府采购服务预算", Amount(region(flow="支出", item="采购服务")), "。",
            )
        ),
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
    templates=tables("单位", "预算单位", _under(("预算数",), _KINDS)),
    narrative=words("单位"),
    empty_reason="本年没有此项预算",
    lead=("编制单位：{unit}",),
    places={"category": ("人员", "公用", "项目"), "carry": ("本年",)},
)
