"""申领、补领、换领: an application is taken, withdrawn, or taken up again after its data were mended."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent, Service
from yikatong.cards.channels import not_through
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.posting import Destination
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import ORDER, Mode, OrderKind
from yikatong.cards.services.admission import (
    card_replaced,
    fee_fen,
    just_taken,
    may_not_apply,
    not_alive,
    open_order,
    place_for,
    promise,
)
from yikatong.cards.services.agency import note_who_came, who_comes
from yikatong.cards.services.fee_ends import begin_fees, end_fees
from yikatong.cards.services.locked import locked_order, record_of_order
from yikatong.cards.services.parcel_ends import CANCELLED_BEFORE, end_wishes
from yikatong.cards.services.posting import may_be_posted, note_post
from yikatong.cards.services.telling import tell_orders
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.scope import Scope
from yikatong.residents import services as residents
from yikatong.residents.queries import Person, person

ONE_OPEN = "order_one_open_per_person"


def apply_for_card(
    act: Act,
    *,
    resident_id: int,
    kind: OrderKind,
    mode: Mode,
    outlet_code: str,
    bank_code: str,
    channel: str,
    reason: str = "",
    by: Agent | None = None,
    post: Destination | None = None,
    scope: Scope | None = None,
) -> OrderRow | Refused:
    """Take an application; the applicant is told the receipt number and the promised day by short message.

    `reason` (at most 60 characters) is why a card is replaced. Refused: `channel.not_offered`, `order.outlet_unknown`,
    `scope.outside`, `order.not_instant`, `order.bank_unknown`, `order.unknown_person`, `order.deceased`,
    `order.guardian_needed`, `order.open`, `order.has_card` (new), `order.no_lost_card` (re-issue), `order.no_card`
    (exchange), `agent.*` where `by` says who came instead of the applicant, `post.*`, `name.*`, `phone.format` and
    `address.*` where `post` says that the card is to be posted. Sources: domain.md 2.1, 2.3, 2.5.
    """
    place = place_for(act, outlet_code, bank_code, mode, scope)
    if isinstance(place, Refused):
        return place
    refused = not_through(act, Service.APPLY) if kind is OrderKind.NEW else None
    if refused is not None:
        return refused
    residents.hold([resident_id])
    applicant = person(resident_id)
    refused = may_not_apply(act, applicant)
    if refused is not None:
        return refused
    assert applicant is not None
    replaced = card_replaced(resident_id, kind)
    if isinstance(replaced, Refused):
        return replaced
    came = who_comes(act, Service.APPLY, resident_id, by) if by is not None else None
    if isinstance(came, Refused):
        return came
    where = may_be_posted(act, mode, post) if post is not None else None
    if isinstance(where, Refused):
        return where
    order = Order(
        number=next_number("S"),
        # Of merged records the survivor's, so that one person has one open order whichever record was asked for.
        resident_id=applicant.id,
        kind=kind,
        mode=mode,
        reason=reason[:60],
        channel=channel,
        region=place.region,
        outlet_id=place.id,
        bank_code=bank_code,
        fee_fen=fee_fen(kind, act.today),
        applied_at=act.at,
        promised_on=promise(mode, act.today),
        state_since=act.at,
        replaces=replaced,
    )
    refused = _stored(order)
    if refused is not None:
        return refused
    _record_application(act, order, applicant, place.code)
    if where is not None:
        note_post(act, order, where)
    if came is not None:
        note_who_came(act, came, f"order:{order.pk}", region=order.region, outlet=place.code)
    return order_row(order)


def _stored(order: Order) -> Refused | None:
    """Store the order; where two counters took the same person at once, the database lets one through."""
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        if ONE_OPEN not in str(error):
            raise
        already = open_order(order.resident_id)
        return already if already is not None else just_taken()
    return None


def _record_application(act: Act, order: Order, applicant: Person, outlet: str) -> None:
    act.record(
        facts.APPLIED,
        subject=f"order:{order.pk}",
        person=applicant.id,
        region=order.region,
        outlet=outlet,
        number=order.number,
        order_kind=str(order.kind),
        mode=str(order.mode),
        channel=order.channel,
        promised_on=order.promised_on.isoformat(),
    )
    if order.fee_fen:
        begin_fees(act, [order.pk])
    tell_orders(act, Step.APPLIED, [order.pk])


def cancel_order(act: Act, number: str, reason: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Withdraw an application that is not yet in a batch.

    Refused: `order.unknown`, `scope.outside`, `order.reason_missing`, `order.not_cancellable`.
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if not reason.strip():
        return Refused(
            "order.reason_missing", "请填写撤销原因。", "Say why the order is cancelled.", at="reason"
        )
    if ORDER.target("cancel", order.state) is None:
        return _wrong_state("order.not_cancellable", order, "不能撤销", "cannot be cancelled")
    end_wishes(act, [order.pk], *CANCELLED_BEFORE)
    end_fees(act, [order.pk])
    advance(order, ORDER, "cancel", state_since=act.at, asked="")
    record_of_order(act, facts.ORDER_CANCELLED, order, reason=reason.strip()[:60])
    tell_orders(act, Step.CANCELLED, [order.pk])
    return order_row(order)


def resubmit(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Send an application through matching again after its data were mended or the bank refused the account.

    Refused: `order.unknown`, `scope.outside`, `order.not_in_problem`, and what would refuse the applicant now.
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if ORDER.target("resubmit", order.state) is None:
        return _wrong_state("order.not_in_problem", order, "无需重新提交", "has nothing to resubmit")
    applicant = person(order.resident_id)
    refused = not_alive(applicant)
    if refused is not None:
        return refused
    advance(order, ORDER, "resubmit", state_since=act.at, asked="", problem_code="", problem_text="")
    record_of_order(act, facts.RESUBMITTED, order)
    return order_row(order)


def _wrong_state(code: str, order: Order, zh: str, en: str) -> Refused:
    state = ORDER.state(order.state)
    return Refused(
        code,
        f"申请 {order.number} 目前为“{state.zh}”，{zh}。",
        f"Order {order.number} is {state.en} and {en}.",
        at="order_number",
    )
