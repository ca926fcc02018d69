"""Whose rows a member of staff may see: hidden until a region or an outlet opens them."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cards.in_hand import open_city
from yikatong.office.models import EntryRow, Outlet, Staff
from yikatong.office.scope import EVERYWHERE, Scope, outside, stem

CITY, QINDU, WEICHENG, XINZHOU = "610400", "610402", "610404", "140902"
OUTLETS = ("", "61040201", "61040401")
regions = st.sampled_from(["", "000000", "610000", CITY, QINDU, WEICHENG, "140000", "140900", XINZHOU])
BANKS = ("", "102", "103")
scopes = st.builds(Scope, regions, st.sampled_from(OUTLETS), st.sampled_from(BANKS))


def test_without_a_region_nothing_is_seen():
    assert not Scope("").covers(QINDU)
    assert not Scope("", "61040201").covers(QINDU, "61040201")


def test_a_row_without_a_region_is_seen_by_nobody():
    assert not EVERYWHERE.covers("")
    assert not Scope(CITY).covers("")


def test_a_county_sees_itself_and_not_its_neighbour():
    assert Scope(QINDU).covers(QINDU)
    assert not Scope(QINDU).covers(WEICHENG)
    assert not Scope(QINDU).covers(CITY)


def test_the_city_sees_its_counties_and_no_other_city():
    assert Scope(CITY).covers(QINDU)
    assert not Scope(CITY).covers(XINZHOU)


def test_an_outlet_sees_its_own_rows_and_those_of_no_outlet():
    scope = Scope(QINDU, "61040201")
    assert scope.covers(QINDU, "61040201")
    assert scope.covers(QINDU)
    assert not scope.covers(QINDU, "61040000")


def test_a_banks_operator_sees_that_banks_rows_and_those_of_no_bank():
    scope = Scope(QINDU, "61040201", "102")
    assert scope.covers(QINDU, bank="102") and scope.covers(QINDU)
    assert not scope.covers(WEICHENG, bank="102")
    refused = scope.refuses(QINDU, bank="103")
    assert refused is not None and refused.code == "scope.other_bank"


@pytest.mark.parametrize(
    ("code", "digits"), [("610402", "610402"), ("610400", "6104"), ("610000", "61"), ("000000", "")]
)
def test_a_region_holds_every_code_that_begins_like_it(code, digits):
    assert stem(code) == digits


def test_the_answer_to_a_clerk_from_elsewhere_names_the_region():
    refused = outside(WEICHENG)
    assert refused.code == "scope.outside"
    assert "渭城区" in refused.zh


def test_a_region_nobody_here_knows_is_not_said_to_have_an_outlet_of_ours():
    refused = outside("310101")
    assert refused.code == "scope.outside"
    assert "310101" in refused.zh and "网点" not in refused.zh


@pytest.mark.django_db
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(regions, st.sampled_from(OUTLETS)), max_size=8), scope=scopes)
def test_a_query_is_narrowed_to_just_the_rows_that_are_covered(rows, scope):
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        for region, outlet in rows:
            cursor.execute(
                "INSERT INTO office_entryrow (entry_id, subject, region, outlet, payload) VALUES (1, '', %s, %s, '{}')",
                [region, outlet],
            )
    seen = sorted(scope.narrow(EntryRow.objects.all(), outlet="outlet").values_list("region", "outlet"))
    transaction.savepoint_rollback(before)
    assert seen == sorted(row for row in rows if scope.covers(*row))


@pytest.mark.django_db
def test_staff_bring_their_region_and_outlet(acting):
    from yikatong.office.appointments import appoint

    with acting() as act:
        staff = appoint(act, username="y", full_name="某", roles=["card_desk"], region=CITY)
    assert Scope.of(staff) == Scope(CITY)


@pytest.mark.django_db
def test_a_banks_operator_brings_the_bank_of_their_outlet_and_without_one_sees_no_card():
    open_city()
    operator = Staff(roles=["bank_operator"], region=QINDU, outlet=Outlet.objects.get(code="61040201"))
    assert Scope.of(operator) == Scope(QINDU, "61040201", "102")
    clerk = Staff(roles=["outlet_clerk"], region=QINDU, outlet=operator.outlet)
    assert Scope.of(clerk) == Scope(QINDU, "61040201")
    astray = Scope.of(Staff(roles=["bank_operator"], region=QINDU))
    assert not any(astray.covers(QINDU, bank=code) for code in ("102", "103", "402"))
