"""Every look has a purpose and stands in the journal, where its person can read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.residents.people import CLERK, MORNING, PERSON, acting, code, number_of, picture, registered
from yikatong.office.act import Actor
from yikatong.office.models import Entry
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.residents import queries, services
from yikatong.residents.queries import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


def test_a_look_is_recorded_with_its_purpose_and_the_person_reads_it():
    person = registered()
    other = registered(number=number_of(7))
    with acting() as act:
        seen = services.look(act, person.id, purpose=" 业务咨询 ", scope=Scope("610400"))
    assert isinstance(seen, Person) and seen.phone == PERSON["phone"]
    (look,) = queries.looks(person.id)
    assert (look.who, look.why) == ("王经办", "业务咨询")
    assert "王经办" in look.zh and "业务咨询" in look.zh and look.en.startswith("王经办 looked")
    assert queries.looks(other.id) == ()
    assert [row.kind for row in queries.story(person.id)] == ["resident.looked_up", "resident.registered"]
    assert all("{" not in row.sentence for row in queries.story(person.id))


@pytest.mark.parametrize(
    ("purpose", "reason"), [("", "purpose.missing"), (" ", "purpose.missing"), ("问" * 61, "purpose.long")]
)
def test_no_purpose_no_look(purpose: str, reason: str):
    person = registered()
    found = queries.search("林小满", EVERYWHERE)
    before = picture()
    with acting() as act:
        assert code(services.look(act, person.id, purpose=purpose)) == reason
        assert code(services.note_search(act, found, purpose)) == reason
    assert picture() == before


def test_a_clerk_sees_nobody_outside_their_region_and_no_stranger():
    person = registered()
    before = picture()
    with acting() as act:
        assert code(services.look(act, person.id, purpose="咨询", scope=Scope("610481"))) == "scope.outside"
        assert code(services.look(act, person.id, purpose="咨询", scope=Scope(""))) == "scope.outside"
        assert code(services.look(act, person.id + 1, purpose="咨询")) == "resident.unknown"
    assert picture() == before


def test_a_search_is_recorded_with_who_was_shown_but_not_with_what_was_typed():
    person = registered()
    with acting() as act:
        assert services.note_search(act, queries.search("林小满", EVERYWHERE), "业务咨询") is None
    entry = Entry.objects.get(kind="resident.searched")
    assert entry.payload["shown"] == [person.id]
    assert entry.payload["by"] == "姓名"
    assert "林" not in str(entry.payload)


def test_nothing_is_shown_when_the_journal_refuses(journal_refuses):
    person = registered()
    found = queries.search("林小满", EVERYWHERE)
    before = picture()
    with journal_refuses(), acting() as act:
        services.look(act, person.id, purpose="咨询")
    with journal_refuses(), acting() as act:
        services.note_search(act, found, "咨询")
    assert picture() == before


def test_a_search_looked_at_by_set_entries_shows_in_the_story():
    with acting() as act:
        services.load_people(act, [(number_of(8), "周兰", "610402")], "省平台")
    person = queries.person_by_number(number_of(8))
    assert person is not None
    assert [row.zh for row in queries.story(person.id)] == ["王经办 导入人员名单 省平台"]


def test_a_page_of_work_is_recorded_once_a_day_for_each_purpose_and_the_person_reads_it():
    person = registered()
    for purpose in ("发卡", "发卡", "启用"):
        with acting() as act:
            services.note_seen(act, person.id, region=person.region, purpose=purpose)
    assert sorted(look.why for look in queries.looks(person.id)) == ["发卡", "启用"]
    assert all(look.who == "王经办" and look.why in look.zh for look in queries.looks(person.id))


def test_the_next_day_and_another_member_of_staff_are_looks_of_their_own():
    person = registered()
    other = Actor("staff:99", "李经办", "610402")
    for actor, moment in ((CLERK, MORNING), (other, MORNING), (CLERK, MORNING + timedelta(days=1))):
        with acting(moment, actor) as act:
            assert services.note_seen(act, person.id, region=person.region, purpose="发卡")
    assert len(queries.looks(person.id)) == 3


def test_a_list_is_one_entry_with_the_people_it_showed_and_an_empty_one_is_none():
    person = registered()
    with acting() as act:
        services.note_list(act, [person.id], zh="待领卡", en="waiting at the outlet")
        services.note_list(act, [], zh="待领卡", en="waiting at the outlet")
    entry = Entry.objects.get(kind="resident.listed")
    assert entry.payload["shown"] == [person.id]


def test_note_seen_and_note_list_do_nothing_when_the_journal_refuses(journal_refuses):
    person = registered()
    before = picture()
    with journal_refuses(), acting() as act:
        services.note_seen(act, person.id, region=person.region, purpose="发卡")
    with journal_refuses(), acting() as act:
        services.note_list(act, [person.id], zh="待领卡", en="waiting at the outlet")
    assert picture() == before
