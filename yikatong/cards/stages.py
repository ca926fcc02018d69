"""How far the orders of a list have come, as its unit asks (pure)."""

from __future__ import annotations

from enum import StrEnum

from yikatong.cards.rules import (
    BANK_FAILED,
    CANCELLED,
    COLLECTED,
    DESTROYED,
    LYING,
    MAKE_FAILED,
    PROBLEM,
    TAKEN_BACK,
)


class Stage(StrEnum):
    """How far an order of a list has come, as its unit asks."""

    MAKING = "making"
    PROBLEM = "problem"
    AT_OUTLET = "at_outlet"
    COLLECTED = "collected"
    OVER = "over"

    @property
    def zh(self) -> str:
        return _STAGES[self][0]

    @property
    def en(self) -> str:
        return _STAGES[self][1]


_STAGES = {
    Stage.MAKING: ("办理中", "under way"),
    Stage.PROBLEM: ("有问题", "with a problem"),
    Stage.AT_OUTLET: ("待领卡", "at the outlet"),
    Stage.COLLECTED: ("已领取", "collected"),
    Stage.OVER: ("已撤销或退回", "cancelled or taken back"),
}
STAGES: dict[Stage, tuple[str, ...]] = {
    Stage.PROBLEM: (PROBLEM.code, BANK_FAILED.code, MAKE_FAILED.code),
    Stage.AT_OUTLET: LYING,
    Stage.COLLECTED: (COLLECTED.code,),
    Stage.OVER: (TAKEN_BACK.code, DESTROYED.code, CANCELLED.code),
}
"""Which states of an order each stage is; every other one is under way."""


def stage_of(state_code: str) -> Stage:
    """The stage of an order in this state."""
    return next((stage for stage, codes in STAGES.items() if state_code in codes), Stage.MAKING)
