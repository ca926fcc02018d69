"""Fund supervision: what is raised, that it is raised once, and who looks into it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.benefits.envelopes import (
    DEPARTMENT,
    FINANCE,
    MAKER,
    SCOPE,
    answered,
    digest,
    funded,
    granted,
    holder,
    judged,
    row,
    sent,
)
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits import supervision
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.models import BatchFigure, Clue, ClueRow
from yikatong.benefits.services.approving import approve_batch, fund_batch
from yikatong.benefits.services.supervising import (
    close_clue,
    put_back_clue,
    take_clue,
    to_watch,
    watch_batch,
)
from yikatong.cards.models import Card
from yikatong.office.act import Actor
from yikatong.office.models import Rule
from yikatong.office.rulebook import forget

pytestmark = pytest.mark.usefixtures("city")
WATCHER = Actor("staff:705", "金监管", "610400")
LATER = NOON + timedelta(hours=3)


def watched(batch, when=NOON):
    with at(when) as act:
        return watch_batch(act, batch.number)


def clues():
    return {each.kind.code: each for each in supervision.clues(SCOPE, 100)}


def a_clue():
    """A clue about three people who share a phone, in a batch that was judged."""
    limit("benefit.shared_phone_rows", 3)
    batch = judged([row(each) for each in sharing("13800000000", 3)])
    watched(batch)
    return clues()["shared_phone"]


def sharing(phone, count):
    people = [holder(f"电话{place}") for place in "甲乙丙丁"[:count]]
    for person in people:
        person.phone = phone
        person.save()
    return people


def limit(code, value):
    Rule.objects.filter(code=code).update(value=value)
    forget()


def test_the_same_people_with_one_phone_are_raised_once_and_again_only_when_another_joins():
    limit("benefit.shared_phone_rows", 3)
    people = sharing("13800000000", 3)
    assert watched(judged([row(each) for each in people])) == 1
    found = clues()["shared_phone"]
    assert (found.rows, found.fen, found.said[0]) == (3, 60_000, "3 人")
    shown = supervision.behind(found.id, 10)
    assert len(shown) == 3 and all("*" in each.name and "*" in each.number for each in shown)
    next_month = judged([row(each) for each in people], period="2025-04")
    assert watched(next_month) == 0
    joined = holder("电话戊")
    joined.phone = "13800000000"
    joined.save()
    assert watched(judged([row(each) for each in [*people, joined]], period="2025-05")) == 1


def test_two_people_with_one_account_are_raised():
    one, two = holder(), holder("李四光")
    account = Card.objects.get(resident=one).bank_pan
    Card.objects.filter(resident=two).update(bank_pan=account)
    watched(judged([row(one), row(two)]))
    assert clues()["shared_account"].rows == 2


def test_a_jump_is_raised_with_its_row_and_is_not_raised_again_when_the_batch_is_settled():
    person, calm = holder(), holder("李四光")
    (file,) = sent(funded([row(person, "200.00"), row(calm, "200.00")], period="2025-02"))
    answered(file, ["00", "00"])
    batch = funded([row(person, "300.00"), row(calm, "205.00")])
    assert batch.number not in to_watch(), "only what is judged or settled is looked over"
    (file,) = sent(batch)
    answered(file, ["00", "00"])
    assert watched(batch, LATER) == 1
    assert [each.line for each in supervision.behind(clues()["jump"].id, 10)] == [2]
    assert watched(batch, LATER) == 0


def test_paid_after_death_and_approved_at_night_are_raised_when_the_batch_is_settled():
    dead, alive = holder(), holder("李四光")
    batch = judged([row(dead), row(alive)])
    night = datetime(2025, 3, 9, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Sunday
    with at(night, DEPARTMENT) as act:
        got(approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE))
    granted()
    with at(NOON, FINANCE) as act:
        got(fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE))
    (file,) = sent(batch)
    type(dead).objects.filter(pk=dead.pk).update(state="dead", died_on=date(2025, 1, 2))
    answered(file, ["00", "00"])
    assert watched(batch, LATER) == 2
    found = clues()
    assert [each.resident_id for each in supervision.behind(found["after_death"].id, 10)] == [dead.pk]
    assert found["odd_hours"].said[0] == "段审批 业务审批：2025-03-09 23:30"


def test_one_amount_in_most_rows_is_raised_but_not_the_standard_itself():
    limit("supervision.least_rows", 3)
    people = [holder(f"金额{place}") for place in "甲乙丙丁"]
    watched(judged([row(each, "185.00") for each in people], period="2025-01"))
    assert clues() == {}
    watched(judged([row(each, "300.00") for each in people], period="2025-02"))
    assert set(clues()) == {"repeated", "rounded"}
    assert clues()["repeated"].rows == 4


def test_what_a_settled_batch_came_to_is_counted_once_by_region():
    lost = holder("李挂失", state="2", bank="stopped")
    batch = funded([row(holder()), row(holder("王五")), row(lost)])
    (file,) = sent(batch)
    answered(file, ["00", "00"])
    watched(batch, LATER)
    (came,) = supervision.came(2025, SCOPE, by_region=False)
    assert (came.due, came.paid, came.fen, came.batches, came.coverage) == (3, 2, 40_000, 1, 6666)
    assert [(check.code, rows) for check, rows in came.held] == [("C13", 1)]
    assert (came.kept, came.timed, came.on_time) == (1, 1, 10_000)
    assert BatchFigure.objects.count() == len(supervision.came(2025, SCOPE, by_region=True)) == 1
    assert supervision.years() == (2025,)


def test_what_banks_refused_is_told_by_reason():
    from yikatong.benefits.services.mending import return_to_treasury

    batch = funded([row(holder()), row(holder("王五"))])
    (file,) = sent(batch)
    answered(file, ["00", "05"])
    much_later = NOON + timedelta(days=40)
    with at(much_later, MAKER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    watched(batch, much_later)
    (came,) = supervision.came(2025, SCOPE, by_region=False)
    assert came.failed == ((Result.LOST, 1),)


def test_a_clue_is_in_one_persons_hands_until_it_is_closed_with_a_word():
    found = a_clue()
    with at(NOON, MAKER) as act:
        assert take_clue(act, found.id, scope=SCOPE).code == "clue.own_work"
    with at(NOON, WATCHER) as act:
        assert close_clue(act, found.id, outcome="clear", note="查过", scope=SCOPE).code == "clue.not_yours"
        got(take_clue(act, found.id, scope=SCOPE))
    with at(NOON, Actor("staff:706", "另一人", "610400")) as act:
        assert take_clue(act, found.id, scope=SCOPE).code == "clue.taken"
        assert put_back_clue(act, found.id, scope=SCOPE).code == "clue.not_yours"
    with at(NOON, WATCHER) as act:
        got(put_back_clue(act, found.id, scope=SCOPE))
        got(take_clue(act, found.id, scope=SCOPE))
        assert close_clue(act, found.id, outcome="x", note="查过", scope=SCOPE).code == "clue.outcome"
        assert close_clue(act, found.id, outcome="clear", note=" ", scope=SCOPE).code == "clue.note"
        ended = got(close_clue(act, found.id, outcome="clear", note="子女代留电话", scope=SCOPE))
    assert (ended.state.code, ended.owner_name, ended.note) == ("cleared", "金监管", "子女代留电话")
    assert supervision.clues(SCOPE, 10) == ()
    assert [each.id for each in supervision.clues(SCOPE, 10, ended=True)] == [found.id]


def test_a_clue_of_another_region_is_not_there():
    from yikatong.office.scope import Scope

    found = a_clue()
    with at(NOON, WATCHER) as act:
        assert isinstance(take_clue(act, found.id, scope=Scope("610402")), Refused)
    assert supervision.clue(found.id, Scope("610402")) is None


# --- twins ------------------------------------------------------------------------------------------------------


def test_the_journal_refuses_watch_batch_so_nothing_happened(journal_refuses):
    limit("benefit.shared_phone_rows", 3)
    batch = judged([row(each) for each in sharing("13800000000", 3)])
    with journal_refuses(), at(NOON) as act:
        watch_batch(act, batch.number)
    assert not Clue.objects.exists() and not ClueRow.objects.exists()
    assert batch.number in to_watch()


def test_the_journal_refuses_take_clue_so_nothing_happened(journal_refuses):
    found = a_clue()
    with journal_refuses(), at(NOON, WATCHER) as act:
        take_clue(act, found.id, scope=SCOPE)
    assert supervision.clue(found.id, SCOPE) == found


@pytest.mark.parametrize("service", ["put_back_clue", "close_clue"])
def test_the_journal_refuses_put_back_clue_and_close_clue_so_nothing_happened(journal_refuses, service):
    found = a_clue()
    with at(NOON, WATCHER) as act:
        mine = got(take_clue(act, found.id, scope=SCOPE))
    with journal_refuses(), at(NOON, WATCHER) as act:
        if service == "put_back_clue":
            put_back_clue(act, found.id, scope=SCOPE)
        else:
            close_clue(act, found.id, outcome="clear", note="查过", scope=SCOPE)
    assert supervision.clue(found.id, SCOPE) == mine
