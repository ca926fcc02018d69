"""Tables that most provinces print in the same shape: income beside expenditure, by function, by class, by project, 三公."""

from __future__ import annotations

from collections.abc import Iterable

from yikatong.disclosure.audit.region import Region, region
from yikatong.disclosure.family import (
    CLASSES,
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
SUBJECTS = (("科目编码",), ("科目名称",))
USES = (
    Column(("合计",)),
    Column(("基本支出",), region(category="基本")),
    Column(("项目支出",), region(category="项目")),
)
KINDS = (
    Column(("合计",)),
    Column(("人员经费",), region(category="人员")),
    Column(("公用经费",), region(category="公用")),
)
Named = tuple[tuple[str, str], ...]
"""Members with the words a province has for them: `(("政府性基金", "政府性基金预算拨款"), …)`."""


def under(over: str, columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns with a word over them."""
    return tuple(Column((over, *column.head), column.about) for column in columns)


def by_fund(funds: Named, **about: str) -> tuple[Column, ...]:
    """A column for each fund."""
    return tuple(Column((word,), region(fund=fund, **about)) for fund, word in funds)


def balance(
    number: str,
    title: str,
    funds: Named,
    spending: tuple[Column, ...],
    carried: tuple[Row, ...],
    left: str,
    **about: str,
) -> Template:
    """Income by fund and what was carried over, beside expenditure by class and what is left for the next year."""
    after = (
        Row(("本年支出合计",)),
        Row((left,), LEFT),
        *(Row(("",), None) for _ in carried[1:]),
        Row(("支出总计",)),
    )
    sides = (
        Side(
            (("收入", "项目"),),
            (Column(("收入", "预算数")),),
            listed(funds, "fund", "{han}、{name}", carry="本年"),
            (Row(("本年收入合计",), NEW), *carried, Row(("收入总计",))),
            IN,
        ),
        Side((("支出", "项目"),), under("支出", spending), listed(CLASSES, "function", "{han}、{name}"), after, OUT),
    )  # fmt: skip
    return Template(number, title, sides, region(**about))


def by_function(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    """Codes and names of functions with the codes above them, the total first."""
    side = Side(SUBJECTS, columns, (Row(("合计", "")), Tree("function")))
    return Template(number, title, (side,), region(**about))


def by_class(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    """Departmental economic classes, the total first."""
    side = Side(
        (("部门预算经济科目编码",), ("部门预算经济科目名称",)),
        columns,
        (Row(("合计", "")), Tree("economic", lengths=(3, 5))),
    )
    return Template(number, title, (side,), region(**about))


def by_pair(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    """Departmental classes with the governmental ones they are paired with."""
    labels = (
        ("部门预算经济科目编码",),
        ("部门预算经济科目名称",),
        ("政府预算经济科目编码",),
        ("政府预算经济科目名称",),
    )
    return Template(number, title, (Side(labels, columns, (Row(("合计",)), Pairs())),), region(**about))


def by_project(number: str, title: str, columns: tuple[Column, ...], **about: str) -> Template:
    """The unit, and a row for each project."""
    side = Side((("项目名称",),), columns, (Units(parent=False, coded=False), Projects()))
    return Template(number, title, (side,), region(flow="支出", category="项目", **about))


def allowances(*also: tuple[str, str]) -> tuple[Column, ...]:
    """三公 with its parts, and `also` items beside it, each with its words."""
    cars = "公务用车购置及运行费"
    return (
        Column(("“三公”经费", "合计"), region(item="三公")),
        Column(("“三公”经费", "因公出国（境）费"), region(item="出国")),
        Column(("“三公”经费", cars, "小计"), region(item="用车")),
        Column(("“三公”经费", cars, "公务用车购置费"), region(item="购车")),
        Column(("“三公”经费", cars, "公务用车运行费"), region(item="车辆运行")),
        Column(("“三公”经费", "公务接待费"), region(item="接待")),
        *(Column((word,), region(item=item)) for item, word in also),
    )


def of_the_unit(number: str, title: str, columns: tuple[Column, ...], about: Region) -> Template:
    """One row of the unit."""
    return Template(
        number, title, (Side((("单位名称",),), columns, (Units(parent=False, coded=False),)),), about
    )
