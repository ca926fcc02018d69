"""My card, my order, and who looked at my data."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yikatong.basics.masking import Sensitive, mask
from yikatong.cards import queries as cards
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.rules import CLOSED, ENDED, LOST, NORMAL, TEMP_LOST
from yikatong.office import clock
from yikatong.residents import queries as residents
from yikatong.residents.queries import Person
from yikatong.web.portal import words
from yikatong.web.portal.doors import resident_only
from yikatong.web.portal.page import page

LOOKS_SHOWN = 200


@dataclass(frozen=True)
class Holding:
    """What a person holds and waits for: at most one valid card and one open order."""

    card: CardRow | None
    order: OrderRow | None

    @property
    def may_report_loss(self) -> bool:
        return self.card is not None and self.card.state == NORMAL

    @property
    def may_undo_loss(self) -> bool:
        return self.card is not None and self.card.state == TEMP_LOST

    @property
    def may_apply(self) -> bool:
        """A first card, a card in place of a lost one, or an exchange."""
        return self.order is None and (self.card is None or self.card.state in (NORMAL, LOST))


def holding(person: Person) -> Holding:
    """Two queries."""
    orders = cards.orders_of(person.id)
    return Holding(
        card=next((card for card in cards.cards_of(person.id) if card.state != ENDED), None),
        order=next((order for order in orders if order.state not in CLOSED), None),
    )


@resident_only
@require_safe
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """The first page: both states of my card in plain words, and how far my order is."""
    mine = holding(person)
    order = mine.order
    return page(
        request,
        "home",
        person,
        mine=mine,
        name=person.name,
        number=mask(Sensitive.IDENTITY_NUMBER, person.number),
        account=mask(Sensitive.ACCOUNT, mine.card.bank_pan) if mine.card else "",
        card_words=words.of_card(mine.card) if mine.card else None,
        bank_words=words.of_bank(mine.card) if mine.card else None,
        steps=words.steps(order) if order else (),
        advice=words.advice(order, clock.today()) if order else "",
        late=bool(order and order.promised_on < clock.today() and order.state.code != "at_outlet"),
    )


@resident_only
@require_safe
def looks(request: HttpRequest, person: Person) -> HttpResponse:
    """Who looked at my data, when, and what for."""
    return page(request, "looks", person, looks=residents.looks(person.id, LOOKS_SHOWN), shown=LOOKS_SHOWN)
