"""工本费: due with the application, paid, taken back, waived by a second person, refunded by another; the card waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cards import in_hand
from tests.cards.in_hand import (
    BANK_CLERK,
    CLERK,
    NOON,
    ON_PAPER,
    QINDU,
    WEICHENG,
    a_card,
    a_person,
    at,
    got,
    set_rule,
)
from tests.cards.test_loss import refused
from yikatong.basics.refused import Refused
from yikatong.cards import payments
from yikatong.cards.fees import FEE, OWED
from yikatong.cards.models import Card, Fee, Order
from yikatong.cards.rules import CARD, ORDER, Mode, OrderKind
from yikatong.cards.services import fees
from yikatong.cards.services.apply import apply_for_card, cancel_order
from yikatong.cards.services.apply_many import apply_for_many
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.posting import hand_to_courier, wish_post
from yikatong.cards.services.retained import stop_order
from yikatong.cards.standing import ExchangeReason
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.lifecycle import advance
from yikatong.office.models import Entry
from yikatong.office.scope import EVERYWHERE, Scope

pytestmark = pytest.mark.django_db
MANAGER = Actor("staff:4", "郑负责", QINDU)
OTHER_BANKER = Actor("staff:5", "钱柜员", QINDU, in_hand.QINDU_BANK)
GROUND = "质保期内卡片质量问题"


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def an_exchange() -> Order:
    """An application that costs 20 yuan, taken by the clerk."""
    from yikatong.cards.services.reissue import exchange

    card = a_card(state="1")
    with at() as act:
        row = exchange(
            act,
            card_no=card.card_no,
            reason=ExchangeReason.DAMAGED,
            outlet_code=in_hand.QINDU_COUNTER,
            bank_code="102",
            mode=Mode.BATCH,
            channel="window",
        )
    return Order.objects.get(pk=got(row).id)


def at_the_outlet(order: Order) -> Order:
    for event in in_hand.TO_STATE["at_outlet"]:
        advance(order, ORDER, event, state_since=NOON)
    order.card_no = f"T9{order.pk:07d}"
    order.save(update_fields=["card_no"])
    old = Card.objects.get(pk=order.replaces_id)
    advance(old, CARD, "end", state_since=NOON)
    a_card(order.resident, "0", "inactive", order=order, collected=False)
    return order


def do(service: str, order: Order, actor: Actor = BANK_CLERK, moment=NOON, **given):
    wanted = {"scope": EVERYWHERE, **GIVEN[service], **given}
    with at(moment, actor) as act:
        return getattr(fees, service)(act, order.number, **wanted)


GIVEN = {
    "register_fee": {"receipt": "P 0001"},
    "take_fee_back": {"reason": "登记错了"},
    "waive_fee": {"reason": GROUND},
    "refund_fee": {"receipt": "T0001"},
}


def state(order: Order) -> str:
    return str(Fee.objects.get(order=order).state)


def told(kind: str) -> list[dict[str, object]]:
    rows = Entry.objects.filter(kind=f"card.{kind}").order_by("id")
    return [row.payload for row in rows]


# --- what is due ------------------------------------------------------------------------------------------------


def test_a_first_card_is_free_and_nothing_is_seen_of_a_fee():
    with at() as act:
        row = apply_for_card(
            act,
            resident_id=a_person().pk,
            kind=OrderKind.NEW,
            mode=Mode.BATCH,
            outlet_code=in_hand.QINDU_COUNTER,
            bank_code="102",
            channel="window",
        )
    assert got(row).fee_fen == 0 and not Fee.objects.exists() and not told("fee_due")
    with at(actor=BANK_CLERK) as act:
        refused(fees.register_fee(act, got(row).number, receipt="1"), "fee.none")


def test_a_fee_is_due_with_the_application_as_the_rule_of_that_day_has_it():
    order = an_exchange()
    fee = got(payments.fee_of(order.pk))
    assert (fee.amount_fen, fee.state.code, fee.first) == (2000, "due", False)
    assert Entry.objects.get(kind="card.fee_due").act == Entry.objects.get(kind="card.applied").act
    set_rule("card.fee.reissue_fen", 3000)
    assert got(payments.fee_of(order.pk)).amount_fen == 2000


def test_a_city_without_fees_has_none():
    set_rule("card.fee.reissue_fen", 0)
    assert not payments.fees_here(NOON.date())
    an_exchange()
    assert not Fee.objects.exists()


def test_a_list_where_first_cards_cost_something_has_one_fee_each():
    set_rule("card.fee.first_fen", 500)
    people = [a_person().pk for _ in range(3)]
    with at() as act:
        taken = apply_for_many(
            act,
            resident_ids=people,
            mode=Mode.BATCH,
            outlet_code=in_hand.QINDU_COUNTER,
            bank_code="102",
            channel="list",
        )
    assert not isinstance(taken, Refused) and taken.taken == 3
    assert list(Fee.objects.values_list("amount_fen", flat=True)) == [500] * 3


# --- paid -------------------------------------------------------------------------------------------------------


def test_a_payment_is_registered_once_with_who_when_and_receipt():
    order = an_exchange()
    row = got(do("register_fee", order))
    assert (row.state.code, row.receipt, row.paid_by, row.paid_at) == ("paid", "P 0001", "staff:9", NOON)
    assert told("fee_paid") == [
        {"number": order.number, "amount_fen": 2000, "receipt": "P 0001", "yuan": "20.00"}
    ]
    refused(do("register_fee", order), "fee.state")


def test_where_the_bank_collects_the_window_does_not():
    order = an_exchange()
    refused(do("register_fee", order, actor=CLERK), "fee.not_here")
    set_rule("card.fee.collected_by", "centre")
    assert do("register_fee", order, actor=CLERK)


def test_nobody_registers_a_payment_online():
    order = an_exchange()
    with open_act(Actor.resident(order.resident_id, "本人"), door=Door.PORTAL, at=NOON) as act:
        refused(fees.register_fee(act, order.number, receipt="1"), "fee.not_here")


@pytest.mark.parametrize("receipt", ["", "  ", "9" * 41])
def test_a_payment_has_its_receipt(receipt):
    refused(do("register_fee", an_exchange(), receipt=receipt), "fee.receipt")


def test_one_receipt_proves_one_payment():
    one, other = an_exchange(), an_exchange()
    assert do("register_fee", one)
    refused(do("register_fee", other, receipt="p  0001"), "fee.receipt_used")
    assert state(other) == "due"


def test_a_mistaken_registration_is_taken_back_the_same_day_by_whoever_made_it():
    order = an_exchange()
    assert do("register_fee", order)
    refused(do("take_fee_back", order, reason=" "), "fee.reason")
    refused(do("take_fee_back", order, actor=OTHER_BANKER), "fee.not_yours")
    refused(do("take_fee_back", order, moment=NOON + timedelta(days=1)), "fee.not_today")
    row = got(do("take_fee_back", order))
    assert (row.state.code, row.receipt, row.paid_at) == ("due", "", None)
    assert do("register_fee", order)


# --- waived, refunded -------------------------------------------------------------------------------------------


def test_another_person_waives_a_fee_on_a_ground_the_city_knows():
    order = an_exchange()
    refused(do("waive_fee", order, actor=CLERK), "fee.same_person")
    refused(do("waive_fee", order, actor=MANAGER, reason="熟人"), "fee.ground")
    assert got(do("waive_fee", order, actor=MANAGER)).state.code == "waived"
    refused(do("register_fee", order), "fee.state")


def test_a_payment_for_an_order_that_is_cancelled_is_refunded_by_another_person():
    order = an_exchange()
    assert do("register_fee", order)
    refused(do("refund_fee", order, actor=MANAGER), "fee.state")
    with at() as act:
        assert cancel_order(act, order.number, "本人要求")
    assert state(order) == "owed" and [row.order for row in payments.owed(EVERYWHERE)] == [order.number]
    assert payments.owed(Scope(WEICHENG)) == ()
    refused(do("refund_fee", order), "fee.same_person")
    refused(do("refund_fee", order, actor=MANAGER, receipt=""), "fee.receipt")
    assert got(do("refund_fee", order, actor=MANAGER)).refund_receipt == "T0001"
    assert payments.owed(EVERYWHERE) == ()


def test_what_was_not_paid_is_not_due_any_more_once_the_order_is_over():
    cancelled, stopped = an_exchange(), an_exchange()
    with at() as act:
        assert cancel_order(act, cancelled.number, "本人要求")
        assert stop_order(act, stopped.number, reason="迁出")
    assert (state(cancelled), state(stopped)) == ("over", "over")
    assert len(told("fee_over")) == 2


def test_the_days_sheet_of_an_outlet_holds_what_was_paid_there():
    one, other = an_exchange(), an_exchange()
    assert do("register_fee", one) and do("register_fee", other, receipt="P2")
    with at() as act:
        assert cancel_order(act, other.number, "本人要求")
    here = Scope(QINDU, in_hand.QINDU_BANK)
    rows = payments.paid_on(NOON.date(), here)
    assert [(row.receipt, row.state.code) for row in rows] == [("P 0001", "paid"), ("P2", "owed")]
    assert payments.paid_on(NOON.date(), Scope(QINDU, in_hand.QINDU_COUNTER)) == ()
    assert payments.paid_on((NOON + timedelta(days=1)).date(), here) == ()


# --- before the card is given out -------------------------------------------------------------------------------


def give(order: Order):
    with at() as act:
        return hand_over(act, order_number=order.number, shown_name="张三丰", proof=ON_PAPER)


def test_where_the_rule_says_so_a_card_is_given_out_only_once_its_fee_is_settled():
    set_rule("card.fee.before", "hand_over")
    order = at_the_outlet(an_exchange())
    no = give(order)
    refused(no, "fee.due")
    assert "20.00 元" in no.zh
    assert do("register_fee", order)
    assert give(order)
    refused(do("take_fee_back", order), "fee.given_out")


def test_a_waived_fee_keeps_no_card_back_and_one_that_is_due_no_parcel_in():
    set_rule("card.fee.before", "hand_over")
    waived, posted = at_the_outlet(an_exchange()), at_the_outlet(an_exchange())
    assert do("waive_fee", waived, actor=MANAGER) and give(waived)
    where = {"name": "张三丰", "phone": "13900000009", "address": "陕西省咸阳市秦都区某某街道某某路9号"}
    with at() as act:
        assert wish_post(act, posted.number, **where) is None
        refused(hand_to_courier(act, posted.number, company="邮政速递", waybill="EA123456789CN"), "fee.due")


def test_elsewhere_the_card_does_not_wait_for_the_money():
    order = at_the_outlet(an_exchange())
    assert give(order)
    assert state(order) == "due" and do("register_fee", order)


@pytest.mark.parametrize(("event", "first"), [("collect", True), ("post", True), ("cancel", False)])
def test_the_tables_themselves_let_no_order_go_with_its_fee_open(event: str, first: bool):
    set_rule("card.fee.before", "hand_over" if first else "never")
    order = an_exchange() if event == "cancel" else at_the_outlet(an_exchange())
    with pytest.raises(DatabaseError, match="is not settled"), transaction.atomic():
        advance(order, ORDER, event, state_since=NOON)


def test_the_tables_themselves_want_another_person_and_a_receipt():
    order = an_exchange()
    for change in (
        "state = 'paid'",
        f"state = 'waived', reason = 'x', decided_by = '{CLERK.code}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cards_fee SET {change} WHERE order_id = %s", [order.pk])


# --- the journal refuses ----------------------------------------------------------------------------------------


def nothing_happens(service: str, order: Order, journal_refuses, actor: Actor = BANK_CLERK) -> None:
    before = Fee.objects.filter(order=order).values().get()
    with journal_refuses():
        do(service, order, actor)
    assert Fee.objects.filter(order=order).values().get() == before


def test_no_payment_is_registered_when_the_journal_refuses(journal_refuses):
    nothing_happens("register_fee", an_exchange(), journal_refuses)


def test_no_payment_is_taken_back_when_the_journal_refuses(journal_refuses):
    order = an_exchange()
    assert do("register_fee", order)
    nothing_happens("take_fee_back", order, journal_refuses)


def test_no_fee_is_waived_when_the_journal_refuses(journal_refuses):
    nothing_happens("waive_fee", an_exchange(), journal_refuses, MANAGER)


def test_no_fee_is_refunded_when_the_journal_refuses(journal_refuses):
    order = an_exchange()
    assert do("register_fee", order)
    with at() as act:
        assert cancel_order(act, order.number, "本人要求")
    nothing_happens("refund_fee", order, journal_refuses, MANAGER)


def test_the_states_in_which_money_lies_with_us_are_those_that_lead_to_a_refund():
    assert FEE.target("refund", OWED.code) is not None
