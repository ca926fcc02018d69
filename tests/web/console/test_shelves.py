"""Boxes, slots and parcels at the counter."""

from __future__ import annotations

import pytest

from tests.cards.factories import CENTRE_OUTLET, at_outlet, made
from tests.web.console.desks import refusals
from yikatong.cards.models import Card, Order, Posting

WHERE = {"name": "林小满", "phone": "13900000009", "address": "陕西省咸阳市秦都区某某街道某某路9号"}


@pytest.fixture
def box(centre) -> list[Order]:
    orders = made(3)
    for place, order in enumerate(orders, start=1):
        Card.objects.filter(order=order).update(box_slot=f"001-{place:03d}")
    return orders


def states() -> list[str]:
    return list(Order.objects.order_by("pk").values_list("state", flat=True))


def test_a_box_that_does_not_fit_leads_to_reading_its_cards(clerk, box):
    batch = box[0].batch.number
    label = f"{CENTRE_OUTLET}-{batch}-001"
    assert batch in clerk.see("stock/")
    assert "应有" not in clerk.see(f"stock/{label}/")
    page = clerk.confirm(f"stock/{label}/", counted="2")
    assert "与装箱清单不符" in page and states() == ["made"] * 3
    page = clerk.confirm(f"stock/{label}/cards/", card_nos=f"{box[0].card_no}\n{box[2].card_no}")
    assert "已入库 2 张" in page and "还有 1 张未到" in page and "清点不符" in page
    assert states() == ["at_outlet", "made", "at_outlet"]


def test_a_card_is_put_into_a_slot_found_and_moved(clerk, box):
    assert "已增加 2 个卡位" in clerk.confirm(
        "slots/add/", outlet_code=CENTRE_OUTLET, cabinet="A", first="1", last="2", capacity="2"
    )
    label = f"{CENTRE_OUTLET}-{box[0].batch.number}-001"
    assert refusals(clerk.confirm(f"stock/{label}/", counted="3", slot="A-01")) and states() == ["made"] * 3
    clerk.confirm(f"stock/{label}/", counted="3")
    number = box[1].number
    assert number in clerk.see("slots/")
    assert "已放入卡位 A-02" in clerk.confirm(f"orders/{number}/slot/", slot="A-02")
    assert "A-02" in clerk.see(f"slots/?q={number}") and "A-02" in clerk.see(f"orders/{number}/hand-over/")
    assert "网点没有这张卡" in clerk.see("slots/?q=S999999999")
    clerk.see("slots/999999/", status=404)


def test_a_card_goes_by_courier_from_the_wish_to_the_signature(clerk):
    number = at_outlet()[0].number
    assert "已登记邮寄" in clerk.confirm(f"orders/{number}/post/", **WHERE)
    page = clerk.see("parcels/")
    assert number in page and WHERE["address"] not in page
    assert WHERE["address"] in clerk.see(f"orders/{number}/post/send/")
    assert refusals(clerk.confirm(f"orders/{number}/post/send/", company="邮政速递", waybill="1"))
    assert "已交寄" in clerk.confirm(
        f"orders/{number}/post/send/", company="邮政速递", waybill="EA123456789CN"
    )
    assert "EA123456789CN" in clerk.see("parcels/")
    done = clerk.confirm(f"orders/{number}/post/delivered/", signed_by="林小满", on="2025-03-10")
    assert "已登记签收" in done and Posting.objects.get().state == "delivered"
    assert states() == ["collected"]


def test_a_parcel_comes_back_or_is_lost(clerk):
    one, other = at_outlet(2)
    for order, waybill in ((one, "EA111111111CN"), (other, "EA222222222CN")):
        clerk.confirm(f"orders/{order.number}/post/", **WHERE)
        clerk.confirm(f"orders/{order.number}/post/send/", company="邮政速递", waybill=waybill)
    assert "卡已退回网点" in clerk.confirm(f"orders/{one.number}/post/came-back/", note="无人签收")
    assert "已登记寄失" in clerk.confirm(f"orders/{other.number}/post/lost/", note="快递遗失")
    assert states() == ["at_outlet", "cancelled"]
    clerk.confirm(f"orders/{one.number}/post/", **WHERE)
    assert "已改为到网点自取" in clerk.confirm(f"orders/{one.number}/post/withdraw/")
