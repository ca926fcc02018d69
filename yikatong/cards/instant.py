"""Pure: the way of a card that is made while its holder waits, and what is to be done next, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yikatong.basics.states import State
from yikatong.cards.rules import (
    AT_OUTLET,
    BANK_FAILED,
    BANK_OPENING,
    BATCHED,
    CHECKING,
    CLOSED,
    IN_POST,
    MADE,
    MAKE_FAILED,
    MAKING,
    PROBLEM,
    READY,
    RETAINED,
    SUBMITTED,
    TAKEN_BACK,
)


class Next(StrEnum):
    """Who has the next step."""

    GO_ON = "go_on"  # the counter: the house can take it further by itself
    WAIT = "wait"  # province, bank or maker
    CONFIRM = "confirm"  # the outlet's second person
    MEND = "mend"  # the counter, with the holder: the data, or another bank
    HAND_OVER = "hand_over"
    NOTHING = "nothing"

    @property
    def zh(self) -> str:
        return _SAID[self.value][0]

    @property
    def en(self) -> str:
        return _SAID[self.value][1]


_SAID = {
    "go_on": ("窗口继续办理", "the counter takes it further"),
    "wait": ("等对方答复", "waits for an answer"),
    "confirm": ("网点负责人确认", "the manager confirms it"),
    "mend": ("与持卡人更正", "to be mended with the holder"),
    "hand_over": ("发卡", "hand it over"),
    "nothing": ("已办结", "done"),
}


@dataclass(frozen=True)
class Stage:
    """One stage of the way with the states in which an order stands at it."""

    zh: str
    en: str
    states: tuple[State, ...]


STAGES = (
    Stage("数据比对", "Matching", (SUBMITTED, CHECKING, PROBLEM)),
    Stage("银行预开户", "Account", (BANK_OPENING, BANK_FAILED)),
    Stage("组批与确认", "Batch and confirmation", (READY, BATCHED)),
    Stage("制卡", "Making", (MAKING, MAKE_FAILED)),
    Stage("入库", "Stock", (MADE,)),
    Stage("发卡", "Hand-over", (AT_OUTLET, IN_POST, RETAINED)),
)


def stage_of(state: State) -> int:
    """The stage an order in this state stands at: 0 … 5; 6 once it is collected or withdrawn."""
    return next((place for place, stage in enumerate(STAGES) if state in stage.states), len(STAGES))


def next_step(state: State, *, asked: bool, second_person: bool) -> Next:
    """What is next for an instant order. `asked`: a file awaits its answer; `second_person`: the rule wants one."""
    if state in CLOSED or state is TAKEN_BACK:
        return Next.NOTHING
    if state in (PROBLEM, BANK_FAILED):
        return Next.MEND
    if state is BATCHED:
        return Next.CONFIRM if second_person else Next.GO_ON
    if state in (AT_OUTLET, RETAINED):
        return Next.HAND_OVER
    if state in (CHECKING, MAKING, IN_POST) or (state is BANK_OPENING and asked):
        return Next.WAIT
    return Next.GO_ON
