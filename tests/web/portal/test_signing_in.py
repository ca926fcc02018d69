from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.web.people import NAME, NUMBER
from tests.web.portal.visiting import MOMENT, Visitor, code_in, words_of
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.services import record_death

pytestmark = pytest.mark.django_db
PAGES = [
    "/portal/",
    "/portal/apply/",
    "/portal/apply/S00000000/",
    "/portal/loss/",
    "/portal/loss/undo/",
    "/portal/looks/",
]


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(visitor: Visitor, path: str):
    answer = visitor.client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/portal/sign-in/?next=")


def test_number_name_and_code_open_the_portal(visitor: Visitor):
    answer = visitor.sign_in()
    assert answer.status_code == 302 and answer["Location"] == "/portal/"
    assert NAME in visitor.text()


def test_the_session_holds_the_residents_id_and_nothing_more(resident: Visitor):
    session = resident.client.session
    assert {key for key in dict(session.items()) if not key.startswith("_session_expiry")} == {"resident"}
    assert session["resident"] == resident.person


def test_what_the_browser_was_before_is_forgotten(visitor: Visitor):
    visitor.client.get("/portal/sign-in/")
    session = visitor.client.session
    session["staff"] = "someone"
    session.save()
    before = str(session.session_key)
    visitor.client.cookies["sessionid"] = before
    visitor.sign_in()
    assert visitor.client.session.session_key != before
    assert "staff" not in visitor.client.session
    assert not Session.objects.filter(session_key=before).exists()


def test_the_session_ends_after_a_quarter_of_an_hour_without_a_visit(resident: Visitor):
    row = Session.objects.get()
    assert timedelta(minutes=14) < row.expire_date - timezone.now() <= timedelta(minutes=15)
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=20))
    resident.text()
    assert Session.objects.get().expire_date - timezone.now() > timedelta(minutes=14)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert resident.client.get("/portal/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(resident: Visitor):
    cookie = resident.client.cookies["sessionid"].value
    resident.client.post("/portal/sign-out/")
    stolen = Client()
    stolen.cookies["sessionid"] = cookie
    assert stolen.get("/portal/").status_code == 302


def test_a_page_with_someones_data_is_not_kept_by_the_browser(resident: Visitor):
    assert resident.client.get("/portal/")["Cache-Control"] == "no-store"


def test_a_stranger_sees_the_same_page_but_gets_no_message(visitor: Visitor, settings):
    settings.DEMO = False
    known = words_of(visitor.ask_code())
    stranger = words_of(visitor.ask_code(name="李四"))
    assert known == stranger


def test_outside_the_demo_no_page_shows_the_message(visitor: Visitor, settings):
    settings.DEMO = False
    assert "demo-sms" not in visitor.ask_code().content.decode()


def test_a_mistyped_number_is_said_beside_the_question(visitor: Visitor):
    answer = visitor.ask_code(number=NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"))
    page = answer.content.decode()
    assert 'id="id_number_error"' in page and "yk-error-summary" in page


def test_a_wrong_code_lets_nobody_in(visitor: Visitor):
    right = code_in(visitor.ask_code().content.decode())
    wrong = "000000" if right != "000000" else "111111"
    answer = visitor.client.post("/portal/sign-in/code/", {"number": NUMBER, "name": NAME, "code": wrong})
    assert answer.status_code == 200 and 'id="id_code_error"' in answer.content.decode()
    assert visitor.client.get("/portal/").status_code == 302


def test_a_second_code_within_a_minute_is_refused(visitor: Visitor):
    visitor.ask_code()
    assert "demo-sms" not in visitor.ask_code().content.decode()
    with clock.fixed(MOMENT + timedelta(seconds=61)):
        assert code_in(visitor.ask_code().content.decode())


def test_after_signing_in_one_comes_to_the_page_one_wanted(visitor: Visitor):
    assert visitor.sign_in(next="/portal/looks/")["Location"] == "/portal/looks/"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/console/", "/portal/\\evil", "javascript:1"]
)
def test_next_leads_nowhere_outside_the_portal(visitor: Visitor, evil: str):
    assert visitor.sign_in(next=evil)["Location"].startswith("/portal/")
    assert "evil" not in visitor.client.post("/portal/type-size/", {"next": evil})["Location"].replace(
        "/portal/%5Cevil", ""
    )


def test_large_type_is_switched_on_and_off_by_a_cookie(visitor: Visitor):
    visitor.client.post("/portal/type-size/")
    assert 'class="yk-large"' in visitor.client.get("/portal/sign-in/").content.decode()
    visitor.client.post("/portal/type-size/")
    assert 'class="yk-large"' not in visitor.client.get("/portal/sign-in/").content.decode()


def test_forms_of_other_sites_are_refused(visitor: Visitor):
    strict = Client(enforce_csrf_checks=True)
    for path in ("/portal/sign-in/", "/portal/sign-in/code/", "/portal/sign-out/", "/portal/type-size/"):
        assert strict.post(path).status_code == 403


def test_a_session_ends_with_a_recorded_death(visitor: Visitor):
    visitor.sign_in()
    visitor.text()
    with open_act(Actor.system("test"), door=Door.TASK) as act:
        record_death(act, visitor.person, on=MOMENT.date(), source="公安")
    assert visitor.client.get("/portal/").status_code == 302
