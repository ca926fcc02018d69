"""Reads: what orders cost, what an outlet took on a day, and what is owed to payers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.fees import DUE, FEE, OWED, unpaid
from yikatong.cards.models import Fee, Order
from yikatong.office.rulebook import NoSuchRule, whole
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class FeeRow:
    """The fee of one order, in fen; `outlet` (name) is where it was paid."""

    order: str
    amount_fen: int
    state: State
    state_since: datetime
    first: bool
    receipt: str
    paid_by: str
    paid_at: datetime | None
    reason: str
    refund_receipt: str


def fee_row(fee: Fee) -> FeeRow:
    """Needs `order` loaded (select_related) to cost nothing more."""
    return FeeRow(
        fee.order.number,
        fee.amount_fen,
        FEE.state(fee.state),
        fee.state_since,
        fee.first,
        fee.receipt,
        fee.paid_by,
        fee.paid_at,
        fee.reason,
        fee.refund_receipt,
    )


def fee_of(order_id: int) -> FeeRow | None:
    """The fee of an order; None where it is free."""
    found = Fee.objects.select_related("order").filter(order=order_id).first()
    return fee_row(found) if found is not None else None


def not_settled(order: Order) -> Refused | None:
    """`fee.due`: why the card of this order is not given out yet (`card.fee.before`)."""
    if not order.fee_fen:
        return None
    fee = Fee.objects.filter(order=order, state=DUE.code, first=True).first()
    return None if fee is None else unpaid(order.number, print_yuan(fee.amount_fen))


def fees_here(today: date) -> bool:
    """Whether anything costs anything in this city today, or money of former days is still to be seen to."""
    try:
        costs = any(whole(f"card.fee.{kind}_fen", today) for kind in ("first", "reissue"))
    except NoSuchRule:  # no centre is open yet
        return False
    return costs or Fee.objects.filter(state__in=(DUE.code, OWED.code)).exists()


def owed(scope: Scope, limit: int = 100) -> tuple[FeeRow, ...]:
    """What is to be refunded, the longest waiting first."""
    rows = Fee.objects.select_related("order").filter(state=OWED.code)
    narrowed = scope.narrow(rows, region="order__region", outlet="order__outlet__code")
    return tuple(map(fee_row, narrowed.order_by("state_since", "pk")[:limit]))


def paid_on(day: date, scope: Scope, limit: int = 500) -> tuple[FeeRow, ...]:
    """What was paid on a day at the outlets of this scope, as it stands now, in the order of payment."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    rows = Fee.objects.select_related("order").filter(
        paid_at__gte=begin, paid_at__lt=begin + timedelta(days=1)
    )
    narrowed = scope.narrow(rows, region="outlet__region__code", outlet="outlet__code")
    return tuple(map(fee_row, narrowed.order_by("paid_at", "pk")[:limit]))
