"""More rows than one person takes out alone: asked, approved by another, and just that taken within its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.office.conftest import NOON
from yikatong.basics.refused import Refused
from yikatong.office import exports, rulebook
from yikatong.office.act import Actor
from yikatong.office.exports.approvals import (
    Wanted,
    approve_export,
    ask_export,
    export_request,
    export_requests,
    send_export_back,
    take_export,
    withdraw_export,
)
from yikatong.office.models import Entry, ExportRequest, Rule
from yikatong.office.scope import EVERYWHERE, Scope

AUDITOR = Actor("staff:9", "孙审计", "610400")
DIRECTOR = Actor("staff:8", "马主任", "610400")
WANTED = Wanted("journal", {"kind": "card.applied"}, "日志摘录", "xlsx", "年度审计", 3, "journal")
RULES = {"export.most_rows": 2, "export.most_rows_approved": 4, "export.approved_days": 7}


@pytest.fixture(autouse=True)
def rules(db):
    for code, value in RULES.items():
        Rule.objects.create(code=code, value=value, valid_from="2020-01-01")
    rulebook.forget()


@pytest.fixture
def do(acting):
    """One service in one act: `do(service, …, by=DIRECTOR, days=3)`."""

    def done(service, *given, by=AUDITOR, days=0, purpose="年度审计", **more):
        with acting(by, at=NOON + timedelta(days=days), purpose=purpose) as act:
            return service(act, *given, **more)

    return done


@pytest.fixture
def asked(do):
    return do(ask_export, WANTED)


@pytest.fixture
def approved(do, asked):
    return do(approve_export, asked.number, by=DIRECTOR, scope=EVERYWHERE)


def rows_of(count):
    return lambda row, most: exports.Table(row.wanted.title, ("甲",), [("一",)] * min(most, count))


def test_what_was_approved_leaves_marked_and_recorded_with_its_request(do, approved):
    seen = []

    def read(row, most):
        seen.append((row.wanted.question, most))
        return rows_of(3)(row, most)

    made = do(take_export, approved.number, read=read, days=7)
    assert seen == [({"kind": "card.applied"}, 4)]
    entry = exports.trace(made.content)
    assert (entry.payload["request"], entry.payload["rows"], entry.purpose) == (
        approved.number,
        3,
        "年度审计",
    )
    again = do(take_export, approved.number, read=rows_of(2), days=7)
    assert again.number != made.number
    assert ExportRequest.objects.get().taken == 2


def test_the_way_of_a_request_stands_in_the_journal_with_one_digest(do, approved):
    do(take_export, approved.number, read=rows_of(3))
    entries = {each.kind: each for each in Entry.objects.all()}
    assert set(entries) == {"office.export_asked", "office.export_approved", "office.exported"}
    assert entries["office.export_approved"].actor == DIRECTOR.code
    digests = {entries[kind].payload["digest"] for kind in ("office.export_asked", "office.export_approved")}
    assert digests == {approved.digest}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("export.form", {"form": "doc"}),
        ("export.purpose", {"purpose": " "}),
        ("export.empty", {"rows": 0}),
        ("export.small", {"rows": 2}),
        ("export.far_too_many", {"rows": 5}),
    ],
)
def test_what_is_not_asked_for(do, code, given):
    refused = do(ask_export, replace(WANTED, **given))
    assert isinstance(refused, Refused) and refused.code == code
    assert not ExportRequest.objects.exists() and not Entry.objects.exists()


@pytest.mark.parametrize(
    ("code", "given", "count", "days", "by", "purpose"),
    [
        ("export.state", "asked", 3, 0, AUDITOR, "年度审计"),
        ("export.moved", "approved", 4, 0, AUDITOR, "年度审计"),
        ("export.empty", "approved", 0, 0, AUDITOR, "年度审计"),
        ("export.over", "approved", 3, 8, AUDITOR, "年度审计"),
        ("export.not_yours", "approved", 3, 0, DIRECTOR, "年度审计"),
        ("export.purpose", "approved", 3, 0, AUDITOR, "别的用途"),
    ],
)
def test_what_is_not_taken(do, request, code, given, count, days, by, purpose):
    number = request.getfixturevalue(given).number
    refused = do(take_export, number, read=rows_of(count), days=days, by=by, purpose=purpose)
    assert isinstance(refused, Refused) and refused.code == code
    assert not Entry.objects.filter(kind="office.exported").exists()
    assert ExportRequest.objects.get().taken == 0


def test_who_asked_does_not_decide_and_nobody_decides_twice(do, asked):
    for service, more in ((approve_export, {}), (send_export_back, {"note": "用途不清"})):
        refused = do(service, asked.number, scope=EVERYWHERE, **more)
        assert refused.code == "export.same_person"
        outside = do(service, asked.number, by=DIRECTOR, scope=Scope("140900"), **more)
        assert outside.code == "scope.outside"
    assert do(approve_export, asked.number, by=DIRECTOR, scope=EVERYWHERE)
    assert do(approve_export, asked.number, by=DIRECTOR, scope=EVERYWHERE).code == "export.state"
    assert do(approve_export, "E0", by=DIRECTOR, scope=EVERYWHERE).code == "export.unknown"


def test_it_is_sent_back_with_a_reason_and_not_taken(do, asked):
    assert do(send_export_back, asked.number, note=" ", by=DIRECTOR, scope=EVERYWHERE).code == "export.note"
    back = do(send_export_back, asked.number, note="只要二月的", by=DIRECTOR, scope=EVERYWHERE)
    assert (back.state.code, back.note, back.decided_name) == ("sent_back", "只要二月的", "马主任")
    assert do(take_export, asked.number, read=rows_of(3)).code == "export.state"


def test_only_who_asked_withdraws_even_what_was_approved(do, approved):
    assert do(withdraw_export, approved.number, by=DIRECTOR).code == "export.not_yours"
    assert do(withdraw_export, approved.number).state.code == "withdrawn"
    assert do(take_export, approved.number, read=rows_of(3)).code == "export.state"
    assert do(withdraw_export, approved.number).code == "export.state"


def test_each_sees_their_own_and_who_decides_what_waits_in_their_scope(do, asked):
    def numbers(**seen):
        return [row.number for row in export_requests(limit=9, **seen)]

    assert numbers(mine=AUDITOR.code, waiting=None) == [asked.number]
    assert numbers(mine=DIRECTOR.code, waiting=EVERYWHERE) == [asked.number]
    assert numbers(mine=DIRECTOR.code, waiting=Scope("140900")) == []
    assert numbers(mine=DIRECTOR.code, waiting=None) == []
    assert export_request(asked.number, mine=DIRECTOR.code, waiting=None).code == "export.unknown"
    do(approve_export, asked.number, by=DIRECTOR, scope=EVERYWHERE)
    assert numbers(mine=DIRECTOR.code, waiting=EVERYWHERE) == []


def test_the_database_keeps_two_pairs_of_eyes_and_what_was_asked(asked):
    steps = (
        "state = 'approved', decided_by = asked_by, valid_until = '2030-01-01'",
        "state = 'approved', valid_until = '2030-01-01'",
        "state = 'approved', decided_by = 'staff:8'",
        "taken = 1",
        "question = '{}'",
        "rows = 4",
        "purpose = '别的'",
        "digest = 'x'",
    )
    for step in steps:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE office_exportrequest SET {step}")


def test_a_request_changed_behind_our_back_is_not_exported(do, approved, behind_our_back):
    behind_our_back("UPDATE office_exportrequest SET question = %s", '{"kind": ""}')
    assert do(take_export, approved.number, read=rows_of(3)).code == "export.changed"


def test_the_journal_refuses_so_nothing_was_asked(do, journal_refuses):
    with journal_refuses():
        do(ask_export, WANTED)
    assert not ExportRequest.objects.exists()


@pytest.mark.parametrize("service", [approve_export, send_export_back, withdraw_export, take_export])
def test_the_journal_refuses_so_nothing_was_decided_or_taken(do, asked, journal_refuses, service):
    if service is take_export:
        do(approve_export, asked.number, by=DIRECTOR, scope=EVERYWHERE)
    given = {
        approve_export: {"by": DIRECTOR, "scope": EVERYWHERE},
        send_export_back: {"by": DIRECTOR, "scope": EVERYWHERE, "note": "用途不清"},
        withdraw_export: {},
        take_export: {"read": rows_of(3)},
    }
    before = ExportRequest.objects.values().get()
    with journal_refuses():
        do(service, asked.number, **given[service])
    assert ExportRequest.objects.values().get() == before
