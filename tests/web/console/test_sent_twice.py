"""A final button pressed twice, a page gone back to, two tabs, a session that ended: one act, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.conf import settings as house_settings
from django.utils import timezone

from tests.cards.factories import CENTRE_OUTLET, at_outlet, number_of, resident
from tests.web.console.desks import Desk, refusals
from yikatong.bench._forms import Form, forms_in
from yikatong.cards.models import Blank, Card, Order, StockPaper
from yikatong.office.held import HELD
from yikatong.office.models import Entry
from yikatong.residents.models import Resident

WISHES = {"mode": "batch", "outlet_code": CENTRE_OUTLET, "bank_code": "102", "role": "holder"}
PROOF = {"role": "holder", "unsigned_reason": "纸质签名存档", "no_photo_reason": "摄像头故障"}
PAPER = {"kind": "delivery", "letters": "XY", "first": "1", "last": "20", "target": CENTRE_OUTLET}
AGAIN = "这一笔刚才已经办好，没有重复办理"


def checked(desk: Desk, path: str, **answers: object) -> dict[str, object]:
    """What the page to be checked would send with its final button."""
    page = desk.check(path, **answers)
    assert not refusals(page), refusals(page)
    form: Form = next(each for each in forms_in(page) if any(name == "step" for name, _ in each.buttons))
    sent = {name: each.values[-1] for name, each in form.questions.items() if each.values}
    assert sent["act"]
    return {**sent, "step": "confirm"}


def twice(desk: Desk, path: str, **answers: object) -> tuple[str, str]:
    """Press the final button twice: where the first led, and what the second says."""
    sent = checked(desk, path, **answers)
    first = desk.client.post(f"/console/{path}", sent)
    assert first.status_code == 302, refusals(first.content.decode())
    entries = Entry.objects.count()
    second = desk.client.post(f"/console/{path}", sent)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert Entry.objects.count() == entries
    return first["Location"], desk.client.get(second["Location"]).content.decode()


@pytest.fixture
def in_use(clerk) -> Card:
    order = at_outlet()[0]
    twice(clerk, f"orders/{order.number}/hand-over/", shown_name=order.resident.name, **PROOF)
    card = Card.objects.get()
    clerk.confirm(f"cards/{card.card_no}/enable/", role="holder")
    return card


def test_a_person_is_registered_once(clerk):
    told = {"name": "单晓雨", "region": "610402", "number": number_of(date(1991, 5, 5), 7)}
    _, page = twice(clerk, "residents/register/", **told)
    assert AGAIN in page and Resident.objects.count() == 1


def test_an_application_is_taken_once_and_leads_to_its_receipt_again(clerk):
    person = resident()
    where, page = twice(clerk, f"residents/{person.pk}/apply/", **WISHES)
    assert AGAIN in page and where.endswith(f"orders/{Order.objects.get().number}/receipt/")


def test_a_card_is_handed_over_lost_and_exchanged_once(clerk, in_use):
    path = f"cards/{in_use.card_no}/"
    assert AGAIN in twice(clerk, f"{path}loss/", which="social", role="holder")[1]
    clerk.confirm(f"{path}loss/release/", which="social", role="holder")
    twice(clerk, f"{path}exchange/", reason="damaged", **WISHES)
    assert Order.objects.filter(kind="exchange").count() == 1


def test_blanks_come_once(clerk, desk_of):
    twice(clerk, "blanks/paper/", **PAPER)
    paper = StockPaper.objects.get()
    other = desk_of("outlet_clerk", region="610402", outlet=CENTRE_OUTLET)
    path = f"blanks/paper/{paper.number}/confirm/"
    form = next(each for each in forms_in(other.see(path)) if "act" in each.questions)
    sent = {"act": form.questions["act"].values[-1], "step": "confirm"}
    assert other.client.post(f"/console/{path}", sent).status_code == 302
    assert other.client.post(f"/console/{path}", sent).status_code in (302, 404)
    assert Blank.objects.count() == 20


def test_two_tabs_are_two_acts_and_the_second_is_told_why_not(clerk):
    person = resident()
    path = f"residents/{person.pk}/apply/"
    one, other = checked(clerk, path, **WISHES), checked(clerk, path, **WISHES)
    assert one["act"] != other["act"]
    assert clerk.client.post(f"/console/{path}", one).status_code == 302
    assert refusals(clerk.client.post(f"/console/{path}", other).content.decode())
    assert Order.objects.count() == 1


def test_a_no_may_be_mended_from_the_same_page(clerk):
    """What was refused did not take place: going back and sending it again is no second time."""
    person = resident()
    path = f"residents/{person.pk}/apply/"
    sent = checked(clerk, path, **WISHES)
    assert refusals(clerk.client.post(f"/console/{path}", {**sent, "bank_code": "999"}).content.decode())
    assert clerk.client.post(f"/console/{path}", sent).status_code == 302
    assert Order.objects.count() == 1


def test_another_clerk_cannot_pass_for_an_act(clerk, desk_of):
    person = resident()
    path = f"residents/{person.pk}/apply/"
    sent = checked(clerk, path, **WISHES)
    assert clerk.client.post(f"/console/{path}", sent).status_code == 302
    other = desk_of("outlet_clerk", region="610402", outlet=CENTRE_OUTLET)
    assert refusals(other.client.post(f"/console/{path}", sent).content.decode())


def test_a_no_is_read_at_the_question_before_anything_is_to_be_checked(clerk):
    order = at_outlet()[0]
    page = clerk.check(f"orders/{order.number}/hand-over/", role="holder")
    assert refusals(page) == ["所示证件姓名：请照所出示的证件填写姓名。"]
    page = clerk.check(f"orders/{order.number}/hand-over/", role="holder", shown_name=order.resident.name)
    assert "签名" in refusals(page)[0] and "核对：" not in page
    assert Order.objects.get().state == "at_outlet"


def test_trying_leaves_nothing_behind(clerk):
    person = resident()
    entries = Entry.objects.count()
    checked(clerk, f"residents/{person.pk}/apply/", **WISHES)
    assert not Order.objects.exists() and Entry.objects.count() == entries


def test_what_was_typed_when_a_session_ended_is_there_after_the_login(clerk):
    told = {"name": "单晓雨", "region": "610402", "number": number_of(date(1991, 5, 5), 7)}
    staff = clerk.client.session["_auth_user_id"]
    session = clerk.client.session
    long_ago = timezone.now() - timedelta(seconds=house_settings.STAFF_IDLE_SECONDS + 5)
    session["seen"] = int(long_ago.timestamp())
    session.save()
    answer = clerk.send("residents/register/", step="check", **told)
    assert "/accounts/login/" in answer["Location"]
    assert told["number"] not in str(dict(clerk.client.session))
    log_in(clerk, staff)
    page = clerk.see("residents/register/")
    assert "已经保留" in page and f'value="{told["number"]}"' in page and "单晓雨" in html.unescape(page)
    assert not Resident.objects.exists()
    assert told["number"] not in clerk.see("residents/register/")


def test_somebody_else_does_not_read_what_was_typed(clerk, desk_of):
    told = {"name": "单晓雨", "region": "610402", "number": number_of(date(1991, 5, 5), 7)}
    session = clerk.client.session
    session["seen"] = 0
    session.save()
    clerk.send("residents/register/", step="check", **told)
    log_in(clerk, desk_of("outlet_clerk").client.session["_auth_user_id"])
    assert told["number"] not in clerk.see("residents/register/")


def typed_after_another_window_logged_out(desk: Desk) -> dict[str, str]:
    told = {"name": "单晓雨", "region": "610402", "number": number_of(date(1991, 5, 5), 7)}
    form = next(each for each in forms_in(desk.see("residents/register/")) if "typist" in each.questions)
    signed = form.questions["typist"].values[-1]
    desk.client.logout()
    assert (
        "/accounts/login/"
        in desk.send("residents/register/", step="check", typist=signed, **told)["Location"]
    )
    return told


def test_what_was_typed_when_another_window_logged_out_is_there_for_its_typist(clerk):
    staff = clerk.client.session["_auth_user_id"]
    told = typed_after_another_window_logged_out(clerk)
    log_in(clerk, staff)
    assert f'value="{told["number"]}"' in clerk.see("residents/register/")


def test_nobody_else_reads_it_nor_is_kept_what_nobody_signed_for(clerk, desk_of):
    staff, other = (
        clerk.client.session["_auth_user_id"],
        desk_of("outlet_clerk").client.session["_auth_user_id"],
    )
    told = typed_after_another_window_logged_out(clerk)
    log_in(clerk, other)
    assert told["number"] not in clerk.see("residents/register/")
    clerk.client.logout()
    clerk.send("residents/register/", step="check", **told)
    assert HELD not in clerk.client.session
    clerk.send("residents/register/", step="check", typist=f"{staff}:forged", **told)
    assert HELD not in clerk.client.session


def log_in(desk: Desk, staff: str) -> None:
    """As the login page does it: into the session that is there."""
    from yikatong.office.models import Staff

    held = dict(desk.client.session.items())
    desk.client.force_login(Staff.objects.get(pk=staff))
    session = desk.client.session
    for name in held.keys() - set(session.keys()):
        session[name] = held[name]
    session.save()


def test_a_list_of_more_than_one_outlet_begins_empty(desk_of):
    city = desk_of("outlet_clerk")
    for path in ("blanks/draw/", "slots/add/", f"residents/{resident().pk}/apply/"):
        page = city.see(path)
        where = re.search(r'<select name="outlet_code".*?<option ([^>]*)>', page, re.DOTALL)
        assert where and 'value=""' in where[1], path
        assert refusals(city.check(path))
