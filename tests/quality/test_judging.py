"""A list is laid beside the base library, and each person about whom they disagree becomes one typed difference."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.quality.lists import (
    COUNTY,
    DESK,
    HEADS,
    NAMES,
    brought,
    code,
    compared,
    content_of,
    found,
    line,
    person,
    read,
)
from tests.residents.people import MORNING, acting, number_of
from yikatong.basics.ids import check_digit
from yikatong.basics.refused import Refused
from yikatong.office import rulebook
from yikatong.office.act import Actor
from yikatong.office.models import Entry, EntryRow
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.quality import reading
from yikatong.quality.models import Comparison, Difference, Verification
from yikatong.quality.rules import Claim
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import receive_list, reject_list
from yikatong.residents import services as registry
from yikatong.residents.models import DuplicatePair

pytestmark = pytest.mark.usefixtures("centre")
LATER = MORNING + timedelta(days=30)


def test_a_list_that_agrees_opens_nothing_and_confirms_everybody():
    one, two = person(1), person(2)
    row = compared(line(1), line(2))
    assert (row.rows, row.matched, row.agreed, row.opened) == (2, 2, 2, 0)
    assert found() == []
    kept = set(Verification.objects.values_list("resident_id", "what", "expires_on"))
    until = date(2025, 3, 9) + timedelta(days=365)
    assert kept == {(each, what, until) for each in (one, two) for what in ("person", "region")}


def test_each_way_of_disagreeing_has_its_type():
    agrees, renamed, moved, gone = person(1), person(2), person(3), person(4)
    dead = person(5)
    with acting() as act:
        registry.record_death(act, dead, on=date(2025, 3, 1), source="死亡医学证明")
    row = compared(line(1), line(2, name="钱二坊"), line(3, region="610404"), line(5), line(6))
    assert found() == [
        ("alive_there", dead),
        ("missing_here", None),
        ("missing_there", gone),
        ("name", renamed),
        ("region", moved),
    ]
    assert agrees not in Difference.objects.values_list("resident_id", flat=True)
    assert (row.opened, row.agreed) == (5, 2)  # who moved is who they are, but not where
    stranger = Difference.objects.get(type="missing_here")
    assert (stranger.their_number, stranger.their_name, stranger.region) == (number_of(6), NAMES[6], COUNTY)
    assert Difference.objects.get(type="name").theirs == "钱二坊"


def test_the_same_person_under_another_number_is_one_difference_and_not_two_missing_people():
    ours = person(1)
    compared(line(1, number=number_of(901)))
    assert found() == [("number", ours)]
    assert Difference.objects.get().their_number == number_of(901)


def test_one_slip_in_the_number_tells_the_same_person_though_the_birth_day_changes_with_it():
    ours = person(1)
    slipped = number_of(1, date(1980, 5, 18))
    compared(line(1, number=slipped, phone=""))
    assert found() == [("number", ours)]


def test_a_namesake_of_another_birth_day_is_somebody_else():
    ours = person(1)
    compared(line(1, number=number_of(1, date(1991, 11, 2)), phone=""))
    assert found() == [("missing_here", None), ("missing_there", ours)]


def test_two_of_ours_for_one_of_theirs_is_a_duplicate():
    first = person(1)
    second = person(17)  # the same name, birth day and county; another number
    compared(line(1))
    assert found() == [("duplicate", second)]
    assert Difference.objects.get().other_id == first


def merged(survivor: int, second: int) -> None:
    with acting() as act:
        registry.find_duplicates(act)
    pair = DuplicatePair.objects.get(one=min(survivor, second), other=max(survivor, second))
    with acting() as act:
        registry.ask_merge(act, pair.pk, survivor=survivor, why="与公安信息核对")
    with acting(actor=DESK) as act:
        registry.merge(act, pair.pk)


def test_a_second_record_is_nobody_by_itself_and_what_is_said_of_it_is_said_of_its_survivor():
    survivor, second = person(1), person(2, name=NAMES[1], phone="13800000001")
    merged(survivor, second)
    row = compared(line(1))
    assert (row.matched, row.opened, found()) == (1, 0, []), "nobody is missing there"
    later = MORNING + timedelta(days=1)
    row = compared(line(2, name=NAMES[1]), as_of=date(2025, 3, 10), moment=later)
    assert (row.matched, found()) == (1, [("number", survivor)])
    both = compared(
        line(1), line(2, name=NAMES[1]), as_of=date(2025, 3, 11), moment=MORNING + timedelta(days=2)
    )
    assert (both.matched, both.gone, found()) == (2, 1, [])


def test_a_list_is_read_as_every_file_of_rows_is():
    from io import BytesIO

    from xlsxwriter import Workbook

    person(1)
    with BytesIO() as content:
        with Workbook(content) as book:
            sheet = book.add_worksheet()
            sheet.merge_range("A1:D1", "名单")
            for place, cells in enumerate((HEADS[Claim.WHOLE].split(","), line(1)), start=1):
                sheet.write_row(place, 0, cells)
        row = brought(content.getvalue())
    refused = reading.read(row.number)
    assert code(refused) == "file.merged" and "A1:D1" in refused.zh  # type: ignore[union-attr]
    gb = brought(content_of(Claim.WHOLE, line(1)).decode().encode("gb18030"))
    assert not isinstance(read(gb), Refused)
    with acting(actor=DESK) as act:
        bomb = receive_list(
            act,
            source="police",
            claim=Claim.WHOLE,
            region=COUNTY,
            as_of=date(2025, 3, 9),
            name="a.xlsx",
            content=b"PK\x03\x04" + b"0" * 50,
            scope=EVERYWHERE,
        )
    assert code(bomb) == "file.unreadable" and bomb.at == "file"  # type: ignore[union-attr]


def test_a_whole_list_of_one_county_says_nothing_of_another():
    person(1)
    elsewhere = person(2, region="610481")
    compared(line(1))
    assert found() == []
    assert not Verification.objects.filter(resident_id=elsewhere).exists()


def test_a_list_of_changes_does_not_miss_whom_it_does_not_name():
    person(1)
    compared(line(2), claim=Claim.CHANGES)
    assert found() == [("missing_here", None)]


def test_deaths_are_certain_only_where_number_name_and_birth_agree_on_a_possible_day():
    sure, renamed, unborn = person(1), person(2), person(3)
    compared(
        (number_of(1), NAMES[1], "19800517", "20250301"),
        (number_of(2), "钱二坊", "", "20250301"),
        (number_of(3), NAMES[3], "1981-05-17", "20250301"),
        (number_of(4), NAMES[4], "", "20250301"),
        claim=Claim.DEATHS,
    )
    rows = Difference.objects.order_by("resident_id").values_list("resident_id", "type", "certain")
    assert list(rows) == [
        (sure, "dead_there", True),
        (renamed, "dead_there", False),
        (unborn, "dead_there", False),
    ]
    assert Comparison.objects.get().unknown == 1


def test_the_same_difference_in_the_next_list_is_refreshed_and_not_opened_twice():
    ours = person(1)
    compared(line(1, name="钱二坊"))
    due = Difference.objects.get().due_on
    row = compared(line(1, name="钱二仿"), moment=LATER, as_of=date(2025, 4, 8))
    difference = Difference.objects.get()
    assert (row.opened, row.refreshed) == (0, 1)
    assert (difference.resident_id, difference.theirs, difference.due_on) == (ours, "钱二仿", due)
    assert difference.as_of == date(2025, 4, 8)


def test_a_difference_that_the_next_list_does_not_show_closes_itself():
    person(1)
    compared(line(1, name="钱二坊"))
    row = compared(line(1), moment=LATER, as_of=date(2025, 4, 8))
    assert row.gone == 1 and found() == []
    assert Difference.objects.get().state == "gone"
    assert EntryRow.objects.filter(payload__type="姓名不一致").count() == 2  # opened, and gone


def test_a_list_of_changes_closes_nothing_about_people_it_does_not_name():
    ours = person(1)
    person(2)
    compared(line(1, name="钱二坊"), line(2))
    compared(line(2), moment=LATER, as_of=date(2025, 4, 8), claim=Claim.CHANGES)
    assert found() == [("name", ours)]


def test_a_deadline_is_counted_in_working_days_of_the_type():
    person(1)
    compared(line(1, name="钱二坊"))
    days = rulebook.whole("quality.limit.name", MORNING.date())
    assert Difference.objects.get().due_on == rulebook.work_calendar().add(MORNING.date(), days)


def test_people_in_the_journal_stand_each_in_their_own_row_without_their_particulars():
    ours = person(1)
    compared(line(1, name="钱二坊"))
    entry = Entry.objects.get(kind="quality.opened")
    row = EntryRow.objects.get(entry_id=entry.pk)
    assert (row.person, row.payload) == (ours, {"type": "姓名不一致", "type_en": "another name"})


def test_the_content_is_forgotten_once_compared_and_its_digest_stays():
    person(1)
    row = compared(line(1))
    assert bytes(Comparison.objects.get().content) == b""
    assert len(row.digest) == 32


def test_a_row_that_cannot_be_understood_is_told_and_the_others_are_compared():
    person(1)
    row = compared(line(1), ("12345", "某人", "", ""), line(2), line(2))
    assert (row.rows, row.problem_rows, row.matched) == (4, 3, 1)
    assert [each["row"] for each in row.problems] == [3, 4, 5]
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"source": "nobody"}, "source.unknown"),
        ({"source": "civil"}, "claim.not_theirs"),
        ({"region": "999999"}, "region.unknown"),
        ({"scope": Scope("610481")}, "scope.outside"),
        ({"as_of": date(2025, 3, 11)}, "as_of.date"),
        ({"as_of": date(2023, 3, 11)}, "as_of.date"),
        ({"content": b""}, "file.empty"),
    ],
)
def test_a_list_is_refused(changed, says):
    given = {
        "source": "police",
        "claim": Claim.WHOLE,
        "region": COUNTY,
        "as_of": date(2025, 3, 9),
        "name": "a.csv",
        "content": content_of(Claim.WHOLE, line(1)),
        "scope": EVERYWHERE,
    }
    with acting(actor=DESK) as act:
        assert code(receive_list(act, **{**given, **changed})) == says
    assert not Comparison.objects.exists()


def test_the_same_file_twice_and_an_older_list_are_refused():
    person(1)
    compared(line(1))
    for content, as_of, says in (
        (content_of(Claim.WHOLE, line(1)), date(2025, 3, 9), "comparison.repeated"),
        (content_of(Claim.WHOLE, line(2)), date(2025, 3, 1), "comparison.older"),
    ):
        with acting(actor=DESK) as act:
            refused = receive_list(
                act,
                source="police",
                claim=Claim.WHOLE,
                region=COUNTY,
                as_of=as_of,
                name="a.csv",
                content=content,
                scope=EVERYWHERE,
            )
        assert code(refused) == says


def test_a_list_that_cannot_be_read_is_put_aside_with_the_reason():
    row = brought(b"a,b\n1,2")
    with acting(actor=Actor.system("quality")) as act:
        put = reject_list(act, number=row.number, why=Refused("x", "缺列", "a column is missing"))
    assert not isinstance(put, Refused)
    assert (put.state.code, put.note_zh) == ("unreadable", "缺列")
    with acting(actor=Actor.system("quality")) as act:
        assert (
            code(reject_list(act, number=row.number, why=Refused("x", "缺列", "x")))
            == "comparison.not_waiting"
        )


def picture() -> list[object]:
    return [
        list(table.objects.order_by("pk").values())
        for table in (Comparison, Difference, Verification, Entry, EntryRow)
    ]


def test_when_the_journal_refuses_no_list_is_received_judged_or_rejected(journal_refuses):
    person(1)
    before = picture()
    with journal_refuses(), acting(actor=DESK) as act:
        receive_list(
            act,
            source="police",
            claim=Claim.WHOLE,
            region=COUNTY,
            as_of=date(2025, 3, 9),
            name="a.csv",
            content=content_of(Claim.WHOLE, line(1)),
            scope=EVERYWHERE,
        )
    assert picture() == before
    row = brought(content_of(Claim.WHOLE, line(1, name="钱二坊")))
    statements = read(row)
    before = picture()
    with journal_refuses(), acting(actor=DESK) as act:
        judge_list(act, number=row.number, statements=statements)
    assert picture() == before
    with journal_refuses(), acting(actor=DESK) as act:
        reject_list(act, number=row.number, why=Refused("x", "缺列", "x"))
    assert picture() == before


def test_a_number_with_another_check_digit_is_no_number():
    wrong = number_of(1)[:17] + ("0" if number_of(1)[17] != "0" else "1")
    assert check_digit(wrong[:17]) != wrong[17]
    person(1)
    row = compared(line(1, number=wrong))
    assert row.problem_rows == 1
