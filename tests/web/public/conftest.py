"""Fixtures of the public site's tests. What needs Django is imported when it is used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def year(db: None) -> Iterator[None]:
    """A small year of the centre, computed, see `a_year.a_small_year`."""
    from tests.web.public.a_year import a_small_year

    with a_small_year():
        yield
