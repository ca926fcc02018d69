"""States move only as their machine says, one row or many, and only from where the row really stands."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from yikatong.office.lifecycle import IllegalStep, advance, advance_all
from yikatong.office.models import Message, WireFile
from yikatong.office.rules import APPLIED, FILE, MESSAGE, QUEUED, RECEIVED, REJECTED, SENT

pytestmark = pytest.mark.django_db


def message(to: str = "13800000001") -> Message:
    return Message.objects.create(
        to=to, text="您好", act=uuid.uuid4(), queued_at=timezone.now(), state=QUEUED.code
    )


def received(name: str) -> WireFile:
    return WireFile.objects.create(
        counterpart="maker",
        name=name,
        outgoing=False,
        content=b"x",
        digest=name.encode().ljust(32),
        at=timezone.now(),
        state=RECEIVED.code,
    )


def test_a_row_takes_a_step_with_what_belongs_to_it():
    row, moment = message(), timezone.now()
    advance(row, MESSAGE, "send", sent_at=moment)
    assert (row.state, row.sent_at) == (SENT.code, moment)
    row.refresh_from_db()
    assert (row.state, row.sent_at) == (SENT.code, moment)


def test_a_step_the_machine_does_not_know_is_an_error_of_ours():
    row = message()
    advance(row, MESSAGE, "send")
    with pytest.raises(IllegalStep):
        advance(row, MESSAGE, "send")
    with pytest.raises(IllegalStep):
        advance(row, MESSAGE, "burn")


def test_a_row_that_moved_behind_our_back_is_not_moved_again():
    row = message()
    other = Message.objects.get(pk=row.pk)
    advance(other, MESSAGE, "send")
    with pytest.raises(IllegalStep, match="no longer"):
        advance(row, MESSAGE, "send")


def test_many_rows_move_in_one_statement_and_others_stay(django_assert_num_queries):
    files = [received(f"r{n}") for n in range(3)]
    advance(files[2], FILE, "reject")
    with django_assert_num_queries(1):
        assert advance_all(WireFile.objects.all(), FILE, "apply", rows=7) == 2
    assert list(WireFile.objects.order_by("id").values_list("state", "rows")) == [
        (APPLIED.code, 7),
        (APPLIED.code, 7),
        (REJECTED.code, 0),
    ]


def test_an_event_nobody_knows_moves_nothing():
    message()
    with pytest.raises(KeyError):
        advance_all(Message.objects.all(), MESSAGE, "burn")


def test_an_event_that_leads_to_several_states_leads_each_row_to_its_own():
    from yikatong.basics.states import Machine, Move

    forked = Machine(
        "forked",
        "分叉",
        FILE.states,
        FILE.firsts,
        (Move("close", (QUEUED,), SENT), Move("close", (RECEIVED,), APPLIED)),
    )
    received("r1")
    WireFile.objects.create(
        counterpart="maker",
        name="o1",
        outgoing=True,
        content=b"x",
        digest=bytes(32),
        at=timezone.now(),
        state=QUEUED.code,
    )
    assert advance_all(WireFile.objects.all(), forked, "close") == 2
    assert set(WireFile.objects.values_list("name", "state")) == {("r1", APPLIED.code), ("o1", SENT.code)}


def test_the_database_holds_a_state_to_the_machine_without_our_code():
    message()
    with pytest.raises(Exception, match="message_state_known"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE office_message SET state = 'burnt'")
