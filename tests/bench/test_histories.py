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
