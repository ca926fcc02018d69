"""A short walk of the histories bench: many lives, every actor, two at once; the long one is `./yk bench histories`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.cards.conftest import open_the_centre
from yikatong.bench._life import Life
from yikatong.bench._pieces import Application, Piece, Who
from yikatong.office import rulebook

START = datetime.fromisoformat("2025-03-03T09:00:00+08:00")


@pytest.mark.django_db(transaction=True)
def test_a_short_walk_meets_no_defect_and_tries_every_service():
    from yikatong.bench._walk import Walk

    open_the_centre()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE office_rule SET value = 'true' WHERE code = 'card.formal_loss_releasable'")
    rulebook.forget()
    tally = Walk(7, releasable=True, start=START, alive=36).walk(36)
    assert tally.histories == 36
    assert tally.steps >= 36 * 6
    assert tally.contended > 10
    assert sum(tally.refused.values()) > 100 and sum(tally.done.values()) > 100


@pytest.mark.django_db(transaction=True)
def test_the_laws_find_a_card_that_nobody_explains():
    from yikatong.bench import _laws
    from yikatong.bench._walk import Walk

    open_the_centre()
    walk = Walk(3, releasable=False, start=START, alive=10)
    walk.top_up(10)
    assert _laws.broken() == {}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_card SET state = '3' WHERE id = (SELECT min(id) FROM cards_card)")
    assert list(_laws.broken()) == ["the journal tells how every card stands"]


def a_life() -> Life:
    return Life(
        1, "610499199003070011", "张三丰", card=Piece("V00000001", "610402", date(2035, 3, 2), "1", "normal")
    )


def test_the_model_keeps_the_two_sides_apart():
    life = a_life()
    assert life.lose_for_good("bank", Who()) and life.lose_for_now(START, "both", Who())
    assert life.find_again("both", Who())
    assert life.card is not None and (life.card.stands, life.card.bank) == ("1", "stopped")


def test_the_model_lets_a_replaced_card_be_lost_for_good_only():
    life = a_life()
    application = Application("reissue", "batch", "61040000", "610402", "102", START)
    assert life.reissue(Who(), application)
    assert not life.take_loss_back("social", Who(), releasable=True)
    assert life.move(START + timedelta(days=1), ("submitted",), "cancelled")
    assert life.take_loss_back("social", Who(), releasable=True)


def test_a_child_comes_of_age_while_the_walk_goes_on():
    child = Life(1, "610499201312091174", "金欣皓", date(2013, 12, 9))
    child.grow(date(2029, 12, 8))
    assert child.minor
    child.grow(date(2029, 12, 9))
    assert not child.minor


def with_an_order(stands: str = "at_outlet", **particulars: object) -> Life:
    """Somebody whose first card was made and lies at its outlet."""
    life = Life(1, "610499199003070011", "张三丰")
    life.order = Application("new", "batch", "61040000", "610402", "102", START, stands, card_no="W00000001")
    for name, value in particulars.items():
        setattr(life.order, name, value)
    life.card = Piece("W00000001", "610402", date(2035, 3, 2))
    return life


def test_the_model_sends_a_card_and_has_it_delivered_once():
    life = with_an_order()
    assert not life.post(START, "EA1") and life.wish_post() and life.post(START, "EA1")
    assert life.order is not None and life.card is not None
    assert life.order.stands == "in_post" and not life.wish_post() and not life.collect(START, Who(), True)
    assert not life.delivered(START, "EA2") and life.delivered(START, "EA1") and life.card.collected
    assert not life.delivered(START, "EA1") and life.order.stands == "collected"


def test_the_model_waits_anew_for_what_came_back_and_takes_that_of_the_dead_to_the_centre():
    life = with_an_order(reminders=2)
    assert life.wish_post() and life.post(START, "EA1") and life.brought_back(START, "EA1")
    assert life.order is not None and (life.order.stands, life.order.reminders) == ("at_outlet", 0)
    assert life.wish_post() and life.order.waybill == "" and life.post(START, "EA2")
    assert life.die("staff:1")
    life.follow_life()
    assert not life.delivered(START, "EA2") and life.brought_back(START, "EA2")
    assert (life.order.stands, life.order.retained_at) == ("taken_back", START)


def test_the_model_ends_what_the_courier_lost_and_lets_its_holder_apply_anew():
    life = with_an_order()
    assert life.wish_post() and life.post(START, "EA1") and life.lost_in_post(START, "EA1")
    assert life.card is not None and life.card.stands == "9" and life.may_apply("new")


def test_the_model_gives_no_card_to_whom_the_household_register_no_longer_knows():
    life = with_an_order()
    assert life.turn("cancel_household", "staff:1") and not life.turn("imprison", "staff:1")
    assert life.wish_post() and not life.post(START, "EA1") and not life.collect(START, Who(), True)
    assert not life.correct_life("staff:1") and life.correct_life("staff:2") and life.post(START, "EA1")


def test_the_model_suggests_cancelling_after_a_household_cancellation_and_lifts_it_with_its_end():
    life = a_life()
    assert life.turn("leave", "staff:1") and life.may_apply("exchange")
    assert life.turn("cancel_household", "staff:1")
    life.follow_life()
    assert life.cases["household"].stands == "suggested" and not life.may_apply("exchange")
    assert life.turn("restore_household", "staff:2")
    life.follow_life()
    assert life.cases["household"].stands == "lifted"
