"""Applications from a bank's own system: once for each key, its own outlets, the same noes as at the counter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cards.factories import CENTRE_OUTLET, acting, apply, code, entries, number_of, picture, resident
from tests.cards.in_hand import QINDU_BANK
from yikatong.basics.refused import Refused
from yikatong.cards.models import BankApplication, Order
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.by_bank import TakenFromBank, apply_by_bank
from yikatong.office.act import Actor
from yikatong.residents.models import Resident

pytestmark = pytest.mark.django_db
BANK = Actor("partner:1", "工商银行")


def sent(person: Resident, key: str = "k1", **other: Any) -> TakenFromBank | Refused:
    call: dict[str, Any] = {
        "partner": "icbc", "bank_code": "102", "key": key, "number": person.number, "name": person.name,
        "outlet_code": QINDU_BANK, "mode": Mode.BATCH, "case_number": "A-1",
    }  # fmt: skip
    with acting(BANK) as act:
        return apply_by_bank(act, **(call | other))


def test_a_banks_customer_has_an_order_with_the_banks_own_account(centre):
    taken = sent(resident())
    assert isinstance(taken, TakenFromBank) and not taken.again
    order = Order.objects.get()
    assert (order.bank_code, order.channel, order.outlet.code) == ("102", "bank", QINDU_BANK)


def test_the_same_call_twice_gives_the_same_order_once(centre):
    person = resident()
    first, again = sent(person), sent(person)
    assert isinstance(first, TakenFromBank) and isinstance(again, TakenFromBank)
    assert again.again and again.order.number == first.order.number
    assert Order.objects.count() == BankApplication.objects.count() == entries("card.applied") == 1


def test_a_key_belongs_to_one_body_and_one_partner(centre):
    person, other = resident(), resident()
    sent(person)
    assert code(sent(other)) == "idempotency.other_body"
    assert code(sent(person, mode=Mode.INSTANT)) == "idempotency.other_body"
    assert isinstance(sent(other, partner="abc"), TakenFromBank)


def test_a_refused_call_may_come_again_under_its_key(centre):
    person = resident()
    assert code(sent(person, name="另有其人")) == "order.name_mismatch"
    assert isinstance(sent(person), TakenFromBank)


def test_the_noes_are_those_of_the_counter(centre):
    nobody = number_of(date(1950, 1, 1), 998)
    assert code(sent(resident(), number=nobody)) == "order.unknown_person"
    assert code(sent(resident(state="dead"), "k2")) == "order.deceased"
    busy = resident()
    apply(busy)
    assert code(sent(busy, "k3")) == "order.open"
    assert code(sent(resident(), "k4", outlet_code=CENTRE_OUTLET)) == "order.outlet_other_bank"
    assert entries("card.application_refused") == 2


def test_at_a_banks_counter_only_its_own_bank_is_chosen(centre):
    person = resident()
    clerk = Actor("staff:7", "银行经办", "610402", QINDU_BANK)
    wish: dict[str, Any] = {
        "resident_id": person.pk, "kind": OrderKind.NEW, "mode": Mode.BATCH, "outlet_code": QINDU_BANK,
        "channel": "bank",
    }  # fmt: skip
    with acting(clerk) as act:
        assert code(apply_for_card(act, bank_code="103", **wish)) == "order.other_bank"
        assert not isinstance(apply_for_card(act, bank_code="102", **wish), Refused)


def test_the_journal_refuses_apply_by_bank_so_nothing_happened(centre, journal_refuses):
    person = resident()
    before = picture()
    with journal_refuses(), acting(BANK) as act:
        apply_by_bank(
            act,
            partner="icbc",
            bank_code="102",
            key="k",
            number=person.number,
            name=person.name,
            outlet_code=QINDU_BANK,
            mode=Mode.BATCH,
            case_number="A-1",
        )
    assert picture() == before and not BankApplication.objects.exists()
