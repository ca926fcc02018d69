"""What is recorded of fees (工本费). Subject: `order:<id>`."""

from __future__ import annotations

from yikatong.basics.kinds import Kind

# of all six: number, amount_fen, and where there is one the receipt (yuan: the amount as people read it)
FEE_DUE = Kind("card.fee_due", "申请 {number} 应收工本费", "order {number} costs a fee")
FEE_PAID = Kind(
    "card.fee_paid",
    "{actor} 登记缴费 {yuan} 元（票据 {receipt}）",
    "{actor} registered {yuan} yuan as paid (receipt {receipt})",
)
FEE_TAKEN_BACK = Kind(
    "card.fee_taken_back",
    "{actor} 撤销缴费登记（票据 {receipt}）：{reason}",
    "{actor} took a registered payment back (receipt {receipt}): {reason}",
)
FEE_WAIVED = Kind("card.fee_waived", "{actor} 登记免收工本费：{reason}", "{actor} waived the fee: {reason}")
FEE_OVER = Kind(
    "card.fee_over", "申请已了结，不再收取工本费", "the order is over, its fee is not due any more"
)
FEE_OWED = Kind(
    "card.fee_owed", "申请已撤销，工本费待退", "the order was cancelled, its fee is to be refunded"
)
FEE_REFUNDED = Kind(
    "card.fee_refunded",
    "{actor} 退费 {yuan} 元（票据 {receipt}）",
    "{actor} refunded {yuan} yuan (receipt {receipt})",
)

KINDS = (
    FEE_DUE,
    FEE_PAID,
    FEE_TAKEN_BACK,
    FEE_WAIVED,
    FEE_OVER,
    FEE_OWED,
    FEE_REFUNDED,
)
