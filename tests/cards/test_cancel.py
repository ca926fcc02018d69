"""注销 and 销户: the two sides end each for itself; 应用锁定 as it is reported."""

from __future__ import annotations

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, WEICHENG, WEICHENG_BANK, a_card, an_order, at
from tests.cards.test_loss import refused, sides
from yikatong.cards.models import Card
from yikatong.cards.rules import CARD, OrderKind
from yikatong.cards.services.cancel import cancel_card, close_account
from yikatong.cards.services.lock import report_locked
from yikatong.cards.standing import BY_TWO, EndReason
from yikatong.office.models import Entry, Message
from yikatong.office.scope import Scope


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def cancel(card: Card, reason=EndReason.WISH, **more):
    with at() as act:
        return cancel_card(act, card_no=card.card_no, reason=reason, **more)


@pytest.mark.parametrize("state", [state.code for state in CARD if state.code != "9"])
@pytest.mark.parametrize("reason", [reason for reason in EndReason if reason not in BY_TWO])
def test_a_card_in_any_state_is_cancelled_and_its_account_left_to_the_bank(state, reason):
    card = a_card(state=state, bank="normal")
    cancel(card, reason)
    assert sides(card) == ("9", "normal")
    assert Entry.objects.get(kind="card.ended").payload["reason"] == reason.zh
    assert "银行另行销户" in Message.objects.latest("id").text


def test_a_cancelled_card_is_not_cancelled_again():
    refused(cancel(a_card(state="9")), "card.ended")


@pytest.mark.parametrize("reason", BY_TWO)
def test_death_and_a_second_card_are_decided_by_two(reason):
    card = a_card()
    refused(cancel(card, reason), "cancel.by_two")
    assert sides(card) == ("1", "normal")


def test_an_open_order_stands_in_the_way():
    card = a_card()
    order = an_order(card.resident, "ready", kind=OrderKind.EXCHANGE, replaces=card)
    result = cancel(card)
    refused(result, "cancel.order_open")
    assert order.number in result.zh


def test_another_countys_card_is_not_cancelled():
    refused(cancel(a_card(), scope=Scope(WEICHENG, WEICHENG_BANK)), "scope.outside")


@pytest.mark.parametrize("state", ["1", "2", "4", "9"])
@pytest.mark.parametrize("bank", ["inactive", "normal", "stopped"])
def test_an_account_is_closed_whatever_became_of_the_card(state, bank):
    card = a_card(state=state, bank=bank)
    with at() as act:
        assert close_account(act, card_no=card.card_no)
    assert sides(card) == (state, "closed")
    with at() as act:
        refused(close_account(act, card_no=card.card_no), "bank.closed")


def test_a_lock_is_reported_with_its_place():
    card = a_card()
    with at() as act:
        assert report_locked(act, card_no=card.card_no, where="人民路药店终端")
    assert sides(card) == ("3", "normal")
    with at() as act:
        refused(report_locked(act, card_no=card.card_no, where="窗口"), "card.locked")
        refused(report_locked(act, card_no=card.card_no, where=" "), "lock.where")


@pytest.mark.parametrize(
    "service",
    [
        lambda act, number: cancel_card(act, card_no=number, reason=EndReason.WISH),
        lambda act, number: close_account(act, card_no=number),
        lambda act, number: report_locked(act, card_no=number, where="窗口"),
    ],
)
def test_nothing_happens_when_the_journal_refuses(service, journal_refuses):
    card = a_card()
    with journal_refuses(), at(NOON) as act:
        service(act, card.card_no)
    assert sides(card) == ("1", "normal")
