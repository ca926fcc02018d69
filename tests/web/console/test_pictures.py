"""Photos and signatures at the pages: taken, kept on the way from step to step, shown for a purpose."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.cards.factories import apply, at_outlet, resident
from tests.web.console.desks import refusals
from yikatong.cards.models import Card, HandOver, Photo
from yikatong.office.models import Entry
from yikatong.simulation.portraits import portrait, signature
from yikatong.web.console.photo import crop_of
from yikatong.web.pictures import data_address, picture_from


@given(st.binary(max_size=300))
def test_a_picture_comes_back_from_its_address(rest):
    for head in (b"\xff\xd8\xff", b"\x89PNG"):
        assert picture_from(data_address(head + rest)) == head + rest
    assert data_address(b"GIF89a" + rest) == ""


@given(st.text(max_size=60))
def test_whatever_else_stands_in_the_answer_is_no_picture(text):
    assert picture_from(text) == b"" and picture_from(f"data:image/png;base64,{text}") is not None


@pytest.mark.parametrize("text", ["", "1,2,3", "-1,0,358,441", "0,0,358,441,5", "a,b,c,d", "0,0,999999,1"])
def test_a_frame_that_is_none_means_the_middle(text):
    assert crop_of(text) is None
    assert crop_of("0,12,358,441") == (0, 12, 358, 441)


def test_a_photo_is_taken_at_the_counter_and_the_application_no_longer_waits(clerk):
    person = resident(photo=False)
    order = apply(person)
    assert "缺照片" in clerk.see("") and order.number in clerk.see("queues/lacking-photo/")
    assert "接着采集照片" in clerk.see(f"orders/{order.number}/receipt/")
    path = f"residents/{person.pk}/photo/"
    assert refusals(clerk.send(path).content.decode()) == ["请选择照片文件。"]
    upload = SimpleUploadedFile("photo.jpg", portrait(), "image/jpeg")
    answer = clerk.client.post(f"/console/{path}", {"original": upload, "crop": "0,0,358,441"}, follow=True)
    assert "照片已保存" in answer.content.decode() and "358×441" in answer.content.decode()
    assert Photo.objects.get().crop == "0,0,358,441"
    assert order.number not in clerk.see("queues/lacking-photo/")
    assert Entry.objects.filter(kind="card.photo_looked").count() == 1


def test_a_photo_saved_by_a_double_press_is_one_photo(clerk):
    person = resident(photo=False)
    path = f"residents/{person.pk}/photo/"
    act = re.search(r'name="act" value="([^"]+)"', clerk.see(path))[1]
    for _ in "12":
        upload = SimpleUploadedFile("photo.jpg", portrait(), "image/jpeg")
        answer = clerk.send(path, original=upload, crop="0,0,358,441", act=act)
        assert (answer.status_code, answer["Location"]) == (302, f"/console/{path}")
    assert Photo.objects.count() == 1 and Entry.objects.filter(kind="card.photo_taken").count() == 1


def test_a_clerk_of_another_county_takes_no_photo(desk_of):
    person = resident(photo=False)
    desk_of("outlet_clerk", region="610481").see(f"residents/{person.pk}/photo/", status=403)


def handing(order, **answers):
    return {
        "role": "holder",
        "shown_name": order.resident.name,
        "signature": data_address(signature()),
        "receiver_photo": data_address(portrait()),
        **answers,
    }


def test_signature_and_photo_travel_to_the_check_page_and_are_kept(clerk, desk_of):
    order = at_outlet()[0]
    path = f"orders/{order.number}/hand-over/"
    page = clerk.check(path, **handing(order))
    assert page.count('<img class="yk-shown" src="data:image/') == 2
    assert f'name="signature" value="{data_address(signature())}"' in page
    assert "卡已发出" in clerk.confirm(path, **handing(order))
    card, kept = Card.objects.get(), HandOver.objects.get()
    assert kept.signature and kept.photo
    manager = desk_of("outlet_manager", region="610402")
    page = manager.see(f"cards/{card.card_no}/proof/")
    assert "data:image" not in page and "用途" in page
    page = manager.send(f"cards/{card.card_no}/proof/", purpose="投诉处理").content.decode()
    assert page.count("data:image/jpeg") == 2
    assert Entry.objects.get(kind="card.proof_looked").payload["purpose"] == "投诉处理"
    clerk.see(f"cards/{card.card_no}/proof/", status=403)


def test_a_file_does_where_there_is_no_script(clerk):
    order = at_outlet()[0]
    path = f"/console/orders/{order.number}/hand-over/"
    scan = SimpleUploadedFile("signed.png", signature(), "image/png")
    answers = handing(order, signature="", receiver_photo="", no_photo_reason="摄像头故障")
    answers |= {"signature_file": scan, "step": "check"}
    page = clerk.client.post(path, answers).content.decode()
    assert f'name="signature" value="{data_address(signature())}"' in page


def test_no_signature_and_no_reason_is_told_at_its_question(clerk):
    order = at_outlet()[0]
    page = clerk.confirm(f"orders/{order.number}/hand-over/", **handing(order, signature=""))
    assert any(line.startswith("领卡人签名") for line in refusals(page))
    assert not HandOver.objects.exists()
