"""Sentences of a document, made from the same lines as its tables: amounts, changes, shares, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yikatong.basics.money import print_in
from yikatong.disclosure.audit.region import EVERYTHING, Region, joined, region
from yikatong.disclosure.audit.subjects import name_of
from yikatong.disclosure.charts import drawing_of, percent
from yikatong.disclosure.family import (
    Amount,
    Change,
    Count,
    Done,
    Each,
    Empties,
    Family,
    Paragraph,
    Part,
    Share,
    Targeted,
    When,
    Years,
)
from yikatong.disclosure.form import PROJECT
from yikatong.disclosure.lines import Ledger, above
from yikatong.disclosure.publication import Asked, Span, Text

_LEFT_OPEN = "（待填）"
_PROJECTS = region(flow="支出", category="项目")
UNTARGETED = "没有编报绩效目标的项目"
"""What people are asked for by `Targeted`."""


class Writer:
    """Writes a family's paragraphs; `empty` names the tables without an amount, `asked` are the words people give, each once."""

    def __init__(self, ledger: Ledger, family: Family, empty: Sequence[str] = ()) -> None:
        self.ledger, self.family = ledger, family
        self.unit = family.told or family.unit
        self.empty = empty
        self._asked: dict[tuple[str, str], Asked] = {}

    @property
    def asked(self) -> tuple[Asked, ...]:
        """In the order in which the document asks for them."""
        return tuple(self._asked.values())

    def ask(self, kind: str, key: str, zh: str, given: str) -> None:
        """Take note that the document has a place for these words."""
        self._asked.setdefault((kind, key), Asked(kind, key, zh, given))

    def paragraph(self, paragraph: Paragraph) -> Text:
        """One line of text."""
        words = {
            "year": str(self.ledger.year),
            "last": str(self.ledger.year - 1),
            "unit": self.ledger.unit_name,
            **self.ledger.facts,
        }
        chart = paragraph.chart
        drawing = None if chart is None else drawing_of(chart, self.ledger, self.family)
        return Text(tuple(self._parts(paragraph.parts, EVERYTHING, words)), drawing)

    def _parts(self, parts: Sequence[Part], within: Region, words: dict[str, str]) -> Iterator[Span]:
        for part in parts:
            match part:
                case str():
                    yield Span(part.format_map(_Said(words, self)))
                case Amount(about):
                    yield self._amount(joined(about, within))
                case Change():
                    yield from self._change(part, joined(part.about, within), words)
                case Count(names):
                    yield self._count(names)
                case Targeted():
                    yield self._targeted()
                case Share(about, whole):
                    yield from self._share(joined(about, within), whole)
                case Done(about, of, word):
                    budget = self.ledger.fen(joined(about, region(phase=of)))
                    if budget > 0 and self._prints(budget):
                        yield Span(f"，完成{word}的{percent(self.ledger.fen(about), budget)}%")
                case Years():
                    yield from self._years(part, joined(part.about, within), words)
                case Empties(some, none):
                    yield Span((some if self.empty else none).format(**words, tables="、".join(self.empty)))
                case Each():
                    yield from self._each(part, within, words)
                case When(about, some, none):
                    chosen = some if self.ledger.fen(joined(about, within)) else none
                    yield from self._parts(chosen, within, words)

    def _amount(self, about: Region) -> Span:
        fen = self.ledger.fen(about)
        return Span(f"{self._digits(fen)}{self.unit}", about, fen)

    def _digits(self, fen: int) -> str:
        return print_in(self.unit, fen, thousands=self.family.thousands) if fen else "0"

    def _prints(self, fen: int) -> bool:
        """Whether it is more than nothing in the digits printed: of a base that prints as 0.00 no percentage is told."""
        return Decimal(self._digits(fen).replace(",", "")) != 0

    def _change(self, change: Change, about: Region, words: dict[str, str]) -> Iterator[Span]:
        grown = joined(about, region(phase="增减"))
        fen, before = self.ledger.fen(grown), self.ledger.last_year(about)
        against = self.family.against.format(**words)
        if not fen:
            yield Span(self.family.level.format(**words), grown, 0)
            return
        turn = "增加" if fen > 0 else "减少"
        yield Span(f"{against}{turn}")
        yield Span(f"{self._digits(abs(fen))}{self.unit}", grown, fen)
        if change.growth and before > 0 and self._prints(before):
            rate = percent(abs(fen), before)
            yield Span(f"，{'增长' if fen > 0 else '下降'}{rate}%")
        yield from self._reason(change, turn, words)

    def _reason(self, told: Change | Years, turn: str, words: dict[str, str]) -> Iterator[Span]:
        """People's reason for a change, by its code or its key; where there is none, that is a gap."""
        if not told.reason:
            return
        reasons, key = self.ledger.reasons, words.get("code", "") or told.reason
        reason = reasons.get(key) or reasons.get(told.reason, "")
        self.ask("reason", key, f"{words.get('name') or told.reason}{turn}的原因", reason)
        if reason:
            yield Span(told.led + reason)

    def _count(self, names: Sequence[str]) -> Span:
        """The sum of what people give; what is no whole number is asked for again."""
        given = {name: self.ledger.facts.get(name, "").strip() for name in names}
        right = {name: int(text) for name, text in given.items() if text.isdecimal()}
        for name, text in given.items():
            wrong = "，应为整数" if text and name not in right else ""
            self.ask("fact", name, name + wrong, text if name in right else "")
        return Span(str(sum(right.values())) if len(right) == len(names) else _LEFT_OPEN)

    def _targeted(self) -> Span:
        projects = self.ledger.members("project", _PROJECTS)
        if self.ledger.goals is not None:
            without = set(projects) - {each.name for each in self.ledger.goals if each.kind == PROJECT}
        else:
            without = self._without(projects)
        told = [name for name in projects if name not in without]
        fen = sum(self.ledger.fen(joined(_PROJECTS, region(project=name))) for name in told)
        return Span(f"{len(told)}个，涉及项目预算资金{self._digits(fen)}{self.unit}")

    def _without(self, projects: Sequence[str]) -> set[str]:
        """The projects that people name as having no targets; there is nothing to ask where there are no projects."""
        if not projects:
            return set()
        given = self.ledger.facts.get(UNTARGETED, "").strip()
        named = set(filter(None, re.split("[、，,；;]", "" if given == "无" else given)))
        strange = "、".join(sorted(named - set(projects)))
        wrong = f"，没有项目“{strange}”" if strange else ""
        self.ask(
            "fact", UNTARGETED, f"{UNTARGETED}（用顿号隔开，没有则写“无”）{wrong}", "" if strange else given
        )
        return named

    def _years(self, years: Years, about: Region, words: dict[str, str]) -> Iterator[Span]:
        fen, before = self.ledger.fen(about), self.ledger.last_year(about)
        yield Span("{last}年预算数为".format(**words))
        yield self._amount(joined(about, region(phase="上年")))
        yield Span("，{year}年预算安排".format(**words))
        yield self._amount(about)
        if fen == before:
            yield Span("，" + self.family.level.format(**words))
            return
        turn = "增加" if fen > before else "减少"
        if before > 0 and self._prints(before):
            against = self.family.against.format(**words)
            yield Span(f"，{against}{turn}{percent(abs(fen - before), before)}%")
        yield from self._reason(years, turn, words)

    def _share(self, about: Region, whole: Region) -> Iterator[Span]:
        base = self.ledger.fen(whole)
        if self._prints(base):
            fen = self.ledger.fen(about)
            yield Span(f"，占{percent(fen, base) if fen else '0'}%")

    def _each(self, each: Each, within: Region, words: dict[str, str]) -> Iterator[Span]:
        of = joined(each.of, within)
        codes = above(self.ledger.members(each.dimension, of, before=each.before), (each.length,))
        for count, code in enumerate(codes, 1):
            yield Span(each.between if count > 1 else each.led)
            named = {
                **words,
                "count": str(count),
                "code": code,
                "name": name_of(code, self.ledger.year),
            }
            narrower = joined(within, region(**{each.dimension: code}))
            yield from self._parts(each.parts, narrower, named)


class _Said(dict[str, str]):
    """The words a text may name; a count that nobody has given yet is asked for."""

    def __init__(self, words: Mapping[str, str], writer: Writer) -> None:
        super().__init__(words)
        self.writer = writer
        for name, given in writer.ledger.facts.items():
            self[name] = given

    def __getitem__(self, name: str) -> str:
        if name in self.writer.ledger.facts:
            self.writer.ask("fact", name, name, self.writer.ledger.facts[name])
        return super().__getitem__(name)

    def __missing__(self, name: str) -> str:
        self.writer.ask("fact", name, name, "")
        return _LEFT_OPEN
