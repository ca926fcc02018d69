"""名单导入: all or nothing, the same file twice changes nothing, no trust gives way to a lower one."""

from __future__ import annotations

from random import Random

import pytest
from django.db import IntegrityError

from tests.residents.people import ADULT, acting, code, kinds, number_of, people, picture, registered
from yikatong.basics.refused import Refused
from yikatong.office.models import Entry, EntryRow
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.models import Attribute, Resident
from yikatong.residents.rules import Trust
from yikatong.residents.services import ImportReport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

HEAD = "证件号码,姓名,居住地区划,联系电话,联系地址,民族"
GOOD = [f"{number_of(i)},林小满,610402,1380000000{i},秦都区,01" for i in range(4)]


def taken(
    lines: list[str], trust: Trust = Trust.PROVINCE, *, only_good: bool = False, scope: Scope | None = None
) -> ImportReport:
    with acting() as act:
        report = services.import_people(
            act,
            name="名单.csv",
            content="\n".join([HEAD, *lines]).encode(),
            source="省平台",
            trust=trust,
            only_good=only_good,
            scope=scope,
        )
    assert isinstance(report, ImportReport), report
    return report


def reasons(report: ImportReport) -> list[tuple[int, str]]:
    return [(problem.row, problem.refused.code) for problem in report.problems]


def test_a_list_comes_in_as_one_entry_with_a_row_for_each_person():
    report = taken(GOOD)
    assert (report.rows, report.added, report.updated, report.unchanged, report.warned, report.stored) == (
        4,
        4,
        0,
        0,
        4,
        True,
    )
    assert kinds() == ["resident.imported"]
    assert EntryRow.objects.count() == Entry.objects.get(kind="resident.imported").rows == 4
    person = queries.person_by_number(number_of(1))
    assert (
        person is not None and (person.sex, person.phone, person.ethnicity) == ("2", "13800000001", "01")
    ) or person
    assert {row.source for row in queries.attributes(person.id)} == {"省平台"}
    assert queries.search("林小满", Scope("610402")).rows[0].number == number_of(0)


def test_the_same_file_twice_changes_nothing():
    taken(GOOD)
    before = picture()
    report = taken(GOOD)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 4)
    assert picture() == before


def test_the_order_of_the_rows_changes_nothing():
    taken(GOOD)
    before = people()
    for seed in range(3):
        Resident.objects.all().delete()
        mixed = list(GOOD)
        Random(seed).shuffle(mixed)
        taken(mixed[:2])
        taken(mixed)
        assert people() == before


def test_one_bad_row_keeps_everything_out_unless_only_the_good_are_wanted():
    registered(number=number_of(3), name="周兰")
    lines = [*GOOD, f"{ADULT[:-1]}2,林小满,610402,,,"]
    before = picture()
    report = taken(lines)
    assert reasons(report) == [(5, "resident.name_differs"), (6, "id.check_digit")]
    assert (report.stored, report.added) == (False, 0)
    assert picture() == before
    report = taken(lines, only_good=True)
    assert (report.stored, report.added, len(report.problems)) == (True, 3, 2)
    assert queries.person_by_number(number_of(3)).name == "周兰"  # type: ignore[union-attr]
    assert "林小满" not in str(report.problems) and "周兰" not in str(report.problems)


def test_an_unreadable_file_or_a_nameless_source_is_refused():
    before = picture()
    with acting() as act:
        for content, source, reason in (
            (b"PK\3\4", "省平台", "file.unreadable"),
            (b"", "省平台", "file.empty"),
            ("\n".join([HEAD, *GOOD]).encode(), "", "source.missing"),
        ):
            answer = services.import_people(act, name="x", content=content, source=source, trust=Trust.SELF)
            assert code(answer) == reason
    assert picture() == before


def test_rows_outside_the_clerks_region_are_problems():
    report = taken([*GOOD, f"{ADULT},周兰,610481,,,"], scope=Scope("610402"))
    assert reasons(report) == [(6, "scope.outside")]


def test_a_list_does_not_draw_people_of_another_county_into_the_clerks_own():
    taken([f"{ADULT},周兰,610481,13800000009,,"])
    before = picture()
    report = taken([f"{ADULT},周兰,610402,13800000008,,"], scope=Scope("610402"))
    assert reasons(report) == [(2, "scope.outside")]
    assert picture() == before
    assert taken([f"{ADULT},周兰,610402,13800000008,,"], scope=Scope("610400")).updated == 1


def test_people_may_come_in_twice_in_one_act():
    with acting() as act:
        for line in GOOD[:2]:
            report = services.import_people(
                act, name="x", content=f"{HEAD}\n{line}".encode(), source="省平台", trust=Trust.SELF
            )
            assert report.added == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("standing", list(Trust))
@pytest.mark.parametrize("new", list(Trust))
def test_a_list_overwrites_only_what_is_trusted_no_more(standing: Trust, new: Trust):
    person = registered(number=number_of(0), trust=standing, address="渭城区", ethnicity="")
    report = taken(GOOD[:1], new)
    now = {row.field: (row.value, row.trust) for row in queries.attributes(person.id)}
    assert now["ethnicity"] == ("01", new), "what nobody had said is always filled in"
    if new < standing:
        assert (report.kept, now["address"]) == (1, ("渭城区", standing))
    else:
        assert (report.kept, now["address"]) == (0, ("秦都区", new))
        assert list(
            Attribute.objects.filter(field="address").order_by("id").values_list("value", flat=True)
        ) == [
            "渭城区",
            "秦都区",
        ]
    assert (report.added, report.updated, report.unchanged) == (0, 1, 0)
    stored = Resident.objects.get()
    assert {field: getattr(stored, field) for field in now} == {
        field: value for field, (value, _) in now.items()
    }


def test_an_empty_cell_says_nothing():
    registered(number=number_of(0))
    before = picture()
    assert taken([f"{number_of(0)},林小满,610402,,,"], Trust.POLICE).unchanged == 1
    assert picture() == before


def test_a_person_registered_in_between_is_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    inside = services.import_people.__globals__
    store, tries = inside["_store"], iter([True])

    def quicker(*arguments: object) -> object:
        if next(tries, False):
            raise IntegrityError
        return store(*arguments)

    monkeypatch.setitem(inside, "_store", quicker)
    assert taken(GOOD).added == 4
    monkeypatch.setitem(inside, "_store", lambda *_: (_ for _ in ()).throw(IntegrityError))
    with acting() as act:
        answer = services.import_people(
            act, name="x", content="\n".join([HEAD, *GOOD]).encode(), source="省平台", trust=Trust.SELF
        )
    assert isinstance(answer, Refused) and answer.code == "import.busy"


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


def test_nothing_comes_in_when_the_journal_refuses(journal_refuses):
    registered(number=number_of(0), address="渭城区")
    before = picture()
    with journal_refuses():
        taken(GOOD)
    with journal_refuses():
        taken(GOOD[:1])
    with journal_refuses(), acting() as act:
        services.load_people(act, [(ADULT, "周兰", "610402")], "演示")
    assert picture() == before
