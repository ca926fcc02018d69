"""A counter left alone is logged out; one at work is not, and its session is not written at every click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as house_settings
from django.utils import timezone


@pytest.fixture
def at_work(desk_of):
    desk = desk_of("outlet_clerk")
    desk.see("")
    return desk.client


def left_alone(client, seconds: int) -> None:
    session = client.session
    session["seen"] = int((timezone.now() - timedelta(seconds=seconds)).timestamp())
    session.save()


def test_after_the_idle_time_staff_log_in_again(at_work):
    left_alone(at_work, house_settings.STAFF_IDLE_SECONDS + 5)
    answer = at_work.get("/console/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    assert "_auth_user_id" not in at_work.session


def test_a_click_within_the_idle_time_begins_it_anew(at_work):
    left_alone(at_work, house_settings.STAFF_IDLE_SECONDS - 60)
    assert at_work.get("/console/").status_code == 200
    assert at_work.session["seen"] >= int(timezone.now().timestamp()) - 5


def test_a_busy_counter_does_not_write_its_session_at_every_click(at_work):
    left_alone(at_work, 20)
    before = at_work.session["seen"]
    assert at_work.get("/console/").status_code == 200
    assert at_work.session["seen"] == before
