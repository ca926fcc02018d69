"""Who may come in, what the menu shows, the journal, appointments, and log-in."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from tests.cards.factories import acting, apply, resident
from tests.web.console.desks import appointed, refusals
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.appointments import admit_partner, partner_of_key
from yikatong.office.duties import ROLES
from yikatong.office.facts import EXPORTED
from yikatong.office.models import Entry, Partner, Staff


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_starts_at_home_and_every_entry_of_its_menu_opens(desk_of, role):
    desk = desk_of(role)
    menu = re.search(r'<nav class="yk-nav".*?</nav>', desk.see(""), re.DOTALL)
    assert menu is not None
    links = re.findall(r'href="(/[^"]+)"', menu[0])
    assert links[0] == "/console/"
    for link in links:
        # A centre whose year holds no budget has no public table yet.
        assert desk.client.get(link).status_code == (404 if "disclosure" in link else 200), link


def test_a_stranger_is_sent_to_log_in(centre):
    answer = Client().get("/console/residents/")
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def test_a_page_beyond_ones_duties_is_refused_and_journalled(clerk):
    page = clerk.see("journal/", status=403)
    assert "查阅日志" in page
    assert Entry.objects.filter(kind="office.door_refused").exists()


def test_outside_the_demo_nobody_works_without_a_second_factor(clerk, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    for path in ("/console/", "/console/residents/"):
        assert clerk.client.get(path).url == "/accounts/2fa/"


def test_a_member_of_staff_logs_in_with_name_and_password(centre):
    staff = appointed("outlet_clerk", password="a-long-passphrase-9")
    client = Client()
    wrong = client.post("/accounts/login/", {"login": staff.username, "password": "no"}).content.decode()
    assert refusals(wrong)
    right = client.post("/accounts/login/", {"login": staff.username, "password": "a-long-passphrase-9"})
    assert right.url == "/console/"
    assert "两步验证" in client.get("/accounts/2fa/").content.decode()


def test_the_pages_speak_english_where_asked(clerk):
    clerk.client.post("/i18n/setlang/", {"language": "en", "next": "/console/"})
    page = clerk.see("")
    assert 'lang="en"' in page and "My turn" in page and "轮到我办的" not in page


def test_the_auditor_asks_the_journal_by_person_thing_kind_and_day(desk_of):
    person = resident()
    order = apply(person)
    auditor = desk_of("auditor")
    for asked in (
        {"number": person.number},
        {"subject": f"order:{order.id}"},
        {"kind": "card.applied"},
        {"since": "2025-03-10", "until": "2025-03-10", "kind": "card.applied"},
    ):
        assert order.number in auditor.send("journal/", **asked).content.decode(), asked
    assert order.number not in auditor.send("journal/", until="2025-03-09").content.decode()


def test_the_auditor_is_told_of_a_number_nobody_has(desk_of):
    page = desk_of("auditor").send("journal/", number="610499199003070010").content.decode()
    assert refusals(page)


def test_asking_the_journal_is_journalled_and_told_to_the_person_it_was_about(desk_of):
    from yikatong.residents.queries import looks

    person = resident()
    apply(person)
    auditor = desk_of("auditor")
    auditor.see("journal/")
    assert not Entry.objects.filter(kind="office.journal_asked").exists()
    auditor.send("journal/", number=person.number, kind="card.applied", since="2025-03-01")
    asked = Entry.objects.get(kind="office.journal_asked")
    assert (asked.person, asked.door, asked.purpose) == (person.pk, "console", "查阅日志")
    assert asked.actor.startswith("staff:")
    assert asked.payload == {
        "asked": f"resident:{person.pk} · card.applied · 2025-03-01…",
        "hits": 1,
        "start": 0,
    }
    (look,) = looks(person.pk)
    assert look.why == "查阅日志" and "查阅日志" in look.zh
    page = auditor.send("journal/", kind="office.journal_asked").content.decode()
    assert "查阅日志（resident:" in page


def test_asking_for_a_number_nobody_has_is_journalled_without_the_number(desk_of):
    desk_of("auditor").send("journal/", number="610499199003070010")
    asked = Entry.objects.get(kind="office.journal_asked")
    assert asked.person is None and asked.payload == {"asked": "resident:?", "hits": 0, "start": 0}


def test_a_persons_number_is_no_subject_to_ask_for(desk_of):
    page = desk_of("auditor").send("journal/", subject="610499199003070010").content.decode()
    assert any("不是对象" in line for line in refusals(page))
    assert not Entry.objects.filter(kind="office.journal_asked").exists()


def test_when_the_journal_refuses_the_auditor_sees_nothing(desk_of, journal_refuses):
    apply(resident())
    auditor = desk_of("auditor")
    with journal_refuses():
        auditor.send("journal/", kind="card.applied")
    assert not Entry.objects.filter(kind="office.journal_asked").exists()


@pytest.mark.parametrize("asked", [{}, {"kind": "card.receipt_printed"}, {"until": "2025-03-10"}])
def test_leafing_through_the_journal_shows_every_entry_once(desk_of, monkeypatch, asked):
    """Each page is a look of its own and stands on top of the next one; it must not push entries twice into view."""
    from yikatong.cards.facts import RECEIPT_PRINTED
    from yikatong.web.console import journal

    monkeypatch.setattr(journal, "AT_ONCE", 3)
    auditor = desk_of("auditor")
    with acting() as act:
        for number in range(8):
            act.record(RECEIPT_PRINTED, subject=f"order:{number}", number=f"S{number}")
    seen, start = [], "0"
    while start:
        page = auditor.send("journal/", start=start, **asked).content.decode()
        seen += re.findall(r">order:(\d)<", page)
        found = re.search(r'name="start" value="(\d+)"', page)
        start = found[1] if found else ""
    assert seen == list("76543210")


NEWCOMER = {
    "username": "newcomer",
    "full_name": "新人",
    "role": "outlet_clerk",
    "region": "610402",
    "outlet_code": "61040000",
}


def test_an_appointment_shows_a_first_password_that_works(desk_of):
    security = desk_of("security_admin")
    page = security.confirm("staff/appoint/", **NEWCOMER)
    password = re.search(r"<code>(.*?)</code>", page)
    assert password is not None
    assert Staff.objects.get(username="newcomer").check_password(password[1])
    assert "新人" in security.see("staff/")


def test_a_name_that_is_taken_is_refused(desk_of):
    security = desk_of("security_admin")
    security.confirm("staff/appoint/", **NEWCOMER)
    assert refusals(security.confirm("staff/appoint/", **NEWCOMER))


PARTNER = {
    "code": "museum",
    "name": "市博物馆",
    "purposes": ["holds_card"],
    "per_minute": "60",
    "expires_on": "2026-03-10",
}


def test_a_partner_is_admitted_and_its_key_is_shown_once(desk_of, centre):
    security = desk_of("security_admin")
    page = security.send("partners/", **PARTNER).content.decode()
    key = re.search(r"<code>(.*?)</code>", page)
    assert key is not None
    partner = partner_of_key(key[1], centre.date())
    assert partner is not None and partner.code == "museum"
    assert key[1] not in security.see("partners/")


def test_a_partner_is_not_admitted_twice_nor_for_a_day_gone_by(desk_of):
    security = desk_of("security_admin")
    security.send("partners/", **PARTNER)
    assert refusals(security.send("partners/", **PARTNER).content.decode())
    assert refusals(
        security.send("partners/", **{**PARTNER, "code": "b2", "expires_on": "2025-03-10"}).content.decode()
    )
    assert Partner.objects.count() == 1


@pytest.mark.parametrize("path", ["find/?number=%00", "indicators/XQ1/2025/?region=%00"])
def test_a_null_character_in_an_address_is_a_bad_request(desk_of, path):
    assert desk_of("centre_director").client.get(f"/console/{path}").status_code == 400


@pytest.mark.parametrize("start", ["²", "99999999999999999999", "-1", "x"])
def test_a_list_asked_for_from_nowhere_is_a_page_all_the_same(desk_of, start):
    desk_of("centre_director").see(f"indicators/XQ1/2025/?from={start}")


def test_who_is_dismissed_is_out_with_the_next_request_and_not_twice(desk_of, clerk):
    security = desk_of("security_admin")
    clerk.see("")
    username = Staff.objects.get(roles=["outlet_clerk"]).username
    assert "已停用" in security.confirm(f"staff/{username}/dismiss/", reason="调离")
    assert clerk.client.get("/console/").status_code == 302
    assert "已停用" in security.confirm(f"staff/{username}/dismiss/", reason="调离")
    assert Entry.objects.filter(kind="office.staff_dismissed").count() == 1
    security.see("staff/nobody/dismiss/", status=404)


def test_nobody_dismisses_themselves(desk_of):
    security = desk_of("security_admin")
    username = Staff.objects.get(roles=["security_admin"]).username
    assert "不能停用自己" in security.confirm(f"staff/{username}/dismiss/", reason="试试")
    assert Staff.objects.get(username=username).is_active


def test_a_partner_is_withdrawn_on_a_page_of_its_own(desk_of):
    security = desk_of("security_admin")
    with open_act(Actor.system("test"), door=Door.TASK) as act:
        admit_partner(
            act, code="medical", name="医保局", purposes=["social_use"], expires_on=date(2026, 1, 1)
        )
    assert "已停用 医保局" in security.confirm("partners/medical/withdraw/", reason="协议到期")
    assert not Partner.objects.get(code="medical").active
    security.see("partners/nobody/withdraw/", status=404)


def test_wrong_passwords_of_a_stranger_do_not_lock_the_house_out_behind_its_proxy(centre, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    appointed("auditor", password="Rot-Wein-2026")
    username = Staff.objects.get().username
    client = Client()

    def log_in(who: str, password: str, address: str) -> int:
        answer = client.post(
            "/accounts/login/",
            {"login": who, "password": password},
            headers={"X-Forwarded-For": f"198.51.100.9, {address}"},
        )
        return answer.status_code

    for number in range(12):
        log_in(f"nobody{number}", "wrong", "203.0.113.7")
    assert log_in("nobody99", "wrong", "203.0.113.7") == 200
    assert log_in(username, "Rot-Wein-2026", "203.0.113.7") == 200  # still at the page: too many from there
    assert log_in(username, "Rot-Wein-2026", "203.0.113.8") == 302


def test_a_countys_auditor_reads_what_was_recorded_in_the_county(desk_of):
    with acting() as act:
        act.record(EXPORTED, region="610402", what="秦都名单", rows=1)
        act.record(EXPORTED, region="610481", what="兴平名单", rows=1)
    with open_act(Actor.system("test"), door=Door.TASK) as act:
        act.record(EXPORTED, what="全市名单", rows=1)
    asked = {"kind": "office.exported"}
    near = desk_of("auditor", region="610402").send("journal/", **asked).content.decode()
    assert "秦都名单" in near and "兴平名单" not in near and "全市名单" not in near
    whole = desk_of("auditor").send("journal/", **asked).content.decode()
    assert all(each in whole for each in ("秦都名单", "兴平名单", "全市名单"))
    nowhere = desk_of("auditor", region="").send("journal/", **asked).content.decode()
    assert "名单" not in nowhere.split("<tbody>")[1].split("</tbody>")[0]


def test_a_countys_administrator_appoints_and_dismisses_in_the_county_only(desk_of):
    security = desk_of("security_admin", region="610402")
    given = {"username": "newcomer", "full_name": "新人", "role": "auditor", "outlet_code": ""}
    assert refusals(security.confirm("staff/appoint/", region="610400", **given))
    assert not Staff.objects.filter(username="newcomer").exists()
    assert "首次登录密码" in security.confirm("staff/appoint/", region="610402", **given)
    far = appointed("auditor", region="610481")
    assert security.send(f"staff/{far.username}/dismiss/", step="confirm", reason="x").status_code == 403
    assert Staff.objects.get(pk=far.pk).is_active
