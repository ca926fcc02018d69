"""The bank's side of the counter, for the simulator: payment files read and answers written by the same agreement.

Written apart from the house's own readers and writers on purpose: two readings of one agreement find what one of them
takes for granted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Payment(NamedTuple):
    """One line of a payment file as the bank reads it."""

    sequence: int
    row_id: str
    name: str
    account: str
    fen: int


@dataclass(frozen=True)
class Order:
    """A payment file as the bank reads it."""

    number: str
    payer_account: str
    on: date
    payments: tuple[Payment, ...]


class Outcome(NamedTuple):
    """What became of one payment, in the bank's words. `moved` says whether the money really arrived."""

    sequence: int
    row_id: str
    fen: int
    code: str
    text: str
    at: datetime
    serial: str
    moved: bool


class Entry(NamedTuple):
    """One movement of the payer's account."""

    number: str
    row_id: str
    fen: int
    on: date
    serial: str
    text: str
    returned: bool


class NotTaken(Exception):
    """The bank cannot take this file; `number` as far as it can be read."""

    def __init__(self, number: str = "") -> None:
        super().__init__(number)
        self.number = number
