"""A department's own system brings and takes back: twins, and two calls at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from tests.benefits.envelopes import LAND, holder, picture, roster
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits.models import BroughtByInterface, PaymentBatch
from yikatong.benefits.services.by_department import Brought, bring_roster, take_results, withdraw_own
from yikatong.benefits.services.judging import judge_batch
from yikatong.office.act import Act, Actor
from yikatong.office.models import Partner
from yikatong.residents.models import Resident

OFFICE = Actor("partner:9", "农业农村局")


def brought(act: Act, person: Resident, key: str = "k-1") -> Brought | Refused:
    return bring_roster(
        act,
        partner="nongye",
        key=key,
        programme="farmland",
        period="2025",
        declared_rows=1,
        declared_fen=15_000,
        name="清册.csv",
        content=roster([(person.name, person.number, "2.00", "150.00")], LAND["head"]),
        region="610400",
    )


def own_batch() -> str:
    Partner.objects.create(
        pk=9, code="nongye", name=OFFICE.name, key_prefix="1", key_digest=b"1", expires_on=date(2026, 1, 1)
    )
    with at(NOON, OFFICE) as act:
        number = got(brought(act, holder())).batch.number
    with at() as act:
        got(judge_batch(act, number))
    return number


@pytest.mark.usefixtures("city")
def test_the_journal_refuses_bring_roster_so_nothing_happened(journal_refuses):
    person = holder()
    before = picture()
    with journal_refuses(), at(NOON, OFFICE) as act:
        brought(act, person)
    assert picture() == before
    assert not BroughtByInterface.objects.exists()


@pytest.mark.usefixtures("city")
def test_the_journal_refuses_withdraw_own_so_nothing_happened(journal_refuses):
    number = own_batch()
    before = picture()
    with journal_refuses(), at(NOON, OFFICE) as act:
        withdraw_own(act, number)
    assert picture() == before


@pytest.mark.usefixtures("city")
def test_the_journal_refuses_take_results_so_nobody_reads_them(journal_refuses):
    number = own_batch()
    told = []
    with journal_refuses(), at(NOON, OFFICE) as act:
        take_results(act, number, after=0, limit=10)
        act.flush()
        told.append(number)
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_the_same_call_twice_at_once_brings_one_batch():
    from tests.cards import in_hand
    from yikatong.office import clock

    in_hand.open_city()
    with clock.fixed(NOON):
        person = holder()
        both = Barrier(2, timeout=20)

        def call(_: int) -> tuple[str, bool]:
            both.wait()
            try:
                with at(NOON, OFFICE) as act:
                    found = got(brought(act, person))
                return found.batch.number, found.again
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(call, range(2)), key=lambda each: each[1])
    assert [again for _, again in answers] == [False, True]
    assert len({number for number, _ in answers}) == PaymentBatch.objects.count() == 1
