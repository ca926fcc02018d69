"""Pure: where money is of which the bank said two things (查实): what one person finds out, and another agrees to."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What is found out."""

    ARRIVED = "arrived"
    NEVER_LEFT = "never_left"

    @property
    def zh(self) -> str:
        return _OUTCOMES[self][0]

    @property
    def en(self) -> str:
        return _OUTCOMES[self][1]


_OUTCOMES = {
    Outcome.ARRIVED: ("已到账", "it arrived"),
    Outcome.NEVER_LEFT: ("没有付出", "it never left"),
}
