"""A difference in a clerk's hands, and a list of deaths before a second pair of eyes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from tests.quality.lists import COUNTY, DESK, NAMES, REVIEWER, code, compared, found, line, person
from tests.residents.people import CLERK, MORNING, acting, number_of
from yikatong.office.act import Actor
from yikatong.office.models import Entry, EntryRow, WireFile
from yikatong.office.queries import StaffRow
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.quality import queries
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.queries import DifferenceRow
from yikatong.quality.rules import Claim, Verdict
from yikatong.quality.services.deaths import approve_deaths
from yikatong.quality.services.reporting import report_back
from yikatong.quality.services.verdicts import (
    assign_difference,
    decide_difference,
    put_back_difference,
    take_difference,
)
from yikatong.residents import services as registry
from yikatong.residents.models import Resident
from yikatong.residents.queries import looks
from yikatong.residents.rules import Trust

pytestmark = pytest.mark.usefixtures("centre")
OTHER = Actor("staff:2", "李经办", COUNTY)
LATER = MORNING + timedelta(days=30)
THEN = date(2025, 4, 8)


def a_difference(**theirs: str) -> int:
    person(1)
    compared(line(1, **(theirs or {"name": "钱二坊"})))
    return Difference.objects.get().pk


def taken(key: int, actor: Actor = CLERK) -> int:
    with acting(actor=actor) as act:
        assert isinstance(take_difference(act, key, scope=EVERYWHERE), DifferenceRow)
    return key


def decided(key: int, verdict: Verdict, proof: str = "电话核实", actor: Actor = CLERK) -> object:
    with acting(actor=actor) as act:
        return decide_difference(act, key, verdict=verdict, proof=proof, scope=EVERYWHERE)


def state() -> str:
    return Difference.objects.get().state


def test_taking_a_difference_is_a_look_that_its_person_can_read():
    key = taken(a_difference())
    row = Difference.objects.get()
    assert (row.pk, row.state, row.owner) == (key, "checking", CLERK.code)
    assert row.resident_id is not None
    assert [look.why for look in looks(row.resident_id)] == ["数据核对"]
    taken(key)  # once more by the same clerk changes nothing
    assert len(looks(row.resident_id)) == 1


def test_nobody_takes_what_another_has_or_what_is_settled_or_not_theirs_to_see():
    key = taken(a_difference())
    with acting(actor=OTHER) as act:
        assert code(take_difference(act, key, scope=EVERYWHERE)) == "difference.taken"
        assert code(take_difference(act, key, scope=Scope("610481"))) == "scope.outside"
        assert code(take_difference(act, 0, scope=EVERYWHERE)) == "difference.unknown"
        assert code(put_back_difference(act, key, scope=EVERYWHERE)) == "difference.not_yours"
    assert code(decided(key, Verdict.KEEP, actor=OTHER)) == "difference.not_yours"
    decided(key, Verdict.KEEP)
    with acting(actor=OTHER) as act:
        assert code(take_difference(act, key, scope=EVERYWHERE)) == "difference.settled"


def test_put_back_it_is_anybodys_again():
    key = taken(a_difference())
    with acting() as act:
        put_back_difference(act, key, scope=EVERYWHERE)
    assert Difference.objects.get().owner == "" and state() == "open"
    taken(key, OTHER)


def clerk(number: int, region: str = COUNTY, *, active: bool = True) -> StaffRow:
    return StaffRow(number, f"c{number}", "李经办", ("outlet_clerk",), region, "", active)


def test_a_manager_gives_a_difference_to_a_clerk_of_the_region_and_takes_it_from_another():
    key = taken(a_difference())
    due = Difference.objects.get().due_on
    with acting(actor=REVIEWER) as act:
        assert isinstance(assign_difference(act, key, owner=clerk(2), scope=EVERYWHERE), DifferenceRow)
    row = Difference.objects.get()
    assert (row.owner, row.state, row.due_on) == ("staff:2", "checking", due)
    with acting(actor=REVIEWER) as act:
        for owner, says in (
            (clerk(2), "owner.same"),
            (clerk(3, "610481"), "owner.cannot"),
            (clerk(3, active=False), "owner.cannot"),
        ):
            assert code(assign_difference(act, key, owner=owner, scope=EVERYWHERE)) == says


def test_a_verdict_needs_its_proof():
    key = taken(a_difference())
    assert code(decided(key, Verdict.KEEP, "  ")) == "proof.missing"
    assert code(decided(key, Verdict.KEEP, "字" * 61)) == "proof.long"
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE quality_difference SET state = 'kept', decided_by = 'staff:1'")


def test_what_was_kept_with_proof_is_remembered_until_the_verdict_expires_or_they_say_something_else():
    key = taken(a_difference())
    decided(key, Verdict.KEEP)
    row = compared(line(1, name="钱二坊"), line(9), moment=LATER, as_of=THEN)
    assert (row.remembered, row.opened) == (1, 1) and [each for each, _ in found()] == ["missing_here"]
    compared(line(1, name="钱二仿"), moment=LATER, as_of=THEN + timedelta(days=1))
    assert ("name", Difference.objects.get(pk=key).resident_id) in found()


def test_an_expired_verdict_does_not_hide_the_difference_any_more():
    key = taken(a_difference())
    decided(key, Verdict.REPORT)
    Difference.objects.filter(pk=key).update(valid_until=date(2025, 4, 1))
    row = compared(line(1, name="钱二坊"), line(9), moment=LATER, as_of=THEN)
    assert (row.remembered, row.opened) == (0, 2)


def test_a_region_is_corrected_by_the_verdict_itself_with_the_source_and_its_trust():
    key = taken(a_difference(region="610404"))
    settled = decided(key, Verdict.CORRECT)
    assert isinstance(settled, DifferenceRow) and settled.state.code == "corrected"
    assert Resident.objects.get().region == "610404"
    assert "resident.changed" in Entry.objects.values_list("kind", flat=True)


def test_a_name_is_corrected_on_a_document_first():
    key = taken(a_difference())
    assert code(decided(key, Verdict.CORRECT)) == "difference.still_differs"
    assert state() == "checking"


def test_a_stranger_is_settled_once_registered():
    person(1)
    compared(line(1), line(2))
    key = taken(Difference.objects.get().pk)
    assert code(decided(key, Verdict.CORRECT)) == "difference.still_differs"
    person(2)
    assert isinstance(decided(key, Verdict.CORRECT), DifferenceRow)


DEATHS = (
    (number_of(1), NAMES[1], "19800517", "20250301"),
    (number_of(2), NAMES[2], "", "20250302"),
    (number_of(3), "李四那", "", "20250302"),
)


def a_list_of_deaths() -> tuple[str, bytes]:
    for serial in (1, 2, 3, 4):
        person(serial)
    row = compared(*DEATHS, claim=Claim.DEATHS)
    return row.number, queries.certain_deaths(row.id).digest


def approved(number: str, digest: bytes, actor: Actor = REVIEWER, scope: Scope = EVERYWHERE) -> object:
    with acting(actor=actor) as act:
        return approve_deaths(act, number=number, digest=digest, scope=scope)


def test_a_second_person_approves_the_certain_deaths_and_they_are_recorded_as_a_set():
    number, digest = a_list_of_deaths()
    result = approved(number, digest)
    assert isinstance(result, tuple) and result[1] == 2
    dead = Resident.objects.filter(state="dead").order_by("id").values_list("died_on", "state_source")
    source = "公安名单（截至2025-03-09）"
    assert list(dead) == [(date(2025, 3, 1), source), (date(2025, 3, 2), source)]
    entry = Entry.objects.get(kind="resident.died")
    assert EntryRow.objects.filter(entry_id=entry.pk).count() == 2
    assert [each for each, _ in found()] == ["dead_there"]  # the wrong name stays to be looked into
    row = Comparison.objects.get()
    assert (row.state, row.checker, bytes(row.applied_digest or b"")) == ("applied", REVIEWER.code, digest)


def test_whoever_brought_the_list_may_not_approve_it_nor_anybody_another_list_than_they_saw():
    number, digest = a_list_of_deaths()
    assert code(approved(number, digest, DESK)) == "deaths.same_person"
    assert code(approved(number, bytes(32))) == "deaths.changed"
    assert code(approved(number, digest, scope=Scope("610481"))) == "scope.outside"
    assert code(approved("D0", digest)) == "comparison.unknown"
    assert not Resident.objects.filter(state="dead").exists()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE quality_comparison SET checker = maker")
    approved(number, digest)
    assert code(approved(number, digest)) == "comparison.state"


def test_a_death_settled_meanwhile_changes_what_is_approved():
    number, digest = a_list_of_deaths()
    key = taken(Difference.objects.filter(certain=True).order_by("id")[0].pk)
    decided(key, Verdict.CORRECT)
    assert Resident.objects.filter(state="dead").count() == 1
    assert code(approved(number, digest)) == "deaths.changed"


def test_a_list_without_a_certain_death_has_nothing_to_approve():
    person(3)
    row = compared(DEATHS[2], claim=Claim.DEATHS)
    assert code(approved(row.number, bytes(32))) == "deaths.none"
    key = taken(Difference.objects.get().pk)
    assert code(decided(key, Verdict.CORRECT)) == "difference.uncertain"


def test_deaths_of_a_set_need_a_source_and_days_that_have_been():
    key = person(1)
    for days, source in (({key: date(2026, 1, 1)}, "x"), ({key: date(2025, 1, 1)}, "")):
        with pytest.raises(ValueError), acting() as act:
            registry.record_deaths(act, days=days, source=source, trust=Trust.POLICE)


def picture() -> list[object]:
    tables = (Comparison, Difference, Resident, Entry, EntryRow)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_when_the_journal_refuses_no_difference_moves_and_nobody_dies(journal_refuses):
    number, digest = a_list_of_deaths()
    free = Difference.objects.filter(certain=True).order_by("id")[0].pk
    mine = taken(Difference.objects.filter(certain=True).order_by("id")[1].pk)
    before = picture()
    works = [
        lambda act: take_difference(act, free, scope=EVERYWHERE),
        lambda act: put_back_difference(act, mine, scope=EVERYWHERE),
        lambda act: assign_difference(act, free, owner=clerk(2), scope=EVERYWHERE),
        lambda act: decide_difference(act, mine, verdict=Verdict.KEEP, proof="电话核实", scope=EVERYWHERE),
        lambda act: registry.record_deaths(act, days={1: date(2025, 1, 1)}, source="x", trust=Trust.POLICE),
    ]
    for work in works:
        with journal_refuses(), acting() as act:
            work(act)
        assert picture() == before
    with journal_refuses(), acting(actor=REVIEWER) as act:
        approve_deaths(act, number=number, digest=digest, scope=EVERYWHERE)
    assert picture() == before


def test_what_is_wrong_there_goes_back_to_the_source_once_without_becoming_a_formula():
    key = taken(a_difference())
    decided(key, Verdict.REPORT, "=派出所答复")
    with acting() as act:
        assert report_back(act) == 1
        assert report_back(act) == 0
    file = WireFile.objects.get(counterpart="police")
    heads, row = bytes(file.content).decode("utf-8-sig").splitlines()
    assert heads.startswith("名单编号,数据截止,差异,证件号码")
    assert row.split(",")[2:] == ["姓名不一致", number_of(1), "钱二坊", "钱二坊", "'=派出所答复"]
    assert Entry.objects.get(kind="quality.reported_back").rows == 1


def test_when_the_journal_refuses_nothing_is_reported_back(journal_refuses):
    decided(taken(a_difference()), Verdict.REPORT)
    with journal_refuses(), acting() as act:
        report_back(act)
    assert not WireFile.objects.exists()
    assert Difference.objects.get().reported_at is None
