"""申领单位: the register of schools and employers, by their 统一社会信用代码."""

from __future__ import annotations

import pytest

from tests.cards.bringing import CITY, PARTICULARS, a_unit, bring, roll, unit_code
from tests.cards.factories import acting, code, entries, residents
from yikatong.basics.refused import Refused
from yikatong.cards.models import Unit
from yikatong.cards.services.units import close_unit, correct_unit, register_unit, reopen_unit
from yikatong.cards.unit_lists import UnitRow, unit, units
from yikatong.office.models import Entry
from yikatong.office.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(centre):
    pass


def register(**changed: object) -> UnitRow | Refused:
    wanted = {"code": unit_code(), "name": "秦都区第一小学", **PARTICULARS, "scope": CITY, **changed}
    with acting() as act:
        return register_unit(act, **wanted)  # type: ignore[arg-type]


def test_a_unit_is_on_the_register_with_its_contact_and_its_phone_is_sealed():
    row = register()
    assert isinstance(row, UnitRow)
    assert (row.kind.zh, row.contact, row.phone, row.state.code) == (
        "学校",
        "周老师",
        "02933210000",
        "active",
    )
    assert entries("card.unit_registered") == 1
    assert "0000" not in str(Entry.objects.get(kind="card.unit_registered").payload.get("phone", ""))
    assert unit(row.code.lower(), CITY) == row and units(Scope("610481")) == ()


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"code": "12610499"}, "unit_code.format"),
        ({"code": unit_code(1)[:-1] + ("0" if unit_code(1)[-1] != "0" else "1")}, "unit_code.check"),
        ({"name": " "}, "unit.name"),
        ({"name": "学" * 61}, "unit.name"),
        ({"kind": "club"}, "unit.kind"),
        ({"region": "610499"}, "unit.region"),
        ({"region": "610481", "scope": Scope("610402")}, "scope.outside"),
        ({"contact": "1"}, "unit.contact"),
        ({"phone": ""}, "phone.missing"),
        ({"phone": "12"}, "phone.format"),
    ],
)
def test_what_is_no_unit_is_refused(changed, wanted):
    assert code(register(**changed)) == wanted
    assert not Unit.objects.exists()


def test_a_code_is_on_the_register_once_however_it_is_typed():
    first = register()
    assert isinstance(first, UnitRow)
    again = register(code=first.code.lower())
    assert code(again) == "unit.known" and "秦都区第一小学" in again.zh  # type: ignore[union-attr]


def test_name_contact_and_phone_are_corrected_and_the_journal_says_which_without_the_phone():
    row = a_unit()
    with acting() as act:
        assert (
            code(correct_unit(act, row.code, name=row.name, contact=row.contact, phone=row.phone, scope=CITY))
            == "unit.same"
        )
        now = correct_unit(
            act, row.code, name="秦都区实验小学", contact=row.contact, phone="13800000009", scope=CITY
        )
    assert isinstance(now, UnitRow) and (now.name, now.phone) == ("秦都区实验小学", "13800000009")
    told = Entry.objects.get(kind="card.unit_changed").payload
    assert told["what"] == "名称、电话" and "13800000009" not in str(told)


def test_a_closed_unit_brings_no_list_until_it_is_reopened():
    row = a_unit()
    with acting() as act:
        assert code(close_unit(act, row.code, reason="", scope=CITY)) == "reason.missing"
        closed = close_unit(act, row.code, reason="合并到其他学校", scope=CITY)
        assert code(close_unit(act, row.code, reason="再次", scope=CITY)) == "unit.closed"
    assert isinstance(closed, UnitRow) and closed.state.code == "closed" and units(CITY, active=True) == ()
    assert code(bring(roll(residents(1)), row)) == "unit.closed"
    with acting() as act:
        assert isinstance(reopen_unit(act, row.code, scope=CITY), UnitRow)
        assert code(reopen_unit(act, row.code, scope=CITY)) == "unit.active"
        assert code(reopen_unit(act, row.code, scope=Scope("610481"))) == "unit.unknown"


@pytest.mark.parametrize("service", [register_unit, correct_unit, close_unit, reopen_unit])
def test_nothing_happens_to_a_unit_when_the_journal_refuses(service, journal_refuses):
    row, closed = a_unit(), a_unit(code=unit_code())
    with acting() as act:
        close_unit(act, closed.code, reason="停办", scope=CITY)
    before = list(Unit.objects.order_by("id").values_list("code", "name", "state", "contact"))
    calls = {
        register_unit: lambda act: register_unit(
            act, code=unit_code(), name="另一所", **PARTICULARS, scope=CITY
        ),
        correct_unit: lambda act: correct_unit(
            act, row.code, name="别名", contact="周老师", phone="13800000001", scope=CITY
        ),
        close_unit: lambda act: close_unit(act, row.code, reason="停办", scope=CITY),
        reopen_unit: lambda act: reopen_unit(act, closed.code, scope=CITY),
    }
    with journal_refuses(), acting() as act:
        assert not isinstance(calls[service](act), Refused)
    assert list(Unit.objects.order_by("id").values_list("code", "name", "state", "contact")) == before
