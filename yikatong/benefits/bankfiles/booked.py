"""What every statement of account is held against: its own balances. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings
from yikatong.benefits.bankfiles.lines import Booking, Statement


def statement(
    number: str,
    account: str,
    on: date | None,
    balances: tuple[int | None, int | None],
    bookings: Sequence[Booking],
    findings: Findings,
    *,
    whole: bool,
) -> Statement:
    """A statement with its opening and closing balance; tells where they and the bookings disagree (file.balance)."""
    opening, closing = balances
    if opening is None or closing is None:
        whole = False
        findings.tell(0, _no_balance())
    else:
        reached = opening + sum(each.fen for each in bookings)
        if reached != closing:
            whole = False
            findings.tell(0, _disagrees(closing, reached))
    return Statement(number, account, on, opening, closing, tuple(bookings), findings.all(), whole)


def not_readable(what_zh: str, what_en: str) -> Refused:
    """A booking that cannot be read; the balances will not agree without it."""
    return Refused(
        "line.booking",
        f"{what_zh}无法识别，这一笔未采用；请向银行核实。",
        f"Cannot read {what_en}; the booking is not taken. Ask the bank.",
    )


def _no_balance() -> Refused:
    return Refused(
        "file.truncated",
        "对账单缺少期初或期末余额，可能不完整；请银行重传。",
        "The statement lacks its opening or closing balance, it may be cut off; ask the bank to send it again.",
    )


def _disagrees(closing: int, reached: int) -> Refused:
    return Refused(
        "file.balance",
        f"期初余额加各笔等于{print_yuan(reached)}元，期末余额写明{print_yuan(closing)}元，不平；请与银行核对。",
        f"Opening balance and bookings make {print_yuan(reached)}, the closing balance says {print_yuan(closing)}.",
    )
