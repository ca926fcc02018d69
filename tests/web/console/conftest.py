"""Staff at their windows: a centre at nine in the morning, and a logged-in client for any role.

Imports of the house stand inside the fixtures: this file is read before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.console.desks import Desk
    from yikatong.cards.models import Card


@pytest.fixture
def centre(db: None) -> Iterator[datetime]:
    """咸阳, open, at nine on 10 March 2025."""
    from tests.cards.conftest import open_the_centre
    from tests.cards.factories import MORNING
    from yikatong.office import clock

    open_the_centre()
    with clock.fixed(MORNING):
        yield MORNING


@pytest.fixture
def desk_of(centre: datetime) -> Callable[..., Desk]:
    """`desk_of("card_desk")`: that role for the whole city, logged in; `region` and `outlet` narrow it."""

    from django.test import Client

    from tests.web.console.desks import Desk, appointed

    def made(role: str, *, region: str = "610400", outlet: str = "") -> Desk:
        client = Client()
        client.force_login(appointed(role, region=region, outlet=outlet))
        return Desk(client)

    return made


@pytest.fixture
def clerk(desk_of: Callable[..., Desk]) -> Desk:
    """A clerk of the counter in 秦都."""
    return desk_of("outlet_clerk", region="610402", outlet="61040000")


@pytest.fixture
def card(clerk: Desk) -> Card:
    """A card handed over and enabled at the counter."""
    from tests.cards.factories import at_outlet
    from yikatong.cards.models import Card

    clerk.hand_over(at_outlet()[0])
    card = Card.objects.get()
    clerk.confirm(f"cards/{card.card_no}/enable/", role="holder")
    card.refresh_from_db()
    assert card.state == "1"
    return card
