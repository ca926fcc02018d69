"""工本费: registered as paid, taken back where that was a mistake, waived, refunded; each with who, when and its receipt."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.cards import fee_facts
from yikatong.cards.channels import Channel, channel_of
from yikatong.cards.fees import DUE, FEE, OWED, PAID, read_receipt, stands
from yikatong.cards.models import Fee, Order
from yikatong.cards.payments import FeeRow, fee_row
from yikatong.cards.rules import COLLECTED, IN_POST
from yikatong.cards.services.locked import locked_order, record_of_order
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.places import outlet
from yikatong.office.rulebook import ruling
from yikatong.office.scope import Scope

GIVEN_OUT = (COLLECTED.code, IN_POST.code)


def register_fee(
    act: Act, order_number: str, *, receipt: str, scope: Scope | None = None
) -> FeeRow | Refused:
    """登记缴费: the fee of an order was paid, as this receipt (or the bank's entry) says.

    Refused: `order.unknown`, `scope.outside`, `fee.none` (the order is free), `fee.state`, `fee.not_here` (somebody else
    collects: `card.fee.collected_by`), `fee.receipt`, `fee.receipt_used` (at the same outlet, for another order).
    """
    found = _of_order(order_number, scope, DUE.code)
    if isinstance(found, Refused):
        return found
    order, fee = found
    refused = _not_here(act)
    if refused is not None:
        return refused
    number = read_receipt(receipt)
    if isinstance(number, Refused):
        return number
    here = outlet(act.actor.outlet) if act.actor.outlet else None
    try:
        with transaction.atomic():
            advance(
                fee,
                FEE,
                "pay",
                state_since=act.at,
                receipt=number,
                paid_by=act.actor.code,
                paid_at=act.at,
                outlet_id=here.id if here is not None else order.outlet_id,
            )
    except IntegrityError as error:
        if "fee_receipt_once" not in str(error):
            raise
        return Refused(
            "fee.receipt_used",
            f"票据 {number} 已登记在另一笔申请上，请核对。",
            f"Receipt {number} belongs to another order; check it.",
            at="receipt",
        )
    record_of_order(
        act, fee_facts.FEE_PAID, order, amount_fen=fee.amount_fen, receipt=number, yuan=_yuan(fee)
    )
    return fee_row(fee)


def take_fee_back(
    act: Act, order_number: str, *, reason: str, scope: Scope | None = None
) -> FeeRow | Refused:
    """撤销缴费登记: it was registered by mistake; on the same day, by whoever registered it.

    Refused: `order.unknown`, `scope.outside`, `fee.none`, `fee.state`, `fee.reason`, `fee.not_yours`, `fee.not_today`,
    `fee.given_out`.
    """
    found = _of_order(order_number, scope, PAID.code)
    if isinstance(found, Refused):
        return found
    order, fee = found
    why = reason.strip()[:60]
    if not why:
        return _say_why()
    if fee.paid_by != act.actor.code:
        return Refused(
            "fee.not_yours",
            "缴费登记只能由登记人撤销；已收的款请在撤销申请后办理退费。",
            "Only who registered it takes it back; money that was taken is refunded once the order is cancelled.",
        )
    if fee.paid_at is None or timezone.localtime(fee.paid_at).date() != act.today:
        return Refused(
            "fee.not_today",
            "缴费登记只能在当天撤销。",
            "A registration is taken back on the same day only.",
        )
    if fee.first and order.state in GIVEN_OUT:
        return Refused(
            "fee.given_out",
            f"申请 {order.number} 的卡已经发出，缴费登记不能再撤销。",
            f"The card of {order.number} was given out; its payment is not taken back any more.",
        )
    receipt = fee.receipt
    advance(fee, FEE, "take_back", state_since=act.at, receipt="", paid_by="", paid_at=None, outlet_id=None)
    record_of_order(
        act, fee_facts.FEE_TAKEN_BACK, order, amount_fen=fee.amount_fen, receipt=receipt, reason=why
    )
    return fee_row(fee)


def waive_fee(act: Act, order_number: str, *, reason: str, scope: Scope | None = None) -> FeeRow | Refused:
    """免收: a second person waives the fee on one of the grounds the city knows (`card.fee.waivers`).

    Refused: `order.unknown`, `scope.outside`, `fee.none`, `fee.state`, `fee.ground`, `fee.same_person`.
    """
    found = _of_order(order_number, scope, DUE.code)
    if isinstance(found, Refused):
        return found
    order, fee = found
    if reason not in ruling("card.fee.waivers", act.today).value:
        return Refused("fee.ground", "请选择免收的理由。", "Choose why it is waived.", at="reason")
    if fee.asked_by == act.actor.code:
        return _same_person(
            "受理人不能免收自己受理的申请，请由另一人办理。",
            "Who took the application does not waive its fee.",
        )
    advance(fee, FEE, "waive", state_since=act.at, reason=reason, decided_by=act.actor.code)
    record_of_order(act, fee_facts.FEE_WAIVED, order, amount_fen=fee.amount_fen, reason=reason)
    return fee_row(fee)


def refund_fee(act: Act, order_number: str, *, receipt: str, scope: Scope | None = None) -> FeeRow | Refused:
    """退费: the money goes back to the payer of an order that was cancelled; by another than registered the payment.

    Refused: `order.unknown`, `scope.outside`, `fee.none`, `fee.state`, `fee.receipt`, `fee.same_person`.
    """
    found = _of_order(order_number, scope, OWED.code)
    if isinstance(found, Refused):
        return found
    order, fee = found
    number = read_receipt(receipt)
    if isinstance(number, Refused):
        return number
    if fee.paid_by == act.actor.code:
        return _same_person(
            "收费登记人不能办理退费，请由另一人办理。", "Who registered the payment does not refund it."
        )
    advance(fee, FEE, "refund", state_since=act.at, refund_receipt=number, decided_by=act.actor.code)
    record_of_order(
        act, fee_facts.FEE_REFUNDED, order, amount_fen=fee.amount_fen, receipt=number, yuan=_yuan(fee)
    )
    return fee_row(fee)


def _of_order(number: str, scope: Scope | None, state: str) -> tuple[Order, Fee] | Refused:
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    fee = Fee.objects.select_for_update(no_key=True).filter(order=order).first()
    if fee is None:
        return Refused(
            "fee.none",
            f"申请 {order.number} 不收工本费。",
            f"Order {order.number} is free of charge.",
            at="order_number",
        )
    return (order, fee) if fee.state == state else stands(order.number, FEE.state(fee.state))


def _not_here(act: Act) -> Refused | None:
    by_bank = ruling("card.fee.collected_by", act.today).value == "bank"
    if channel_of(act) in ((Channel.BANK, None) if by_bank else (Channel.WINDOW, Channel.BANK, None)):
        return None
    if by_bank:
        return Refused(
            "fee.not_here",
            "本市工本费由银行代收，请在银行网点登记。",
            "In this city the bank collects the fee; it is registered at a bank's outlet.",
        )
    return Refused("fee.not_here", "工本费须在窗口登记。", "The fee is registered at a counter.")


def _yuan(fee: Fee) -> str:
    return print_yuan(fee.amount_fen)


def _say_why() -> Refused:
    return Refused("fee.reason", "请填写撤销原因。", "Say why it is taken back.", at="reason")


def _same_person(zh: str, en: str) -> Refused:
    return Refused("fee.same_person", zh, en)
