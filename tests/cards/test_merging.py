"""合并: with the cards looked at, and all or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards.factories import CLERK, REVIEWER, acting, apply, code, residents
from yikatong.cards.models import Card
from yikatong.cards.queries import orders_of, orders_of_record
from yikatong.cards.services.adopt import ExistingCard, adopt_cards
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


def test_a_card_in_use_of_a_merged_number_is_the_survivors(centre):
    row = pair()
    with acting(CLERK) as act:
        ask_to_merge(act, row.pk, survivor=row.one_id, why="核对")
    with acting(REVIEWER) as act:
        approve_merge(act, row.pk)
    cards = [
        ExistingCard(
            number=number,
            card_no=f"D0000002{place}",
            region=row.one.region,
            outlet="61040201",
            bank_code="102",
            bank_pan=f"621799000000000001{place}",
            issued_on=date(2024, 3, 4),
            valid_until=date(2034, 3, 3),
        )
        for place, number in enumerate((row.other.number, row.one.number))
    ]
    with acting(CLERK) as act:
        twice = adopt_cards(act, source="test", rows=cards)
    assert [each.refused.code for each in twice.problems] == ["adopt.person_twice"] * 2  # type: ignore[union-attr]
    with acting(CLERK) as act:
        assert adopt_cards(act, source="test", rows=cards[:1]).taken == 1  # type: ignore[union-attr]
    assert Card.objects.get().resident_id == row.one_id
    with acting(CLERK) as act:
        again = adopt_cards(act, source="test", rows=cards[1:])
    assert [each.refused.code for each in again.problems] == ["adopt.has_card"]  # type: ignore[union-attr]
