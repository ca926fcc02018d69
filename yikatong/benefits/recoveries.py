"""Pure: why a payment that left is asked back (追回), and how that may end without the money."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What was learnt after the file had left."""

    DEATH = "death"
    TWICE = "twice"
    EXCLUSIVE = "exclusive"

    @property
    def zh(self) -> str:
        return _WHY[self][0]

    @property
    def en(self) -> str:
        return _WHY[self][1]


_WHY = {
    Why.DEATH: ("所属期间前已死亡", "died before the period"),
    Why.TWICE: ("同一人同一期间领取两次", "one person paid twice for a period"),
    Why.EXCLUSIVE: ("同时领取不可兼得的项目", "two programmes that exclude each other"),
}


class Proposal(StrEnum):
    """How an item is to end where its money does not come back; a second person agrees."""

    WRITE_OFF = "write_off"
    NOT_OWED = "not_owed"

    @property
    def zh(self) -> str:
        return _ENDS[self][0]

    @property
    def en(self) -> str:
        return _ENDS[self][1]


_ENDS = {
    Proposal.WRITE_OFF: ("核销（确实追不回）", "write it off: it cannot be had back"),
    Proposal.NOT_OWED: ("无需追回（查明应当发放）", "nothing is owed: the payment was due"),
}
