"""Pure decisions about people: which source is trusted over which, who needs a guardian."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from yikatong.basics.states import Machine, Move, State


class Trust(IntEnum):
    """Where an attribute came from; a higher source is never overwritten by a lower one (domain.md 7.2)."""

    SELF = 1
    BANK = 2
    PROVINCE = 3
    POLICE = 4

    @property
    def zh(self) -> str:
        return {1: "本人填报", 2: "银行", 3: "省卡管系统", 4: "公安"}[self.value]


ALIVE = State("alive", "在世", "alive")
DEAD = State("dead", "已故", "deceased")
CANCELLED = State("cancelled", "户籍注销", "household cancelled")

LIFE = Machine(
    name="life",
    zh="人员状态",
    states=(ALIVE, DEAD, CANCELLED),
    firsts=(ALIVE, DEAD, CANCELLED),
    moves=(
        Move("die", (ALIVE, CANCELLED), DEAD),
        Move("cancel_household", (ALIVE,), CANCELLED),
        Move("correct", (DEAD, CANCELLED), ALIVE),
    ),
)


def age_on(birth: date, day: date) -> int:
    """Completed years on that day; a leap-day child turns a year older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def may_overwrite(new: Trust, old: Trust | None) -> bool:
    """Whether an attribute from `new` may replace one that came from `old`."""
    return old is None or new >= old
