"""网上启用: the holder, or a child's guardian, shows by the number on the card that it is in their hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, a_card, a_person, identity_number, set_rule
from tests.cards.test_loss import refused
from yikatong.cards.agents import Agent, Role
from yikatong.cards.models import Card, HandOver
from yikatong.cards.services.enable_online import enable_online
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def switch_on(card: Card, account: str | None = None, moment=NOON, by: Agent | None = None):
    with open_act(Actor.resident(card.resident_id, "本人"), door=Door.PORTAL, at=moment) as act:
        shown = card.bank_pan if account is None else account
        return enable_online(act, resident_id=card.resident_id, account=shown, by=by)


def state(card: Card) -> str:
    return Card.objects.get(pk=card.pk).state


def a_sealed_card(**more) -> Card:
    return a_card(state="0", bank="inactive", **more)


def test_the_number_on_the_card_enables_it_and_only_its_social_side():
    card = a_sealed_card()
    grouped = " ".join(card.bank_pan[i : i + 4] for i in range(0, len(card.bank_pan), 4))
    assert switch_on(card, grouped)
    assert (state(card), Card.objects.get(pk=card.pk).bank_state) == ("1", "inactive")
    entry = Entry.objects.get(kind="card.enabled")
    assert (entry.actor, entry.door) == (f"resident:{card.resident_id}", "portal")
    assert Message.objects.count() == 1


def test_a_wrong_number_is_told_recorded_and_counted():
    card = a_sealed_card()
    for _ in range(5):
        refused(switch_on(card, "6220000000000000016"), "enable.account")
    assert Entry.objects.filter(kind="card.enable_tried", person=card.resident_id).count() == 5
    refused(switch_on(card), "enable.tries")
    assert state(card) == "0"
    assert switch_on(card, moment=NOON + timedelta(days=1, minutes=1))
    assert "6220000000000000016" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"state": "1"}, "card.already_enabled"),
        ({"state": "2"}, "card.lost"),
        ({"state": "0", "bank": "inactive", "collected": False}, "card.not_collected"),
    ],
)
def test_a_card_that_is_not_there_to_be_enabled_says_how_it_stands(card, code):
    refused(switch_on(a_card(**card)), code)


def test_who_has_no_card_has_none_to_enable():
    person = a_person()
    with open_act(Actor.resident(person.pk, "本人"), door=Door.PORTAL, at=NOON) as act:
        refused(enable_online(act, resident_id=person.pk, account="1"), "card.none")


def test_a_card_that_came_by_post_is_enabled_at_a_window_unless_the_city_says_otherwise():
    card = a_sealed_card()
    HandOver.objects.create(
        card=card,
        role="post",
        name="张三丰",
        unsigned_reason="邮寄",
        no_photo_reason="邮寄",
        at=NOON,
        by="staff:1",
    )
    refused(switch_on(card), "enable.posted")
    set_rule("card.enable_online_after_post", True)
    assert switch_on(card)


def test_a_childs_card_is_enabled_by_the_guardian_on_file():
    number = identity_number(date(1985, 2, 3), 77)
    child = a_person("王小明", date(2016, 2, 29), guardian=("王大明", number))
    card = a_sealed_card(resident=child)
    refused(switch_on(card), "agent.guardian_needed")
    assert switch_on(card, by=Agent(Role.GUARDIAN, "王大明", number))


def test_nothing_is_enabled_online_when_the_journal_refuses(journal_refuses):
    card = a_sealed_card()
    with journal_refuses():
        switch_on(card)
    assert state(card) == "0" and not Message.objects.exists()
