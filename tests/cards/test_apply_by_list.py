"""集体申领: a school's list is brought by one person, judged whole, and taken by another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cards.bringing import CITY, MANAGER, a_unit, bring, brought, roll, take, taken
from tests.cards.factories import CLERK, MORNING, acting, apply, code, entries, number_of, resident, residents
from tests.cards.test_apply_at_once import at_once, codes
from yikatong.basics.refused import Refused
from yikatong.cards import unit_lists
from yikatong.cards.models import ApplicationList, ListLine, Order
from yikatong.cards.services.apply_by_list import (
    bring_list,
    clear_list_files,
    judge_list_again,
    refuse_list,
    take_list,
    withdraw_list,
)
from yikatong.cards.services.list_problems import export_list_problems
from yikatong.cards.stages import Stage
from yikatong.cards.unit_lists import ListRow
from yikatong.office.models import Entry, Message
from yikatong.office.scope import Scope
from yikatong.residents.models import Guardian, Resident

pytestmark = pytest.mark.django_db
CHILD = date(2016, 2, 29)
STRANGER = number_of(date(2001, 2, 3), 77)


@pytest.fixture(autouse=True)
def _open(request):
    if "committed_centre" not in request.fixturenames:
        request.getfixturevalue("centre")


def outcomes(row: ListRow) -> dict[int, str]:
    return dict(ListLine.objects.filter(application_list=row.id).values_list("line", "outcome"))


def test_every_line_is_judged_at_once_and_nobody_has_an_order_yet():
    people = residents(3)
    row = brought(roll(people))
    assert (row.good, row.refused_rows, row.state.code) == (3, 0, "judged")
    assert not Order.objects.exists() and row.judgement
    assert Entry.objects.get(kind="card.list_judged").payload["good"] == 3


def test_each_kind_of_wrong_line_says_what_is_wrong_with_it():
    good, other, child, busy, dead = residents(5)
    Resident.objects.filter(pk=child.pk).update(birth_on=CHILD)
    apply(busy)
    Resident.objects.filter(pk=dead.pk).update(state="dead")
    row = brought(
        roll(
            [good],
            f"{other.number},王二,",
            f"{child.number},{child.name},",
            f"{busy.number},{busy.name},",
            f"{dead.number},{dead.name},",
            f"{STRANGER},陌生人,",
            "610499199003070000,李四,",
            f"{number_of(date(1990, 1, 1), 5)},=SUM(A1),",
            "一,二",
        )
    )
    assert outcomes(row) == {
        2: "good",
        3: "name",
        4: "order.guardian_needed",
        5: "order.open",
        6: "order.deceased",
        7: "order.unknown_person",
        8: "cells",
        9: "cells",
        10: "cells",
    }
    told = {each.line: each.problems for each in unit_lists.lines_to_look_at(row.id)}
    assert "导入名单" in told[7][0][2] and "在办申请" in told[5][0][2]
    assert told[8][0][:2] == ("社会保障号码", "6104**********0000")
    assert all(each[0][2] for each in told.values()) and row.unknown == 1


def test_a_person_in_two_lines_is_taken_from_neither_also_under_a_former_number():
    one, other = residents(2)
    one.documents.create(type="citizen_id", number="610499900307001", seen_at=MORNING, until=MORNING)
    row = brought(roll([one, other], f"{one.number},{one.name},"), only_good=True)
    assert outcomes(row) == {2: "repeated", 3: "good", 4: "repeated"}


def test_a_merged_records_number_applies_for_the_one_who_stays():
    survivor, second = residents(2)
    Resident.objects.filter(pk=second.pk).update(merged_into=survivor.pk)
    row = taken([second])
    assert ListLine.objects.get(application_list=row.id).resident_id == survivor.pk
    assert Order.objects.get().resident_id == survivor.pk


def test_a_list_that_another_person_approves_becomes_orders_that_know_their_list():
    people = residents(4)
    row = taken(people)
    assert (row.state.code, row.decided_by_name) == ("taken", "方负责")
    lines = unit_lists.people_of_list(row.id)
    assert {each.order.resident_id for each in lines if each.order} == {each.pk for each in people}
    assert [each.division for each in lines] == ["三年级1班", "三年级1班", "三年级2班", "三年级3班"]
    order = Order.objects.first()
    assert order is not None and order.channel == "list" and unit_lists.list_of_order(order.pk) == row.number
    assert entries("card.applied") == 4 and Message.objects.count() == 4
    again = unit_lists.application_list(row.number, CITY)
    assert again is not None and again.stages == {Stage.MAKING: 4} and not again.overdue


def test_who_brought_a_list_neither_takes_nor_refuses_it_and_the_table_knows_it_too():
    row = brought(roll(residents(1)))
    assert code(take(row, CLERK)) == "list.own"
    with acting() as act:
        assert code(refuse_list(act, row.number, reason="不齐", scope=CITY)) == "list.own"
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        ApplicationList.objects.filter(pk=row.id).update(decided_by=CLERK.code)
    with pytest.raises(IntegrityError, match="decided_by_someone"), transaction.atomic():
        ApplicationList.objects.filter(pk=row.id).update(state="taken")
    assert not Order.objects.exists()


def test_all_or_nothing_is_nothing_with_a_wrong_line_and_good_lines_only_takes_the_rest():
    people = residents(2)
    whole = brought(roll(people, "610499199003070000,李四,"))
    assert whole.blocked and code(take(whole)) == "list.blocked"
    part = taken(people, "610499199003070000,李四,一班", only_good=True)
    assert Order.objects.count() == 2 and part.refused_rows == 1


def test_a_list_without_anybody_to_take_is_not_approved():
    row = brought(roll([], f"{STRANGER},陌生人,"), only_good=True)
    assert code(take(row)) == "list.nobody"


def test_only_what_was_seen_is_approved():
    row = brought(roll(residents(1)))
    with acting(MANAGER) as act:
        assert code(take_list(act, row.number, judgement="00" * 32, scope=CITY)) == "list.changed"


def test_where_the_base_changed_since_nothing_is_taken_and_the_list_waits_again():
    people = residents(3)
    row = brought(roll(people), only_good=True)
    apply(people[1])
    now = take(row)
    assert isinstance(now, ListRow) and now.waits and now.returned and now.good == 2
    assert Order.objects.count() == 1 and now.judgement != row.judgement
    last = take(now)
    assert isinstance(last, ListRow) and last.taken and Order.objects.count() == 3


def test_whoever_was_missing_is_good_once_they_are_registered():
    missing = resident()
    content = roll([missing])
    name, number = missing.name, missing.number
    Resident.objects.filter(pk=missing.pk).update(name_folded="别人")
    row = brought(content)
    assert row.good == 0 and (name, number) == (missing.name, missing.number)
    Resident.objects.filter(pk=missing.pk).update(name_folded=name)
    with acting() as act:
        now = judge_list_again(act, row.number, scope=CITY)
    assert isinstance(now, ListRow) and now.good == 1 and outcomes(row) == {2: "good"}


def test_the_same_file_waits_once_and_after_it_was_taken_leaves_everybody_out():
    unit, content = a_unit(), roll(residents(3))
    first = brought(content, unit)
    assert code(bring(content, unit, MANAGER)) == "list.waits"
    assert isinstance(take(first), ListRow)
    second = brought(content, unit)
    assert second.counts == {"order.open": 3} and code(take(second)) == "list.nobody"
    same = unit_lists.same_file(second)
    assert same is not None and same.number == first.number and unit_lists.same_file(first) is None


def test_a_minors_guardian_hears_that_the_application_was_taken():
    child = resident(birth=CHILD, guardian=True, phone="")
    taken([child])
    assert Message.objects.get().to == Guardian.objects.get().phone


def test_lines_without_a_photo_are_taken_and_said_to_lack_one():
    row = brought(roll([resident(photo=False), resident()]))
    assert row.lacking_photo == 1 and row.good == 2


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"outlet_code": "00000000"}, "order.outlet_unknown"),
        ({"bank_code": "999"}, "order.bank_unknown"),
        ({"content": b""}, "file.empty"),
        ({"content": "姓名,血型\n王二,A".encode()}, "file.columns"),
        ({"content": "社会保障号码,姓名\n,".encode()}, "file.empty"),
        ({"unit_code": "没有"}, "unit.unknown"),
        ({"scope": Scope("610481")}, "unit.unknown"),
    ],
)
def test_what_cannot_be_a_list_is_refused_whole(changed, wanted):
    assert code(bring(**{"content": roll(residents(1)), **changed})) == wanted
    assert not ApplicationList.objects.exists()


def test_a_list_longer_than_the_rule_is_refused(monkeypatch):
    from yikatong.cards.services import list_judging

    monkeypatch.setattr(list_judging, "whole", lambda code, day: 1)
    assert code(bring(roll(residents(2)))) == "file.too_many_rows"


def test_a_list_is_turned_down_with_a_reason_or_withdrawn_and_then_its_file_is_gone():
    row = brought(roll(residents(1)))
    with acting(MANAGER) as act:
        assert code(refuse_list(act, row.number, reason=" ", scope=CITY)) == "reason.missing"
        down = refuse_list(act, row.number, reason="缺学校公章", scope=CITY)
    assert isinstance(down, ListRow) and (down.state.code, down.reason) == ("refused", "缺学校公章")
    assert code(take(down)) == "list.not_waiting"
    other = brought(roll(residents(1)))
    with acting() as act:
        gone = withdraw_list(act, other.number, scope=CITY)
    assert (
        isinstance(gone, ListRow)
        and gone.cleared
        and bytes(ApplicationList.objects.get(pk=gone.id).content) == b""
    )
    with acting() as act:
        assert code(export_list_problems(act, other.number, scope=CITY)) == "list.cleared"


def test_problems_go_out_as_a_workbook_with_the_rows_to_be_corrected():
    row = brought(roll(residents(1), f"{STRANGER},陌生人,一班"))
    with acting() as act:
        content = export_list_problems(act, row.number, scope=CITY)
    assert isinstance(content, bytes) and content.startswith(b"PK")
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    again = book.get_sheet_by_name("待更正").to_python()
    assert again[1][:3] == [STRANGER, "陌生人", "一班"] and entries("card.list_problems_taken") == 1


def test_files_are_removed_when_their_time_is_over_and_orders_keep_their_lines():
    done = taken(residents(1), "610499199003070000,李四,", only_good=True)
    waiting = brought(roll(residents(1)))
    with acting(moment=MORNING + timedelta(days=31)) as act:
        assert clear_list_files(act) == 2
        assert clear_list_files(act) == 0
    assert ListLine.objects.get().application_list_id == done.id
    again = unit_lists.application_list(waiting.number)
    assert again is not None and again.state.code == "withdrawn" and again.cleared


def test_a_list_is_seen_by_its_own_region_and_outlet_alone():
    row = brought(roll(residents(1)))
    assert unit_lists.lists(Scope("610481")) == () and len(unit_lists.lists(CITY)) == 1
    with acting() as act:
        assert code(withdraw_list(act, row.number, scope=Scope("610402", "61040201"))) == "list.unknown"


@pytest.mark.parametrize(
    "service",
    [
        bring_list,
        take_list,
        refuse_list,
        withdraw_list,
        judge_list_again,
        export_list_problems,
        clear_list_files,
    ],
)
def test_nothing_happens_to_a_list_when_the_journal_refuses(service, journal_refuses):
    unit, content = a_unit(), roll(residents(2), "610499199003070000,李四,")
    row = brought(content, unit, only_good=True)
    before = _standing()
    calls = {
        bring_list: lambda act: bring_list(
            act, unit_code=unit.code, name="x", content=roll(residents(1)), outlet_code="61040000",
            bank_code="102", only_good=True, scope=CITY,
        ),
        take_list: lambda act: take_list(act, row.number, judgement=row.judgement, scope=CITY),
        refuse_list: lambda act: refuse_list(act, row.number, reason="不齐", scope=CITY),
        withdraw_list: lambda act: withdraw_list(act, row.number, scope=CITY),
        judge_list_again: lambda act: judge_list_again(act, row.number, scope=CITY),
        export_list_problems: lambda act: export_list_problems(act, row.number, scope=CITY),
        clear_list_files: clear_list_files,
    }  # fmt: skip
    late = MORNING + timedelta(days=40) if service is clear_list_files else MORNING
    with journal_refuses(), acting(MANAGER, late) as act:
        assert not isinstance(calls[service](act), Refused)
    assert _standing() == before


def _standing() -> tuple[object, ...]:
    return (
        list(
            ApplicationList.objects.order_by("id").values_list(
                "state", "judgement", "cleared_at", "decided_by"
            )
        ),
        list(ListLine.objects.order_by("line").values_list("line", "outcome", "order_id")),
        Order.objects.count(),
        Entry.objects.count(),
        Message.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_take_a_list_once(committed_centre):
    row = brought(roll(residents(20)))

    def work(act):
        return take_list(act, row.number, judgement=row.judgement, scope=CITY)

    from dataclasses import replace

    results = at_once((MANAGER, work), (replace(MANAGER, code="staff:8"), work))
    assert codes(results) == ["list.not_waiting"]
    assert Order.objects.count() == 20 and entries("card.list_taken") == 1


@pytest.mark.django_db(transaction=True)
def test_two_lists_with_the_same_people_at_once_take_each_once_and_the_second_waits_again(committed_centre):
    people = residents(20)
    unit = a_unit()
    one = brought(roll(people), unit)
    other = brought(roll(people[::-1]), unit)

    def work(row):
        return lambda act: take_list(act, row.number, judgement=row.judgement, scope=CITY)

    results = at_once((MANAGER, work(one)), (MANAGER, work(other)))
    assert codes(results) == []
    assert sorted(result.state.code for result in results) == ["judged", "taken"]
    assert Order.objects.count() == 20 == ListLine.objects.filter(order__isnull=False).count()
    second = next(result for result in results if result.waits)
    assert second.returned and second.counts == {"order.open": 20}
    assert entries("card.applied") == 20 and Message.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_the_same_file_brought_at_once_by_two_waits_once(committed_centre):
    unit, content = a_unit(), roll(residents(5))

    def work(act):
        return bring_list(
            act, unit_code=unit.code, name="a.csv", content=content, outlet_code="61040000", bank_code="102",
            only_good=False, scope=CITY,
        )  # fmt: skip

    assert codes(at_once((CLERK, work), (MANAGER, work))) == ["list.waits"]
    assert ApplicationList.objects.count() == 1 and ListLine.objects.count() == 5


def test_the_file_and_its_numbers_are_sealed():
    people = residents(2)
    brought(roll(people))
    with connection.cursor() as cursor:
        for table in ("cards_applicationlist", "cards_listline", "cards_unit"):
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            told = " ".join(row for (row,) in cursor.fetchall())
            assert people[0].number not in told and people[0].number.encode().hex() not in told
            assert "02933210000" not in told
