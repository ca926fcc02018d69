"""邮寄: a card goes to its holder by courier. It counts as collected when the courier says that it was signed for.

Delivered, it is still 封存: it is enabled like any other card, with the identity document at a window. What comes back
lies at its outlet again; what the courier lost is written off, and its holder applies anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, Order, Posting
from yikatong.cards.parcels import not_offered, not_to_be_posted
from yikatong.cards.posting import (
    CAME_BACK,
    DELIVERED,
    LOST,
    POSTING,
    SENT,
    WISHED,
    Destination,
    read_destination,
    waybill_problem,
)
from yikatong.cards.rows import order_row
from yikatong.cards.rules import LYING, ORDER, SEALED, Mode
from yikatong.cards.services.hand_over import not_to_be_given_out
from yikatong.cards.services.locked import locked_order, record_of_order
from yikatong.cards.services.parcel_ends import End, settle_parcels
from yikatong.cards.services.telling import tell_orders
from yikatong.cards.standing import stands_as
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope


def wish_post(
    act: Act, order_number: str, *, name: str, phone: str, address: str, scope: Scope | None = None
) -> Refused | None:
    """Note that a card is to be posted, or where to if that has changed; at the application or any time before it leaves.

    Refused: `order.unknown`, `scope.outside`, `post.not_offered` (`card.post_offered`), `post.instant`,
    `post.too_late`, `name.*`, `phone.format`, `address.*`, `post.phone`, `post.address`.
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    refused = not_to_be_posted(order_row(order), act.today)
    if refused is not None:
        return refused
    where = read_destination(name, phone, address)
    if isinstance(where, Refused):
        return where
    note_post(act, order, where)
    return None


def may_be_posted(act: Act, mode: Mode, wanted: Destination) -> Destination | Refused:
    """The destination of a card that is just being applied for, as it is kept.

    Refused: `post.not_offered`, `post.instant`, and what `wish_post` refuses of a destination.
    """
    refused = not_offered(mode, act.today)
    return refused if refused is not None else read_destination(wanted.name, wanted.phone, wanted.address)


def note_post(act: Act, order: Order, where: Destination) -> None:
    """Note where the card of a locked order goes; for the services of this folder."""
    values: dict[str, Any] = {"name": where.name, "phone": where.phone, "address": where.address}
    values["fee_fen"] = whole("card.post_fee_fen", act.today)
    row = Posting.objects.select_for_update(no_key=True).filter(order=order).first()
    if row is None:
        Posting.objects.create(order=order, state_since=act.at, **values)
    elif row.state == WISHED.code:
        for field, value in values.items():
            setattr(row, field, value)
        row.save(update_fields=list(values))
    else:
        advance(row, POSTING, "wish_again", state_since=act.at, company="", waybill="", **values)
    record_of_order(act, facts.POST_WISHED, order, fee_fen=values["fee_fen"])


def withdraw_post(act: Act, order_number: str, *, scope: Scope | None = None) -> Refused | None:
    """The holder will come for the card after all. Refused: `order.unknown`, `scope.outside`, `post.none`."""
    found = _of_order(order_number, scope, WISHED.code)
    if isinstance(found, Refused):
        return found
    order, row = found
    advance(row, POSTING, "withdraw", state_since=act.at)
    record_of_order(act, facts.POST_WITHDRAWN, order)
    if order.state in LYING:
        tell_orders(act, Step.AT_OUTLET, [order.pk])
    return None


def hand_to_courier(
    act: Act, order_number: str, *, company: str, waybill: str, scope: Scope | None = None
) -> Refused | None:
    """Hand a card that lies at its outlet to the courier; the holder is told the waybill.

    Refused: `order.unknown`, `scope.outside`, `post.none` (nobody asked for it), `order.not_at_outlet`, `order.frozen`,
    `order.<state of life>`, `card.*`, `post.company`, `post.waybill`, `post.waybill_taken`.
    """
    found = _of_order(order_number, scope, WISHED.code)
    if isinstance(found, Refused):
        return found
    order, row = found
    refused = not_to_be_given_out(act, order)
    if refused is not None:
        return refused
    card = Card.objects.select_for_update(of=("self",), no_key=True).get(order=order)
    if card.state != SEALED.code:
        return stands_as(card.state)
    waybill = waybill.strip().upper()
    refused = waybill_problem(company, waybill, ruling("card.post_companies", act.today).value)
    if refused is not None:
        return refused
    if Posting.objects.filter(company=company, waybill=waybill).exists():
        return Refused(
            "post.waybill_taken",
            f"运单 {waybill} 已用于另一张卡，请核对面单。",
            f"Waybill {waybill} belongs to another card; check the label.",
            at="waybill",
        )
    advance(row, POSTING, "send", state_since=act.at, company=company, waybill=waybill)
    advance(order, ORDER, "post", state_since=act.at)
    record_of_order(act, facts.POSTED, order, company=company, waybill=waybill)
    tell_orders(act, Step.POSTED, [order.pk], company=company, waybill=waybill)
    return None


