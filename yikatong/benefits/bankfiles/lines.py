"""What every bank's files say, whatever their form: the head, the payments, the answers and what is wrong with them.

Amounts are whole fen; times are the bank's own, without a zone (they are all Beijing time).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from yikatong.benefits.bankfiles.results import Result


@dataclass(frozen=True, slots=True)
class FileHeader:
    """The head of a payment file. `number` is 1-16 letters and digits and never comes twice at one bank.

    `rows` and `total_fen` are what the batch says; a file whose lines do not add up to them is not written.
    """

    number: str
    programme_code: str
    programme_name: str
    payer_account: str
    payer_name: str
    rows: int
    total_fen: int
    on: date


class PaymentLine(NamedTuple):
    """One person's payment. `sequence` counts from 1 without a gap; `row_id` is 1-16 letters and digits.

    `memo` is what the person reads in the account's statement; `id_tail` the last four signs of the number.
    """

    sequence: int
    row_id: str
    name: str
    account: str
    bank_code: str
    fen: int
    memo: str
    id_tail: str


class AnswerLine(NamedTuple):
    """What the bank says of one payment: `result` in our codes, `bank_code` and `bank_text` in its own.

    `sequence` is 0, `at` None and `fen` None where the form of the answer does not tell them.
    """

    sequence: int
    row_id: str
    result: Result
    bank_code: str
    bank_text: str
    at: datetime | None
    serial: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file or a line of it, and what to do, in `zh` and `en`.

    `line` is the line of the file as an editor counts it, when writing the line's `sequence`; 0 for the file as a whole.
    """

    line: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A payment file that may not be written, and why: each problem's `line` is a `sequence`. Falsy, as `Refused` is."""

    problems: tuple[Problem, ...]

    def __bool__(self) -> bool:
        return False


class Verdict(NamedTuple):
    """What the bank says of a file as a whole; it holds for every row that has no line of its own.

    PAID: all of them are paid. UNKNOWN: the file was taken, or nobody can tell; the rows are still open. Anything else:
    the file was refused whole, for this reason. `never`: it is UNKNOWN because the answer broke off, and said until there
    that the bank never received the file.
    """

    result: Result
    bank_code: str
    bank_text: str
    never: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """An answer file as far as it can be read: good lines in the order of the file, and a problem for each other line.

    `number` is the payment file it answers ("" where that cannot be read). `verdict` is there where the bank speaks of
    the file as a whole: then no line need follow. `complete` is False where the file's own totals or digest do not
    agree with what was read, or its end is missing.
    """

    number: str
    on: date | None
    verdict: Verdict | None
    lines: tuple[AnswerLine, ...]
    problems: tuple[Problem, ...]
    complete: bool


class Booking(NamedTuple):
    """One movement of our account. `fen` is what came in, negative for what went out.

    `number` and `row_id` are what the entry says it belongs to, "" where it does not. `returned` marks money that came
    back because it could not be credited.
    """

    line: int
    number: str
    row_id: str
    fen: int
    on: date
    serial: str
    text: str
    returned: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of account as far as it can be read. The balances are None where they cannot be read.

    `on` is the day of the closing balance. `complete` is False where opening balance and bookings do not add up to the
    closing balance, or the end is missing.
    """

    number: str
    account: str
    on: date | None
    opening_fen: int | None
    closing_fen: int | None
    bookings: tuple[Booking, ...]
    problems: tuple[Problem, ...]
    complete: bool
