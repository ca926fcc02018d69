"""How many questions the pages that are open all day ask of the database. One more for each row would show here."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards.factories import apply, at_outlet, resident
from yikatong.cards.models import Card, Order

SESSION_AND_STAFF = 2
A_LOOK = 4  # begin, whether it is on record, the entry, commit


def asked(work) -> int:
    """How many statements `work` took, the second time: what a process remembers, it remembers by then."""
    work()
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


@pytest.fixture
def waiting(clerk):
    at_outlet()
    for _ in range(3):
        apply(resident())
    Order.objects.filter(state="submitted").update(promised_on="2025-03-12")


def test_the_front_page_asks_once_for_each_of_its_five_lists(clerk, waiting):
    assert asked(lambda: clerk.see("")) <= SESSION_AND_STAFF + 5


def test_a_queue_asks_the_same_for_one_row_as_for_many(clerk, waiting):
    # Orders, names, owners, outlets, and the list shown put on record.
    assert asked(lambda: clerk.see("queues/submitted/")) <= SESSION_AND_STAFF + 4 + 3


def test_a_search_asks_for_the_people_and_records_that_it_did(clerk):
    resident()
    answers = {"text": "没有这个人", "purpose": "数据核对"}
    assert asked(lambda: clerk.send("residents/", **answers)) <= SESSION_AND_STAFF + 8 + 3


def test_an_order_asks_once_for_each_panel(clerk):
    number = at_outlet()[0].number
    # Order, person, guardians, cards (2), story and hand-over, who came, papers of order and card (3), owner, list, parcel,
    # slot; and one of a look is not asked, since the person was just looked at.
    assert asked(lambda: clerk.see(f"orders/{number}/")) <= SESSION_AND_STAFF + A_LOOK - 1 + 15


def test_a_card_asks_once_for_each_panel(clerk):
    clerk.hand_over(at_outlet()[0])
    card = Card.objects.get()
    # Card, holder twice with guardians, story, papers (2), open request.
    assert asked(lambda: clerk.see(f"cards/{card.card_no}/")) <= SESSION_AND_STAFF + A_LOOK + 9


def test_a_person_asks_once_for_each_panel(clerk):
    person = resident().pk
    clerk.send(f"residents/{person}/open/", purpose="数据核对")
    assert asked(lambda: clerk.see(f"residents/{person}/")) <= SESSION_AND_STAFF + 21
