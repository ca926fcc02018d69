"""A prepared question answers as the ORM does, each time with what is given then."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cards.factories import resident
from yikatong.office.prepared import Given, Prepared
from yikatong.residents.models import Guardian, Resident

pytestmark = pytest.mark.django_db

BY_NAME = Prepared(lambda: Resident.objects.filter(name=Given("name")).order_by("id"))
THESE = Prepared(
    lambda: Resident.objects.filter(pk=Given("ids", among=True)).order_by("-id").values_list("id")
)
NOBODY = Prepared(lambda: Resident.objects.filter(pk__in=[]))
GUARDIANS = Prepared(lambda: Guardian.objects.select_related("resident").filter(resident_id=Given("ward")))


def test_it_gives_the_rows_the_orm_gives_sealed_columns_opened():
    known = Resident.objects.get(pk=resident().pk)
    (found,) = BY_NAME.all(name=known.name)
    assert found == known
    assert (found.number, found.phone, found._state.adding) == (known.number, known.phone, False)


def test_what_is_given_changes_from_one_asking_to_the_next():
    one, other = resident().pk, resident().pk
    assert THESE.all(ids=[one]) == [(one,)]
    assert THESE.all(ids=[one, other]) == [(other,), (one,)]
    assert THESE.first(ids=[]) is None


def test_what_can_never_be_found_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        assert NOBODY.all() == []
    assert len(asked) == 0


def test_related_rows_come_in_the_same_question():
    ward = resident().pk
    Guardian.objects.create(
        resident_id=ward, name="张三", number="", relation="父", phone="", since="2025-03-03T00:00Z"
    )
    with CaptureQueriesContext(connection) as asked:
        (found,) = GUARDIANS.all(ward=ward)
        assert found.resident.pk == ward
    assert len(asked) == 1


def test_a_value_that_was_not_given_is_an_error():
    with pytest.raises(KeyError):
        THESE.all()
