"""The row with which province and banks answer for one order."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """`result` 0 is a good answer and brings `value` (card number or account); else `text` says what is wrong."""

    order_number: str
    person_number: str
    result: str
    text: str
    value: str


GOOD = "0"
