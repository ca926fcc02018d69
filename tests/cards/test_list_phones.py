"""The phones in a unit's list: judged with its lines, shown before anybody approves, taken in as a counter would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.cards.bringing import CITY, MANAGER, brought, take
from tests.cards.factories import MORNING, acting, entries, resident, residents
from tests.cards.test_apply_at_once import at_once, codes
from yikatong.basics.refused import Refused
from yikatong.cards.collective import PhoneComes
from yikatong.cards.models import ListLine, Order
from yikatong.cards.services.apply_by_list import clear_list_files, take_list
from yikatong.cards.unit_lists import lines_with_phones
from yikatong.office.models import Entry, Message
from yikatong.residents import services as registry
from yikatong.residents.models import Attribute, Resident
from yikatong.residents.rules import Trust

pytestmark = pytest.mark.django_db
NEW, OTHER, OLD = "13911110001", "13911110002", "13800000099"


@pytest.fixture(autouse=True)
def _open(request):
    if "committed_centre" not in request.fixturenames:
        request.getfixturevalue("centre")


def a_list(*people_and_phones, heading="手机", **changed):
    rows = [f"{each.number},{each.name},{phone}" for each, phone in people_and_phones]
    return brought("\n".join((f"社会保障号码,姓名,{heading}", *rows)).encode(), **changed)


def phone_of(person):
    return Resident.objects.get(pk=person.pk).phone


def from_source(person, phone, trust):
    with acting() as act:
        assert registry.change(act, person.pk, field="phone", value=phone, source="测试", trust=trust)


@pytest.mark.parametrize("heading", ["手机", "手机号码", "联系电话", "电话"])
def test_a_person_without_a_phone_gets_the_lists_and_hears_by_it_that_the_application_was_taken(heading):
    person = resident(phone="")
    row = a_list((person, NEW), heading=heading)
    assert row.phones == {PhoneComes.NEW: 1} and row.passed_over == ()
    assert phone_of(person) == ""
    assert take(row).taken
    assert phone_of(person) == NEW
    kept = Attribute.objects.get(resident=person, field="phone")
    assert (kept.phone, kept.source, kept.trust) == (NEW, f"单位名单 {row.number}", Trust.UNIT)
    assert Message.objects.get().to == NEW
    assert entries("resident.changed") == 1


def test_another_phone_replaces_what_a_unit_said_and_never_what_the_person_or_anybody_more_trusted_did():
    told, said, police, same, none = (resident(phone=OLD) for _ in range(5))
    Resident.objects.filter(pk=told.pk).update(trust=Trust.UNIT)
    from_source(police, "13700000001", Trust.POLICE)
    row = a_list((told, OTHER), (police, NEW), (said, NEW), (same, OLD), (none, ""))
    assert row.phones == {PhoneComes.CHANGED: 1, PhoneComes.KEPT: 2, PhoneComes.SAME: 1}
    shown = {
        comes: [(each.line, each.phone_shown) for each in lines_with_phones(row.id, comes)]
        for comes in PhoneComes
    }
    assert shown[PhoneComes.CHANGED] == [(2, "139****0002")]
    assert shown[PhoneComes.KEPT] == [(3, "139****0001"), (4, "139****0001")]
    assert take(row).taken
    now = [phone_of(each) for each in (told, said, police, same, none)]
    assert now == [OTHER, OLD, "13700000001", OLD, OLD]
    history = Attribute.objects.filter(resident=told, field="phone").order_by("id")
    assert [each.phone for each in history] == [OLD, OTHER]


def test_a_phone_in_too_many_lines_is_nobodys_own_and_not_taken():
    people = [resident(phone="") for _ in range(5)]
    twins = [(each, OTHER) for each in people[:2]]
    row = a_list(*twins, *((each, NEW) for each in people[2:]))
    assert row.phones == {PhoneComes.NEW: 2, PhoneComes.OF_MANY: 3}
    assert take(row).taken
    assert [phone_of(each) for each in people] == [OTHER, OTHER, "", "", ""]
    assert Order.objects.count() == 5


def test_a_bad_phone_is_told_by_row_and_cell_and_so_is_a_formula():
    people = residents(3)
    row = a_list((people[0], "12345"), (people[1], "=1+1"), (people[2], "+8613911110001"))
    found = dict(ListLine.objects.filter(application_list=row.id).values_list("line", "problems"))
    assert [(each["column"], each["code"]) for each in found[2] + found[3]] == [
        ("手机", "phone.format"),
        ("手机", "cell.formula"),
    ]
    assert found[4] == [] and row.counts == {"good": 1, "cells": 2}
    assert row.phones == {PhoneComes.KEPT: 1}


def test_lines_that_are_not_good_change_no_phone():
    stranger, person = resident(name="张三丰", phone=""), resident(phone="")
    content = f"社会保障号码,姓名,手机\n{stranger.number},王五,{NEW}\n{person.number},{person.name},{OTHER}"
    row = brought(content.encode(), only_good=True)
    assert row.phones == {PhoneComes.NEW: 1}
    assert take(row).taken
    assert (phone_of(stranger), phone_of(person)) == ("", OTHER)


def test_where_a_phone_came_from_a_more_trusted_source_meanwhile_nothing_is_taken_and_the_list_waits_again():
    person = resident(phone="")
    row = a_list((person, NEW))
    from_source(person, "13700000001", Trust.POLICE)
    back = take(row)
    assert back.returned and back.waits and back.phones == {PhoneComes.KEPT: 1}
    assert phone_of(person) == "13700000001" and not Order.objects.exists()
    assert take(back).taken and phone_of(person) == "13700000001"


def test_the_keys_go_with_the_file_and_no_phone_stands_in_the_clear():
    person = resident(phone="")
    row = a_list((person, NEW))
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cards_listline AS t")
        assert NEW not in str(cursor.fetchall())
    take(row)
    assert not [each for each in Entry.objects.all() if NEW in str(each.payload)]
    with acting(moment=MORNING + timedelta(days=40)) as act:
        assert clear_list_files(act) == 1
    line = ListLine.objects.get()
    assert (bytes(line.phone_key), line.phone_shown) == (b"", "")


def test_the_journal_refuses_so_no_phone_changed(journal_refuses):
    person = resident(phone="")
    row = a_list((person, NEW))
    with journal_refuses(), acting(MANAGER) as act:
        take_list(act, row.number, judgement=row.judgement, scope=CITY)
    assert phone_of(person) == "" and not Attribute.objects.exists() and not Order.objects.exists()
    with journal_refuses(), acting(MANAGER) as act:
        assert registry.take_phones(act, {person.pk: NEW}, source="名单", trust=Trust.SELF, everyone=[]) == 1
    assert phone_of(person) == ""


def test_a_list_that_can_no_longer_be_read_is_a_fault(monkeypatch):
    row = a_list((resident(phone=""), NEW))
    monkeypatch.setattr(
        "yikatong.cards.services.apply_by_list.read_roll", lambda *given: Refused("file.empty", "空", "empty")
    )
    with pytest.raises(RuntimeError):
        take(row)


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_the_same_people_in_other_orders_do_not_lock_each_other_out(committed_centre):
    people = [resident(phone="") for _ in range(20)]
    one = a_list(*[(each, NEW if n % 2 else "") for n, each in enumerate(people)])
    other = a_list(*[(each, "" if n % 2 else OTHER) for n, each in enumerate(people)][::-1])

    def work(row):
        return lambda act: take_list(act, row.number, judgement=row.judgement, scope=CITY)

    results = at_once((MANAGER, work(one)), (MANAGER, work(other)))
    assert codes(results) == []
    assert sorted(result.state.code for result in results) == ["judged", "taken"]
    assert Order.objects.count() == 20
