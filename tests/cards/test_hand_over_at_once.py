"""Two clerks, two connections, one order."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.cards import in_hand
from tests.cards.in_hand import NOON, ON_PAPER, a_card, at, got
from yikatong.basics.refused import Refused
from yikatong.cards.services.hand_over import hand_over


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_one_order_hand_the_card_over_once():
    in_hand.open_city()
    card = a_card(None, "0", "inactive", collected=False)
    together = threading.Barrier(2, timeout=20)
    results: list[object] = []

    def clerk(minute: int) -> None:
        try:
            with at(NOON + timedelta(minutes=minute)) as act:
                together.wait()
                results.append(
                    hand_over(
                        act,
                        order_number=got(card.order).number,
                        shown_name="张三丰",
                        proof=ON_PAPER,
                    )
                )
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk, args=(minute,)) for minute in (1, 2)]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join(timeout=30)
    assert len(results) == 2
    noes = [each for each in results if isinstance(each, Refused)]
    assert [no.code for no in noes] == ["order.already_collected"]
    assert in_hand.kinds().count("card.collected") == 1
