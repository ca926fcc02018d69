"""证件、更正、人员状态: what a person was called and numbered stays on file, and nobody corrects it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.residents.people import (
    ADULT,
    CLERK,
    MORNING,
    acting,
    code,
    kinds,
    number_of,
    picture,
    registered,
)
from yikatong.basics.ids import DocumentType, check_digit
from yikatong.office.models import Entry
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.corrections import ASKED, Why
from yikatong.residents.models import Correction, FormerName, LifeChange
from yikatong.residents.queries import CorrectionRow, Person, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
MANAGER = replace(CLERK, code="staff:2", name="李主管")
LATER = MORNING + timedelta(hours=1)
CITY = Scope("610400")
OLD_STYLE = "610499800517001"


def found(text: str) -> list[str]:
    return [row.name for row in search(text, CITY).rows]


def asked(service: object, person: Person, **wanted: str) -> CorrectionRow:
    with acting() as act:
        row = service(act, person.id, why=Why.CHANGED, proof="公变字〔2025〕17号", **wanted)  # type: ignore[operator]
    assert isinstance(row, CorrectionRow), row
    return row


def approved(row: CorrectionRow) -> Person:
    with acting(LATER, MANAGER) as act:
        person = services.approve_correction(act, row.id)
    assert isinstance(person, Person), person
    return person


def shown(person: Person, number: str, document: DocumentType, **more: object) -> Person:
    with acting(LATER) as act:
        result = services.add_document(act, person.id, number=number, document=document, **more)  # type: ignore[arg-type]
    assert isinstance(result, Person), result
    return result


def test_who_comes_with_a_number_of_15_digits_is_registered_under_18_and_found_by_both():
    person = registered(number=OLD_STYLE)
    assert person.number == number_of(1) and "id.converted" in person.warnings
    former, current = sorted(queries.documents(person.id), key=lambda row: len(row.number))
    assert (former.number, former.until) == (OLD_STYLE, MORNING)
    assert (current.number, current.until) == (person.number, None)
    assert found(OLD_STYLE) == found(person.number) == [person.name]
    assert queries.person_by_number(OLD_STYLE) == queries.person(person.id)
    with acting() as act:
        assert code(services.register(act, number=OLD_STYLE, name=person.name, region="610402")) == (
            "resident.exists"
        )


def test_an_old_number_finds_the_person_who_only_ever_showed_the_new_one():
    person = registered(number=number_of(1))
    assert found(OLD_STYLE) == [person.name]


def test_an_approved_name_is_the_name_and_the_former_one_still_finds_its_bearer():
    person = registered(name="林小满")
    row = asked(services.correct_name, person, name="林筱曼")
    assert queries.person(person.id).name == "林小满"  # type: ignore[union-attr]
    assert [each.id for each in queries.corrections(CITY)] == [row.id]
    corrected = approved(row)
    assert corrected.name == "林筱曼"
    assert found("林小满") == found("林筱曼") == found("小满") == ["林筱曼"]
    assert found("linxiaoman") == found("lxm") == ["林筱曼"]
    former = queries.former_names(person.id)
    assert [(each.name, each.since, each.until) for each in former] == [("林小满", MORNING, LATER)]
    assert queries.corrections(CITY) == ()
    assert queries.particulars_changed_since(person.id, MORNING)
    assert not queries.particulars_changed_since(person.id, LATER)


def test_the_journal_says_what_was_corrected_but_no_name_or_number_in_full():
    person = registered()
    approved(asked(services.correct_name, person, name="林筱曼"))
    approved(asked(services.correct_number, person, number=number_of(8)))
    said = str(list(Entry.objects.filter(kind__startswith="resident.correct").values_list("payload")))
    assert "公变字〔2025〕17号" in said and "林*曼" in said
    assert "小满" not in said and ADULT not in said and number_of(8) not in said


def test_an_approved_number_brings_its_birth_date_and_the_former_one_still_finds_its_bearer():
    person = registered()
    corrected = approved(asked(services.correct_number, person, number=number_of(8)))
    assert (corrected.number, corrected.birth_on, corrected.sex) == (number_of(8), date(1980, 5, 17), "2")
    assert found(ADULT) == found(number_of(8)) == [person.name]
    assert [(row.number, row.until) for row in queries.documents(person.id)] == [
        (number_of(8), None),
        (ADULT, LATER),
    ]


def test_a_number_recorded_of_the_wrong_person_is_free_for_its_owner():
    person = registered()
    approved(asked(services.correct_number, person, number=number_of(8)))
    owner = registered(name="王真主")
    assert queries.person_by_number(ADULT) == replace(owner, warnings=())


def test_nobody_approves_what_they_asked_for_and_neither_does_the_database():
    person = registered()
    row = asked(services.correct_name, person, name="林筱曼")
    before = picture()
    with acting(LATER) as act:
        assert code(services.approve_correction(act, row.id)) == "correction.same_person"
    with acting(LATER) as act:
        assert code(services.return_correction(act, row.id, note="不符")) == "correction.same_person"
    assert picture() == before
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        Correction.objects.filter(pk=row.id).update(checker=CLERK.code)


def test_a_correction_is_applied_only_to_what_it_was_asked_about():
    person = registered()
    name = asked(services.correct_name, person, name="林筱曼")
    number = asked(services.correct_number, person, number=number_of(8))
    approved(name)
    with acting(LATER, MANAGER) as act:
        assert code(services.approve_correction(act, number.id)) == "correction.changed"
    assert queries.person(person.id).number == ADULT  # type: ignore[union-attr]


def test_a_correction_is_decided_once_and_only_one_waits():
    person = registered()
    row = asked(services.correct_name, person, name="林筱曼")
    with acting() as act:
        again = services.correct_name(act, person.id, name="林曼", why=Why.MISTAKE, proof="户口簿")
        assert code(again) == "correction.open"
    with acting(LATER, MANAGER) as act:
        assert code(services.return_correction(act, row.id, note="")) == "correction.note"
        back = services.return_correction(act, row.id, note="证明未盖章")
    assert isinstance(back, CorrectionRow) and back.note == "证明未盖章"
    with acting(LATER, MANAGER) as act:
        assert code(services.approve_correction(act, row.id)) == "correction.decided"
    other = asked(services.correct_name, person, name="林筱曼")
    with acting(LATER, MANAGER) as act:
        assert code(services.withdraw_correction(act, other.id)) == "correction.not_yours"
    with acting(LATER) as act:
        assert isinstance(services.withdraw_correction(act, other.id), CorrectionRow)
    assert not queries.corrections(CITY, state=ASKED)
    assert kinds()[-3:] == [
        "resident.correction_returned",
        "resident.correction_asked",
        "resident.correction_withdrawn",
    ]


def test_what_cannot_be_asked_for_is_refused_at_its_question():
    person = registered()
    other = registered(number=number_of(8), name="张三")
    cases: list[tuple[object, dict[str, object], str]] = [
        (services.correct_name, {"name": "林小满", "proof": "户口簿"}, "correction.same"),
        (services.correct_name, {"name": "林7", "proof": "户口簿"}, "name.digits"),
        (services.correct_name, {"name": "林筱曼", "proof": " "}, "proof.missing"),
        (services.correct_name, {"name": "林筱曼", "proof": "证" * 61}, "proof.long"),
        (services.correct_number, {"number": ADULT, "proof": "户口簿"}, "correction.same"),
        (services.correct_number, {"number": other.number, "proof": "户口簿"}, "resident.exists"),
        (services.correct_number, {"number": "1", "proof": "户口簿"}, "id.length"),
    ]
    for service, wanted, reason in cases:
        with acting() as act:
            assert code(service(act, person.id, why=Why.MISTAKE, **wanted)) == reason  # type: ignore[operator]
    with acting() as act:
        assert code(services.correct_name(act, 0, name="林曼", why=Why.MISTAKE, proof="户口簿")) == (
            "resident.unknown"
        )
        assert code(services.approve_correction(act, 0)) == "correction.unknown"


def test_a_new_passport_takes_the_place_of_the_old_and_both_find_its_holder():
    person = registered(number="E12345678", document=DocumentType.PASSPORT, name="SMITH JOHN")
    renewed = shown(person, "X98765432", DocumentType.PASSPORT, valid_until=date(2035, 1, 1), issuer="加拿大")
    assert renewed.number == "X98765432"
    assert found("E12345678") == found("X98765432") == ["SMITH JOHN"]
    new, old = queries.documents(person.id)
    assert (new.number, new.valid_until, new.issuer, new.until) == (
        "X98765432",
        date(2035, 1, 1),
        "加拿大",
        None,
    )
    assert (old.number, old.until) == ("E12345678", LATER)


def test_a_foreigners_card_of_18_characters_takes_the_place_of_the_one_of_15():
    old = DocumentType.FOREIGN_PERMANENT_OLD
    person = registered(number="CAN110055120001", document=old, name="SMITH JOHN")
    number = "91512419900307001"
    number += check_digit(number)
    renewed = shown(person, number, DocumentType.FOREIGN_PERMANENT)
    assert (renewed.number, renewed.birth_on) == (number, date(1990, 3, 7))
    assert found("CAN110055120001") == found(number) == ["SMITH JOHN"]


def test_a_passport_beside_an_identity_card_leaves_the_number_alone():
    person = registered()
    assert shown(person, "E12345678", DocumentType.PASSPORT).number == ADULT
    assert found("E12345678") == [person.name]
    other = registered(number=number_of(8), name="张三")
    with acting() as act:
        theirs = services.add_document(act, other.id, number="E12345678", document=DocumentType.PASSPORT)
    assert code(theirs) == "resident.exists"


def test_another_identity_card_number_is_a_correction():
    person = registered()
    before = picture()
    with acting() as act:
        result = services.add_document(act, person.id, number=number_of(8), document=DocumentType.CITIZEN_ID)
        assert code(result) == "document.number_differs"
        late = services.add_document(
            act,
            person.id,
            number=ADULT,
            document=DocumentType.CITIZEN_ID,
            valid_from=date(2020, 1, 1),
            valid_until=date(2020, 1, 1),
        )
        assert code(late) == "document.dates"
    assert picture() == before


def test_states_are_recorded_with_their_paper_and_lead_back():
    person = registered()
    day = MORNING.date()
    steps = [
        ("imprison", "in_prison"),
        ("set_free", "alive"),
        ("leave", "abroad"),
        ("cancel_household", "household"),
        ("restore_household", "alive"),
    ]
    for event, state in steps:
        with acting() as act:
            turned = services.record_turn(act, person.id, event=event, on=day, source="司法机关通知")
        assert isinstance(turned, Person) and turned.state == state
    assert [row.after.code for row in queries.life(person.id)][::-1] == [state for _, state in steps]
    for event, on, source, reason in (
        ("set_free", day, "通知", "life.event"),
        ("die", day, "通知", "life.event"),
        ("leave", day + timedelta(days=1), "通知", "life.date"),
        ("leave", day, "", "source.missing"),
    ):
        with acting() as act:
            assert code(services.record_turn(act, person.id, event=event, on=on, source=source)) == reason


def test_a_state_recorded_in_error_is_corrected_by_somebody_else():
    person = registered()
    with acting() as act:
        assert code(services.correct_life(act, person.id, source="派出所证明")) == "life.nothing"
        services.record_turn(act, person.id, event="leave", on=MORNING.date(), source="出入境通报")
    with acting(LATER) as act:
        assert code(services.correct_life(act, person.id, source="派出所证明")) == "life.same_person"
    with acting(LATER, MANAGER) as act:
        back = services.correct_life(act, person.id, source="派出所证明")
    assert isinstance(back, Person) and back.state == "alive"
    latest = LifeChange.objects.order_by("-id").first()
    assert latest is not None and (latest.by, latest.takes_back) == (MANAGER.code, CLERK.code)
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        LifeChange.objects.filter(pk=latest.pk).update(by=CLERK.code)


def test_nothing_happens_when_the_journal_refuses(journal_refuses):
    person = registered()
    row = asked(services.correct_name, person, name="林筱曼")
    gone = registered(number=number_of(8), name="张三")
    with acting() as act:
        services.record_turn(act, gone.id, event="leave", on=MORNING.date(), source="出入境通报")
    before = picture(), list(Correction.objects.values()), list(LifeChange.objects.values())
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.approve_correction(act, row.id)
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.return_correction(act, row.id, note="不符")
    with journal_refuses(), acting(LATER) as act:
        services.withdraw_correction(act, row.id)
    with journal_refuses(), acting() as act:
        services.correct_number(act, person.id, number=number_of(9), why=Why.MISTAKE, proof="户口簿")
    with journal_refuses(), acting() as act:
        services.correct_name(act, gone.id, name="张山", why=Why.MISTAKE, proof="户口簿")
    with journal_refuses(), acting() as act:
        services.add_document(act, person.id, number="E12345678", document=DocumentType.PASSPORT)
    with journal_refuses(), acting() as act:
        services.record_turn(act, person.id, event="leave", on=MORNING.date(), source="通报")
    with journal_refuses(), acting(LATER, MANAGER) as act:
        services.correct_life(act, gone.id, source="派出所证明")
    assert before == (picture(), list(Correction.objects.values()), list(LifeChange.objects.values()))
    assert not FormerName.objects.exists()
