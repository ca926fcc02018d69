"""A small centre, and the two people who report its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.indicators.happenings import City


@pytest.fixture
def city(db: None) -> City:
    """咸阳, open and empty."""
    from tests.indicators.happenings import open_city

    return open_city()


@pytest.fixture
def as_editor() -> Callable[..., Any]:
    from tests.indicators.happenings import EDITOR, caller

    return caller(EDITOR)


@pytest.fixture
def as_reviewer() -> Callable[..., Any]:
    from tests.indicators.happenings import REVIEWER, caller

    return caller(REVIEWER)
