"""Two pairs of eyes: nobody both makes and approves, and what is not given is refused."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.refused import Refused
from yikatong.office.duties import ROLES, Duty, Step, clash, duties_of


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
def test_no_role_both_makes_and_approves(role):
    steps = {duty.step for duty in role.duties}
    assert not {Step.MAKE, Step.APPROVE} <= steps


def test_every_duty_is_given_to_some_role():
    assert duties_of(ROLES) == frozenset(Duty)


def test_codes_of_duties_are_unique_and_their_names_too():
    for values in ([d.code for d in Duty], [d.zh for d in Duty], [d.en for d in Duty]):
        assert len(set(values)) == len(Duty)


@given(st.sets(st.sampled_from(sorted(ROLES)), min_size=1))
def test_roles_clash_just_when_one_of_them_makes_and_one_approves(roles):
    makes = {r for r in roles if any(d.step is Step.MAKE for d in ROLES[r].duties)}
    approves = {r for r in roles if any(d.step is Step.APPROVE for d in ROLES[r].duties)}
    assert clash(roles) is bool(makes and approves)


def test_an_unknown_role_gives_nothing():
    assert duties_of(["emperor"]) == frozenset()
    assert not clash(["emperor"])


@pytest.mark.django_db
def test_no_two_clashing_roles_are_given_to_one_person(acting):
    from yikatong.office.appointments import appoint
    from yikatong.office.models import Entry, Staff

    clashing = [pair for pair in combinations(sorted(ROLES), 2) if clash(pair)]
    assert ("card_desk", "card_reviewer") in clashing
    with acting() as act:
        for pair in clashing:
            refused = appoint(act, username="x", full_name="某", roles=list(pair), region="610400")
            assert isinstance(refused, Refused) and refused.code == "staff.roles_clash"
    assert not Staff.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_appointment_is_journalled_and_an_unknown_role_refused(acting):
    from yikatong.office.appointments import appoint
    from yikatong.office.models import Entry

    with acting() as act:
        refused = appoint(act, username="x", full_name="某", roles=["emperor"], region="610400")
        staff = appoint(act, username="y", full_name="某", roles=["card_desk"], region="610400")
    assert isinstance(refused, Refused) and refused.code == "staff.role_unknown"
    assert not isinstance(staff, Refused)
    assert not staff.has_usable_password()
    assert Entry.objects.get().payload["username"] == "y"


@pytest.mark.django_db
@pytest.mark.parametrize("outlet", ["", "61040000"])
def test_a_banks_operator_is_appointed_at_an_outlet_of_a_bank(acting, outlet):
    from tests.cards.in_hand import open_city
    from yikatong.office.appointments import appoint

    open_city()
    who = {"username": "y", "full_name": "某", "roles": ["bank_operator"], "region": "610402"}
    with acting() as act:
        refused = appoint(act, **who, outlet_code=outlet)
        staff = appoint(act, **who, outlet_code="61040201")
    assert isinstance(refused, Refused) and (refused.code, refused.at) == ("staff.bank_outlet", "outlet_code")
    assert not isinstance(staff, Refused) and staff.own_bank == "102"


@pytest.mark.django_db
def test_a_user_name_is_given_once(acting):
    from yikatong.office.appointments import appoint

    with acting() as act:
        appoint(act, username="y", full_name="某", roles=["card_desk"], region="610400")
        again = appoint(act, username="y", full_name="另", roles=["auditor"], region="610400")
    assert isinstance(again, Refused) and again.code == "staff.exists"


@pytest.mark.django_db
def test_when_the_journal_refuses_nobody_is_appointed(acting, journal_refuses):
    from yikatong.office.appointments import appoint
    from yikatong.office.models import Staff

    with journal_refuses(), acting() as act:
        appoint(act, username="y", full_name="某", roles=["card_desk"], region="610400")
    assert not Staff.objects.exists()


@pytest.mark.django_db
def test_a_person_who_left_has_no_duty(acting):
    from yikatong.office.appointments import appoint

    with acting() as act:
        staff = appoint(act, username="y", full_name="某", roles=["card_desk"], region="610400")
    assert staff.has_duty(Duty.CARD_BATCH)
    assert not staff.has_duty(Duty.CARD_RELEASE)
    staff.is_active = False
    assert not staff.has_duty(Duty.CARD_BATCH)
