"""Fixtures of the API's tests. What needs Django is imported when it is used: a conftest is read before settings are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def partner(db: None) -> Iterator[Any]:
    """A partner's program, see `asking.Asking`."""
    from tests.web.partner.asking import partner_asking

    with partner_asking() as asking:
        yield asking


@pytest.fixture
def card(partner: Any) -> None:
    """The person holds a card in normal use."""
    from tests.web.people import hold_card
    from yikatong.office.act import Actor, Door, open_act

    with open_act(Actor.system("test"), door=Door.TASK) as act:
        hold_card(act)
