"""登记、更新、监护、死亡: what is kept, and who is sent back with which sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.residents.people import (
    ADULT,
    CHILD,
    CLERK,
    GUARDIAN,
    MORNING,
    PERSON,
    acting,
    code,
    kinds,
    number_of,
    picture,
    registered,
)
from yikatong.basics.ids import DocumentType
from yikatong.office.models import Entry
from yikatong.residents import queries, services
from yikatong.residents.models import Attribute, IdentityDocument, Resident
from yikatong.residents.queries import Person
from yikatong.residents.rules import REGION_UNKNOWN, WARNINGS, Trust

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

OTHER = replace(CLERK, code="staff:2", name="李主管")


def refused(service: object, *arguments: object, **named: object) -> str:
    """Try it, find nothing changed, and give the reason code."""
    before = picture()
    with acting() as act:
        result = service(act, *arguments, **named)  # type: ignore[operator]
    assert picture() == before
    return code(result)


def test_a_person_is_registered_with_their_document_and_one_entry():
    person = registered(phone="138-0000-0001", name=" 林 小满 ", ethnicity="01")
    assert replace(person, warnings=()) == queries.person_by_number(" 610499199003070011 ")
    assert (person.name, person.phone, person.sex, person.birth_on) == (
        "林小满",
        "13800000001",
        "1",
        date(1990, 3, 7),
    )
    document = IdentityDocument.objects.get()
    assert (document.resident_id, document.number, document.type) == (person.id, ADULT, "citizen_id")
    entry = Entry.objects.get(kind="resident.registered")
    assert (entry.person, entry.subject, entry.region) == (person.id, f"resident:{person.id}", "610402")
    assert ADULT not in str(entry.payload) and "小满" not in str(entry.payload)


def test_unknown_regions_warn_but_do_not_turn_away():
    person = registered(region="610499")
    assert person.warnings == ("id.area_unknown", REGION_UNKNOWN)
    assert all(warning in WARNINGS for warning in person.warnings)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"number": "610499199003070012"}, "id.check_digit"),
        ({"number": "610499199002300011"}, "id.birth_date"),
        ({"number": "610499202503110015"}, "id.birth_date"),
        ({"number": "61049919900307001"}, "id.length"),
        ({"number": "61049919900307OO11"}, "id.characters"),
        ({"number": ""}, "id.empty"),
        ({"number": ADULT, "document": DocumentType.FOREIGN_PERMANENT}, "id.type"),
        ({"name": " "}, "name.empty"),
        ({"name": "林3"}, "name.digits"),
        ({"region": "6104"}, "region.format"),
        ({"phone": "1380000"}, "phone.format"),
        ({"address": "路\n街"}, "address.control"),
        ({"address": "路" * 121}, "address.length"),
        ({"ethnicity": "77"}, "ethnicity.unknown"),
        ({"source": " "}, "source.missing"),
        ({"source": "来" * 41}, "source.long"),
        ({"number": CHILD}, "resident.guardian_needed"),
    ],
)
def test_bad_particulars_are_refused(changed: dict[str, object], reason: str):
    assert refused(services.register, **{**PERSON, **changed}) == reason


@pytest.mark.parametrize(
    ("guardian", "reason"),
    [
        ({"number": CHILD}, "guardian.self"),
        ({"number": "610499199003070012"}, "guardian.number"),
        ({"number": number_of(11, date(2010, 1, 1))}, "guardian.minor"),
        ({"name": ""}, "guardian.name"),
        ({"relation": " "}, "guardian.relation"),
        ({"phone": "12"}, "guardian.phone"),
        ({"proof": ""}, "guardian.proof"),
        ({"proof": "口头"}, "guardian.proof"),
    ],
)
def test_a_guardian_who_cannot_be_one_is_refused(guardian: dict[str, str], reason: str):
    typed = services.GuardianInput(**{**GUARDIAN.__dict__, **guardian})
    assert refused(services.register, **{**PERSON, "number": CHILD}, guardian=typed) == reason


def test_a_child_is_registered_with_a_guardian_and_may_have_two():
    child = registered(number=CHILD, guardian=GUARDIAN)
    assert [each.name for each in child.guardians] == ["林大满"]
    assert refused(services.add_guardian, child.id, guardian=GUARDIAN) == "guardian.exists"
    mother = services.GuardianInput("周兰", number_of(2), "母亲", "", "出生医学证明")
    with acting() as act:
        both = services.add_guardian(act, child.id, guardian=mother)
    assert isinstance(both, Person)
    assert [each.relation for each in both.guardians] == ["父亲", "母亲"]
    assert [each.proof for each in both.guardians] == ["居民户口簿", "出生医学证明"]
    assert {each.document_type for each in both.guardians} == {"citizen_id"}
    assert kinds().count("resident.guarded") == 2
    assert refused(services.add_guardian, child.id + 1, guardian=mother) == "resident.unknown"


def test_a_known_number_is_refused_and_another_name_is_said_masked():
    registered()
    assert refused(services.register, **PERSON) == "resident.exists"
    assert refused(services.register, **{**PERSON, "name": "周兰"}) == "resident.name_differs"
    with acting() as act:
        answer = services.register(act, **{**PERSON, "name": "周兰"})
    assert "林*满" in answer.zh and "林小满" not in answer.zh  # type: ignore[union-attr]


def test_a_passport_is_registered_when_it_is_named():
    person = registered(number="E12345678", document=DocumentType.PASSPORT, name="MARIA SILVA")
    assert (person.document_type, person.birth_on, person.sex) == ("passport", None, "9")


def test_a_change_keeps_the_value_that_stood_before_with_its_source():
    person = registered()
    with acting(MORNING + timedelta(days=1)) as act:
        changed = services.change(
            act, person.id, field="phone", value="13900000003", source="银行回盘", trust=Trust.BANK
        )
    assert isinstance(changed, Person) and changed.phone == "13900000003"
    rows = list(Attribute.objects.order_by("id").values_list("phone", "source", "trust"))
    assert rows == [("13800000001", "窗口登记", 1), ("13900000003", "银行回盘", 2)]
    standing = {row.field: row for row in queries.attributes(person.id)}
    assert standing["phone"].trust is Trust.BANK
    assert standing["address"].source == "窗口登记"
    assert set(standing) == {"phone", "address", "region"}
    assert "13900000003" not in str(Entry.objects.get(kind="resident.changed").payload)


@pytest.mark.parametrize("low", list(Trust))
@pytest.mark.parametrize("high", list(Trust))
def test_no_value_gives_way_to_a_lower_trust(high: Trust, low: Trust):
    person = registered(trust=high)
    arguments = {"field": "address", "value": "渭城区", "source": "来函", "trust": low}
    if low < high:
        assert refused(services.change, person.id, **arguments) == "attribute.trusted_more"
    else:
        with acting() as act:
            changed = services.change(act, person.id, **arguments)  # type: ignore[arg-type]
        assert isinstance(changed, Person) and changed.address == "渭城区"


def test_the_same_value_changes_nothing_unless_a_surer_source_confirms_it():
    person = registered()
    before = picture()
    same = {"field": "phone", "value": "13800000001", "source": "窗口登记"}
    with acting() as act:
        assert services.change(act, person.id, **same, trust=Trust.SELF)
    assert picture() == before
    with acting() as act:
        assert services.change(act, person.id, **{**same, "source": "公安"}, trust=Trust.POLICE)
    refusal = refused(services.change, person.id, field="phone", value="", source="本人", trust=Trust.SELF)
    assert refusal == "attribute.trusted_more"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"field": "number"}, "resident.field_fixed"),
        ({"field": "name"}, "resident.field_fixed"),
        ({"value": "1"}, "phone.format"),
        ({"source": ""}, "source.missing"),
    ],
)
def test_what_cannot_be_changed_here_is_refused(changed: dict[str, object], reason: str):
    person = registered()
    good = {"field": "phone", "value": "13900000003", "source": "窗口", "trust": Trust.SELF}
    assert refused(services.change, person.id, **{**good, **changed}) == reason
    assert refused(services.change, person.id + 1, **good) == "resident.unknown"


def test_a_death_is_recorded_once_and_not_in_the_future():
    person = registered()
    day = MORNING.date()
    for on in (day + timedelta(days=1), date(1990, 3, 6)):
        assert refused(services.record_death, person.id, on=on, source="公安") == "death.date"
    with acting() as act:
        gone = services.record_death(act, person.id, on=day, source="公安")
    assert isinstance(gone, Person) and (gone.state, gone.died_on) == ("dead", day)
    assert refused(services.record_death, person.id, on=day, source="公安") == "resident.deceased"
    assert refused(services.record_death, person.id + 1, on=day, source="公安") == "resident.unknown"
    assert refused(services.record_death, person.id, on=day, source="") == "source.missing"


def test_a_death_recorded_in_error_is_withdrawn_once():
    person = registered()
    assert refused(services.withdraw_death, person.id, source="派出所证明") == "resident.not_deceased"
    with acting() as act:
        services.record_death(act, person.id, on=MORNING.date(), source="公安")
    assert refused(services.withdraw_death, person.id, source="") == "source.missing"
    assert refused(services.withdraw_death, person.id + 1, source="派出所证明") == "resident.unknown"
    assert refused(services.withdraw_death, person.id, source="派出所证明") == "life.same_person"
    with acting(actor=OTHER) as act:
        back = services.withdraw_death(act, person.id, source="派出所证明")
    assert isinstance(back, Person) and (back.state, back.died_on) == ("alive", None)
    assert kinds()[-1] == "resident.death_withdrawn"


def test_when_the_journal_refuses_the_dead_stay_dead(journal_refuses):
    person = registered()
    with acting() as act:
        services.record_death(act, person.id, on=MORNING.date(), source="公安")
    with journal_refuses(), acting(actor=OTHER) as act:
        services.withdraw_death(act, person.id, source="派出所证明")
    found = queries.person(person.id)
    assert found is not None and found.state == "dead"


def test_nothing_happens_when_the_journal_refuses(journal_refuses):
    child = registered(number=CHILD, guardian=GUARDIAN)
    before = picture()
    with journal_refuses(), acting() as act:
        services.register(act, **PERSON)
    with journal_refuses(), acting() as act:
        services.change(act, child.id, field="phone", value="13900000003", source="窗口", trust=Trust.SELF)
    with journal_refuses(), acting() as act:
        services.record_death(act, child.id, on=MORNING.date(), source="公安")
    with journal_refuses(), acting() as act:
        services.add_guardian(
            act, child.id, guardian=services.GuardianInput("周兰", number_of(2), "母亲", "", "出生医学证明")
        )
    assert picture() == before
    assert Resident.objects.count() == 1
