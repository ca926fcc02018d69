"""The row with which province and banks answer for one order."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """A good answer brings `value` (card number or account), else `text` says what is wrong.

    `result` is the counterpart's own code (`codes.py`).
    """

    order_number: str
    person_number: str
    result: str
    text: str
    value: str
