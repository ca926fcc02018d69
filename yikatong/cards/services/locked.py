"""The order or card a service works on, locked for the rest of its act and checked against the clerk's scope.

Orders are locked before their cards, everywhere, so that two counters can never wait for each other.
"""

from __future__ import annotations

from typing import Any

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards.models import ApplicationList, Card, Order
from yikatong.cards.queries import unknown_card, unknown_order
from yikatong.cards.unit_lists import unknown_list
from yikatong.office.act import Act
from yikatong.office.scope import Scope, outside
from yikatong.residents.queries import person
from yikatong.residents.rules import DEAD


def locked_order(number: str, scope: Scope | None) -> Order | Refused:
    """The order with this receipt number. Refused: `order.unknown`, `scope.outside`."""
    # Without its outlet: who waits for an order that is moved to another outlet meanwhile would find none by that join.
    order = Order.objects.select_for_update(no_key=True).filter(number=number.strip().upper()).first()
    if order is None:
        return unknown_order(number)
    if scope is not None and not scope.covers(order.region, order.outlet.code):
        return outside(order.region)
    return order


def locked_card(card_no: str, scope: Scope | None) -> Card | Refused:
    """The card with this number. Refused: `card.unknown`, `scope.outside`, `scope.other_bank`.

    A card in its holder's hand belongs to no outlet: its region decides, and for a bank's operator its bank.
    """
    card = (
        Card.objects.select_for_update(no_key=True, of=("self",))
        .filter(card_no=card_no.strip().upper())
        .first()
    )
    if card is None:
        return unknown_card(card_no)
    refused = scope.refuses(card.region, bank=card.bank_code) if scope is not None else None
    return card if refused is None else refused


def locked_subject(subject: str, scope: Scope | None) -> Order | Card | Refused:
    """What a fact's subject names: `order:7` or `card:5`. Refused as above."""
    kind, _, key = subject.partition(":")
    if kind == "order":
        numbers = Order.objects.filter(pk=key).values_list("number", flat=True)
        return locked_order(numbers.first() or "", scope)
    return locked_card(Card.objects.filter(pk=key).values_list("card_no", flat=True).first() or "", scope)


def locked_list(number: str, scope: Scope) -> ApplicationList | Refused:
    """The application list with this number, without its file. Refused: `list.unknown`, which says nothing of others'."""
    row = (
        ApplicationList.objects.select_for_update(no_key=True, of=("self",))
        .select_related("unit", "outlet")
        .filter(number=number.strip().upper())
        .first()
    )
    if row is None or not scope.covers(row.region, row.outlet.code):
        return unknown_list(number)
    return row


def record_of_order(act: Act, kind: Kind, order: Order, **payload: Any) -> None:
    """A fact about one person's order, with its number."""
    act.record(
        kind,
        subject=f"order:{order.pk}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet.code,
        number=order.number,
        **payload,
    )


def place(act: Act, card: Card) -> dict[str, str]:
    """Where a fact about a card in its holder's hand belongs: the card's region, the outlet that acts."""
    return {"region": card.region, "outlet": act.actor.outlet or card.outlet}


def deceased(card: Card) -> Refused | None:
    """`card.deceased`: nothing is opened again for somebody who died."""
    holder = person(card.resident_id)
    if holder is None or holder.state != DEAD.code:
        return None
    return Refused(
        "card.deceased",
        "持卡人已登记死亡，该卡不能再启用、激活或解除挂失。",
        "The holder is recorded as deceased; the card is not enabled, activated or released any more.",
        at="card_no",
    )
