"""The auditor follows a fact: by who and where, to its act and its proof, and a copy back to who took it."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.cards.factories import apply, resident
from tests.web.console.desks import refusals
from yikatong.office import exports
from yikatong.office.journal import seal
from yikatong.office.models import Entry
from yikatong.office.proof import prove_entry


def test_the_journal_is_asked_by_actor_and_door_and_says_kinds_in_words(desk_of):
    order = apply(resident())
    auditor = desk_of("auditor")
    page = auditor.see("journal/")
    assert "受理制卡申请" in page and "居民窗口" in page
    for asked in ({"actor": "王经办"}, {"actor": "staff:1", "door": "console"}):
        assert order.number in auditor.send("journal/", **asked).content.decode(), asked
    assert order.number not in auditor.send("journal/", actor="李制卡").content.decode()
    assert order.number not in auditor.send("journal/", door="portal").content.decode()
    assert refusals(auditor.send("journal/", actor="610499199003070010").content.decode())


def test_the_journal_is_asked_by_what_stands_on_a_receipt(desk_of):
    order = apply(resident())
    auditor = desk_of("auditor")
    page = auditor.send("journal/", subject=f" {order.number.lower()}").content.decode()
    assert "受理制卡申请" in page.split("</form>")[-1] and not refusals(page)
    assert Entry.objects.filter(kind="office.journal_asked", payload__asked=f"order:{order.id}").exists()
    assert refusals(auditor.send("journal/", subject="S999999999").content.decode())


def test_an_entry_shows_its_act_and_its_proof(desk_of):
    order = apply(resident())
    number = Entry.objects.get(kind="card.applied").pk
    auditor = desk_of("auditor")
    assert "尚未封存" in auditor.see(f"journal/{number}/")
    seal()
    page = auditor.see(f"journal/{number}/")
    assert "与封存一致" in page and order.number in page
    assert Entry.objects.filter(kind="office.journal_asked", payload__asked=f"entry:{number}").count() == 2
    auditor.see("journal/99999999/", status=404)


def test_a_changed_entry_does_not_fit_its_seal(desk_of):
    apply(resident())
    number = Entry.objects.get(kind="card.applied").pk
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE office_entry SET actor_name = '别人' WHERE id = %s", [number])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert not prove_entry(number).sound
    assert "与封存不符" in desk_of("auditor").see(f"journal/{number}/")


def test_an_entry_of_another_county_is_not_shown(desk_of):
    apply(resident())
    number = Entry.objects.get(kind="card.applied").pk
    desk_of("auditor", region="610481").see(f"journal/{number}/", status=404)


def test_what_was_found_is_exported_with_a_purpose_and_traced_back(desk_of):
    apply(resident())
    auditor = desk_of("auditor")
    page = auditor.send("journal/", kind="card.applied", export="xlsx").content.decode()
    assert any("用途" in line for line in refusals(page))
    for form in ("xlsx", "pdf"):
        copy = auditor.send("journal/", kind="card.applied", purpose="季度抽查", export=form)
        assert copy["Content-Disposition"].endswith(f'.{form}"')
        number = exports.trace(copy.content).payload["number"]
        found = auditor.client.post(
            "/console/journal/trace/", {"copy": SimpleUploadedFile("x", copy.content)}
        )
        assert number in found.content.decode()
        assert number in auditor.send("journal/trace/", number=number).content.decode()
    assert "没有找到" in auditor.send("journal/trace/", number="X000").content.decode()
    assert refusals(auditor.send("journal/trace/").content.decode())
    assert Entry.objects.filter(kind="office.exported", purpose="季度抽查").count() == 2


def test_the_journal_refuses_so_nothing_leaves_the_house(desk_of, journal_refuses):
    apply(resident())
    auditor = desk_of("auditor")
    with journal_refuses():
        auditor.send("journal/", kind="card.applied", purpose="季度抽查", export="xlsx")


def test_a_missing_answer_is_named(clerk):
    order = apply(resident())
    page = clerk.confirm(f"orders/{order.number}/cancel/", reason="")
    assert any("请填写原因" in line for line in refusals(page))
