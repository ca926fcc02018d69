"""邮寄: wished for, handed to the courier, signed for, brought back or lost; enabled only at a window."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.cards import in_hand
from tests.cards.in_hand import NOON, ON_PAPER, QINDU, QINDU_BANK, a_card, a_person, an_order, at, got
from tests.cards.test_loss import refused
from yikatong.cards import parcels
from yikatong.cards.models import Card, HandOver, Order, Posting
from yikatong.cards.rules import Mode
from yikatong.cards.services import posting
from yikatong.cards.services.apply import cancel_order
from yikatong.cards.services.hand_over import enable, hand_over
from yikatong.cards.services.retained import remind_uncollected, stop_order
from yikatong.cards.services.stock import receive_box
from yikatong.office.models import Entry, EntryRow, Message
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.residents.models import Resident

WHERE = {"name": "张三丰", "phone": "13900000009", "address": "陕西省咸阳市秦都区某某街道某某路9号"}
WAYBILL = "EA123456789CN"


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def waiting(state: str = "at_outlet") -> Order:
    order = an_order(a_person(), state)
    if state != "submitted":
        a_card(order=order, state="0", bank="inactive", collected=False)
    return order


def wish(order: Order, **changes):
    with at() as act:
        return posting.wish_post(act, order.number, **{**WHERE, **changes})


def send(order: Order, moment=NOON, **changes):
    with at(moment) as act:
        wanted = {"company": "邮政速递", "waybill": WAYBILL.lower(), **changes}
        return posting.hand_to_courier(act, order.number, **wanted)


def signed(**changes):
    wanted = {"waybill": WAYBILL, "signed_by": "张三丰", "on": date(2025, 3, 10), **changes}
    with at() as act:
        return posting.confirm_delivered(act, **wanted)


def back(**changes):
    with at() as act:
        return posting.bring_back(act, **{"waybill": WAYBILL, "note": "无人签收", **changes})


def off(**changes):
    with at() as act:
        return posting.write_off(act, **{"waybill": WAYBILL, "note": "快递遗失", **changes})


def stands(order: Order) -> tuple[str, str]:
    return Order.objects.get(pk=order.pk).state, Posting.objects.get(order=order).state


def texts() -> list[str]:
    return list(Message.objects.order_by("id").values_list("text", flat=True))


def under_way() -> Order:
    order = waiting()
    assert wish(order) is None and send(order) is None
    Message.objects.all().delete()
    return order


# --- where to ---------------------------------------------------------------------------------------------------


def test_where_a_card_goes_is_kept_sealed_and_never_in_the_journal():
    order = waiting("submitted")
    assert wish(order) is None
    row = got(parcels.parcel_of(order.pk))
    assert (row.address, row.phone, row.state.code) == (WHERE["address"], WHERE["phone"], "wished")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, phone FROM cards_posting")
        address, phone = cursor.fetchone()
    assert WHERE["address"].encode() not in bytes(address) and WHERE["phone"].encode() not in bytes(phone)
    told = str(list(Entry.objects.values_list("payload", flat=True)))
    assert WHERE["address"] not in told and WHERE["phone"] not in told


def test_it_may_be_changed_withdrawn_and_wished_again():
    order = waiting("submitted")
    wish(order)
    wish(order, address="陕西省咸阳市渭城区另一条路十号")
    assert got(parcels.parcel_of(order.pk)).address.endswith("十号")
    with at() as act:
        assert posting.withdraw_post(act, order.number) is None
    assert stands(order) == ("submitted", "withdrawn")
    with at() as act:
        refused(posting.withdraw_post(act, order.number), "post.none")
    wish(order)
    assert stands(order) == ("submitted", "wished")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": "某某路"}, "post.address"),
        ({"address": "一\n二三四五六七八"}, "address.control"),
        ({"phone": ""}, "post.phone"),
        ({"phone": "12"}, "phone.format"),
        ({"name": "1234"}, ""),
        ({"scope": Scope("610404")}, "scope.outside"),
    ],
)
def test_a_destination_that_cannot_be_delivered_to_is_refused(changes, code):
    order = waiting("submitted")
    answer = wish(order, **changes)
    assert answer is not None and (not code or answer.code == code)
    assert not Posting.objects.exists()


def test_who_may_not_have_it_posted_is_told():
    instant = waiting("submitted")
    Order.objects.filter(pk=instant.pk).update(mode=Mode.INSTANT.value)
    refused(wish(instant), "post.instant")
    refused(wish(waiting("collected")), "post.too_late")
    in_hand.set_rule("card.post_offered", False)
    refused(wish(waiting("submitted")), "post.not_offered")


def test_the_fee_is_the_rules():
    in_hand.set_rule("card.post_fee_fen", 1200)
    order = waiting("submitted")
    wish(order)
    assert Posting.objects.get().fee_fen == 1200


# --- on its way -------------------------------------------------------------------------------------------------


def test_whose_card_is_to_be_posted_is_not_told_to_come_for_it_nor_reminded():
    order = waiting("made")
    wish(order)
    with at() as act:
        assert receive_box(act, outlet_code=in_hand.QINDU_COUNTER) == 1
    assert ["将按您的登记寄出" in each for each in texts()] == [True]
    assert [row.order for row in parcels.to_be_posted(EVERYWHERE)] == [order.number]
    later = NOON.replace(month=9)
    with at(later) as act:
        assert remind_uncollected(act) == 0
    assert stands(order) == ("at_outlet", "wished")


def test_handed_to_the_courier_the_holder_is_told_the_waybill():
    order = waiting()
    wish(order)
    assert send(order) is None
    assert stands(order) == ("in_post", "sent")
    assert ["邮政速递" in each and WAYBILL in each for each in texts()] == [True]
    assert [row.waybill for row in parcels.under_way(EVERYWHERE)] == [WAYBILL]
    assert parcels.under_way(Scope(QINDU, QINDU_BANK)) == ()


def test_a_card_with_the_courier_is_handed_to_nobody_at_the_counter():
    order = under_way()
    with at() as act:
        refused(
            hand_over(act, order_number=order.number, proof=ON_PAPER, shown_name="张三丰"),
            "order.not_at_outlet",
        )


def test_what_is_not_ready_is_not_handed_to_the_courier():
    order = waiting()
    refused(send(order), "post.none")
    wish(order)
    refused(send(order, company="某某快递"), "post.company")
    refused(send(order, waybill="12"), "post.waybill")
    refused(send(order, scope=Scope("610404")), "scope.outside")
    made = waiting("made")
    wish(made)
    refused(send(made), "order.not_at_outlet")
    Resident.objects.filter(pk=order.resident_id).update(state="household")
    refused(send(order), "order.household_cancelled")
    assert stands(order) == ("at_outlet", "wished")


def test_a_waybill_belongs_to_one_card():
    under_way()
    other = waiting()
    wish(other)
    refused(send(other), "post.waybill_taken")


# --- what became of it ------------------------------------------------------------------------------------------


def test_signed_for_it_counts_as_collected_and_is_enabled_at_a_window():
    order = under_way()
    assert signed() is None
    assert stands(order) == ("collected", "delivered")
    card = Card.objects.get(order=order)
    assert (card.state, card.collected_at, card.collected_by) == ("0", NOON, "张三丰（邮寄签收）")
    proof = HandOver.objects.get(card=card)
    assert proof.role == "post" and WAYBILL in proof.unsigned_reason
    entry = Entry.objects.get(kind="card.collected")
    row = EntryRow.objects.get(entry_id=entry.pk)
    assert (entry.payload["receiver_role"], row.payload["order_kind"], row.person) == (
        "post",
        "new",
        order.resident_id,
    )
    assert ["邮件已签收" in each for each in texts()] == [True]
    with at() as act:
        assert got(enable(act, card_no=card.card_no)).state.code == "1"


def test_the_courier_is_believed_once():
    under_way()
    signed()
    for again in (signed, back, off):
        refused(again(), "post.settled")
    assert Entry.objects.filter(kind="card.collected").count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"waybill": "XX9999999"}, "post.unknown"),
        ({"waybill": ""}, "post.unknown"),
        ({"signed_by": " "}, "post.signed_by"),
        ({"on": date(2025, 3, 11)}, "post.date"),
        ({"on": date(2025, 3, 9)}, "post.date"),
        ({"scope": Scope("610404")}, "scope.outside"),
    ],
)
def test_a_signature_that_cannot_be_is_refused(changes, code):
    order = under_way()
    refused(signed(**changes), code)
    assert stands(order) == ("in_post", "sent")


def test_what_comes_back_lies_at_the_outlet_and_can_be_collected_or_sent_again():
    order = under_way()
    refused(back(note=" "), "post.note")
    assert back() is None
    assert stands(order) == ("at_outlet", "came_back")
    assert ["已退回" in each for each in texts()] == [True]
    assert wish(order) is None and send(order, waybill="EA223456789CN") is None
    assert stands(order) == ("in_post", "sent")


def test_what_the_courier_lost_ends_unused_and_its_holder_may_apply_anew():
    order = under_way()
    refused(off(note=""), "post.note")
    assert off() is None
    assert stands(order) == ("cancelled", "lost")
    assert Card.objects.get(order=order).state == "9"
    assert ["邮寄中遗失" in each for each in texts()] == [True]


def test_a_card_on_its_way_to_somebody_who_died_is_not_collected():
    order = under_way()
    Order.objects.filter(pk=order.pk).update(frozen_at=NOON)
    refused(signed(), "order.frozen")
    assert back() is None


def test_a_stopped_order_closes_once_its_card_is_back():
    order = under_way()
    with at() as act:
        got(stop_order(act, order.number, reason="迁出本市"))
    assert stands(order) == ("in_post", "sent")
    back()
    with at() as act:
        from yikatong.cards.services.retained import close_stopped

        assert close_stopped(act) == 1
    assert stands(order)[0] == "taken_back"


# --- a wish ends with its order ---------------------------------------------------------------------------------


def over() -> list[str]:
    """Why cards are no longer to be posted, as the journal says."""
    return [entry.payload["why"] for entry in Entry.objects.filter(kind="card.post_over").order_by("id")]


def test_a_card_collected_at_the_counter_after_all_is_not_to_be_posted_any_more():
    order = waiting()
    wish(order)
    with at() as act:
        got(hand_over(act, order_number=order.number, shown_name="张三丰", proof=ON_PAPER))
    assert stands(order) == ("collected", "withdrawn") and over() == ["卡已当面领取"]
    assert not parcels.to_be_posted(EVERYWHERE)


def test_an_application_that_is_withdrawn_takes_its_wish_along():
    order = waiting("submitted")
    wish(order)
    with at() as act:
        got(cancel_order(act, order.number, "不办了"))
    assert stands(order) == ("cancelled", "withdrawn") and over() == ["申请已撤销"]


def test_an_order_that_is_stopped_takes_its_wish_along():
    order = waiting("submitted")
    wish(order)
    with at() as act:
        got(stop_order(act, order.number, reason="迁出本市"))
    assert stands(order) == ("cancelled", "withdrawn") and over() == ["申请已撤销"]


def test_no_statement_closes_an_order_that_is_still_to_be_posted_nor_wishes_for_one_that_is_over():
    order = waiting()
    wish(order)
    with pytest.raises(ProgrammingError, match="still to be posted"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="collected")
    assert stands(order) == ("at_outlet", "wished")
    with at() as act:
        got(hand_over(act, order_number=order.number, shown_name="张三丰", proof=ON_PAPER))
    with pytest.raises(ProgrammingError, match="is over and is not posted"), transaction.atomic():
        Posting.objects.filter(order=order).update(state="wished")
    refused(wish(order), "post.too_late")


# --- twins ------------------------------------------------------------------------------------------------------


def test_nothing_of_it_happens_when_the_journal_refuses(journal_refuses):
    order = waiting()
    with journal_refuses():
        wish(order)
    assert not Posting.objects.exists()
    wish(order)
    with journal_refuses(), at() as act:
        posting.withdraw_post(act, order.number)
    with journal_refuses():
        send(order)
    assert stands(order) == ("at_outlet", "wished")
    send(order)
    for service in (signed, back, off):
        with journal_refuses():
            service()
    assert stands(order) == ("in_post", "sent")
    assert Card.objects.get(order=order).state == "0"


def test_a_wish_does_not_end_when_the_journal_refuses(journal_refuses):
    order = waiting()
    wish(order)
    with journal_refuses(), at() as act:
        hand_over(act, order_number=order.number, shown_name="张三丰", proof=ON_PAPER)
    assert stands(order) == ("at_outlet", "wished")
