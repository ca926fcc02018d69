"""From the application to the receiver's hand, at the pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from tests.cards.factories import (
    CENTRE_OUTLET,
    FAR_OUTLET,
    apply,
    at_outlet,
    made,
    matched,
    number_of,
    ready,
    resident,
)
from tests.web.console.desks import refusals
from yikatong.cards.models import Batch, Card, Order, ReceiptCopy
from yikatong.office.models import Entry, Outlet

AGENT = number_of(date(1980, 1, 1), 901)
ON_PAPER = {"unsigned_reason": "纸质签名存档", "no_photo_reason": "摄像头故障"}
WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}


def test_an_application_is_taken_after_checking_and_ends_on_its_receipt(clerk):
    person = resident()
    path = f"residents/{person.pk}/apply/"
    page = clerk.check(path, **WISHES)
    assert "核对" in page and "批量制卡" in page and not Order.objects.exists()
    page = clerk.confirm(path, **WISHES)
    order = Order.objects.get()
    assert "已受理" in page and order.number in page and f"{order.promised_on:%Y-%m-%d}" in page


def test_answers_can_be_changed_before_they_are_confirmed(clerk):
    person = resident()
    page = clerk.send(
        f"residents/{person.pk}/apply/", step="change", **{**WISHES, "mode": "instant"}
    ).content.decode()
    assert 'value="instant"' in page and "下一步" in page
    assert "checked" in page.split('value="instant"')[1].split(">")[0]


def test_a_second_application_is_refused_with_the_number_of_the_first(clerk):
    person = resident()
    first = apply(person)
    page = clerk.confirm(f"residents/{person.pk}/apply/", **WISHES)
    assert any(first.number in line for line in refusals(page)) and Order.objects.count() == 1


def test_a_deceased_applicant_is_refused(clerk):
    person = resident(state="dead")
    assert refusals(clerk.confirm(f"residents/{person.pk}/apply/", **WISHES)) and not Order.objects.exists()


def test_a_clerk_cannot_send_a_card_to_an_outlet_of_another_county(clerk):
    person = resident()
    page = clerk.confirm(f"residents/{person.pk}/apply/", **{**WISHES, "outlet_code": FAR_OUTLET})
    assert refusals(page) and not Order.objects.exists()


def test_the_receipt_is_a_pdf_and_every_copy_is_on_the_list(clerk, desk_of):
    order = apply(resident())
    page = clerk.see(f"orders/{order.number}/receipt/")
    path = page.split('action="/console/')[1].split('"')[0]
    answer = clerk.send(path, step="confirm")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert Entry.objects.get(kind="card.receipt_printed").subject == f"order:{order.id}"
    assert "补打" in clerk.see(f"orders/{order.number}/")
    assert refusals(clerk.confirm(path, reason=""))
    assert clerk.send(path, step="confirm", reason="卡纸").content.startswith(b"%PDF")
    assert "须由负责人放行" in clerk.confirm(path, reason="又卡纸")
    page = clerk.see(f"orders/{order.number}/")
    assert "等待放行" in page and "卡纸" in page and "第 3 次" in page
    manager = desk_of("outlet_manager", region="610402", outlet="61040000")
    assert "又卡纸" in manager.see("receipts/")
    released = ReceiptCopy.objects.get(number=3)
    assert "已放行第 3 次" in manager.confirm(f"receipts/{released.pk}/release/")
    assert "打印（已放行）" in clerk.see(f"orders/{order.number}/")
    assert clerk.send(path, step="confirm").content.startswith(b"%PDF")
    assert manager.client.get(f"/console/{path}").status_code == 403


def test_the_queue_lists_the_oldest_first_and_says_what_is_late(clerk, desk_of):
    order = apply(resident())
    assert order.number in clerk.see("queues/submitted/")
    Order.objects.filter(pk=order.id).update(promised_on="2025-03-09")
    assert "yk-late" in clerk.see("queues/submitted/")
    assert "yk-late" in clerk.see("")
    assert order.number not in desk_of("outlet_clerk", region="610481").see("queues/submitted/")
    clerk.see("queues/nonsense/", status=404)


def test_an_order_of_another_county_is_not_shown(desk_of):
    order = apply(resident())
    far = desk_of("outlet_clerk", region="610481", outlet=FAR_OUTLET)
    assert "不在您的经办范围" in far.see(f"orders/{order.number}/", status=403)
    far.see("orders/S999999999/", status=404)


def test_a_number_from_the_counter_opens_its_order_or_card(clerk):
    order = apply(resident())
    assert clerk.client.get(f"/console/find/?number={order.number.lower()}").url.endswith(f"{order.number}/")
    answer = clerk.client.get("/console/find/?number=nothing", follow=True)
    assert "没有这个受理编号" in answer.content.decode()


def test_an_order_is_cancelled_with_a_reason(clerk):
    order = apply(resident())
    assert refusals(clerk.confirm(f"orders/{order.number}/cancel/", reason=""))
    assert "已撤销" in clerk.confirm(f"orders/{order.number}/cancel/", reason="本人要求")
    assert refusals(clerk.confirm(f"orders/{order.number}/cancel/", reason="再来一次"))


def test_a_card_is_collected_elsewhere(clerk):
    order = apply(resident())
    Order.objects.update(frozen_at=timezone.now())
    assert "不能再改领卡网点" in clerk.see(f"orders/{order.number}/outlet/", status=404)
    Order.objects.update(frozen_at=None)
    assert "改领卡网点" in clerk.see(f"orders/{order.number}/")
    away = Outlet.objects.exclude(region=order.region).earliest("code")
    assert "已改到" in clerk.confirm(f"orders/{order.number}/outlet/", outlet_code=away.code)
    assert Order.objects.get().outlet == away


def test_an_order_without_a_problem_is_not_resubmitted(clerk):
    order = apply(resident())
    assert refusals(clerk.confirm(f"orders/{order.number}/resubmit/"))


def test_a_problem_order_is_resubmitted(clerk):
    order = matched()[0]
    Order.objects.filter(pk=order.pk).update(state="bank_failed")
    assert "已重新提交" in clerk.confirm(f"orders/{order.number}/resubmit/")
    assert Order.objects.get().state == "submitted"


def test_making_again_needs_a_failed_making(desk_of):
    order = ready()[0]
    assert refusals(desk_of("card_desk").confirm(f"orders/{order.number}/make-again/"))


def test_the_straight_way_through_the_pages(clerk, desk_of):
    """Send, answers, accounts, batch by one, release by another, return, box, hand-over, enable, activation."""
    from django.conf import settings

    from yikatong.office.wires.simulators import bank, maker, province

    desk, reviewer = desk_of("card_desk"), desk_of("card_reviewer")
    person = resident()
    clerk.confirm(f"residents/{person.pk}/apply/", **WISHES)
    number = Order.objects.get().number

    desk.send("match/", do="match")
    province.step(settings.WIRES_FOLDER, problem_rate=0)
    take_in(desk, "match/")
    desk.send("match/", do="accounts")
    bank.step(settings.WIRES_FOLDER, "102", failure_rate=0)
    take_in(desk, "match/")
    desk.confirm("batches/assemble/", mode="batch", limit="100", order_number="")
    batch = Batch.objects.get()
    reviewer.confirm(f"batches/{batch.number}/release/")
    maker.step(settings.WIRES_FOLDER, failure_rate=0)
    take_in(desk, "returns/")
    assert batch.number in clerk.see("stock/")
    assert "已入库 1 张" in clerk.confirm(f"stock/{CENTRE_OUTLET}-{batch.number}-001/", counted="1")
    # An agent collects: theirs is the one number that is typed at the counter and belongs to nobody on file.
    agent = {"role": "agent", "agent_name": "李四光", "agent_number": AGENT, **ON_PAPER}
    agent |= {
        "agent_letter": "委托〔2025〕1号",
        "agent_letter_on": "2025-03-01",
        "agent_reason": "住院",
        "agent_proof": "授权委托书",
    }
    assert "卡已发出" in clerk.confirm(f"orders/{number}/hand-over/", **agent)
    assert "李*光，居民身份证，授权委托书" in clerk.see(f"orders/{number}/")
    card = Card.objects.get()
    assert "已启用" in clerk.confirm(f"cards/{card.card_no}/enable/", role="holder")
    assert "金融账户正常" in desk_of("bank_operator").confirm(
        f"cards/{card.card_no}/activate/", role="holder"
    )
    card.refresh_from_db()
    assert (card.state, card.bank_state) == ("1", "normal")
    assert personal_numbers_in_the_journal() == []


PERSONAL = r"(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9}|[0-9]{16}|[0-9]{19})([^0-9]|$)"


def personal_numbers_in_the_journal() -> list[tuple[str, str]]:
    """Entries and rows of sets, by kind, in which a document, phone or account number stands in clear."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT kind, told FROM (SELECT kind, concat_ws(' ', payload::text, subject, purpose, "
            "actor_name) AS told FROM office_entry UNION ALL SELECT e.kind, concat_ws(' ', r.payload::text, "
            "r.subject) FROM office_entryrow r JOIN office_entry e ON e.id = r.entry_id) AS all_of_it "
            "WHERE told ~ %s",
            [PERSONAL],
        )
        return [(kind, told) for kind, told in cursor.fetchall()]


