"""One act: someone, a moment, a door, one transaction, and all of it or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from yikatong.office.act import Actor, Door, open_act
from yikatong.office.facts import EXPORTED, PARTNER_ADMITTED
from yikatong.office.models import Entry, EntryRow, Message
from yikatong.office.post import queue_message

ROWS = (
    "SELECT 'order:' || n, n::bigint, '610402', '61040201', jsonb_build_object('result', n) "
    "FROM generate_series(1, %(many)s) AS n"
)


@pytest.mark.django_db
def test_what_an_act_records_says_who_when_where_and_through_which_door(acting):
    with acting(purpose="核对") as act:
        act.record(EXPORTED, subject="period:3", person=7, what="名单", rows=5)
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject, entry.person) == ("office.exported", "period:3", 7)
    assert (entry.actor, entry.actor_name, entry.door, entry.purpose) == (
        "staff:1",
        "王经办",
        "console",
        "核对",
    )
    assert (entry.region, entry.outlet) == ("610402", "61040000")
    assert entry.occurred_at == act.at
    assert entry.payload == {"what": "名单", "rows": 5}


@pytest.mark.django_db
def test_nothing_is_recorded_outside_an_open_act(acting):
    with acting() as act:
        act.record(EXPORTED, what="一", rows=1)
    with pytest.raises(RuntimeError, match="open"):
        act.record(EXPORTED, what="二", rows=2)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_an_act_that_failed_records_nothing_more(acting):
    with pytest.raises(ZeroDivisionError), acting() as act:
        act.record(EXPORTED, what="一", rows=1)
        raise ZeroDivisionError
    with pytest.raises(RuntimeError, match="open"):
        act.record(EXPORTED, what="二", rows=2)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_acts_do_not_nest(acting):
    with pytest.raises(RuntimeError, match="durable"), acting(), acting():
        pass


@pytest.mark.django_db(transaction=True)
def test_an_act_does_not_open_inside_another_transaction(acting):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), acting():
        pass


@pytest.mark.django_db
def test_when_the_journal_refuses_nothing_happened(acting, journal_refuses):
    with journal_refuses(), acting() as act:
        queue_message(act, to="13800000001", text="您的卡已到网点")
        act.record(EXPORTED, what="一", rows=1)
    assert not Entry.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_when_the_journal_refuses_a_set_none_of_its_rows_stay(acting, journal_refuses):
    with journal_refuses(), acting() as act:
        act.record_rows(EXPORTED, ROWS, {"many": 3}, what="三")
    assert not EntryRow.objects.exists()


@pytest.mark.django_db
def test_a_set_is_one_entry_with_its_rows(acting):
    with acting() as act:
        assert act.record_rows(EXPORTED, ROWS, {"many": 3}, what="名单") == 3
    entry = Entry.objects.get()
    assert entry.rows == 3
    assert [row.subject for row in EntryRow.objects.filter(entry_id=entry.id)] == [
        "order:1",
        "order:2",
        "order:3",
    ]


@pytest.mark.django_db
def test_an_empty_set_is_no_entry(acting):
    with acting() as act:
        assert act.record_rows(EXPORTED, ROWS, {"many": 0}, what="名单") == 0
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_entries_keep_the_order_in_which_they_were_recorded(acting):
    with acting() as act:
        act.record(PARTNER_ADMITTED, partner="一")
        act.record_rows(EXPORTED, ROWS, {"many": 2}, what="二")
        act.record(PARTNER_ADMITTED, partner="三")
    assert [e.kind for e in Entry.objects.order_by("id")] == [
        "office.partner_admitted",
        "office.exported",
        "office.partner_admitted",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("figure", [1.5, [1, 2.0], {"a": {"b": 0.1}}])
def test_a_float_never_enters_the_journal(acting, figure):
    with pytest.raises(TypeError, match="float"), acting() as act:
        act.record(EXPORTED, what=figure, rows=1)
    assert not Entry.objects.exists()


def test_the_day_of_an_act_is_the_day_in_xianyang():
    act_at = datetime(2025, 3, 9, 16, 30, tzinfo=UTC)
    from yikatong.office.act import Act

    assert Act(Actor.system("x"), Door.TASK, act_at).today == date(2025, 3, 10)


@pytest.mark.django_db
def test_without_a_given_moment_the_act_happens_now_by_the_citys_clock():
    from yikatong.office import clock

    moment = datetime(2025, 6, 1, 1, tzinfo=UTC)
    with clock.fixed(moment), open_act(Actor.system("x"), door=Door.TASK) as act:
        assert act.at == moment
