"""Fixtures of the portal's tests. What needs Django is imported when it is used: a conftest is read before settings are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def visitor(db: None) -> Iterator[Any]:
    """A resident who is not signed in yet, see `visiting.Visitor`."""
    from tests.web.portal.visiting import visitor_of_the_portal

    with visitor_of_the_portal() as visitor:
        yield visitor


@pytest.fixture
def resident(visitor: Any) -> Any:
    """The same, signed in."""
    visitor.sign_in()
    return visitor
