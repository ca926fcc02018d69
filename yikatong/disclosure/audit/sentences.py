"""Running text read as facts: amounts with what they are about, changes against last year, shares, growth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yikatong.disclosure.audit.printed import FEN, Place, Printed, read_amount
from yikatong.disclosure.audit.prose import HEADING, Sentence
from yikatong.disclosure.audit.region import CODED, Region, joined, part, region
from yikatong.disclosure.audit.share import Share
from yikatong.disclosure.audit.subjects import code_by_name, code_by_path, dimension_of
from yikatong.disclosure.audit.vocabulary import (
    about_code,
    about_phrase,
    about_subject,
    bare,
    says_nothing_else,
)

_AMOUNT = re.compile(r"(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<unit>万元|元)")
_PERCENT = re.compile(r"(?P<number>-?\d+(?:\.\d+)?)[%％]")
_UP, _DOWN = ("增加", "增长", "上升", "提高", "增幅"), ("减少", "下降", "降低", "压减", "减幅")
_FLAT = re.compile(
    r"(?:较|比|与)(?:上年|20\d\d年)(?:度|当年)?(?:年初)?(?:预算|决算)?数?(?:相比)?(?:持平|相同|无变化|一致)"
)
_CHANGE = re.compile(
    r"(?:较|比|与)(?:上年|\d{4}年|去年)[^，。；、\d]{0,10}?(增加|增长|上升|提高|减少|下降|降低)"
)
_LIMIT = re.compile(r"^(?:[（(][^）)]*[）)])?(?:以上|以下|以内|的)")
_PATH = re.compile(r"“?([^“”]+?)（类）(?:([^“”]+?)（款）)?(?:([^“”]+?)（项）)?”?(?:科目)?")
_QUOTED = re.compile(r"“([^“”]+)”科目")
_BEGINS_LIST = re.compile(r"(?:主要)?(?:内容|构成|情况|安排)?如下[：:]?$")
_NUMBERED = re.compile(r"\d+[.、．](?!\d)")
_OF_A_YEAR = re.compile(r"(20\d\d)年.{0,8}?(?:预算|执行|决算|安排|完成)[^，。；]{0,6}$")
_CODE = re.compile(r"[（(](\d{3,7})[）)]$")
_DONE = re.compile(r"完成[^，。；]{0,4}预算的?$")
_OF_YEAR = re.compile(r"(20\d\d)年[^年，。；]{0,10}$")
"""「2024年预算数为」 behind a name: of which year the amount is."""


@dataclass(frozen=True, slots=True)
class Named:
    """A subject code printed with its name."""

    code: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list told by 类、款、项: its names, its amount, and its sentences from `first` up to, but without, `last`."""

    names: tuple[str, ...]
    amount: Printed
    first: int
    last: int


@dataclass(slots=True)
class Said:
    """What the running text says: amounts, shares, codes with their names, lists (what the parts make up, and they).

    `changes` are amounts with what they are said to have changed by, falls below zero.
    """

    amounts: list[Printed]
    shares: list[Share]
    named: list[Named]
    lists: list[tuple[Region, list[Printed]]]
    items: list[Item]
    unread: list[tuple[str, Place]]
    changes: list[tuple[Printed, Printed]]


def read_sentences(file: str, sentences: Iterable[Sentence], year: int = 0) -> Said:
    """The facts of the running text of a document of that year (0 where it is not known)."""
    told = list(sentences)
    reader = _Reader(file, _whole(told), year)
    for number, sentence in enumerate(told):
        reader.read(number, sentence)
    reader.end()
    return reader.said


