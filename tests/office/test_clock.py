"""One clock: the city's, which in a demo city is not the machine's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from yikatong.office import clock
from yikatong.office.models import Centre


def centre(offset: timedelta) -> None:
    Centre.objects.create(
        code="x", name="某中心", region="610400", department="某局", target_year=2025, clock_offset=offset
    )
    clock.offset.cache_clear()


@pytest.mark.django_db
def test_before_a_centre_is_open_the_clock_is_the_machines():
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


@pytest.mark.django_db
def test_a_demo_city_keeps_its_own_time():
    centre(timedelta(days=-200))
    assert abs(timezone.now() - clock.now() - timedelta(days=200)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_the_citys_day_is_the_one_in_xianyang():
    with clock.fixed(datetime(2025, 12, 31, 16, 1, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 1)


@pytest.mark.django_db
def test_a_held_clock_stands_and_is_let_go_again():
    first, second = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
    with clock.fixed(first):
        with clock.fixed(second):
            assert clock.now() == second
        assert clock.now() == first
    assert clock.now() > second
