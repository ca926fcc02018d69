"""补领与换领."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, QINDU, QINDU_COUNTER, WEICHENG, a_card, a_person, an_order, at
from yikatong.basics.refused import Refused
from yikatong.cards.models import Card, Order
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services import loss
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.standing import ExchangeReason, may_be_exchanged
from yikatong.office.models import Message
from yikatong.office.scope import Scope

WANTED: dict[str, Any] = {
    "outlet_code": QINDU_COUNTER,
    "mode": Mode.BATCH,
    "bank_code": "102",
    "channel": "counter",
}


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def again(card: Card, **changes):
    with at() as act:
        return reissue(act, card_no=card.card_no, **{**WANTED, **changes})


def swap(card: Card, reason: ExchangeReason = ExchangeReason.DAMAGED, **changes):
    with at() as act:
        return exchange(act, card_no=card.card_no, reason=reason, **{**WANTED, **changes})


def sides(card: Card) -> tuple[str, str]:
    now = Card.objects.get(pk=card.pk)
    return now.state, now.bank_state


def refused(result: object, code: str) -> None:
    assert isinstance(result, Refused), result
    assert result.code == code


def test_a_card_in_use_is_formally_lost_and_applied_for_in_one_act():
    card = a_card()
    order = again(card)
    assert sides(card) == ("2", "stopped")
    assert (order.kind, order.replaces_id, order.resident_id) == (
        OrderKind.REISSUE,
        card.pk,
        card.resident_id,
    )
    assert [k for k in in_hand.kinds() if k.startswith("card.")] == [
        "card.lost",
        "card.bank_lost",
        "card.applied",
        "card.fee_due",
    ]


def test_a_temporarily_lost_card_is_reissued_too():
    card = a_card(state="4", bank="stopped")
    assert again(card)
    assert sides(card) == ("2", "stopped")


def test_a_formally_lost_card_is_not_reported_twice():
    card = a_card(state="2", bank="stopped")
    assert again(card)
    assert "card.lost" not in in_hand.kinds()


def test_a_refused_application_leaves_the_card_unreported():
    card = a_card()
    before = in_hand.kinds()
    refused(again(card, bank_code="999"), "order.bank_unknown")
    refused(again(card, outlet_code="00000000"), "order.outlet_unknown")
    assert sides(card) == ("1", "normal")
    assert in_hand.kinds() == before
    assert not Message.objects.exists()


def test_what_the_act_did_before_a_refused_reissue_stays():
    card, other = a_card(), a_card()
    with at() as act:
        loss.report_temporary_loss(act, card_no=other.card_no, channel="counter")
        refused(reissue(act, card_no=card.card_no, **{**WANTED, "bank_code": "999"}), "order.bank_unknown")
        loss.release_temporary_loss(act, card_no=other.card_no)
    assert [k for k in in_hand.kinds() if k.startswith("card.")] == [
        "card.temp_lost",
        "card.bank_lost",
        "card.loss_released",
        "card.bank_loss_released",
    ]
    assert sides(card) == sides(other) == ("1", "normal")


def test_a_second_open_order_is_refused_and_the_card_stays_in_use():
    card = a_card()
    assert swap(card)
    result = again(card)
    refused(result, "order.open")
    assert Order.objects.get(replaces=card).number in result.zh
    assert sides(card) == ("1", "normal")


@pytest.mark.parametrize(("state", "code"), [("0", "card.sealed"), ("9", "card.ended")])
def test_only_a_card_that_was_in_use_is_reissued(state, code):
    refused(again(a_card(state=state)), code)


def test_a_clerk_of_another_county_does_not_reissue():
    card = a_card()
    refused(again(card, scope=Scope(WEICHENG)), "scope.outside")
    refused(swap(card, scope=Scope(WEICHENG)), "scope.outside")
    assert sides(card) == ("1", "normal")


def test_an_unknown_card_is_neither_reissued_nor_exchanged():
    with at() as act:
        refused(reissue(act, card_no="Z99999999", **WANTED), "card.unknown")
        refused(exchange(act, card_no="Z99999999", reason=ExchangeReason.BANK, **WANTED), "card.unknown")


def test_nothing_is_reissued_when_the_journal_refuses(journal_refuses):
    card = a_card()
    with journal_refuses():
        again(card)
    assert sides(card) == ("1", "normal")
    assert not Order.objects.filter(kind="reissue").exists()


def test_an_exchanged_card_stays_in_use_until_its_successor_is_made():
    card = a_card()
    order = swap(card, scope=Scope(QINDU))
    assert (order.kind, order.replaces_id, order.reason) == (OrderKind.EXCHANGE, card.pk, "卡面损坏")
    assert sides(card) == ("1", "normal")


@pytest.mark.parametrize(
    ("state", "code"),
    [("0", "card.sealed"), ("2", "card.lost"), ("4", "card.temp_lost"), ("9", "card.ended")],
)
def test_only_a_card_in_use_is_exchanged(state, code):
    refused(swap(a_card(state=state)), code)


def test_an_exchange_for_expiry_opens_sixty_days_before():
    today = date(2025, 3, 10)
    early = a_card(valid_until=today + timedelta(days=61))
    refused(swap(early, ExchangeReason.EXPIRED), "exchange.too_early")
    assert swap(a_card(valid_until=today + timedelta(days=60)), ExchangeReason.EXPIRED)
    assert swap(early, ExchangeReason.UNREADABLE)


def test_only_expiry_waits_for_its_day():
    for reason in ExchangeReason:
        result = may_be_exchanged(reason, date(2034, 12, 31), date(2025, 3, 10), 60)
        assert (result is None) == (reason is not ExchangeReason.EXPIRED)


def test_nothing_is_exchanged_when_the_journal_refuses(journal_refuses):
    card = a_card()
    with journal_refuses():
        swap(card)
    assert not Order.objects.filter(kind="exchange").exists()


def test_a_card_with_an_order_already_open_is_not_exchanged_again():
    card = a_card()
    an_order(card.resident, "making", kind=OrderKind.EXCHANGE, replaces=card)
    refused(swap(card), "order.open")


def test_someone_who_lost_the_only_card_gets_one_order_only():
    card = a_card(a_person())
    assert again(card)
    refused(again(card), "order.open")
    assert Order.objects.filter(replaces=card).count() == 1


def test_the_moment_of_the_act_is_the_moment_of_the_order():
    assert again(a_card()).applied_at == NOON
