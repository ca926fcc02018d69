"""A small centre whose books are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.indicators.happenings import City


@pytest.fixture
def city(db: None) -> City:
    """咸阳, open and empty."""
    from tests.indicators.happenings import open_city

    return open_city()
