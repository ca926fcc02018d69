"""名单导入: two people, all or nothing, the same file twice changes nothing, no trust gives way to a lower one."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from tests.residents.lists import (
    CHECKER,
    CITY,
    GOOD,
    HEAD,
    MAKER,
    approved,
    bad,
    counts,
    judged,
    now,
    taken,
    text_file,
    uploaded,
    work,
    workbook,
)
from tests.residents.people import (
    ADULT,
    MORNING,
    acting,
    code,
    kinds,
    number_of,
    people,
    picture,
    registered,
)
from yikatong.basics.ids import DocumentType
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.models import Entry, EntryRow
from yikatong.office.scope import Scope
from yikatong.residents import queries, services, tasks
from yikatong.residents.lists import ListRow, lines
from yikatong.residents.models import Attribute, IdentityDocument, ImportList, ImportRow, Resident
from yikatong.residents.rules import Outcome, Trust
from yikatong.residents.services.applying import apply_list, begin_applying
from yikatong.residents.services.importing import clear_lists
from yikatong.residents.services.judging import begin_judging, note_opened, settle_judging, stage_rows
from yikatong.residents.weighing import Scales, weighing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


def test_a_list_comes_in_as_one_entry_with_a_row_for_each_person():
    row = taken(*GOOD)
    assert (row.state.code, counts(row), row.counts["warned"]) == ("applied", {"new": 4}, 4)
    assert kinds() == [
        "resident.list_uploaded",
        "resident.list_judged",
        "resident.list_approved",
        "resident.imported",
        "resident.list_applied",
    ]
    assert EntryRow.objects.count() == Entry.objects.get(kind="resident.imported").rows == 4
    person = queries.person_by_number(number_of(1))
    assert person is not None
    assert (person.sex, person.phone, person.ethnicity) == ("1", "13800000001", "01")
    assert {each.source for each in queries.attributes(person.id)} == {"省平台"}
    assert queries.search("林小满", Scope("610402")).rows[0].number == number_of(0)


def test_nothing_is_stored_before_another_person_approves():
    row = judged(*GOOD)
    assert (row.state.code, counts(row), people()) == ("judged", {"new": 4}, [])
    assert code(approved(row, MAKER)) == "list.own"
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportList.objects.update(approved_by=MAKER.code)
    work()
    assert people() == [] and now(row).state.code == "judged"


def test_only_what_the_approver_saw_is_approved():
    row = judged(*GOOD)
    with acting(actor=CHECKER) as act:
        answer = services.approve_list(act, row.id, judgement="00" * 32, scope=CITY)
    assert code(answer) == "list.changed"


def test_the_same_file_is_refused_with_the_day_of_the_first():
    row = taken(*GOOD)
    before = picture()
    answer = uploaded(text_file(*GOOD))
    assert code(answer) == "import.known" and "2025-03-10" in answer.zh and str(row.id) in answer.zh  # type: ignore[union-attr]
    assert picture() == before


def test_the_same_file_may_come_again_where_the_first_was_withdrawn():
    row = judged(*GOOD)
    with acting(actor=MAKER) as act:
        assert isinstance(services.withdraw_list(act, row.id, scope=CITY), ListRow)
    assert not ImportRow.objects.exists() and not ImportList.objects.get().content
    assert counts(taken(*GOOD)) == {"new": 4}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_the_encoding_and_the_format_change_nothing(seed: int):
    taken(*GOOD)
    before, attributes = people(), Attribute.objects.count()
    mixed = list(GOOD)
    Random(seed).shuffle(mixed)
    columns = list(range(6))
    Random(seed + 1).shuffle(columns)
    table = [[line.split(",")[place] for place in columns] for line in [HEAD, *mixed]]
    contents = [
        text_file(*mixed, "", encoding="gb18030"),
        text_file(*mixed, "", encoding="utf-8-sig"),
        workbook(table),
    ]
    for content in contents:
        entries = Entry.objects.count()
        row = taken(content=content)
        assert (row.state.code, counts(row)) == ("applied", {"same": 4})
        assert people() == before and Attribute.objects.count() == attributes
        assert Entry.objects.count() == entries + 4, "only what happened to the list itself"


def test_whatever_the_order_the_same_people_come_of_it():
    pictures = []
    for seed in range(3):
        mixed = [*GOOD, f"{ADULT},周兰,610402,,,", f"{ADULT},周兰,610402,13800000009,,"]
        Random(seed).shuffle(mixed)
        row = taken(*mixed, only_good=True)
        assert counts(row) == {"new": 4, "repeated": 2}
        pictures.append(people())
        ImportList.objects.all().delete()
        Resident.objects.all().delete()
    assert pictures[0] == pictures[1] == pictures[2]


def test_one_bad_row_keeps_everything_out_unless_only_the_good_are_wanted():
    registered(number=number_of(3), name="周兰")
    table = [*GOOD, f"{ADULT[:-1]}2,林小满,610402,,,"]
    row = judged(*table)
    assert [(each.line, each.outcome) for each in bad(row)] == [(5, Outcome.NAME), (6, Outcome.CELLS)]
    before = people()
    assert code(approved(row)) == "list.blocked" and people() == before
    with acting(actor=CHECKER) as act:
        assert isinstance(services.refuse_list(act, row.id, reason="请更正", scope=CITY), ListRow)
    row = taken(*table, only_good=True)
    assert (row.state.code, counts(row)) == ("applied", {"new": 3, "name": 1, "cells": 1})
    person = queries.person_by_number(number_of(3))
    assert person is not None and person.name == "周兰"
    assert "林小满" not in str(bad(row)) and "周兰" not in str(bad(row))


def test_a_file_that_cannot_be_read_is_refused_at_once_and_wrong_columns_once_they_are_read():
    assert code(uploaded(b"PK\3\4")) == "file.unreadable"
    assert code(uploaded(b"")) == "file.empty"
    with acting() as act:
        answer = services.upload_list(
            act, name="x", content=text_file(*GOOD), source="", trust=Trust.SELF, only_good=False, scope=CITY
        )
    assert code(answer) == "source.missing"
    row = judged(content=text_file(head="证件号码,血型"))
    assert row.state.code == "refused" and "姓名" in row.refused_zh and "血型" in row.refused_zh
    assert ImportRow.objects.count() == 0


def test_rows_outside_the_clerks_region_are_refused():
    row = judged(*GOOD, f"{ADULT},周兰,610481,,,", scope=Scope("610402"))
    assert [(each.line, each.outcome) for each in bad(row)] == [(6, Outcome.OUTSIDE)]


def test_a_list_does_not_draw_people_of_another_county_into_the_clerks_own():
    taken(f"{ADULT},周兰,610481,13800000009,,")
    before = people()
    row = judged(f"{ADULT},周兰,610402,13800000008,,", scope=Scope("610402"))
    ((line),) = bad(row)
    assert line.outcome is Outcome.OUTSIDE and code(approved(row)) == "list.blocked"
    assert people() == before
    assert counts(taken(f"{ADULT},周兰,610402,13800000007,,")) == {"changed": 1}


def test_a_list_is_hidden_from_other_regions():
    row = judged(*GOOD)
    elsewhere = Scope("610481")
    with acting(actor=CHECKER) as act:
        answers = (
            services.approve_list(act, row.id, judgement=row.judgement, scope=elsewhere),
            services.refuse_list(act, row.id, reason="x", scope=elsewhere),
            services.withdraw_list(act, row.id, scope=elsewhere),
            services.export_problems(act, row.id, scope=elsewhere),
        )
    assert {code(answer) for answer in answers} == {"list.unknown"}


def test_someone_known_by_an_older_number_is_not_stored_twice():
    person = registered(number=number_of(0))
    old = DocumentType.FOREIGN_PERMANENT_OLD
    IdentityDocument.objects.create(
        resident_id=person.id, type=old, number="ABC123456789012", seen_at=MORNING
    )
    head = "证件类型,证件号码,姓名,居住地区划,联系电话"
    earlier = f"{old.label_zh},ABC123456789012,林小满,610402,13900000000"
    assert counts(judged(content=text_file(earlier, head=head))) == {"changed": 1}
    both = text_file(earlier, f",{number_of(0)},林小满,610402,", head=head)
    assert counts(judged(content=both)) == {"repeated": 2}


@pytest.mark.parametrize("standing", list(Trust))
@pytest.mark.parametrize("new", list(Trust))
def test_a_list_overwrites_only_what_is_trusted_no_more(standing: Trust, new: Trust):
    person = registered(number=number_of(0), trust=standing, address="渭城区", ethnicity="")
    row = taken(*GOOD[:1], trust=new)
    values = {each.field: (each.value, each.trust) for each in queries.attributes(person.id)}
    assert values["ethnicity"] == ("01", new), "what nobody had said is always filled in"
    assert counts(row) == {"changed": 1}
    if new < standing:
        assert (row.counts["kept"], values["address"]) == (1, ("渭城区", standing))
    else:
        assert (row.counts["kept"], values["address"]) == (0, ("秦都区", new))
        stood = Attribute.objects.filter(field="address").order_by("id").values_list("value", flat=True)
        assert list(stood) == ["渭城区", "秦都区"]
    stored = Resident.objects.get()
    assert {field: getattr(stored, field) for field in values} == {
        field: value for field, (value, _) in values.items()
    }


def test_the_rows_that_change_something_say_which_fields():
    registered(number=number_of(0), address="渭城区", ethnicity="")
    (line,) = lines(judged(*GOOD[:1]).id, [Outcome.CHANGED])
    assert line.changes == ("联系地址", "民族", "联系电话") or set(line.changes) == {
        "联系地址",
        "民族",
        "联系电话",
    }
    assert line.name_masked == "林*满"


def test_an_empty_cell_says_nothing():
    registered(number=number_of(0))
    before = people()
    assert counts(taken(f"{number_of(0)},林小满,610402,,,", trust=Trust.POLICE)) == {"same": 1}
    assert people() == before and not Attribute.objects.exists()


def test_where_the_base_changed_after_approval_the_list_goes_back():
    row = judged(*GOOD)
    assert isinstance(approved(row), ListRow)
    registered(number=number_of(2), name="周兰")
    before = people()
    work()
    back = now(row)
    assert (back.state.code, back.returned, back.approved_by_name) == ("judged", True, "")
    assert counts(back) == {"new": 3, "name": 1} and back.judgement != row.judgement
    assert people() == before
    assert "resident.list_returned" in kinds()


def test_a_change_that_leaves_the_judgement_as_it_was_does_not_stop_the_list():
    registered(number=number_of(0), address="渭城区")
    row = judged(*GOOD)
    assert isinstance(approved(row), ListRow)
    person = queries.person_by_number(number_of(0))
    assert person is not None
    with acting() as act:
        services.change(act, person.id, field="address", value="武功县", source="窗口", trust=Trust.SELF)
    work()
    assert now(row).state.code == "applied"
    assert Resident.objects.get(pk=person.id).address == "秦都区"


def test_what_cannot_be_stored_is_stored_in_no_part(monkeypatch: pytest.MonkeyPatch):
    row = judged(*GOOD)
    assert isinstance(approved(row), ListRow)
    inside: dict[str, Any] = apply_list.__globals__
    store = inside["store_new"]

    def too_late(act: Any, **rest: Any) -> object:
        services.register(act, number=number_of(1), name="林小满", region="610402")
        return store(act, **rest)

    monkeypatch.setitem(inside, "store_new", too_late)
    with pytest.raises(IntegrityError), clock.fixed(MORNING):
        tasks.take_in(row.id)
    assert people() == [] and now(row).state.code == "applying"


def test_a_worker_killed_in_the_middle_leaves_a_list_that_is_judged_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("yikatong.residents.services.judging.SLICE", 2)
    row = uploaded(text_file(*GOOD, f"{ADULT},周兰,610402,,,"))
    assert isinstance(row, ListRow)
    stage, slices = tasks.stage_rows, iter(range(9))

    class Killed(BaseException):
        pass

    def until_killed(*arguments: Any) -> Any:
        if next(slices) == 2:
            raise Killed
        return stage(*arguments)

    monkeypatch.setattr(tasks, "stage_rows", until_killed)
    with pytest.raises(Killed):
        work()
    halfway = now(row)
    assert (halfway.state.code, halfway.rows_done, halfway.rows_all, halfway.percent) == ("judging", 4, 5, 80)
    assert ImportRow.objects.count() == 4
    monkeypatch.setattr(tasks, "stage_rows", stage)
    work()
    assert (now(row).state.code, counts(now(row))) == ("judged", {"new": 5})


def staged(act: Any, begun: tuple[bytes, Scales]) -> bool:
    with weighing(1) as weigh:
        opened, slices = weigh(*begun)
        assert not isinstance(opened, Refused)
        return all(stage_rows(act, begun[1].list_id, opened.columns, each) for each in slices)


def test_a_list_withdrawn_while_it_is_judged_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    row = uploaded(text_file(*GOOD))
    assert isinstance(row, ListRow)
    with acting() as act:
        begun = begin_judging(act, row.id)
    assert begun is not None
    with weighing(1) as weigh:
        opened, _ = weigh(*begun)
    with acting(actor=MAKER) as act:
        services.withdraw_list(act, row.id, scope=CITY)
    with acting() as act:
        assert note_opened(act, row.id, opened) is None
        assert not staged(act, begun)
        assert not ImportRow.objects.exists()
        assert settle_judging(act, row.id) is None
        assert begin_judging(act, row.id) is None and not begin_applying(act, row.id)
        assert apply_list(act, row.id) is None


def test_numbers_and_phones_stand_nowhere_in_the_staging():
    judged(*GOOD, f"{ADULT[:-1]}2,林小满,610402,,,")
    stood = str(list(ImportRow.objects.values())) + str(ImportList.objects.values_list("counts", "file_name"))
    for secret in (ADULT[:-1], number_of(0), "13800000000"):
        assert secret not in stood and secret.encode().hex() not in stood


def test_the_workbook_of_problems_can_be_corrected_and_sent_again():
    wrong = f"{ADULT[:-1]}2,林小满,6104,13800000001,秦都区,01"
    row = taken(*GOOD, wrong, f'{number_of(9)},"=1+1",610402,,,', only_good=True)
    with acting(actor=MAKER) as act:
        content = services.export_problems(act, row.id, scope=CITY)
    assert isinstance(content, bytes)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    problems = book.get_sheet_by_name("问题").to_python()
    assert problems[0] == ["行", "列", "内容", "问题和处理办法"]
    assert [(line[0], line[1]) for line in problems[1:]] == [
        (6.0, "证件号码"),
        (6.0, "居住地区划"),
        (7.0, "姓名"),
    ]
    assert ADULT[:-1] not in str(problems)
    again = book.get_sheet_by_name("待更正").to_python()
    assert again[0] == [*HEAD.split(","), "问题说明"]
    assert [line[0] for line in again[1:]] == [f"{ADULT[:-1]}2", number_of(9)] and again[2][1] == "=1+1"
    assert kinds()[-1] == "resident.list_exported"
    # Sent back as it is, the same rows are refused again: the problems' own column is passed over.
    row = judged(content=content)
    assert row.passed_over == ("问题说明",) and counts(row) == {"cells": 2}


def test_what_was_kept_long_enough_is_removed_and_the_undecided_withdrawn():
    done, waiting = taken(*GOOD, f"{ADULT[:-1]}2,林小满,610402,,,", only_good=True), judged(*GOOD[:2])
    with acting(MORNING + timedelta(days=29)) as act:
        assert clear_lists(act) == 0
    with acting(MORNING + timedelta(days=31)) as act:
        assert clear_lists(act) == 2
    assert not ImportRow.objects.exists()
    assert now(done).cleared and now(waiting).state.code == "withdrawn"
    with acting(actor=MAKER) as act:
        assert code(services.export_problems(act, done.id, scope=CITY)) == "list.cleared"
    with acting(MORNING + timedelta(days=32)) as act:
        assert clear_lists(act) == 0


def test_a_decision_on_a_list_that_does_not_wait_is_refused():
    row = taken(*GOOD)
    with acting(actor=CHECKER) as act:
        answers = [
            services.approve_list(act, row.id, judgement=row.judgement, scope=CITY),
            services.refuse_list(act, row.id, reason="太晚", scope=CITY),
            services.withdraw_list(act, row.id, scope=CITY),
        ]
        assert [code(answer) for answer in answers] == ["list.not_waiting"] * 3
        assert code(services.refuse_list(act, row.id, reason=" ", scope=CITY)) == "reason.missing"


def test_loading_refuses_by_exception_what_was_promised_to_be_good():
    before = picture()
    for rows in ([("1", "周兰", "610402")], [(ADULT, "周兰", "610402"), (ADULT, "周兰", "610402")]):
        with pytest.raises((ValueError, IntegrityError)), acting() as act:
            services.load_people(act, rows, "演示")
        assert picture() == before


def test_a_load_into_an_empty_base_leaves_the_indexes_as_they_were():
    def indexes() -> list[tuple[str, str]]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'residents_resident' ORDER BY 1"
            )
            return [(name, definition) for name, definition in cursor.fetchall()]

    before = indexes()
    with acting() as act:
        assert services.load_people(act, [(ADULT, "周兰", "610402")], "演示") == 1
    assert indexes() == before
    with acting() as act:
        assert services.load_people(act, [services.NewPerson(number_of(1), "周兰", "610402")], "演示") == 1


# --- twins --------------------------------------------------------------------------------------------------------


def whole_picture() -> list[object]:
    tables = (ImportList, ImportRow)
    return [*picture(), *(list(table.objects.order_by("pk").values()) for table in tables)]


Doing = Callable[[], None]


def _acting(work: Callable[[Any], object], actor: Any = MAKER, days: int = 0) -> Doing:
    def do() -> None:
        with acting(MORNING + timedelta(days=days), actor=actor) as act:
            work(act)

    return do


def prepared(what: str) -> Doing:
    """Something that would be done to a list, ready to be done."""
    if what == "upload_list":
        return lambda: (uploaded(text_file(*GOOD)), None)[1]
    if what == "load_people":
        return _acting(lambda act: services.load_people(act, [(ADULT, "周兰", "610402")], "演示"))
    if what == "note_opened":
        row = uploaded(text_file(head="血型"))
        assert isinstance(row, ListRow)
        with acting() as act:
            begin_judging(act, row.id)
        return _acting(lambda act: note_opened(act, row.id, Refused("file.columns", "列名不对", "columns")))
    if what == "settle_judging":
        row = uploaded(text_file(*GOOD))
        assert isinstance(row, ListRow)
        with acting() as act:
            begun = begin_judging(act, row.id)
        assert begun is not None
        with acting() as act:
            assert staged(act, begun)
        return _acting(lambda act: settle_judging(act, row.id))
    registered(number=number_of(0), address="渭城区")
    row = judged(*GOOD)
    if what == "apply_list":
        assert isinstance(approved(row), ListRow)
        with acting() as act:
            assert begin_applying(act, row.id)
        return _acting(lambda act: apply_list(act, row.id))
    return {
        "approve_list": _acting(
            lambda act: services.approve_list(act, row.id, judgement=row.judgement, scope=CITY), CHECKER
        ),
        "refuse_list": _acting(
            lambda act: services.refuse_list(act, row.id, reason="x", scope=CITY), CHECKER
        ),
        "withdraw_list": _acting(lambda act: services.withdraw_list(act, row.id, scope=CITY)),
        "export_problems": _acting(lambda act: services.export_problems(act, row.id, scope=CITY)),
        "clear_lists": _acting(clear_lists, days=40),
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "upload_list",
        "load_people",
        "note_opened",
        "settle_judging",
        "approve_list",
        "refuse_list",
        "withdraw_list",
        "export_problems",
        "clear_lists",
        "apply_list",
    ],
)
def test_nothing_happens_to_a_list_when_the_journal_refuses(what: str, journal_refuses):
    do = prepared(what)
    before = whole_picture()
    with journal_refuses():
        do()
    assert whole_picture() == before
