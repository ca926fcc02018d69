"""Tables that most provinces print in the same shape: income beside expenditure, by function, by class, by project, 三公."""

from __future__ import annotations

from collections.abc import Iterable

from yikatong.disclosure.audit.region import Region, region
from yikatong.disclosure.family import (
    CLASSES,
    Axis,
    Column,
    Pairs,
    Projects,
    Row,
    Side,
    Template,
    Tree,
    Units,
    listed,
)

NEW, CARRIED, LEFT = region(carry="本年"), region(carry="结转"), region(category="结转下年")
IN, OUT = region(flow="收入"), region(flow="支出")
BASIC, PROJECT = region(category="基本"), region(category="项目")
STAFF, OFFICE = region(category="人员"), region(category="公用")
GENERAL, GRANTED = region(flow="支出", fund="一般公共预算"), region(flow="支出", fund="财政拨款")
SUBJECTS = (("科目编码",), ("科目名称",))
ITEM_SUBJECTS = (("项目", "科目编码"), ("项目", "科目名称"))
TOTAL = Row(("合计", ""))
WHOLE = Column(("合计",))
KINDS_OF_USE = (Column(("基本支出",), BASIC), Column(("项目支出",), PROJECT))
USES = (WHOLE, *KINDS_OF_USE)
KINDS = (WHOLE, Column(("人员经费",), STAFF), Column(("公用经费",), OFFICE))
MORE_USES = (
    Column(("上缴上级支出",), region(category="上缴上级")),
    Column(("经营支出",), region(category="经营支出")),
    Column(("对附属单位补助支出",), region(category="补助附属")),
)
SPENDING = ("人员", "公用", "项目")
"""The categories of a family that has no place for what a unit hands up, on or over."""
ALL_CLASSES = tuple(code for code, _ in CLASSES)
Named = tuple[tuple[str, str], ...]
"""Members with the words a province has for them: `(("政府性基金", "政府性基金预算拨款"), …)`."""
OWN_INCOME: Named = (
    ("事业收入", "事业收入"), ("经营收入", "事业单位经营收入"), ("上级补助", "上级补助收入"),
    ("附属上缴", "附属单位上缴收入"), ("其他收入", "其他收入"),
)  # fmt: skip


def grants(tail: str = "") -> Named:
    """The three funds of appropriation, with what a province says behind their names: 「一般公共预算拨款」."""
    return (
        ("一般公共预算", f"一般公共预算{tail}"),
        ("政府性基金", f"政府性基金预算{tail}"),
        ("国有资本经营", f"国有资本经营预算{tail}"),
    )


def under(over: str, columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns with a word over them."""
    return tuple(Column((over, *column.head), column.about) for column in columns)


def by_fund(funds: Named, **about: str) -> tuple[Column, ...]:
    """A column for each fund."""
    return tuple(Column((word,), region(fund=fund, **about)) for fund, word in funds)


def by_item(items: Iterable[tuple[str, ...]], **about: str) -> tuple[Column, ...]:
    """A column for each item (三公、出国、…), which stands before its words from the top of the head down."""
    return tuple(Column(tuple(head), region(item=item, **about)) for item, *head in items)


# --- income beside expenditure


def incomes(rows: tuple[Row, ...], foot: tuple[Row, ...], word: str = "预算数") -> Side:
    """Income: its sources, under them `foot`; `word` stands over the amounts."""
    return Side((("收入", "项目"),), (Column(("收入", word)),), rows, foot, IN)


def spending(columns: Iterable[Column], foot: tuple[Row, ...]) -> Side:
    """Expenditure: every class of functions, under them `foot`."""
    return Side((("支出", "项目"),), under("支出", columns), listed(CLASSES, "function", "{han}、{name}"), foot, OUT)  # fmt: skip


def blank(count: int) -> tuple[Row, ...]:
    """Rows that keep a side's foot at the height of the one beside it."""
    return (Row(("",), None),) * count


def balance(
    number: str,
    title: str,
    funds: Named,
    columns: tuple[Column, ...],
    carried: str,
    left: str,
    **about: str,
) -> Template:
    """Income by fund and what was carried over, beside expenditure by class and what is left for the next year."""
    before = (Row(("本年收入合计",), NEW), Row((carried,), CARRIED), Row(("收入总计",)))
    after = (Row(("本年支出合计",)), Row((left,), LEFT), Row(("支出总计",)))
    sources = listed(funds, "fund", "{han}、{name}", carry="本年")
    return Template(number, title, (incomes(sources, before), spending(columns, after)), region(**about))


# --- one set of rows


def by_function(
    number: str,
    title: str,
    columns: tuple[Column, ...],
    labels: tuple[tuple[str, ...], ...] = SUBJECTS,
    **about: str,
) -> Template:
    """Codes and names of functions with the codes above them, the total first."""
    return Template(number, title, (Side(labels, columns, (TOTAL, Tree("function"))),), region(**about))


def by_class(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    """Departmental economic classes, the total first."""
    labels = (("部门预算经济科目编码",), ("部门预算经济科目名称",))
    side = Side(labels, columns, (TOTAL, Tree("economic", lengths=(3, 5))))
    return Template(number, title, (side,), region(**about))


def paired(word: str) -> tuple[tuple[str, ...], ...]:
    """Label columns of departmental classes with governmental ones; `word` is 经济 or 预算经济."""
    return tuple((f"{whose}{word}科目{what}",) for whose in ("部门", "政府") for what in ("编码", "名称"))


def by_pair(
    number: str, title: str, columns: tuple[Column, ...], word: str = "预算经济", **about: str
) -> Template:
    """Departmental classes with the governmental ones they are paired with."""
    return Template(number, title, (Side(paired(word), columns, (TOTAL, Pairs())),), region(**about))


def by_project(
    number: str, title: str, columns: tuple[Column, ...], word: str = "项目名称", **about: str
) -> Template:
    """The unit, and a row for each project."""
    side = Side(((word,),), columns, (Units(parent=False, coded=False), Projects()))
    return Template(number, title, (side,), region(flow="支出", category="项目", **about))


def of_the_unit(
    number: str, title: str, columns: tuple[Column, ...], about: Region, *before: Axis
) -> Template:
    """One row of the unit, and what stands before it."""
    side = Side((("单位名称",),), columns, (*before, Units(parent=False, coded=False)))
    return Template(number, title, (side,), about)


def allowances(
    *also: tuple[str, str], over: str = "“三公”经费", upkeep: str = "运行", **about: str
) -> tuple[Column, ...]:
    """三公 with its parts, and `also` items beside it, each with its words; `upkeep` of cars is 运行 or 运行维护."""
    cars = f"公务用车购置及{upkeep}费"
    return by_item(
        (
            ("三公", over, "合计"), ("出国", over, "因公出国（境）费"), ("用车", over, cars, "小计"),
            ("购车", over, cars, "公务用车购置费"), ("车辆运行", over, cars, f"公务用车{upkeep}费"),
            ("接待", over, "公务接待费"), *also,
        ),
        **about,
    )  # fmt: skip