def take_in(desk, path: str) -> None:
    """Collect what has come and apply every waiting file."""
    from yikatong.office.models import WireFile

    desk.send(path, do="collect")
    for file in WireFile.objects.filter(outgoing=False, state="received"):
        assert "处理结果" in desk.send(path, file=str(file.pk)).content.decode()


def test_a_file_cannot_be_taken_in_twice(desk_of):
    page = desk_of("card_desk").send("returns/", file="1").content.decode()
    assert refusals(page)


def test_an_unreadable_return_file_is_rejected_with_its_reason(desk_of):
    from tests.cards.factories import received

    file = received("maker", b"not a return file")
    page = desk_of("card_desk").send("returns/", file=str(file.id)).content.decode()
    assert any(file.name in line for line in refusals(page))


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("card_desk", "match/"),
        ("card_desk", "returns/"),
        ("card_desk", "batches/assemble/"),
        ("card_desk", "batches/{}/dissolve/"),
        ("card_reviewer", "batches/{}/release/"),
    ],
)
def test_a_countys_desk_does_not_deal_with_the_whole_citys_files(desk_of, role, path):
    order = apply(resident())
    far = desk_of(role, region="610404")
    path = path.format("B000000018")
    assert "全市" in far.see(path, status=403)
    assert far.send(path, step="confirm", do="match").status_code == 403
    assert Order.objects.get(pk=order.id).state == "submitted"


