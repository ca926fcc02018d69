"""发卡差错."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, QINDU, QINDU_COUNTER, WEICHENG, a_card, at
from yikatong.basics.refused import Refused
from yikatong.cards.models import Card
from yikatong.cards.services.errors import confirm_error
from yikatong.office.act import Actor
from yikatong.office.duties import ROLES, Duty, Step
from yikatong.office.models import Entry
from yikatong.office.scope import Scope

MANAGER = Actor("staff:2", "李负责", QINDU, QINDU_COUNTER)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def confirm(card: Card, days: int = 30, **changes):
    with at(NOON + timedelta(days=days), MANAGER) as act:
        return confirm_error(act, card_no=card.card_no, **{"what": "姓名印错", **changes})


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused), result
    assert result.code == code


def test_an_error_is_recorded_with_the_day_of_collection_and_the_days_since():
    card = a_card()
    assert confirm(card, 30)
    entry = Entry.objects.get(kind="card.error_confirmed")
    assert entry.payload == {"what": "姓名印错", "collected_on": "2025-03-10", "days": 30}
    assert (entry.subject, entry.outlet) == (f"card:{card.pk}", QINDU_COUNTER)


def test_an_error_found_after_the_window_is_recorded_all_the_same():
    assert confirm(a_card(), 91)
    assert Entry.objects.get(kind="card.error_confirmed").payload["days"] == 91


def test_an_error_is_confirmed_once():
    card = a_card()
    confirm(card)
    refused(confirm(card), "error.already_confirmed")
    assert in_hand.kinds().count("card.error_confirmed") == 1


def test_an_error_needs_its_reason():
    refused(confirm(a_card(), what="  "), "error.what")


def test_a_card_that_was_not_handed_over_has_no_issuing_error():
    refused(confirm(a_card(None, "0", "inactive", collected=False)), "error.not_collected")


def test_an_unknown_card_has_no_error():
    with at() as act:
        refused(confirm_error(act, card_no="Z99999999", what="x"), "card.unknown")


def test_a_manager_of_another_county_does_not_confirm():
    card = a_card()
    refused(confirm(card, scope=Scope(WEICHENG)), "scope.outside")
    assert Card.objects.get(pk=card.pk).error_confirmed_at is None


def test_no_role_both_hands_over_and_confirms_errors():
    assert Duty.CARD_ERROR.step is Step.APPROVE
    assert not [r for r in ROLES.values() if {Duty.CARD_ERROR, Duty.CARD_HAND_OVER} <= r.duties]


def test_no_error_is_confirmed_when_the_journal_refuses(journal_refuses):
    card = a_card()
    with journal_refuses():
        confirm(card)
    assert Card.objects.get(pk=card.pk).error_confirmed_at is None
