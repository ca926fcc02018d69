"""Sheets of performance targets as tables of a document: words and funds over the head, targets under the form's headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

from yikatong.basics.refused import Refused
from yikatong.disclosure.aims import Aim, Goals
from yikatong.disclosure.audit.region import EVERYTHING, Region, joined, region
from yikatong.disclosure.family import Family
from yikatong.disclosure.form import PROJECT, WHOLE, Form
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.publication import Asked, PrintedTable, Slot
from yikatong.indicators.rules import tree_problems

_SOURCES = {
    "total": EVERYTHING,
    "fiscal": region(fund="财政拨款"),
    "local": region(fund="财政拨款"),
    "other": region(fund="单位资金"),
}
"""Which money of the project a source of the form is; others are only told, as the lines do not know them."""
_ACCOUNT = region(fund="财政专户")
_OUT = region(flow="支出")
_FIGURE = re.compile(r"([≥≤＝]?)(\d+(?:\.\d+)?)(\D*)")


def no_heading(ledger: Ledger, family: Family) -> Refused | None:
    """Refused: `disclosure.no_heading` for a target under a heading that the family's sheet of its kind does not have."""
    refused = (form.no_heading(each.targets) for form in family.sheets for each in _told(ledger, form))
    return next(filter(lambda each: each is not None, refused), None)


def _told(ledger: Ledger, form: Form) -> list[Goals]:
    return [each for each in ledger.goals or () if each.kind == form.kind]


def sheets(ledger: Ledger, family: Family) -> tuple[list[PrintedTable], list[Asked]]:
    """The family's sheets of that ledger, whose targets all have a heading, and what people still have to supply for them."""
    if ledger.goals is None:
        return [], []
    tables, asked, gaps = [], [], []
    for form in family.sheets:
        told = _told(ledger, form)
        for place, each in enumerate(told or [None], 1):
            tables.append(_Sheet(ledger, family, form, each).table(f"-{place}" if len(told) > 1 else ""))
        gaps += [gap for each in told for gap in _gaps(ledger, form, each)]
        asked += [
            Asked("fact", _key(form, label), _key(form, label), ledger.facts.get(_key(form, label), ""))
            for each in told
            for label, name in form.goals
            if not each.words.get(name)
        ]
    named = {each.name for each in ledger.goals if each.kind == PROJECT}
    projects = ledger.members("project", _OUT)
    if any(form.kind == PROJECT for form in family.sheets):
        gaps += [f"项目“{name}”没有绩效目标" for name in projects if name not in named]
    return tables, [*asked, *(Asked("goals", gap, gap) for gap in gaps)]


def _key(form: Form, label: str) -> str:
    """Under which name people's words for a line of the sheet stand among the ledger's facts."""
    return f"{form.title}：{label}"


def _gaps(ledger: Ledger, form: Form, goals: Goals) -> Iterator[str]:
    """Told funds that print otherwise than those of the lines."""
    told = goals.funds.get("year", goals.funds.get("whole", {})).get("total")
    printed = form.unit.printed
    if told is not None and printed(told) != printed(ledger.fen(_about(goals))):
        yield f"{form.title}“{goals.name}”：资金总额与基础行中该项目的支出不一致"


def _about(goals: Goals) -> Region:
    return joined(_OUT, region(project=goals.name)) if goals.name else _OUT