def _whole(sentences: Sequence[Sentence]) -> set[tuple[int, int]]:
    """(number of the sentence, place) of amounts in whole 万元 where those around them are whole too: there they are rounded to that.

    「24 万元」 among amounts with decimals leaves zeros out; among whole ones it may be 24.3.
    """
    whole: set[tuple[int, int]] = set()
    sections: list[list[tuple[tuple[int, int], bool]]] = [[]]
    for number, sentence in enumerate(sentences):
        if HEADING.match(sentence.text):
            sections.append([])
        sections[-1] += [
            ((number, match.start()), "." in match["number"])
            for match in _AMOUNT.finditer(sentence.text)
            if match["unit"] == "万元" and match["number"].strip("0.,-")
        ]
    found = [amount for section in sections for amount in section]
    for at, (where, _) in enumerate(found):
        around = [decimals for _, decimals in found[max(0, at - _AROUND) : at + _AROUND + 1]]
        if len(around) > _AROUND and not any(around):
            whole.add(where)
    for section in sections:
        if len(section) > _AROUND and not any(decimals for _, decimals in section):
            whole.update(where for where, _ in section)
    return whole


_AROUND = 3


class _Reader:
    """Reads sentence by sentence, remembering the whole that a list is of: 「…173.41万元，其中：」, then its parts."""

    def __init__(self, file: str, whole: set[tuple[int, int]], year: int) -> None:
        self.file, self.year = file, year
        self.rounded = whole
        self.sentence = 0
        self.said = Said([], [], [], [], [], [], [])
        self.list_of: Region | None = None
        self.listed: list[Printed] = []
        self.item: Item | None = None
        self.whole: Printed | None = None
        self.change: Printed | None = None
        self.parts: list[tuple[Printed, Printed | None]] = []
        self.beside: list[int] = []
        self.budget: Printed | None = None
        self.alone = False

    def read(self, number: int, sentence: Sentence) -> None:
        """One sentence, by its number. It goes on with the list before it where it begins with 其中, a number or after a ；."""
        text = sentence.text
        self.sentence = number
        numbered = bool(_NUMBERED.match(text))
        goes_on = not sentence.begins or text.startswith("其中") or numbered
        if not goes_on or HEADING.match(text):
            self.close()
        if numbered or HEADING.match(text):
            self._end_item()
        if HEADING.match(text):
            self._end_list()
        elif sentence.begins and (found := _BEGINS_LIST.search(text)) and "。" not in text:
            self._end_list()
            about = about_phrase(text[: found.start()])
            self.list_of = about if part(about, "flow") == "支出" else None
        last: Printed | None = None
        end = 0
        self.alone = sentence.begins
        for found in sorted(
            [*_AMOUNT.finditer(text), *_PERCENT.finditer(text)], key=lambda each: each.start()
        ):
            before = text[end : found.start()]
            page, line = sentence.spots[found.start()]
            place = Place(self.file, page, line, row=_subject(before))
            if found.re is _PERCENT:
                self._share(before, found, place, last)
            elif turned := _CHANGE.search(before):
                self._changed(turned.group(1), found, place, last)
            elif not _LIMIT.match(text[found.end() :]):
                self.alone = self.alone and last is None
                last = self._amount(before, found, place, last) or last
            end = found.end()
        if last is not None and _FLAT.search(text[-18:]):
            self._note_change(replace(last, about=_grown(last.about), fen=0, step=0, text="持平"), last)

    def end(self) -> None:
        """The text is at its end."""
        self.close()
        self.sentence += 1
        self._end_item()
        self._end_list()

    def _end_item(self) -> None:
        if self.item is not None:
            self.said.items.append(replace(self.item, last=self.sentence))
        self.item = None

    def _end_list(self) -> None:
        """A list of paragraphs 「…主要内容如下：1.…」 has ended."""
        if self.list_of is not None and len(self.listed) > 1:
            self.said.lists.append((self.list_of, self.listed))
        self.list_of, self.listed = None, []

    def close(self) -> None:
        """A list that has ended: its parts are the whole's, and so are their changes where each is told."""
        subjects = [pair for pair in self.parts if _subject_of(pair[0].about)]
        if self.whole is not None and len(subjects) > 1:
            self.said.lists.append((self.whole.about, [part for part, _ in subjects]))
            changes = [change for _, change in subjects if change is not None]
            if len(changes) == len(subjects):
                self.said.lists.append((_grown(self.whole.about), changes))
        self._date()
        self.whole, self.change, self.parts, self.beside = None, None, [], []

    def _date(self) -> None:
        """Of income told beside what was carried over, the funds are those of this year."""
        amounts = self.said.amounts
        if any(part(amounts[each].about, "carry") == "结转" for each in self.beside):
            for each in self.beside:
                about = amounts[each].about
                if part(about, "fund") and part(about, "flow") == "收入" and not part(about, "carry"):
                    amounts[each] = replace(amounts[each], about=joined(about, region(carry="本年")))

    def _amount(
        self, before: str, found: re.Match[str], place: Place, last: Printed | None
    ) -> Printed | None:
        read = self._read(found)
        subject = _subject(before)
        names = _names(subject)
        about: Region = frozenset()
        if read is not None:
            about = self._of_names(names) if names else self._of_item(subject)
            about = about or self._about(subject, place, last)
        if read is None or not about:
            self.said.unread.append((found.group(), place))
            return None
        amount = Printed(about, *read, found.group(), found["unit"], place)
        self.said.amounts.append(amount)
        if part(about, "phase"):
            self.budget = amount
            return amount  # of another phase: neither a whole of this year nor a part of one
        if self.whole is not None:
            self.beside.append(len(self.said.amounts) - 1)
        if names and _subject_of(about) and self.item is None:
            self.item = Item(names, amount, self.sentence, self.sentence)
            if self.list_of is not None:
                self.listed.append(amount)
        if self.whole is None:
            self.whole = amount
        elif _subject_of(about) and not _subject_of(self.whole.about):
            self.parts.append((amount, None))
        elif "其中" not in before and not self._narrower(about):
            self.close()
            self.whole = amount
        return amount

    def _read(self, found: re.Match[str]) -> tuple[int, int] | None:
        read = read_amount(found["number"], found["unit"])
        if read is not None and (self.sentence, found.start()) in self.rounded:
            return read[0], FEN["万元"]
        return read

    def _narrower(self, about: Region) -> bool:
        """Whether it is a part of the whole being told: the same flow, more said."""
        assert self.whole is not None
        return part(about, "flow") == part(self.whole.about, "flow") and about != self.whole.about

    def _of_item(self, subject: str) -> Region:
        """Within an item: 「2024年预算安排」 is its amount again, 「2023年执行数」 what another year had for it."""
        said = _OF_A_YEAR.fullmatch(subject)
        if self.item is None or said is None:
            return frozenset()
        other = re.search("执行|决算|完成", subject)
        about = self.item.amount.about
        return joined(about, region(phase=f"{said.group(1)}执行")) if other else about

    def _of_names(self, names: tuple[str, ...]) -> Region:
        """The function told by 类、款、项, of what the list is of; empty where the names lead to none."""
        context = self.whole.about if self.whole is not None else frozenset()
        code = code_by_path(names) if len(names) > 1 else code_by_name(names[0], "function", 3)
        whole = _flow_of(self.list_of or context) or region(flow="支出")
        return joined(whole, about_code(code)) if code else frozenset()

    def _about(self, subject: str, place: Place, last: Printed | None) -> Region:
        """What a subject names, and the year where it says one: 「2025年预算安排」 after another year's is of the same thing."""
        of_year = _OF_YEAR.search(subject)
        year = int(of_year[1]) if of_year is not None else 0
        if of_year is None or year not in (self.year, self.year - 1):
            return self._named(subject, place)
        phase = region(phase="上年") if year == self.year - 1 else frozenset()
        if last is not None and part(last.about, "phase") == "上年" and says_nothing_else(subject):
            return joined(last.about - {("phase", "上年")}, phase)
        about = self._named(subject, place) or self._named(subject[: of_year.start()], place)
        return joined(about, phase) if about else about

    def _named(self, subject: str, place: Place) -> Region:
        """What it names: a code in brackets, a class by name, or nothing but words of funds and categories."""
        context = self.whole.about if self.whole is not None else frozenset()
        code = _CODE.search(subject)
        plain = bare(subject)
        if code and dimension_of(code.group(1)):
            self.said.named.append(Named(code.group(1), re.sub(r"[（(]\d+[）)]$", "", plain), place))
            return joined(_flow_of(context), about_code(code.group(1)))
        for dimension in () if part(about_phrase(plain), "item") else ("function", "economic"):
            if context and (about := about_subject(plain, dimension)):
                return joined(_flow_of(context), about)
        if not says_nothing_else(plain):
            return frozenset()
        about = joined(_flow_of(context), about_phrase(plain) | _phase_of(plain))
        if not part(about, "flow") and part(about, "category"):
            about = joined(about, region(flow="支出"))
        return about if part(about, "flow") else frozenset()

    def _changed(self, word: str, found: re.Match[str], place: Place, last: Printed | None) -> None:
        """「较上年增加」 speaks of the part just told where that is a subject of a list or all that its line tells, else of the whole."""
        read = self._read(found)
        own = last is not None and (self.alone or _subject_of(last.about))
        of = last if own else self.whole
        if read is None or of is None or last is None:
            self.said.unread.append((found.group(), place))
            return
        sign = -1 if word in _DOWN else 1
        change = Printed(_grown(of.about), sign * read[0], read[1], found.group(), found["unit"], place)
        self._note_change(change, of)

    def _note_change(self, change: Printed, of: Printed) -> None:
        self.said.amounts.append(change)
        self.said.changes.append((of, change))
        if of is self.whole:
            self.change = change
        elif self.parts and self.parts[-1][0] is of:
            self.parts[-1] = (of, change)

    def _share(self, before: str, found: re.Match[str], place: Place, last: Printed | None) -> None:
        percent = Decimal(found["number"])
        step = Decimal(1).scaleb(-len(found["number"].partition(".")[2]))
        if last is not None and self.budget is not None and _DONE.search(before):
            self.said.shares.append(
                Share("share", last, self.budget, None, percent, step, found.group(), place)
            )
            return
        if last is None or self.whole is None:
            return
        if before[-1:] == "占" or "占比" in before[-6:]:
            share = Share("share", last, self.whole, None, percent, step, found.group(), place)
            self.said.shares.append(share)
        elif self.change is not None and re.fullmatch(
            r"[，,（(]?(?:增长|下降|增加|减少|增幅|降幅)(?:为|了)?", before
        ):
            down = any(word in before for word in (*_DOWN, "降幅"))
            signed = -percent if down else percent
            self.said.shares.append(
                Share("growth", self.whole, None, self.change, signed, step, found.group(), place)
            )


def _names(subject: str) -> tuple[str, ...]:
    """「“教育支出（类）其他教育支出（款）其他教育支出（项）”」 -> its names; 「“教育支出”科目」 -> one."""
    plain = bare(subject)
    if found := _PATH.fullmatch(plain):
        return tuple(name for name in found.groups() if name)
    return quoted.groups() if (quoted := _QUOTED.fullmatch(plain)) else ()


def _subject(before: str) -> str:
    return re.split(r"[，。；：、:;,]", before)[-1]


def _subject_of(about: Region) -> str:
    """The dimension of subjects it names: function, economic, government."""
    return next((name for name, _ in about if name in CODED), "")


def _grown(about: Region) -> Region:
    return joined(about, region(phase="增减"))


def _phase_of(subject: str) -> Region:
    """Beside what was spent, a final account tells the budget at first and as adjusted."""
    return region(phase="年初" if "年初预算" in subject else "调整" if "全年预算" in subject else "")


def _flow_of(context: Region) -> Region:
    """Of the whole before it, the flow, the fund and whether it is this year's hold on."""
    return frozenset(pair for pair in context if pair[0] in ("flow", "fund", "carry"))
