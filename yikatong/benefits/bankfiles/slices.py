"""Slices of payments put into the rows of a bank's file, by hands that have no database. Pure.

What leaves for the banks is read sealed, and opened here: in the process that writes the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from yikatong.basics.masking import Sensitive
from yikatong.basics.unsealing import unseal_all
from yikatong.benefits.bankfiles.exchange import rows
from yikatong.benefits.bankfiles.lines import PaymentLine
from yikatong.benefits.bankfiles.profiles import profiles

SLICE = 1_000
"""Payments put together at a time: not more than a form tells problems of one by one (`findings.MOST`)."""
Row = tuple[int, int, str, bytes, str, bytes]
"""A payment's key, its fen, the name, the account (sealed), and the tail of the number, or the number (sealed)."""


class Told(NamedTuple):
    """What a hand is told: the bank's form, what stands on the holder's statement, and the keys of sealed values."""

    profile: str
    bank_code: str
    memo: str
    keys: Mapping[int, bytes]


class Put(NamedTuple):
    """A slice put together; `unfit` are payments that this form cannot carry, with why."""

    body: bytes
    fen: int
    unfit: list[tuple[int, str, str]]


def begin(told: Told) -> Callable[[tuple[int, Sequence[Row]]], Put]:
    """What puts one slice after another together."""
    profile = profiles()[told.profile]

    def put(some: tuple[int, Sequence[Row]]) -> Put:
        first, payments = some
        accounts = unseal_all(told.keys, Sensitive.ACCOUNT.value, [row[3] for row in payments])
        numbers = unseal_all(told.keys, Sensitive.IDENTITY_NUMBER.value, [row[5] for row in payments])
        lines = [
            PaymentLine(
                sequence,
                str(row[0]),
                row[2],
                account.decode(),
                told.bank_code,
                row[1],
                told.memo,
                row[4] or number.decode()[-4:],
            )
            for sequence, (row, account, number) in enumerate(
                zip(payments, accounts, numbers, strict=True), first
            )
        ]
        body, problems = rows(profile, lines)
        unfit = [(payments[each.line - first][0], each.zh, each.en) for each in problems]
        return Put(body, sum(line.fen for line in lines), unfit)

    return put
