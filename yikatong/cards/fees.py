"""工本费 (pure): the machine of what an order costs, and the sentences about it. Amounts in whole fen.

A fee is born with its order where the city's rule (`card.fee.*_fen`) is more than nothing. It is registered as paid by
whoever collects it (`card.fee.collected_by`: the centre's counters, or the bank), waived by a second person, and
refunded by another than registered it where its order was cancelled.
"""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

DUE = State("due", "待缴", "due")
PAID = State("paid", "已缴", "paid")
WAIVED = State("waived", "免收", "waived")
OVER = State("over", "不再收取", "not due any more")
OWED = State("owed", "待退费", "to be refunded")
REFUNDED = State("refunded", "已退费", "refunded")

FEE = Machine(
    name="fee",
    zh="工本费",
    states=(DUE, PAID, WAIVED, OVER, OWED, REFUNDED),
    firsts=(DUE,),
    moves=(
        Move("pay", (DUE,), PAID),
        Move("take_back", (PAID,), DUE),  # registered in error
        Move("waive", (DUE,), WAIVED),
        Move("lapse", (DUE,), OVER),  # the order ended before anything was paid
        Move("owe", (PAID,), OWED),  # it was cancelled after
        Move("refund", (OWED,), REFUNDED),
    ),
)
HELD = (PAID.code, OWED.code)
"""The states in which somebody's money lies with us."""

RECEIPT_LENGTH = 40
BEFORE_HAND_OVER = "hand_over"
"""Value of `card.fee.before`: the card is given out only once its fee is paid or waived. Otherwise `never`."""


def read_receipt(text: str) -> str | Refused:
    """The number of the receipt or of the bank's entry. Refused: `fee.receipt`."""
    number = " ".join(text.split()).upper()
    if number and len(number) <= RECEIPT_LENGTH:
        return number
    return Refused(
        "fee.receipt",
        f"请填写票据号或银行流水号（最多{RECEIPT_LENGTH}字）。",
        f"Enter the number of the receipt or of the bank's entry (at most {RECEIPT_LENGTH} characters).",
        at="receipt",
    )


def unpaid(number: str, yuan: str) -> Refused:
    """Why a card is not given out."""
    return Refused(
        "fee.due",
        f"申请 {number} 的工本费 {yuan} 元还没有登记缴纳，请先登记缴费，或由负责人登记免收。",
        f"The fee of {yuan} yuan of order {number} is not on record as paid; record it, or have it waived.",
        at="order_number",
    )


def stands(number: str, state: State) -> Refused:
    """The no where a fee is not in the state the step begins from."""
    return Refused(
        "fee.state",
        f"申请 {number} 的工本费目前为“{state.zh}”，不能这样办理。",
        f"The fee of order {number} is {state.en}; this cannot be done with it.",
        at="order_number",
    )
