"""Pure decisions about what is disclosed: whether funds add up, the way of a version to the public, who may take a step, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State
from yikatong.disclosure.lines import BaseLine

TOTAL = "total"
SPANS = ("whole", "year")


def footing(funds: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """The spans (whole, year) whose sources do not sum to their total. Amounts in fen by span and source."""
    return tuple(
        span
        for span, amounts in funds.items()
        if sum(fen for source, fen in amounts.items() if source != TOTAL) != amounts.get(TOTAL)
    )


# --- the way of a version ---------------------------------------------------------------------------------------------

DRAFTING = State("drafting", "编制中", "being drafted")
PREPARED = State("prepared", "待审核", "waiting for review")
REVIEWED = State("reviewed", "待批准", "waiting for approval")
APPROVED = State("approved", "待公布", "waiting to be published")
PUBLISHED = State("published", "已公布", "published")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")
OPEN_VERSIONS = (DRAFTING, PREPARED, REVIEWED, APPROVED)
VERSION = Machine(
    "budget_version",
    "公开文本版本",
    (*OPEN_VERSIONS, PUBLISHED, WITHDRAWN),
    (DRAFTING,),
    (
        Move("prepare", (DRAFTING,), PREPARED),
        Move("review", (PREPARED,), REVIEWED),
        Move("approve", (REVIEWED,), APPROVED),
        Move("publish", (APPROVED,), PUBLISHED),
        Move("send_back", (PREPARED, REVIEWED, APPROVED), DRAFTING),
        Move("withdraw", OPEN_VERSIONS, WITHDRAWN),
    ),
)


BUDGET, FINAL = "budget", "final"
KINDS = (BUDGET, FINAL)
"""A document is a unit's budget, or its final account (决算) of the year."""


def kind_of(phase: str) -> str:
    """Of which kind documents of a family are, by the phase it prints."""
    return FINAL if phase == "执行" else BUDGET


def told_of(line: BaseLine, year: int, kind: str) -> BaseLine:
    """A line as it is kept: last year's of a final account, told as what was carried out then, is 上年 of this year."""
    if kind == FINAL and (line.year, line.phase) == (year - 1, "执行"):
        return replace(line, year=year, phase="上年")
    return line


def counted_as(line: BaseLine, kind: str) -> BaseLine:
    """A kept line as its ledger counts it: the other way round of `told_of`."""
    if kind == FINAL and line.phase == "上年":
        return replace(line, year=line.year - 1, phase="执行")
    return line


# --- what people judge ------------------------------------------------------------------------------------------------

TOLD = State("told", "待确认", "waiting to be confirmed")
CONFIRMED = State("confirmed", "已确认", "confirmed")
RETURNED = State("returned", "已退回", "sent back")
JUDGEMENT = Machine(
    "judgement",
    "自评评定",
    (TOLD, CONFIRMED, RETURNED),
    (TOLD,),
    (
        Move("confirm", (TOLD,), CONFIRMED),
        Move("send_back", (TOLD,), RETURNED),
        Move("tell_again", (CONFIRMED, RETURNED), TOLD),
    ),
)


def another_person(actor: str, before: Iterable[str]) -> Refused | None:
    """The no to whoever took one of the steps before; preparing, reviewing and approving are three people's."""
    if actor not in before:
        return None
    return Refused(
        "version.same_person",
        "编制、审核、批准须由三个不同的人办理，您已办理过本版本的前一环节。",
        "Preparing, reviewing and approving are done by three different people; you took an earlier step of this version.",
    )


def stranger(lines: Iterable[BaseLine], year: int, unit: str) -> Refused | None:
    """The first base line that is another year's or another unit's."""
    for line in lines:
        if (line.year, line.unit) != (year, unit):
            what = f"{line.function} {line.economic} {line.project}".strip()
            return Refused(
                "lines.stranger",
                f"有一行（{what}）写的是 {line.year} 年、单位 {line.unit}，这份预算是 {year} 年、单位 {unit}。"
                "请核对“年度”和“单位编码”两列后重新上传。",
                f"A line ({what}) is of {line.year}, unit {line.unit}; this budget is of {year}, unit {unit}. "
                "Check the columns of year and unit and upload again.",
                at="file",
            )
    return None


# --- by when ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a budget must be public; `days` is how many are left, negative where it is late or was published late."""

    last_on: date
    days: int
    done: bool
    near: bool

    @property
    def late(self) -> bool:
        """Whether the day has gone by, or had gone by when it was published."""
        return self.days < 0

    @property
    def overdue(self) -> int:
        """By how many days it is late."""
        return max(0, -self.days)


def deadline(replied_on: date, within: int, warned: int, today: date, published_on: date | None) -> Deadline:
    """Within so many days of the finance department's reply (预算法 §14); near when at most `warned` are left."""
    last = replied_on + timedelta(days=within)
    days = (last - (published_on or today)).days
    return Deadline(last, days, published_on is not None, published_on is None and 0 <= days <= warned)
