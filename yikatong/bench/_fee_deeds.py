"""Deeds about what an order costs: paid at a bank, taken back, waived by another, refunded by another."""

from __future__ import annotations

from yikatong.bench._desks import Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.cards.services import fees

GROUND = "发卡差错"


def pay(draw: Drawing, life: Life, desk: Desk) -> Deed:
    receipt = draw.blank(f"P{draw.random.randrange(10**12):012d}")
    return draw.order(
        "register_fee", life, desk,
        lambda one: bool(receipt.strip()) and desk.place == "bank" and one.pay(draw.at, desk.actor.code),
        lambda act, number: fees.register_fee(act, number, receipt=receipt, scope=desk.scope),
    )  # fmt: skip


def unpay(draw: Drawing, life: Life, desk: Desk) -> Deed:
    reason = draw.blank("登记错了")
    return draw.order(
        "take_fee_back", life, desk,
        lambda one: bool(reason.strip()) and one.unpay(draw.at, desk.actor.code),
        lambda act, number: fees.take_fee_back(act, number, reason=reason, scope=desk.scope),
    )  # fmt: skip


def waive(draw: Drawing, life: Life, desk: Desk) -> Deed:
    ground = "没有理由" if draw.rarely() else GROUND
    return draw.order(
        "waive_fee", life, desk, lambda one: ground == GROUND and one.waive(desk.actor.code),
        lambda act, number: fees.waive_fee(act, number, reason=ground, scope=desk.scope),
    )  # fmt: skip


def refund(draw: Drawing, life: Life, desk: Desk) -> Deed:
    receipt = draw.blank("退1")
    return draw.order(
        "refund_fee", life, desk, lambda one: bool(receipt.strip()) and one.refund(desk.actor.code),
        lambda act, number: fees.refund_fee(act, number, receipt=receipt, scope=desk.scope),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {"pay_fee": pay, "unpay_fee": unpay, "waive_fee": waive, "refund_fee": refund}