def confirm_delivered(
    act: Act, *, waybill: str, signed_by: str, on: date, scope: Scope | None = None
) -> Refused | None:
    """The courier's word that a card was signed for: from now on it counts as collected.

    Refused: `post.unknown`, `scope.outside`, `post.settled` (delivered, back or lost already), `order.frozen`,
    `post.signed_by`, `post.date` (after today or before it was sent).
    """
    found = _of_waybill(waybill, scope)
    if isinstance(found, Refused):
        return found
    order, row = found
    if order.frozen_at is not None:
        return Refused(
            "order.frozen",
            f"申请 {order.number} 已冻结，请与寄递企业联系追回。",
            f"Order {order.number} is frozen; have the courier bring the card back.",
            at="waybill",
        )
    name = signed_by.strip()[:50]
    if not name:
        return Refused("post.signed_by", "请填写签收人。", "Say who signed for it.", at="signed_by")
    if not timezone.localdate(row.state_since) <= on <= act.today:
        return Refused(
            "post.date",
            "签收日期不能早于交寄或晚于今天。",
            "It was signed for between sending and today.",
            at="on",
        )
    settle_parcels(act, DELIVERED, [End(order.pk, name, on)])
    return None


def bring_back(act: Act, *, waybill: str, note: str, scope: Scope | None = None) -> Refused | None:
    """A card that could not be delivered lies at its outlet again; that of somebody who died goes to the centre
    (`card.post_dead_to_centre`). Refused: `post.unknown`, `scope.outside`, `post.settled`, `post.note`."""
    found = _of_waybill(waybill, scope)
    if isinstance(found, Refused):
        return found
    if not note.strip():
        return _say_why()
    settle_parcels(act, CAME_BACK, [End(found[0].pk, note.strip()[:60], act.today)])
    return None


def write_off(act: Act, *, waybill: str, note: str, scope: Scope | None = None) -> Refused | None:
    """A card that the courier lost: it ends unused, its order is closed, and its holder may apply anew.

    Refused: `post.unknown`, `scope.outside`, `post.settled`, `post.note` (what the courier says).
    """
    found = _of_waybill(waybill, scope)
    if isinstance(found, Refused):
        return found
    if not note.strip():
        return _say_why()
    settle_parcels(act, LOST, [End(found[0].pk, note.strip()[:60], act.today)])
    return None


def _of_order(number: str, scope: Scope | None, state: str) -> tuple[Order, Posting] | Refused:
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    row = Posting.objects.select_for_update(no_key=True).filter(order=order, state=state).first()
    if row is not None:
        return order, row
    return Refused(
        "post.none",
        f"申请 {order.number} 没有待交寄的邮寄登记。",
        f"Nothing is to be posted for order {order.number}.",
        at="order_number",
    )


def _of_waybill(waybill: str, scope: Scope | None) -> tuple[Order, Posting] | Refused:
    wanted = Posting.objects.filter(waybill=waybill.strip().upper()).exclude(waybill="")
    number = wanted.order_by("-state_since").values_list("order__number", flat=True).first()
    if number is None:
        return Refused(
            "post.unknown",
            f"没有运单号为 {waybill.strip()[:30]} 的邮寄，请核对。",
            f"No card went with waybill {waybill.strip()[:30]}; check it.",
            at="waybill",
        )
    found = _of_order(number, scope, SENT.code)
    if not isinstance(found, Refused) or found.code != "post.none":
        return found
    row = Posting.objects.get(order__number=number)
    state = POSTING.state(row.state)
    return Refused(
        "post.settled",
        f"运单 {row.waybill} 已登记为“{state.zh}”，无需重复办理。",
        f"Waybill {row.waybill} is already on record as {state.en}.",
        at="waybill",
    )


def _say_why() -> Refused:
    return Refused("post.note", "请填写寄递企业所述原因。", "Say what the courier says.", at="note")