class _Sheet:
    """Prints one sheet; without goals it is empty: its words and headings stand, nothing is told."""

    def __init__(self, ledger: Ledger, family: Family, form: Form, goals: Goals | None) -> None:
        self.ledger, self.family, self.form, self.goals = ledger, family, form, goals
        weights = () if form.points is None else (f"分值权重（{form.points}分）",)
        told = ("指标性质", "指标值", "度量单位") if form.split else ("指标值",)
        self.head = ("一级指标", "二级指标", "三级指标", *told, *weights)

    def table(self, which: str) -> PrintedTable:
        """The sheet; `which` tells it from others of its form."""
        form = self.form
        return PrintedTable(
            ("".join(sign for sign in form.label if sign.isdigit()) or form.title) + which,
            form.label + which if form.label else "",
            form.title,
            form.unit.value,
            (f"（{self.ledger.year}年度）",),
            (self.head,),
            tuple(self._rows()),
            self._note(),
            self.goals is None,
            tuple(self._facts()),
        )

    def _note(self) -> str:
        """A sheet that does not add up is printed as it is, and says so."""
        if self.goals is None:
            return self.family.empty_note
        if self.form.points is None:
            return ""
        problems = tree_problems(self.goals.targets, Decimal(self.form.points))
        return f"注：{'；'.join(problem.zh for problem in problems)}。" if problems else ""

    def _facts(self) -> Iterator[tuple[Slot, ...]]:
        goals = self.goals
        words = {} if goals is None else goals.words
        if self.form.kind == WHOLE:
            yield Slot("单位名称"), Slot(self.ledger.unit_name if goals else "")
            yield from self._tasks()
        else:
            yield Slot("项目名称"), Slot(goals.name if goals else "")
            yield Slot("主管部门"), Slot(words.get("department", ""))
        yield from self._funds()
        if self.form.execution_points is not None:
            yield Slot("执行率分值"), Slot(f"{self.form.execution_points}分")
        for label, name in self.form.goals:
            told = words.get(name) or self.ledger.facts.get(_key(self.form, label), "")
            yield Slot(label), Slot(told if goals else "")

    def _tasks(self) -> Iterator[tuple[Slot, ...]]:
        """What the unit's money is for, with all of it, what is appropriated and what is not."""
        yield tuple(map(Slot, ("年度主要任务", "主要内容", "预算金额", "其中：财政拨款", "其他资金")))
        for name, content, about in self.form.tasks:
            sums = (self._known(about, source) for source in ("total", "fiscal", "other"))
            yield Slot(name), Slot(content), *sums

    def _funds(self) -> Iterator[tuple[Slot, ...]]:
        """The sources one under another, those of the whole time and of the year side by side where the form has both."""
        spans = [[line for line in self.form.funds if line.span == span] for span in ("whole", "year")]
        for lines in zip_longest(*filter(None, spans)):
            yield tuple(
                slot
                for line in lines
                for slot in (
                    (Slot(line.label), self._fund(line.span, line.source)) if line else (Slot(""), Slot(""))
                )
            )

    def _fund(self, span: str, source: str) -> Slot:
        if self.goals is None:
            return Slot("")
        told = self.goals.funds.get(span, {}).get(source)
        words = "" if told is None else self.form.unit.printed(told)
        if source in _SOURCES:
            known = self._known(_about(self.goals), source)
            if words in ("", known.text):
                return known
        return Slot(words)

    def _known(self, about: Region, source: str) -> Slot:
        """What the lines tell of a source. 其他资金 is all that is not appropriated: with money from the special account it is
        no one region, and no amount that could be followed to its lines."""
        where = joined(about, _SOURCES[source])
        if self.goals is None:
            return Slot("", where)
        if source == "other" and self.ledger.fen(joined(about, _ACCOUNT)):
            rest = self.ledger.fen(about) - self.ledger.fen(joined(about, _SOURCES["fiscal"]))
            return Slot(self.form.unit.printed(rest))
        fen = self.ledger.fen(where)
        return Slot(self.form.unit.printed(fen), where, fen)

    def _rows(self) -> Iterator[tuple[Slot, ...]]:
        """The targets under the form's headings; a heading without any keeps its line, and stands once."""
        targets = () if self.goals is None else self.goals.targets
        for level1, seconds in self.form.levels:
            first = level1
            for level2 in seconds:
                held = [each for each in targets if (each.level1, each.level2) == (level1, level2)]
                for place, target in enumerate([*held] or [None]):
                    yield self._row(first, "" if place else level2, target)
                    first = ""

    def _row(self, level1: str, level2: str, target: Aim | None) -> tuple[Slot, ...]:
        texts = [level1, level2, *([] if target is None else self._told(target))]
        code, figure = "" if target is None else target.code, 4 if self.form.split else 3
        return tuple(
            Slot(text, measure=code if place == figure else "")
            for place, text in enumerate([*texts, *[""] * len(self.head)][: len(self.head)])
        )

    def _told(self, target: Aim) -> tuple[str, ...]:
        """Its name, what it is to reach, and its weight."""
        weight = "" if target.weight is None else f"{target.weight.normalize():f}"
        if self.form.split:
            return target.name, *_split(target), weight
        named = f"{target.name}（{target.unit}）" if target.unit not in ("", "%") else target.name
        return named, target.printed, weight


def _split(target: Aim) -> tuple[str, str, str]:
    """Nature, figure and unit: 「≥5」 of 万张 -> ≥, 5, 万张. Whatever is more than one figure is told in words: 定性."""
    figure = _FIGURE.fullmatch(target.printed)
    if figure is None:
        return "定性", target.printed, ""
    sign, number, behind = figure.groups()
    own = target.unit and (not behind or behind[0] in ("/", target.unit[0]))  # 「9万/年」 of 万元/年
    return sign or "＝", number, target.unit if own else behind
