"""寄递回单 at the desk: brought, told row by row, and its own page; nobody of one county or outlet sees it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cards.factories import acting, made
from tests.web.console.desks import refusals
from yikatong.cards.models import Order
from yikatong.cards.services import posting
from yikatong.cards.services.stock import receive_box
from yikatong.office.models import WireFile

COMPANY = "courier-邮政速递"
WHERE = {"name": "张三丰", "phone": "13900000009", "address": "陕西省咸阳市秦都区人民路街道9号"}


@pytest.fixture
def sent(centre) -> Order:
    (order,) = made(1)
    with acting() as act:
        receive_box(act, outlet_code=order.outlet.code)
        assert posting.wish_post(act, order.number, **WHERE) is None
        assert posting.hand_to_courier(act, order.number, company="邮政速递", waybill="EA123456") is None
    return order


def huidan(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("回单.csv", "\n".join(("运单号,结果,日期,签收人,原因", *rows)).encode())


def test_a_list_is_brought_and_each_row_answered(desk_of, sent):
    desk = desk_of("card_desk")
    assert "下载空白回单" in desk.see("parcels/lists/")
    rows = ("EA123456,签收,2025-03-10,张三丰,", "610499199001010018,退回,2025-03-10,,拒收")
    page = desk.send("parcels/lists/", counterpart=COMPANY, file=huidan(*rows)).content.decode()
    assert "的处理结果" in page and "6104…" in page and "610499199001010018" not in page
    assert Order.objects.get(pk=sent.pk).state == "collected"
    page = desk.see(f"files/{WireFile.objects.get(counterpart=COMPANY).pk}/")
    assert (
        "邮政速递" in page and "6104…" in page and "没有交这家寄递企业" in page and "parcels/lists/" in page
    )
    again = desk.send("parcels/lists/", counterpart=COMPANY, file=huidan(*rows)).content.decode()
    assert refusals(again)


def test_the_empty_form_is_a_workbook(desk_of, centre):
    assert desk_of("card_desk").send("parcels/lists/form.xlsx").content.startswith(b"PK")


def test_only_the_centres_desk_brings_it(desk_of, centre):
    desk_of("outlet_clerk").see("parcels/lists/", status=403)
    assert "全市" in desk_of("card_desk", region="610402").send("parcels/lists/").content.decode()
