"""合并: with the cards looked at, and all or nothing."""

from __future__ import annotations

import pytest

from tests.cards.factories import CLERK, REVIEWER, acting, apply, code, residents
from yikatong.cards.queries import orders_of, orders_of_record
from yikatong.cards.services.merging import approve_merge, ask_to_merge
from yikatong.residents.models import DuplicatePair, Resident
from yikatong.residents.pairs import DuplicateRow

pytestmark = pytest.mark.django_db


def pair() -> DuplicatePair:
    one, other = sorted(residents(2), key=lambda each: each.pk)
    return DuplicatePair.objects.create(
        one=one,
        other=other,
        score=90,
        reasons=[["phone.same", 20.0]],
        evidence=b"",
        found_at=one.registered_at,
    )


def test_an_application_taken_after_the_asking_stops_the_merge(centre):
    row = pair()
    with acting(CLERK) as act:
        assert isinstance(ask_to_merge(act, row.pk, survivor=row.one_id, why="核对"), DuplicateRow)
    order = apply(row.other)
    with acting(REVIEWER) as act:
        assert code(approve_merge(act, row.pk)) == "merge.cards"
    assert [each.number for each in orders_of_record(row.other_id)] == [order.number]


def test_the_survivor_is_shown_with_the_applications_of_both(centre):
    row = pair()
    order = apply(row.one)
    with acting(CLERK) as act:
        assert code(ask_to_merge(act, row.pk, survivor=row.other_id, why="核对")) == "merge.cards"
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    with acting(REVIEWER) as act:
        assert isinstance(approve_merge(act, row.pk), DuplicateRow)
    assert [each.number for each in orders_of(row.other_id)] == [order.number]


def test_when_the_journal_refuses_nothing_is_merged(centre, journal_refuses):
    row = pair()
    with journal_refuses(), acting(CLERK) as act:
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    assert DuplicatePair.objects.get().state == "open"
    with acting(CLERK) as act:
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    with journal_refuses(), acting(REVIEWER) as act:
        approve_merge(act, row.pk)
    assert not Resident.objects.filter(merged_into__isnull=False).exists()
