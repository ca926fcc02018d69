"""A small centre, open, whose purse is empty; the city's clock stands at noon on 10 March 2025."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """咸阳, open."""
    from tests.cards import in_hand
    from yikatong.office import clock

    in_hand.open_city()
    with clock.fixed(in_hand.NOON):
        yield
