"""代码表: which codes each counterpart writes for what we mean, and what theirs mean to us. Pure.

One file a map in `codes/`; a centre names the map of each counterpart in its dated rule `card.code_maps`. A map holds
tables, one for each subject and from each day on:

    title = "…"                       # whose codes these are; title_en beside it
    counterpart = "bank"              # province, bank or maker
    [[tables]]
    of = "document"
    valid_from = 2020-01-01
    document = "…"                    # what was agreed in writing, or `assumed = true`
    codes = { citizen_id = "A" }      # our word = their code
    reads = { D = "passport" }        # what a code means that stands for two of our words
    without = { passport = ["…", "…"] }   # our words they have no code for, and why (Chinese, English)

Every word of ours stands in `codes` or in `without`; a file that leaves one out is not loaded (ValueError).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from yikatong.basics.ids import DocumentType
from yikatong.basics.refused import Refused
from yikatong.cards.rules import OrderKind

FOLDER = Path(__file__).with_name("codes")
GOOD = "good"
"""Our word for a good answer, in every table of results."""


class Subject(StrEnum):
    """What a table of codes is about."""

    DOCUMENT = "document"
    SEX = "sex"
    ORDER_KIND = "order_kind"
    MATCHING = "matching"
    OPENING = "opening"
    STAGE = "stage"

    @property
    def zh(self) -> str:
        return _SUBJECTS[self][0]

    @property
    def en(self) -> str:
        return _SUBJECTS[self][1]


class Label(NamedTuple):
    """A word of ours as people read it."""

    zh: str
    en: str


_SUBJECTS = {
    Subject.DOCUMENT: ("证件类型", "Document types"),
    Subject.SEX: ("性别", "Sex"),
    Subject.ORDER_KIND: ("申请类型", "Kinds of order"),
    Subject.MATCHING: ("比对结果", "Results of matching"),
    Subject.OPENING: ("开户结果", "Results of account opening"),
    Subject.STAGE: ("失败环节", "Stages of a failed making"),
}

_KINDS_EN = {OrderKind.NEW: "first card", OrderKind.REISSUE: "re-issue", OrderKind.EXCHANGE: "exchange"}

WORDS: Mapping[Subject, Mapping[str, Label]] = {
    Subject.DOCUMENT: {each.value: Label(each.label_zh, each.label_en) for each in DocumentType},
    # As the base library keeps it: GB/T 2261.1.
    Subject.SEX: {"1": Label("男", "male"), "2": Label("女", "female"), "9": Label("未说明", "not stated")},
    Subject.ORDER_KIND: {each.value: Label(each.zh, _KINDS_EN[each]) for each in OrderKind},
    Subject.MATCHING: {
        GOOD: Label("比对通过", "matched"),
        "person_unknown": Label("公安人口库无此人", "the police do not know this person"),
        "name_differs": Label("姓名与公安信息不一致", "the police have another name"),
        "photo_unfit": Label("照片不符合要求", "the photo does not meet the rules"),
        "card_elsewhere": Label("在省内其他地市已有有效卡", "holds a valid card elsewhere in the province"),
    },
    Subject.OPENING: {
        GOOD: Label("开户成功", "opened"),
        "account_exists": Label("客户在本行已有同类账户", "has such an account already"),
        "document_expired": Label("证件有效期已过", "the document has expired"),
        "phone_differs": Label("手机号码与银行留存不一致", "the bank has another phone number"),
    },
    Subject.STAGE: {"bank": Label("银行", "bank"), "making": Label("制卡", "making")},
}

NEEDED: Mapping[str, tuple[Subject, ...]] = {
    "province": (Subject.DOCUMENT, Subject.SEX, Subject.ORDER_KIND, Subject.MATCHING),
    "bank": (Subject.DOCUMENT, Subject.SEX, Subject.OPENING),
    "maker": (Subject.SEX, Subject.ORDER_KIND, Subject.STAGE),
}
"""What the files of each kind of counterpart carry."""


@dataclass(frozen=True)
class CodeTable:
    """One subject's codes from a day on, with the document they come from."""

    of: Subject
    title: Label
    valid_from: date
    document: str
    assumed: bool
    codes: Mapping[str, str]
    reads: Mapping[str, str]
    without: Mapping[str, Label]

    def theirs(self, ours: str) -> str | Refused:
        """Their code for our word. Refused: `code.<subject>`, where they have none; then nothing may be sent."""
        code = self.codes.get(ours)
        if code is not None:
            return code
        word = WORDS[self.of].get(ours, Label(ours, ours))
        why = self.without.get(ours, Label("未约定", "not agreed"))
        return Refused(
            f"code.{self.of}",
            f"{self.title.zh}没有{self.of.zh}“{word.zh}”的代码（{why.zh}），未送出；请与对方商定代码。",
            f"{self.title.en} has no code for “{word.en}” ({why.en}); not sent. Agree on a code with them.",
        )

    def ours(self, theirs: str) -> str | None:
        """What their code means; None for a code nobody agreed on, which must not be guessed."""
        return self.reads.get(theirs)


@dataclass(frozen=True)
class CodeMap:
    """All tables of one file."""

    name: str
    title: Label
    counterpart: str
    tables: tuple[CodeTable, ...]

    def table(self, of: Subject, on: date) -> CodeTable | None:
        """The table of this subject that holds on that day; None before the first."""
        rows = [each for each in self.tables if each.of is of and each.valid_from <= on]
        return max(rows, key=lambda each: each.valid_from, default=None)


@lru_cache(maxsize=1)
def code_maps() -> Mapping[str, CodeMap]:
    """Every map by its name; ValueError, with the file, where one is not whole."""
    return {path.stem: read_map(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def read_map(name: str, text: str) -> CodeMap:
    """A map from its file's text; ValueError where it contradicts itself or leaves a word of ours out."""
    book = tomllib.loads(text)
    title = Label(book["title"], book["title_en"])
    tables = tuple(_table(name, title, row) for row in book["tables"])
    if len({(each.of, each.valid_from) for each in tables}) < len(tables):
        raise ValueError(f"{name}: two tables of one subject begin on the same day")
    missing = set(NEEDED[book["counterpart"]]) - {each.of for each in tables}
    if missing:
        raise ValueError(f"{name}: no table of {', '.join(sorted(missing))}")
    return CodeMap(name, title, book["counterpart"], tables)


def _table(name: str, title: Label, row: Mapping[str, Any]) -> CodeTable:
    of = Subject(row["of"])
    codes: dict[str, str] = row["codes"]
    without = {ours: Label(*why) for ours, why in row.get("without", {}).items()}
    where = f"{name}, {of} from {row['valid_from']}"
    if sorted([*codes, *without]) != sorted(WORDS[of]):
        raise ValueError(f"{where}: each of {', '.join(WORDS[of])} has one code or one reason")
    said: dict[str, str] = row.get("reads", {})
    shared = {code for code, times in Counter(codes.values()).items() if times > 1}
    if set(said) != shared or any(codes.get(ours) != code for code, ours in said.items()):
        raise ValueError(f"{where}: `reads` says what each shared code means, and nothing else")
    if bool(row.get("document")) == bool(row.get("assumed")):
        raise ValueError(f"{where}: names its document, or says that it is assumed")
    if not all(codes.values()):
        raise ValueError(f"{where}: a code is empty")
    reads = {code: ours for ours, code in codes.items()} | said
    return CodeTable(
        of, title, row["valid_from"], row.get("document", ""), bool(row.get("assumed")), codes, reads, without
    )
