"""The order or card a service works on, locked for the rest of its act and checked against the clerk's scope.

Orders are locked before their cards, everywhere, so that two counters can never wait for each other.
"""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards.models import Card, Order
from yikatong.cards.queries import unknown_card, unknown_order
from yikatong.office.act import Act
from yikatong.office.scope import Scope, outside
from yikatong.residents.queries import person
from yikatong.residents.rules import DEAD


def locked_order(number: str, scope: Scope | None) -> Order | Refused:
    """The order with this receipt number. Refused: `order.unknown`, `scope.outside`."""
    order = (
        Order.objects.select_for_update(no_key=True, of=("self",))
        .select_related("outlet")
        .filter(number=number.strip().upper())
        .first()
    )
    if order is None:
        return unknown_order(number)
    if scope is not None and not scope.covers(order.region, order.outlet.code):
        return outside(order.region)
    return order


def locked_card(card_no: str, scope: Scope | None) -> Card | Refused:
    """The card with this number. Refused: `card.unknown`, `scope.outside`.

    Only the region decides: a card in its holder's hand belongs to no outlet.
    """
    card = (
        Card.objects.select_for_update(no_key=True, of=("self",))
        .filter(card_no=card_no.strip().upper())
        .first()
    )
    if card is None:
        return unknown_card(card_no)
    if scope is not None and not scope.covers(card.region):
        return outside(card.region)
    return card


def locked_subject(subject: str, scope: Scope | None) -> Order | Card | Refused:
    """What a fact's subject names: `order:7` or `card:5`. Refused as above."""
    kind, _, key = subject.partition(":")
    if kind == "order":
        numbers = Order.objects.filter(pk=key).values_list("number", flat=True)
        return locked_order(numbers.first() or "", scope)
    return locked_card(Card.objects.filter(pk=key).values_list("card_no", flat=True).first() or "", scope)


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
