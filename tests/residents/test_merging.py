"""合并与撤销: two people decide, nothing is moved, and what was undone is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.residents.people import ADULT, CLERK, MORNING, PERSON, acting, code, number_of, picture, registered
from yikatong.bench.duplicates import blocked
from yikatong.office.models import Entry
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.comparing import records
from yikatong.residents.corrections import Why
from yikatong.residents.merging import DISTINCT
from yikatong.residents.models import DuplicateKey, DuplicatePair, Resident
from yikatong.residents.pairs import DuplicateRow, duplicates, duplicates_of
from yikatong.residents.queries import search
from yikatong.residents.rules import Trust

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
MANAGER = replace(CLERK, code="staff:2", name="李主管")
LATER = MORNING + timedelta(hours=1)
CITY = Scope("610400")
WHY = "与公安信息核对"


def two_of_one() -> DuplicateRow:
    """One person twice: the same name, birth date and phone under two numbers."""
    registered(number=number_of(1), name="林小满")
    registered(number=number_of(777), name="林晓曼")
    registered(number=number_of(500), name="王大力", phone="13900000009")
    assert scanned() == 3
    (row,) = duplicates(CITY)
    return row


def scanned(moment=MORNING) -> int:
    with acting(moment) as act:
        return services.find_duplicates(act)


def merged(row: DuplicateRow) -> None:
    with acting() as act:
        assert isinstance(services.ask_merge(act, row.id, survivor=row.one.id, why=WHY), DuplicateRow)
    with acting(LATER, MANAGER) as act:
        assert isinstance(services.merge(act, row.id), DuplicateRow)


def test_two_records_of_one_person_are_proposed_with_their_reasons():
    row = two_of_one()
    assert {row.one.name, row.other.name} == {"林小满", "林晓曼"}
    assert {"name.sound", "birth.same", "phone.same"} <= {each.code for each in row.reasons}
    assert row.score > 50
    assert scanned() == 0, "nobody is new"
    assert Entry.objects.filter(kind="resident.duplicates_found").count() == 1


def test_the_database_compares_the_same_pairs_as_the_rules_alone():
    for serial in range(1, 40):
        registered(number=number_of(serial * 7), name="林王张李"[serial % 4] + "小晓筱"[serial % 3] + "满")
    scanned()
    ids = dict(Resident.objects.values_list("pk", "pk"))
    known = records(ids)
    by_rules = blocked(list(known.values()))
    assert by_rules
    keys = list(DuplicateKey.objects.values_list("key", "resident_id"))
    by_key: dict[int, set[int]] = {}
    for key, person in keys:
        by_key.setdefault(key, set()).add(person)
    by_table = {(a, b) for people in by_key.values() for a in people for b in people if a < b}
    assert by_table == by_rules


def test_no_key_in_the_table_tells_a_number():
    two_of_one()
    assert all(str(key) not in ADULT for key in DuplicateKey.objects.values_list("key", flat=True))
    assert {type(key) for key in DuplicateKey.objects.values_list("key", flat=True)} == {int}


def test_told_apart_is_remembered_until_who_they_are_changes():
    row = two_of_one()
    with acting() as act:
        assert isinstance(services.tell_apart(act, row.id, why=WHY), DuplicateRow)
    DuplicateKey.objects.all().delete()
    assert scanned() == 3 and duplicates(CITY) == ()
    with acting() as act:
        services.change(act, row.one.id, field="address", value="人民路1号", source="窗口", trust=Trust.SELF)
    assert scanned() == 0, "an address is no identity"
    with acting() as act:
        asked = services.correct_name(act, row.one.id, name="林晓满", why=Why.MISTAKE, proof="户口簿")
    with acting(LATER, MANAGER) as act:
        services.approve_correction(act, asked.id)  # type: ignore[union-attr]
    assert scanned() == 1
    assert [each.id for each in duplicates(CITY)] == [row.id]


def test_a_merged_record_leads_to_its_survivor_and_nothing_of_it_is_gone():
    row = two_of_one()
    merged(row)
    for text in (row.one.number, row.other.number, row.one.name, row.other.name):
        assert [each.id for each in search(text, CITY).rows] == [row.one.id]
    assert queries.person_by_number(row.other.number) == queries.person(row.one.id)
    assert queries.person(row.other.id) == queries.person(row.one.id)
    assert queries.ids_of(row.other.id) == queries.ids_of(row.one.id) == (row.one.id, row.other.id)
    assert {each.number for each in queries.documents(row.one.id)} == {row.one.number, row.other.number}
    assert any("合并" in each.zh for each in queries.story(row.one.id))
    with acting() as act:
        changed = services.change(
            act, row.other.id, field="address", value="人民路", source="窗口", trust=Trust.SELF
        )
    assert code(changed) == "resident.unknown"


@pytest.mark.parametrize("stays", ["one", "other"])
def test_what_was_merged_and_parted_is_as_it_was(stays):
    row = two_of_one()
    before = people()
    with acting() as act:
        services.ask_merge(act, row.id, survivor=getattr(row, stays).id, why=WHY)
    with acting(LATER, MANAGER) as act:
        services.merge(act, row.id)
    assert people() != before
    with acting(LATER, MANAGER) as act:
        assert isinstance(services.undo_merge(act, row.id, why="本人否认"), DuplicateRow)
    assert people() == before
    assert [each.id for each in duplicates(CITY)] == [row.id]
    assert queries.ids_of(row.other.id) == (row.other.id,)


def people() -> list[object]:
    """The picture of the room without its journal."""
    return picture()[:-2]


def test_nobody_merges_what_they_asked_for_and_neither_does_the_database():
    row = two_of_one()
    with acting() as act:
        services.ask_merge(act, row.id, survivor=row.one.id, why=WHY)
    with acting(LATER) as act:
        assert code(services.merge(act, row.id)) == "correction.same_person"
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        DuplicatePair.objects.update(checker=CLERK.code)
    with pytest.raises(IntegrityError, match="not_merged_into_themselves"), transaction.atomic():
        Resident.objects.filter(pk=row.one.id).update(merged_into=row.one.id)


def test_a_merge_is_approved_only_for_what_was_compared():
    row = two_of_one()
    with acting() as act:
        services.ask_merge(act, row.id, survivor=row.one.id, why=WHY)
    with acting() as act:
        services.change(
            act, row.other.id, field="phone", value="13700000000", source="窗口", trust=Trust.SELF
        )
    with acting(LATER, MANAGER) as act:
        assert code(services.merge(act, row.id)) == "merge.changed"
    with acting(LATER, MANAGER) as act:
        back = services.send_merge_back(act, row.id, why="资料已变")
    assert isinstance(back, DuplicateRow) and back.state.code == "open"


def test_a_record_points_at_its_survivor_in_one_step():
    row = two_of_one()
    merged(row)
    third = Resident.objects.exclude(pk__in=(row.one.id, row.other.id)).get()
    for second, survivor in ((row.one.id, third.pk), (third.pk, row.other.id)):
        with pytest.raises(DatabaseError, match="survivor of none"), transaction.atomic():
            Resident.objects.filter(pk=second).update(merged_into=survivor)


def test_nobody_is_merged_into_nobody():
    person = registered()
    with pytest.raises(DatabaseError, match="no resident"), transaction.atomic():
        Resident.objects.filter(pk=person.id).update(merged_into=0)


def test_a_city_is_still_loaded_into_an_empty_base_with_its_indexes_last():
    with acting() as act:
        services.load_people(act, [services.NewPerson(number_of(3), "林小满", "610402")], "演示")
        assert Resident.objects.count() == 1


def test_what_cannot_be_decided_says_why():
    row = two_of_one()
    with acting() as act:
        assert code(services.tell_apart(act, row.id, why="")) == "merge.why"
        assert code(services.tell_apart(act, 0, why=WHY)) == "duplicate.unknown"
        assert code(services.ask_merge(act, row.id, survivor=0, why=WHY)) == "merge.survivor"
        assert code(services.merge(act, row.id)) == "duplicate.state"
        assert code(services.undo_merge(act, row.id, why=WHY)) == "duplicate.state"
    with acting() as act:
        services.tell_apart(act, row.id, why=WHY)
    assert [each.id for each in duplicates(CITY, state=DISTINCT)] == [row.id]


def beside(serial: int, name: str, **told: Any) -> object:
    given = {**PERSON, "number": number_of(serial), "name": name}
    with acting() as act:
        return services.register(act, **given, beside=services.Beside(**told))


def test_a_look_alike_is_looked_at_before_anybody_is_registered():
    registered(number=number_of(1), name="林小满")
    assert scanned() == 1
    assert code(beside(777, "林晓曼")) == "resident.looks_alike"
    assert Resident.objects.count() == 1
    typed = {"number": number_of(777), "name": "林晓曼", "region": "610402", "phone": PERSON["phone"]}
    (alike,) = services.look_alikes_of(today=MORNING.date(), **typed)
    assert alike.person.name == "林小满"
    assert {"name.sound", "phone.same"} <= {each.code for each in alike.verdict.reasons}
    others = frozenset({alike.person.id})
    assert code(beside(777, "林晓曼", others=others)) == "merge.why"
    made = beside(777, "林晓曼", others=others, why="双胞胎")
    assert isinstance(made, queries.Person)
    assert duplicates(CITY) == () and scanned() == 0, "their keys are there, and the night asks nothing again"
    (told,) = duplicates(CITY, state=DISTINCT)
    assert (told.why, told.maker, {told.one.id, told.other.id}) == ("双胞胎", CLERK.code, {made.id, *others})


def test_whoever_looks_like_nobody_is_registered_and_found_by_the_next_counter():
    assert isinstance(beside(1, "林小满"), queries.Person)
    assert code(beside(777, "林晓曼")) == "resident.looks_alike"
    nobody = {"number": "1", "name": "", "region": "610402", "phone": ""}
    assert services.look_alikes_of(today=MORNING.date(), **nobody) == ()


def test_one_person_is_compared_with_everybody_at_once():
    first = registered(number=number_of(1), name="林小满")
    registered(number=number_of(777), name="林晓曼")
    registered(number=number_of(500), name="王大力", phone="13900000009")
    scanned()
    DuplicatePair.objects.all().delete()
    DuplicateKey.objects.filter(resident=first.id).delete()
    with acting() as act:
        assert services.find_duplicates_of(act, first.id) == 1
    with acting() as act:
        assert services.find_duplicates_of(act, first.id) == 1
        assert code(services.find_duplicates_of(act, 0)) == "resident.unknown"
    (row,) = duplicates_of(CITY, first.id)
    assert row.one.id == first.id
    assert duplicates_of(Scope("610481"), first.id) == ()


def test_nothing_is_registered_beside_others_nor_sought_when_the_journal_refuses(journal_refuses):
    registered(number=number_of(1), name="林小满")
    scanned()
    others = frozenset(Resident.objects.values_list("pk", flat=True))
    before = picture(), list(DuplicatePair.objects.values()), DuplicateKey.objects.count()
    with journal_refuses():
        beside(777, "林晓曼", others=others, why="双胞胎")
    assert before == (picture(), list(DuplicatePair.objects.values()), DuplicateKey.objects.count())
    second = registered(number=number_of(777), name="林晓曼")
    keys = DuplicateKey.objects.count()
    with journal_refuses(), acting() as act:
        services.find_duplicates_of(act, second.id)
    assert (DuplicateKey.objects.count(), DuplicatePair.objects.count()) == (keys, 0)


def test_nothing_happens_when_the_journal_refuses(journal_refuses):
    row = two_of_one()
    everything = picture(), list(DuplicatePair.objects.values()), DuplicateKey.objects.count()
    with journal_refuses(), acting() as act:
        services.tell_apart(act, row.id, why=WHY)
    with journal_refuses(), acting() as act:
        services.ask_merge(act, row.id, survivor=row.one.id, why=WHY)
    assert everything == (picture(), list(DuplicatePair.objects.values()), DuplicateKey.objects.count())
    with acting() as act:
        services.ask_merge(act, row.id, survivor=row.one.id, why=WHY)
    asked = picture(), list(DuplicatePair.objects.values())
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.merge(act, row.id)
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.send_merge_back(act, row.id, why=WHY)
    assert asked == (picture(), list(DuplicatePair.objects.values()))
    with acting(LATER, MANAGER) as act:
        services.merge(act, row.id)
    one = picture(), list(DuplicatePair.objects.values())
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.undo_merge(act, row.id, why=WHY)
    assert one == (picture(), list(DuplicatePair.objects.values()))
    registered(number=number_of(303), name="林小曼")
    with journal_refuses(), acting() as act:
        services.find_duplicates(act)
    assert not DuplicateKey.objects.filter(resident__name="林小曼").exists()
