"""入库: a box puts its own outlet's cards on the shelf and tells their holders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cards.factories import (
    CENTRE_OUTLET,
    MORNING,
    PLAIN_OUTLET,
    acting,
    at_outlet,
    code,
    entries,
    in_making,
    made,
    picture,
    reload,
    states,
)
from yikatong.cards.services.stock import receive_box
from yikatong.office.models import Entry, EntryRow, Message
from yikatong.office.scope import Scope

pytestmark = pytest.mark.django_db


def test_a_box_makes_its_outlets_cards_ready_to_be_collected(centre):
    orders = made(2)
    later = MORNING + timedelta(days=20)
    with acting(moment=later) as act:
        assert receive_box(act, outlet_code=CENTRE_OUTLET) == 2
    assert states(orders) == ["at_outlet"] * 2
    row = EntryRow.objects.filter(entry_id=Entry.objects.get(kind="card.stocked").pk).order_by("id").first()
    assert row is not None
    assert row.payload == {
        "applied_on": "2025-03-10",
        "promised_on": "2025-04-22",
        "days": 20,
        "order_kind": "new",
        "mode": "batch",
    }
    assert row.outlet == CENTRE_OUTLET
    assert Entry.objects.get(kind="card.stocked").payload["outlet_name"] == "社保卡服务窗口"


def test_the_day_of_application_is_the_citys_day(centre):
    from yikatong.cards.models import Order

    [order] = made()
    # 00:30 in Xianyang is still the day before in UTC.
    Order.objects.filter(pk=order.pk).update(applied_at=MORNING - timedelta(hours=8, minutes=30))
    with acting() as act:
        receive_box(act, outlet_code=CENTRE_OUTLET)
    row = EntryRow.objects.get(entry_id=Entry.objects.get(kind="card.stocked").pk)
    assert (row.payload["applied_on"], row.payload["days"]) == ("2025-03-10", 0)


def test_holders_are_told_where_their_card_is(centre):
    [order] = at_outlet()
    message = Message.objects.latest("id")
    assert message.to == order.resident.phone
    assert order.number in message.text
    assert "社保卡服务窗口" in message.text
    assert message.subject == f"order:{order.pk}"


def test_the_whole_way_is_in_the_journal(centre):
    at_outlet(2)
    for kind in (
        "applied",
        "sent_to_match",
        "checked",
        "account_asked",
        "account_opened",
        "batched",
        "released",
        "made",
        "stocked",
    ):
        assert entries(f"card.{kind}") == 2, kind


def test_another_outlets_cards_stay_where_they_are(centre):
    orders = made(1)
    with acting() as act:
        assert receive_box(act, outlet_code=PLAIN_OUTLET) == 0
    assert states(orders) == ["made"]
    assert entries("card.stocked") == 0


def test_a_box_of_one_batch_holds_only_that_batch(centre):
    first, second = made(1), made(2)
    number = reload(second)[0].batch.number
    with acting() as act:
        assert receive_box(act, outlet_code=CENTRE_OUTLET, batch_number=number) == 2
    assert states(first) == ["made"]


def test_what_is_still_in_the_making_is_not_in_the_box(centre):
    batch, orders = in_making(1)
    with acting() as act:
        assert receive_box(act, outlet_code=CENTRE_OUTLET, batch_number=batch.number) == 0
    assert states(orders) == ["making"]


def test_unknown_outlets_and_batches_and_other_regions_are_refused(centre):
    made(1)
    before = picture()
    with acting() as act:
        assert code(receive_box(act, outlet_code="99999999")) == "box.outlet_unknown"
        assert code(receive_box(act, outlet_code=CENTRE_OUTLET, batch_number="B1")) == "box.batch_unknown"
        assert code(receive_box(act, outlet_code=CENTRE_OUTLET, scope=Scope("610481"))) == "scope.outside"
    assert picture() == before


def test_receive_box_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    made(2)
    before = picture()
    with journal_refuses(), acting() as act:
        receive_box(act, outlet_code=CENTRE_OUTLET)
    assert picture() == before
