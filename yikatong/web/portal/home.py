"""My card, my order, and who looked at my data."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yikatong.basics.masking import Sensitive, mask
from yikatong.cards import queries as cards
from yikatong.cards.agents import Service
from yikatong.cards.enabling import not_enabled_online
from yikatong.cards.meanings import Meaning, sides
from yikatong.cards.parcels import not_to_be_posted
from yikatong.cards.pick_up import not_to_be_moved
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.rules import CLOSED
from yikatong.cards.standing import Side
from yikatong.office import clock
from yikatong.residents import queries as residents
from yikatong.residents.queries import Person
from yikatong.web.portal import words
from yikatong.web.portal.children import children_of
from yikatong.web.portal.doors import resident_only
from yikatong.web.portal.page import page

LOOKS_SHOWN = 200


@dataclass(frozen=True)
class Holding:
    """What a person holds and waits for: at most one valid card with its meaning, and one open order."""

    card: CardRow | None
    meaning: Meaning | None
    order: OrderRow | None

    @property
    def sides_to_report(self) -> tuple[Side, ...]:
        """The sides of the card that can be reported lost now; both together first."""
        return self._sides(Service.TEMPORARY_LOSS)

    @property
    def sides_to_release(self) -> tuple[Side, ...]:
        """The sides whose temporary report can be taken back here."""
        return self._sides(Service.RELEASE_TEMPORARY)

    @property
    def may_enable(self) -> bool:
        """The card is in hand and can be enabled here."""
        if self.card is None or self.meaning is None or "enable" not in self.meaning.may:
            return False
        return not_enabled_online(self.card, clock.today()) is None

    @property
    def may_choose(self) -> bool:
        """The card under way may still be posted, or collected after all."""
        return self.order is not None and not_to_be_posted(self.order, clock.today()) is None

    @property
    def may_move(self) -> bool:
        """The card under way may still be collected at another outlet."""
        return self.order is not None and not_to_be_moved(self.order, clock.today()) is None

    def _sides(self, service: Service) -> tuple[Side, ...]:
        if self.card is None or self.meaning is None:
            return ()
        return sides(service, self.meaning.may, bank_is_temporary=self.card.bank_loss_until is not None)

    @property
    def lost(self) -> bool:
        """Formally reported: only a new card helps."""
        return self.meaning is not None and self.meaning.social == "formally_lost"

    @property
    def may_apply(self) -> bool:
        """A first card, a card in place of a lost one, or an exchange."""
        if self.order is not None:
            return False
        return self.meaning is None or self.lost or "exchange" in self.meaning.may


def holding(person: Person) -> Holding:
    """The person's card and order, as they stand."""
    card = cards.valid_card_of(person.id)
    orders = cards.orders_of(person.id)
    return Holding(
        card=card,
        meaning=cards.meaning_of(card) if card else None,
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
        card_words=words.of_card(mine.card, mine.meaning, may_enable=mine.may_enable)
        if mine.card and mine.meaning
        else None,
        bank_words=words.of_bank(mine.card, mine.meaning) if mine.card and mine.meaning else None,
        steps=words.steps(order) if order else (),
        advice=words.advice(order, clock.today()) if order else "",
        children=[(child, holding(child)) for child in children_of(person)],
        late=bool(
            order and order.promised_on < clock.today() and order.state.code not in ("at_outlet", "in_post")
        ),
    )


@resident_only
@require_safe
def looks(request: HttpRequest, person: Person) -> HttpResponse:
    """Who looked at my data, when, and what for."""
    return page(request, "looks", person, looks=residents.looks(person.id, LOOKS_SHOWN), shown=LOOKS_SHOWN)
