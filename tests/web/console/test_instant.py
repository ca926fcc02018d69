"""即时制卡 at the pages: the clerk follows one card, the manager confirms it, and neither does the other's part."""

from __future__ import annotations

from tests.cards.factories import (
    CENTRE_OUTLET,
    account_file,
    acting,
    match_file,
    received,
    reload,
    resident,
    return_file,
    return_row,
)
from tests.web.console.desks import refusals
from yikatong.cards.models import Order, Photo
from yikatong.cards.tasks import apply_file
from yikatong.office.models import Entry

WISHES = {"mode": "instant", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}


def answer(counterpart: str, content: bytes) -> None:
    with acting() as act:
        apply_file(act, received(counterpart, content))


def test_from_the_application_to_the_hand_over_on_one_page(clerk, desk_of):
    manager = desk_of("outlet_manager", region="610402", outlet=CENTRE_OUTLET)
    person = resident()
    page = clerk.confirm(f"residents/{person.pk}/apply/", **WISHES)
    order = Order.objects.get()
    path = f"instant/{order.number}/"
    assert "可以继续下一步" in page and 'aria-current="step">数据比对' in page
    assert "等待对方答复" in clerk.send(path).content.decode()
    answer("province", match_file(reload([order])))
    clerk.send(path)
    answer("bank-102", account_file(reload([order])))
    assert "请网点负责人" in clerk.send(path).content.decode()
    assert order.number in manager.see("instant/").split("正在办理")[0]
    page = manager.confirm(f"{path}confirm/")
    assert "已确认" in page and "没有等待确认" in page
    order = reload([order])[0]
    answer("maker", return_file(order.batch.number, [return_row(order)]))
    page = clerk.send(path).content.decode()
    assert f"/console/orders/{order.number}/hand-over/" in page
    assert "<dt>状态</dt>" not in page and "数据比对 已送出" not in page
    page = clerk.confirm(
        f"orders/{order.number}/hand-over/",
        role="holder",
        shown_name=person.name,
        unsigned_reason="已按手印存档",
        no_photo_reason="摄像头故障",
    )
    assert "卡已发出" in page and f"/console/blanks/use/?order={order.number}" in page
    story = clerk.see(f"orders/{order.number}/").split('id="story-title"')[1]
    assert "领取" in story


def test_the_manager_sees_on_the_first_page_what_waits_for_a_second_person(clerk, desk_of):
    manager = desk_of("outlet_manager", region="610402", outlet=CENTRE_OUTLET)
    assert "等我审核的" not in manager.see("")
    clerk.confirm(f"residents/{resident().pk}/apply/", **WISHES)
    order = Order.objects.get()
    clerk.send(f"instant/{order.number}/")
    answer("province", match_file(reload([order])))
    clerk.send(f"instant/{order.number}/")
    answer("bank-102", account_file(reload([order])))
    clerk.send(f"instant/{order.number}/")
    page = manager.see("")
    assert '<a href="/console/instant/">确认即时制卡</a> <span class="yk-number">1</span>' in page
    assert "现在没有轮到您办的队列" not in page
    assert "等我审核的" not in clerk.see("")


def test_a_clerk_confirms_nothing_and_a_manager_takes_nothing_further(clerk, desk_of):
    manager = desk_of("outlet_manager", region="610402", outlet=CENTRE_OUTLET)
    clerk.confirm(f"residents/{resident().pk}/apply/", **WISHES)
    order = Order.objects.get()
    clerk.see(f"instant/{order.number}/confirm/", 403)
    assert (
        "<button" not in manager.see(f"instant/{order.number}/").split('id="way"')[1].split("</section>")[0]
    )
    manager.send(f"instant/{order.number}/")
    assert Order.objects.get().state == "submitted"
    assert refusals(manager.confirm(f"instant/{order.number}/confirm/"))


def test_the_page_renews_its_middle_only_and_is_nobody_at_the_counter(clerk):
    clerk.confirm(f"residents/{resident().pk}/apply/", **WISHES)
    order = Order.objects.get()
    before = clerk.client.session["seen"]
    session = clerk.client.session
    session["seen"] = before - 120
    session.save()
    part = clerk.client.post(
        f"/console/instant/{order.number}/", headers={"HX-Request": "true", "X-Unattended": "1"}
    ).content.decode()
    assert part.lstrip().startswith('<section id="way"') and "hx-post" in part
    assert clerk.client.session["seen"] == before - 120
    entries = Entry.objects.count()
    clerk.see(f"instant/{order.number}/")
    assert Entry.objects.count() == entries
    assert clerk.client.session["seen"] > before - 120


def test_an_order_of_another_outlet_is_hidden(clerk, desk_of):
    clerk.confirm(f"residents/{resident().pk}/apply/", **WISHES)
    order = Order.objects.get()
    desk_of("outlet_clerk", region="610404", outlet="61040401").see(f"instant/{order.number}/", 403)


def test_who_has_no_photo_yet_is_sent_to_have_it_taken(clerk):
    person = resident()
    Photo.objects.filter(resident=person).delete()
    clerk.confirm(f"residents/{person.pk}/apply/", **WISHES)
    page = clerk.send(f"instant/{Order.objects.get().number}/").content.decode()
    assert any("照片" in line for line in refusals(page))
    assert f"/console/residents/{person.pk}/photo/" in page
    assert "hx-post" not in page.split('id="way"')[1].split(">")[0]
