"""组批与审核: who assembles may not release, and what was assembled is what is made."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.cards.factories import (
    DESK,
    REVIEWER,
    acting,
    asked,
    batched,
    code,
    entries,
    in_making,
    picture,
    ready,
    reload,
    states,
)
from yikatong.basics.crypto import sm3
from yikatong.cards.files.frame import Parsed
from yikatong.cards.files.making import MAKING
from yikatong.cards.models import Batch
from yikatong.cards.rows import BatchRow
from yikatong.cards.rules import Mode
from yikatong.cards.services.batch import assemble, dissolve, release
from yikatong.office.models import WireFile
from yikatong.residents.models import Resident

pytestmark = pytest.mark.django_db


def test_ready_orders_become_a_batch(centre):
    batch, orders = batched(3)
    assert (batch.state.code, batch.orders, batch.assembled_by) == ("assembled", 3, DESK.code)
    assert states(orders) == ["batched"] * 3
    assert entries("card.batched") == 3


def test_the_making_file_holds_what_the_maker_needs(centre):
    batch, orders = in_making(2)
    content = bytes(asked("maker").content)
    assert sm3(content) == batch.digest
    parsed = MAKING.read(content)
    assert isinstance(parsed, Parsed)
    assert parsed.number == batch.number
    row, order = parsed.rows[0], orders[0]
    assert (row.card_no, row.bank_pan, row.person_number) == (
        order.card_no,
        order.bank_pan,
        order.resident.number,
    )
    assert (row.issued_on, row.valid_until) == ("20250310", "20350309")
    assert row.order_kind == "申领"
    assert states(orders) == ["making"] * 2
    assert entries("card.released") == 2


def test_nothing_ready_makes_no_batch(centre):
    before = picture()
    with acting(DESK) as act:
        assert code(assemble(act)) == "batch.nothing_ready"
    assert picture() == before


def test_the_oldest_go_first_up_to_the_limit(centre):
    orders = ready(3)
    with acting(DESK) as act:
        batch = assemble(act, limit=2)
    assert isinstance(batch, BatchRow)
    assert states(orders) == ["batched", "batched", "ready"]


def test_a_card_made_on_the_spot_is_a_batch_of_one(centre):
    orders = ready(2, mode=Mode.INSTANT)
    with acting(DESK) as act:
        assert code(assemble(act)) == "batch.nothing_ready"
        batch = assemble(act, mode=Mode.INSTANT, order_number=orders[1].number)
    assert isinstance(batch, BatchRow)
    assert batch.orders == 1
    assert states(orders) == ["ready", "batched"]


def test_who_assembled_may_not_release(centre):
    batch, orders = batched()
    before = picture()
    with acting(DESK) as act:
        assert code(release(act, batch.number)) == "batch.same_person"
    assert picture() == before
    assert states(orders) == ["batched"]


def in_sql(statement: str, batch: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cards_batch SET {statement} WHERE id = %s", [batch])


def test_who_assembled_may_not_release_in_sql_either(centre):
    batch, _ = batched()
    with pytest.raises(IntegrityError, match="batch_two_pairs_of_eyes"):
        in_sql("state = 'released', released_by = assembled_by", batch.id)


def test_a_batch_is_not_released_by_nobody(centre):
    batch, _ = batched()
    with pytest.raises(IntegrityError, match="batch_released_by_someone"):
        in_sql("state = 'released'", batch.id)


def test_a_batch_skips_no_step_in_sql(centre):
    batch, _ = batched()
    with pytest.raises(DatabaseError, match="Invalid transition"):
        in_sql("state = 'returned', released_by = 'staff:9'", batch.id)


@pytest.mark.parametrize("particular", ["name", "phone", "ethnicity"])
def test_a_batch_whose_data_changed_is_not_released(centre, particular):
    batch, orders = batched(2)
    Resident.objects.filter(pk=orders[0].resident_id).update(**{particular: "2"})
    before = picture()
    with acting(REVIEWER) as act:
        assert code(release(act, batch.number)) == "batch.changed"
    assert picture() == before


def test_a_batch_someone_shortened_behind_our_back_is_not_released(centre):
    batch, orders = batched(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_order SET batch_id = NULL WHERE id = %s", [orders[0].pk])
    with acting(REVIEWER) as act:
        assert code(release(act, batch.number)) == "batch.changed"


def test_an_unknown_batch_is_refused(centre):
    with acting(REVIEWER) as act:
        assert code(release(act, "B999999999")) == "batch.unknown"
        assert code(dissolve(act, "B999999999")) == "batch.unknown"


def test_a_released_batch_is_neither_released_again_nor_dissolved(centre):
    batch, _ = in_making()
    with acting(REVIEWER) as act:
        assert code(release(act, batch.number)) == "batch.not_assembled"
        assert code(dissolve(act, batch.number)) == "batch.not_assembled"
    assert WireFile.objects.filter(counterpart="maker").count() == 1


def test_a_dissolved_batch_gives_its_orders_back(centre):
    batch, orders = batched(2)
    with acting(REVIEWER) as act:
        row = dissolve(act, batch.number)
    assert isinstance(row, BatchRow)
    assert row.state.code == "dissolved"
    assert states(orders) == ["ready"] * 2
    assert {order.batch_id for order in reload(orders)} == {None}
    assert entries("card.batch_dissolved") == 2
    with acting(DESK) as act:
        assert isinstance(assemble(act), BatchRow)


def test_assemble_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    ready(2)
    before = picture()
    with journal_refuses(), acting(DESK) as act:
        assemble(act)
    assert picture() == before
    assert not Batch.objects.exists()


def test_release_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    batch, _ = batched(2)
    before = picture()
    with journal_refuses(), acting(REVIEWER) as act:
        release(act, batch.number)
    assert picture() == before


def test_dissolve_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    batch, _ = batched(2)
    before = picture()
    with journal_refuses(), acting(REVIEWER) as act:
        dissolve(act, batch.number)
    assert picture() == before
