"""更换手机号: a new number is taken once a code sent to it has come back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tests.residents.people import ADULT, MORNING, acting, code, registered
from yikatong.office.models import Entry, Message
from yikatong.residents import services
from yikatong.residents.models import Attribute, Resident
from yikatong.residents.queries import Person
from yikatong.residents.rules import Trust
from yikatong.residents.services import SentCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
NEW = "13912345678"
MINUTE = timedelta(minutes=1)


def ask(person: Person, phone: str = NEW, moment: datetime = MORNING) -> object:
    with acting(moment) as act:
        return services.send_phone_code(act, person.id, phone=phone)


def enter(person: Person, typed: str, phone: str = NEW, moment: datetime = MORNING + MINUTE) -> object:
    with acting(moment) as act:
        return services.change_phone(act, person.id, phone=phone, code=typed)


def sent_code() -> str:
    found = re.search(r"\d{6}", Message.objects.latest("id").text)
    assert found
    return found[0]


def test_a_number_is_taken_once_its_code_has_come_back_and_the_former_one_is_told():
    person = registered()
    former = person.phone
    assert isinstance(ask(person, "+86 139 1234 5678"), SentCode)
    assert Message.objects.get().to == NEW and Resident.objects.get(pk=person.id).phone == former
    changed = enter(person, sent_code())
    assert isinstance(changed, Person) and changed.phone == NEW
    told = Message.objects.latest("id")
    assert told.to == former and NEW not in told.text and "139****5678" in told.text
    assert NEW not in str(list(Entry.objects.values()))
    assert code(ask(person)) == "phone.same"


def test_a_code_is_good_for_the_number_it_was_sent_to_and_for_no_other():
    person = registered()
    ask(person)
    assert code(enter(person, sent_code(), phone="13912345679")) == "code.wrong"
    assert Entry.objects.filter(kind="resident.phone_code_wrong").count() == 1


def test_a_code_bears_five_tries_and_ten_minutes():
    person = registered()
    ask(person)
    right = sent_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert code(enter(person, wrong)) == "code.wrong"
    assert code(enter(person, right)) == "code.tries"
    assert code(enter(person, right, moment=MORNING + 11 * MINUTE)) == "code.none"


def test_codes_are_not_asked_for_without_end():
    person = registered()
    ask(person)
    assert code(ask(person)) == "code.too_soon"
    for turn in range(1, 5):
        assert isinstance(ask(person, moment=MORNING + turn * 2 * MINUTE), SentCode)
    assert code(ask(person, moment=MORNING + 20 * MINUTE)) == "code.too_many"


def test_a_code_to_sign_in_is_none_for_a_new_number():
    person = registered()
    with acting(MORNING) as act:
        assert services.send_code(act, number=ADULT, name=person.name)
    assert code(enter(person, sent_code())) == "code.none"


@pytest.mark.parametrize("phone", ["", "02933334444", "1391234567", "abc"])
def test_only_a_mobile_number_gets_a_code(phone: str):
    assert code(ask(registered(), phone)) == "phone.mobile"


def test_a_number_from_a_more_trusted_source_is_not_changed_here():
    person = registered()
    with acting(MORNING) as act:
        changed = services.change(
            act, person.id, field="phone", value="13700000009", source="开户银行", trust=Trust.BANK
        )
    assert isinstance(changed, Person)
    assert code(ask(person)) == "attribute.trusted_more"
    assert not Message.objects.exists()


def test_nobody_unknown_changes_anything():
    with acting(MORNING) as act:
        assert code(services.send_phone_code(act, 999, phone=NEW)) == "resident.unknown"
        assert code(services.change_phone(act, 999, phone=NEW, code="1")) == "resident.unknown"


def test_no_code_goes_out_when_the_journal_refuses(journal_refuses):
    person = registered()
    with journal_refuses(), acting(MORNING) as act:
        services.send_phone_code(act, person.id, phone=NEW)
    assert not Message.objects.exists()


def test_no_number_changes_when_the_journal_refuses(journal_refuses):
    person = registered()
    ask(person)
    right = sent_code()
    with journal_refuses(), acting(MORNING + MINUTE) as act:
        services.change_phone(act, person.id, phone=NEW, code=right)
    assert Resident.objects.get(pk=person.id).phone == person.phone
    assert not Attribute.objects.filter(field="phone").exists()
