"""From the application to the outlet's shelf over the wires, as it runs in a city."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards.factories import (
    CENTRE_OUTLET,
    DESK,
    PLAIN_OUTLET,
    REVIEWER,
    acting,
    apply,
    entries,
    reload,
    residents,
    states,
)
from yikatong.cards.models import Batch, Card
from yikatong.cards.rows import BatchRow, OrderRow
from yikatong.cards.rules import Mode
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.match import send_to_match
from yikatong.cards.services.stock import receive_box
from yikatong.cards.tasks import apply_waiting_files
from yikatong.office import journal, post
from yikatong.office.wires.simulators import bank, maker, province

pytestmark = pytest.mark.django_db


def exchange(base: Path, *, parts: int = 1) -> None:
    """Send what is queued, let everyone answer, take the answers in."""
    post.send_files()
    province.step(base, problem_rate=0)
    for code in ("102", "103"):
        bank.step(base, code, failure_rate=0)
    maker.step(base, failure_rate=0, parts=parts)
    post.collect_files(["province", "bank-102", "bank-103", "maker"])
    apply_waiting_files()


def to_the_maker(base: Path, mode: Mode = Mode.BATCH, order: str = "") -> str:
    with acting(DESK) as act:
        send_to_match(act)
    exchange(base)
    with acting(DESK) as act:
        ask_accounts(act)
    exchange(base)
    with acting(DESK) as act:
        batch = assemble(act, mode=mode, order_number=order)
    assert isinstance(batch, BatchRow), batch
    with acting(REVIEWER) as act:
        assert release(act, batch.number)
    return batch.number


def test_applications_come_back_as_cards_on_their_outlets_shelves(committed_centre, wires):
    people = residents(6)
    orders: list[OrderRow] = [apply(person) for person in people[:3]]
    orders += [apply(person, outlet=PLAIN_OUTLET, bank_code="103") for person in people[3:]]
    number = to_the_maker(wires)
    exchange(wires, parts=2)
    assert states(orders) == ["made"] * 6
    assert Batch.objects.get(number=number).state == "returned"
    with acting() as act:
        assert receive_box(act, outlet_code=CENTRE_OUTLET) == 3
        assert receive_box(act, outlet_code=PLAIN_OUTLET) == 3
    assert states(orders) == ["at_outlet"] * 6
    assert Card.objects.filter(state="0", bank_state="inactive").count() == 6
    assert entries("card.stocked") == 6
    journal.seal()
    assert journal.prove().sound


def test_a_card_made_on_the_spot_goes_the_same_way_alone(centre, wires):
    person, other = residents(2)
    order, waits = apply(person, mode=Mode.INSTANT), apply(other)
    to_the_maker(wires, Mode.INSTANT, order.number)
    exchange(wires)
    assert states([order, waits]) == ["made", "ready"]
    assert reload([order])[0].promised_on.isoformat() == "2025-03-10"


def test_an_exchange_repeated_changes_nothing(centre, wires):
    orders = [apply(person) for person in residents(3)]
    to_the_maker(wires)
    exchange(wires)
    # A counterpart that answers everything again, under the names of the first time.
    for counterpart in ("province", "bank-102", "maker"):
        for done in sorted((wires / counterpart / "done").iterdir()):
            done.replace(wires / counterpart / "in" / done.name)
    exchange(wires)
    assert states(orders) == ["made"] * 3
    assert Card.objects.count() == 3
    assert entries("card.made") == 3
