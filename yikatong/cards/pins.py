"""密码重置与解锁 (pure): what is asked of the card security gateway, and the machine of one request.

A request is written down before the gateway is asked and settled by its answer. Where no answer came it stays open and
the same request is asked again, never a second one: a chip must not be unlocked twice for one visit.
"""

from __future__ import annotations

from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State
from yikatong.cards.agents import Service

ASKED = State("asked", "已请求", "asked")
DONE = State("done", "已完成", "done")
FAILED = State("failed", "未成", "failed")
UNKNOWN = State("unknown", "结果不明", "outcome unknown")

PIN = Machine(
    name="pin_request",
    zh="密码请求",
    states=(ASKED, DONE, FAILED, UNKNOWN),
    firsts=(ASKED,),
    moves=(
        Move("complete", (ASKED, UNKNOWN), DONE),
        Move("fail", (ASKED, UNKNOWN), FAILED),
        Move("doubt", (ASKED,), UNKNOWN),
    ),
)
OPEN = (ASKED.code, UNKNOWN.code)


class PinAction(StrEnum):
    """What the gateway is asked to do with the social security side of a chip."""

    RESET = "reset_pin"
    UNLOCK = "unlock"

    @property
    def service(self) -> Service:
        return Service(self.value)

    @property
    def zh(self) -> str:
        return self.service.zh

    @property
    def en(self) -> str:
        return self.service.en


def unlocks_left(used: int, allowed: int) -> int | Refused:
    """How many unlocks a card has left. Refused: `pin.unlocks_used`."""
    if used < allowed:
        return allowed - used
    return Refused(
        "pin.unlocks_used",
        f"该卡已解锁 {used} 次，达到上限 {allowed} 次，请办理换领。",
        f"This card was unlocked {used} times, the most there is; exchange it.",
        at="card_no",
    )
