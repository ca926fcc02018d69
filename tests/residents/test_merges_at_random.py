"""Merges and partings in any order: each is refused or can be undone, and when all is undone every table is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.residents.people import CLERK, acting, number_of, registered
from yikatong.basics.refused import Refused
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.merging import MERGED
from yikatong.residents.models import DuplicatePair, Resident
from yikatong.residents.pairs import DuplicateRow, duplicates
from yikatong.residents.queries import search
from yikatong.residents.rules import Trust

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
MANAGER = replace(CLERK, code="staff:2", name="李主管")
PEOPLE = 4
PAIRS = list(combinations(range(PEOPLE), 2))
WHY = "与公安信息核对"
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "merge", "merge", "send_back", "undo", "change"]),
        st.sampled_from(PAIRS),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=14,
)


def test_any_order_of_merges_and_partings_ends_as_it_began():
    for place in range(PEOPLE):
        registered(number=number_of(1 + 200 * place), name="林小满")
    with acting() as act:
        services.find_duplicates(act)
    people = list(Resident.objects.order_by("pk").values_list("pk", flat=True))
    pairs = {
        (people.index(one), people.index(other)): key
        for key, one, other in DuplicatePair.objects.values_list("pk", "one_id", "other_id")
    }
    assert set(pairs) == set(PAIRS)
    before = tables()

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(EVENTS)
    def walk(events: list[tuple[str, tuple[int, int], int]]) -> None:
        with undone():
            changed = [work(event, pairs[which], people[which[side]]) for event, which, side in events]
            everybody_is_found_as_one_person(people)
            part_all()
            assert (tables() == before) is not any(changed)
            assert not Resident.objects.filter(merged_into__isnull=False).exists()
            for each in people:
                assert queries.ids_of(each) == (each,)

    walk()


def work(event: str, pair: int, person: int) -> bool:
    """Do it; every no is one that says what to do. Whether particulars of a person are others now."""
    with acting(actor=CLERK if event in ("ask", "change") else MANAGER) as act:
        match event:
            case "ask":
                answer = services.ask_merge(act, pair, survivor=person, why=WHY)
            case "merge":
                answer = services.merge(act, pair)
            case "send_back":
                answer = services.send_merge_back(act, pair, why=WHY)
            case "undo":
                answer = services.undo_merge(act, pair, why=WHY)
            case _:
                row = queries.person(person)
                assert row is not None
                phone = "13700000000" if row.phone != "13700000000" else "13700000009"
                changed = services.change(
                    act, person, field="phone", value=phone, source="窗口", trust=Trust.SELF
                )
                return not isinstance(changed, Refused)
    assert isinstance(answer, DuplicateRow) or answer.code in (
        "duplicate.state",
        "merge.chain",
        "merge.changed",
    )
    return False


def everybody_is_found_as_one_person(people: list[int]) -> None:
    """Whoever is merged leads to one survivor, by id, by number and by search; nobody leads to a merged record."""
    for row in Resident.objects.all():
        survivor = row.merged_into_id or row.pk
        found = queries.person(row.pk)
        assert found is not None and found.id == survivor
        by_number = queries.person_by_number(row.number)
        assert by_number is not None and by_number.id == survivor
        assert [each.id for each in search(row.number, Scope("610400")).rows] == [survivor]
        assert row.pk in queries.ids_of(survivor)
    survivors = [key for key in people if queries.ids_of(key)[0] == key]
    assert sorted(each for key in survivors for each in queries.ids_of(key)) == people, "each is in one only"


def part_all() -> None:
    while merged := duplicates(Scope("610400"), state=MERGED):
        with acting(actor=MANAGER) as act:
            assert isinstance(services.undo_merge(act, merged[0].id, why="本人否认"), DuplicateRow)


def tables() -> dict[str, list[object]]:
    """Every table of this room but the pairs, which remember what was decided."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for model in apps.get_app_config("residents").get_models()
        if model is not DuplicatePair
    }


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back."""
    inside = transaction.atomic()
    inside._from_testcase = True  # as Django's own TestCase does: acts inside may be durable
    with inside:
        yield
        transaction.set_rollback(True)