def test_an_empty_shelf_of_ready_orders_makes_no_batch(desk_of):
    page = desk_of("card_desk").confirm("batches/assemble/", mode="batch", limit="10", order_number="")
    assert refusals(page)


def test_a_batch_page_lists_what_will_be_made_page_by_page(desk_of, monkeypatch):
    from yikatong.web.console import batches

    monkeypatch.setattr(batches, "AT_ONCE", 2)
    orders = ready(5)
    reviewer = desk_of("card_reviewer")
    desk_of("card_desk").confirm("batches/assemble/", mode="batch", limit="10", order_number="")
    number = Batch.objects.get().number
    page, seen = reviewer.see(f"batches/{number}/"), []
    assert "林*满" in page and "林小满" not in page and orders[0].resident.number not in page
    for part in ("申领", "批量", "工商银行", orders[0].outlet.name):
        assert part in page.split("<tbody>")[1], part
    assert "只列出" not in page
    assembled = Batch.objects.get().assembled_at
    assert f"{timezone.localtime(assembled):%Y-%m-%d %H:%M}" in page and f"{assembled:%H:%M}" not in page
    while True:
        seen += re.findall(r'<th scope="row"><a href="/console/orders/(\w+)/"', page)
        onward = re.search(r'href="(\?from=\d+)">下一页', page)
        if onward is None:
            break
        page = reviewer.see(f"batches/{number}/{onward[1]}")
    assert seen == [order.number for order in orders]
    for odd in ("-1", "x", "9" * 30):
        reviewer.see(f"batches/{number}/?from={odd}")


def test_a_batch_shows_a_counter_only_orders_of_its_own(desk_of, clerk):
    orders = ready(2)
    desk_of("card_desk").confirm("batches/assemble/", mode="batch", limit="10", order_number="")
    number = Batch.objects.get().number
    assert orders[0].number in clerk.see(f"batches/{number}/")
    page = desk_of("outlet_clerk", region="610481").see(f"batches/{number}/")
    assert orders[0].number not in page and "只列出您经办范围内" in page


def test_a_batch_page_offers_release_only_to_the_reviewer(desk_of):
    ready()
    desk, reviewer = desk_of("card_desk"), desk_of("card_reviewer")
    desk.confirm("batches/assemble/", mode="batch", limit="10", order_number="")
    number = Batch.objects.get().number
    assert "release/" not in desk.see(f"batches/{number}/")
    assert "release/" in reviewer.see(f"batches/{number}/")
    assert desk.client.post(f"/console/batches/{number}/release/", {"step": "confirm"}).status_code == 403
    assert "已撤批" in desk.confirm(f"batches/{number}/dissolve/")
    assert refusals(reviewer.confirm(f"batches/{number}/release/"))
    desk.see("batches/B999999999/", status=404)


def test_a_box_of_an_unknown_batch_is_refused(clerk):
    made()
    clerk.see(f"stock/{CENTRE_OUTLET}-B999999999-001/", status=404)


@pytest.mark.parametrize(("role", "name"), [("holder", "别人"), ("agent", "代办人")])
def test_a_card_is_not_handed_to_the_wrong_person(clerk, role, name):
    order = at_outlet()[0]
    page = clerk.confirm(
        f"orders/{order.number}/hand-over/",
        role=role,
        shown_name=name,
        agent_name=name,
        **ON_PAPER,
    )
    assert refusals(page) and Order.objects.get().state == "at_outlet"
