"""The clerk's morning and the supervisor's, at the pages."""

from __future__ import annotations

from django.utils.html import escape

from tests.cards.factories import CENTRE_OUTLET, PLAIN_OUTLET, apply, at_outlet, ready, resident
from yikatong.cards.models import Assignment, Order
from yikatong.office.models import Entry, Staff


def test_the_clerk_sees_what_is_hers_first(clerk):
    at_outlet()
    apply(resident())
    page = clerk.see("")
    turn, rest = page.split("其他环节的队列")
    assert "待领卡" in turn.split("轮到我办的")[1] and "已申请" in rest
    assert page.index("查询") < page.index("轮到我办的")


def test_promises_about_to_break_are_listed_with_their_orders(clerk):
    order = apply(resident())
    assert order.number not in clerk.see("")
    Order.objects.filter(pk=order.id).update(promised_on="2025-03-12")
    assert order.number in clerk.see("")
    assert order.number in clerk.see("queues/open/?promise=soon")
    assert order.number not in clerk.see("queues/open/?promise=late")


def test_the_supervisor_sees_states_and_outlets_and_gives_work_away(desk_of, clerk):
    order = apply(resident())
    manager = desk_of("outlet_manager", region="610402", outlet=CENTRE_OUTLET)
    page = manager.see("workload/")
    assert "社保卡服务窗口" in page and "中位" in page
    listed = manager.see(f"queues/submitted/?outlet={CENTRE_OUTLET}")
    taker = Staff.objects.get(roles=["outlet_clerk"])
    assert order.number in listed and taker.username in listed
    back = f"/console/queues/submitted/?outlet={CENTRE_OUTLET}&owner=nobody"
    answer = manager.send("workload/assign/", orders=[order.number], to=taker.username, back=back)
    assert answer.url == back
    assert order.number not in manager.see("queues/submitted/?owner=nobody")
    assert Entry.objects.filter(kind="card.assigned").exists()
    assert order.number in clerk.see("queues/open/?owner=me") and "分派给我的" in clerk.see("")
    assert str(taker) in clerk.see(f"orders/{order.number}/")
    manager.send("workload/assign/", orders=[order.number], do="unassign")
    assert not Assignment.objects.exists()


def test_a_refused_assignment_says_why_and_leads_nowhere_else(desk_of):
    manager = desk_of("outlet_manager", region="610402")
    answer = manager.client.post(
        "/console/workload/assign/", {"back": "https://elsewhere.example/"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/console/workload/"
    assert "请从清单中选择" in answer.content.decode()


def test_a_clerk_shares_nothing_out(clerk):
    clerk.see("workload/", status=403)
    assert "分派</button>" not in clerk.see("queues/submitted/")


def test_filters_travel_from_page_to_page(clerk, desk_of):
    apply(resident(), outlet=PLAIN_OUTLET)
    city = desk_of("card_desk")
    assert escape("三原建设银行代办网点") in city.see(f"queues/submitted/?outlet={PLAIN_OUTLET}")
    assert "队列是空的" in city.see(f"queues/submitted/?outlet={CENTRE_OUTLET}")


def test_the_page_for_a_batch_says_how_many_are_ready(desk_of):
    ready(3)
    assert "<dt>待组批</dt><dd>3</dd>" in desk_of("card_desk").see("batches/assemble/")
