"""What leaves is judged in full wherever anything could hold it, and at one look where nothing can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from tests.benefits.envelopes import LAND, PAYER, again, funded, holder, judged, row, sealed
from tests.benefits.envelopes import states as states_of
from tests.cards.factories import resident
from tests.cards.in_hand import NOON, a_card, at
from yikatong.benefits import laying
from yikatong.benefits.leaving import DOUBTED, leaving
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.services.judging import question_of
from yikatong.cards.models import Card
from yikatong.office import rulebook
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")

Change = Callable[[Resident], object]


def of_person(**values: object) -> Change:
    return lambda person: Resident.objects.filter(pk=person.pk).update(**values)


def of_card(**values: object) -> Change:
    return lambda person: Card.objects.filter(resident=person).update(**values)


def another_card(person: Resident) -> None:
    Card.objects.filter(resident=person).update(state="9")
    a_card(person)


def a_second_record(person: Resident) -> None:
    second = holder(person.name)
    Resident.objects.filter(pk=second.pk).update(merged_into=person)


def second_of_another(person: Resident) -> None:
    Resident.objects.filter(pk=person.pk).update(merged_into=holder(person.name))


def land_as_well(person: Resident) -> None:
    """By a rule of one side only: what comes second is held by itself otherwise, and holds nothing that came first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE office_rule SET value = '[\"farmland\"]' WHERE code = 'benefit.pension.exclusive'"
        )
    rulebook.forget()
    judged([(person.name, person.number, "2", "150.00")], **LAND)


DOUBTFUL: dict[str, Change] = {
    "died before": of_person(state="dead", died_on=date(2025, 1, 5)),
    "died within": of_person(state="dead", died_on=date(2025, 3, 2)),
    "nobody knows when": of_person(state="dead"),
    "too young after all": of_person(birth_on=date(1990, 1, 1)),
    "in prison": of_person(state="in_prison"),
    "abroad": of_person(state="abroad"),
    "renamed": of_person(name="另有其人", name_folded="另有其人"),
    "another number": of_person(number_key=b"\x07" * 16),
    "moved": of_person(region="610404"),
    "lost": of_card(state="2"),
    "account closed": of_card(bank_state="closed"),
    "another card": another_card,
    "has a second record": a_second_record,
    "is a second record": second_of_another,
    "gets what excludes it": land_as_well,
    "the card is somebody else's": lambda person: of_card(resident=resident())(person),
}
PLAIN: dict[str, Change] = {
    "another phone": of_person(phone_key=b"\x08" * 16),
    "was warned of": lambda person: Payment.objects.filter(resident=person).update(level="warn"),
    "as ever": lambda person: 0,
}


@pytest.fixture(autouse=True)
def rules_as_they_were():
    yield
    rulebook.forget()


def doubted(batch: PaymentBatch) -> set[int]:
    with (
        at(NOON, PAYER) as act,
        transaction.atomic(),
        leaving(question_of(act, batch)),
        connection.cursor() as cursor,
    ):
        cursor.execute(DOUBTED)
        return {payment for (payment,) in cursor.fetchall()}


def stopped(batch: PaymentBatch) -> set[int]:
    """Whoever would be held if everybody were judged in full."""
    with (
        at(NOON, PAYER) as act,
        transaction.atomic(),
        laying.staged_again(batch.pk, ["valid"]),
        laying.judged(question_of(act, batch)),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT payment_id FROM benefit_judged WHERE level IN ('hold', 'block')")
        return {payment for (payment,) in cursor.fetchall()}


@pytest.mark.parametrize("change", [*DOUBTFUL, *PLAIN])
def test_who_changed_since_the_approval_is_judged_in_full_and_nobody_else(change, monkeypatch):
    stays, changed = holder("王一"), holder("李二")
    batch = funded([row(stays), row(changed)])
    {**DOUBTFUL, **PLAIN}[change](changed)
    kept = PaymentBatch.objects.get(pk=batch.id)
    of_changed = set(Payment.objects.filter(batch=kept, resident=changed).values_list("pk", flat=True))
    assert doubted(kept) == (of_changed if change in DOUBTFUL else set())
    held = stopped(kept)
    assert held <= doubted(kept)
    with monkeypatch.context() as many:
        many.setattr(laying, "FEW", 0)
        assert stopped(kept) == held, "few rows are judged as many are"
    sealed(batch)
    assert [each == "held" for each in states_of(again(batch))] == [False, bool(held)]


def test_who_moved_or_has_another_card_is_paid_onto_it():
    person = holder("王一")
    batch = funded([row(person)])
    another_card(person)
    of_person(region="610404")(person)
    sealed(batch)
    card = Card.objects.get(resident=person, state="1")
    payment = Payment.objects.get(batch_id=batch.id)
    assert (payment.state, payment.card_id, payment.region) == ("sent", card.pk, "610404")
    assert payment.lines.get().card_id == card.pk
